output "state_bucket" {
  description = "state-bucket of deploy.toml, and bucket of backend.gcs.tfbackend."
  value       = google_storage_bucket.state.name
}

output "workload_identity_provider" {
  description = "What the pipeline calls workload_identity_provider."
  value       = google_iam_workload_identity_pool_provider.github.name
}

output "identities" {
  description = "Name → address: what the pipeline calls service_account."
  value       = module.identity.emails
}

output "image_readers" {
  description = "Who has to be among image_readers of the project that owns builds: Cloud Run itself, which fetches images, and who plans and releases."
  value = var.environment == null ? [] : [
    "serviceAccount:service-${data.google_project.this.number}@serverless-robot-prod.iam.gserviceaccount.com",
    module.identity.members.deploy,
    module.identity.members.plan,
    module.identity.members.infrastructure,
  ]
}

output "image_repository" {
  description = "What an image's name begins with; null where none are built."
  value       = one(module.registry[*].repository)
}

output "security_policy_id" {
  description = "security_policy_id of load_balancer in the stack; null without requests_per_minute."
  value       = module.guardrails.security_policy_id
}
