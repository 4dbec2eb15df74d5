output "instance_name" {
  description = "The instance's name."
  value       = google_sql_database_instance.this.name
}

output "connection_name" {
  description = "PROJECT:REGION:INSTANCE, as Cloud Run's volume takes it."
  value       = "${var.project_id}:${var.region}:${google_sql_database_instance.this.name}"
}

output "private_ip" {
  description = "The instance's only address."
  value       = google_sql_database_instance.this.private_ip_address
}

output "database_name" {
  description = "The database of the comments."
  value       = google_sql_database.comments.name
}

output "user_name" {
  description = "Who the service logs in as, with comments_password."
  value       = google_sql_user.comments.name
}

output "grafana_database_name" {
  description = "Grafana's database, or null."
  value       = one(google_sql_database.grafana[*].name)
}

output "grafana_user_name" {
  description = "Who Grafana logs in as, with grafana_password, or null."
  value       = one(google_sql_user.grafana[*].name)
}

output "iam_users" {
  description = "Users by IAM: they may log in, and do nothing until a GRANT."
  value       = concat([google_sql_user.iam_run.name], google_sql_user.iam_grafana[*].name)
}

output "max_connections" {
  description = "How many connections the server accepts."
  value       = var.max_connections
}
