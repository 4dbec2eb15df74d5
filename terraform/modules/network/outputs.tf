output "network_id" {
  description = "projects/PROJECT/global/networks/NAME."
  value       = "projects/${var.project_id}/global/networks/${google_compute_network.this.name}"
}

output "subnet_id" {
  description = "projects/PROJECT/regions/REGION/subnetworks/NAME."
  value       = "projects/${var.project_id}/regions/${var.region}/subnetworks/${google_compute_subnetwork.this.name}"
}

output "private_services" {
  description = "The joint with Google's services; a database with a private address depends on it."
  value       = google_service_networking_connection.private_services.id
}
