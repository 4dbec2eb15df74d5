output "instance_group" {
  description = "The group, as a load balancer's backend takes it. Its port is called https."
  value       = google_compute_region_instance_group_manager.this.instance_group
}

output "health_check_id" {
  description = "The health check, for the same load balancer."
  value       = google_compute_health_check.this.id
}

output "startup_script" {
  description = "What a machine does at each start. Nothing secret is in it."
  value       = local.startup_script
}
