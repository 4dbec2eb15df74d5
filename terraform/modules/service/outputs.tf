output "url" {
  description = "The address that Cloud Run gave the service."
  value       = google_cloud_run_v2_service.this.uri
}

output "name" {
  description = "The service's name."
  value       = google_cloud_run_v2_service.this.name
}

output "job_name" {
  description = "The migration job's name; empty without a database."
  value       = local.ephemeral ? "" : google_cloud_run_v2_job.migrate[0].name
}

output "latest_revision" {
  description = "The newest revision that is ready; it need not serve."
  value       = google_cloud_run_v2_service.this.latest_ready_revision
}

output "ephemeral" {
  description = "Whether comments are kept in memory only."
  value       = local.ephemeral
}

output "max_instances" {
  description = "How many instances of a revision may run in fact, for module observability."
  value       = local.max_instances
}

output "memory_bytes" {
  description = "How much memory an instance has, in bytes, for module observability."
  value       = var.memory_mib * 1048576
}
