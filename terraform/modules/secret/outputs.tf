output "secret_id" {
  description = "The secret's name, as `secrets` of the other modules takes it. Known once the readers may read it."
  value       = google_secret_manager_secret.this.secret_id
  depends_on  = [google_secret_manager_secret_iam_member.accessor]
}

output "id" {
  description = "projects/PROJECT/secrets/NAME."
  value       = google_secret_manager_secret.this.id
  depends_on  = [google_secret_manager_secret_iam_member.accessor]
}
