output "network_id" {
  description = "projects/PROJECT/global/networks/NAME."
  value       = google_compute_network.this.id
}

output "subnet_id" {
  description = "projects/PROJECT/regions/REGION/subnetworks/NAME."
  value       = google_compute_subnetwork.this.id
}

output "private_services" {
  description = "The joint with Google's services; a database with a private address depends on it."
  value       = google_service_networking_connection.private_services.id
}
