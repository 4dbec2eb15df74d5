output "repository" {
  description = "What an image's name begins with: HOST/PROJECT/REPOSITORY."
  value       = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}"
}

output "id" {
  description = "The repository's id."
  value       = google_artifact_registry_repository.images.id
}
