# What `comments status` and `comments deploy` read. Nothing secret.

output "environment" {
  description = "dev, staging or prod."
  value       = var.environment
}

output "project_id" {
  description = "The project."
  value       = var.project_id
}

output "region" {
  description = "The region."
  value       = var.region
}

output "service_name" {
  description = "The service's name on Cloud Run."
  value       = module.service.name
}

output "service_url" {
  description = "The address that Cloud Run gave the service."
  value       = module.service.url
}

output "public_url" {
  description = "Where readers come: the load balancer's name where there is one, else the service's address."
  value       = var.load_balancer == null ? module.service.url : module.load_balancer[0].url
}

output "candidate_url" {
  description = "Where a revision tagged candidate is probed past the load balancer; empty without one: then its own address is open."
  value       = var.load_balancer == null ? "" : module.load_balancer[0].candidate_url
}

output "load_balancer_address" {
  description = "Where the host's name must lead; empty without a load balancer."
  value       = var.load_balancer == null ? "" : module.load_balancer[0].ip_address
}

output "migrate_job" {
  description = "The migration job's name; empty without a database."
  value       = module.service.job_name
}

output "database" {
  description = "PROJECT:REGION:INSTANCE; empty without a database."
  value       = var.enable_database ? module.database[0].connection_name : ""
}

output "ephemeral" {
  description = "Whether comments are kept in memory only."
  value       = module.service.ephemeral
}

output "max_instances" {
  description = "How many instances of a revision may run."
  value       = module.service.max_instances
}

output "grafana_url" {
  description = "Where Grafana is; empty without one."
  value       = var.grafana == null ? "" : module.grafana[0].url
}
