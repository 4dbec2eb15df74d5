output "url" {
  description = "Where people reach Grafana: root_url, or else the address that Cloud Run gave it."
  value       = coalesce(var.root_url, google_cloud_run_v2_service.this.uri)
}

output "name" {
  description = "The service's name, for `gcloud run services proxy`."
  value       = google_cloud_run_v2_service.this.name
}
