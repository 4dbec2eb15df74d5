# Which secrets there are, who reads each, and what is written into it. A value is never kept here.

locals {
  secret_readers = merge(
    var.enable_database ? { "database-password" = "run" } : {},
    var.grafana == null ? {} : { for name in [
      "grafana-admin-password", "grafana-secret-key", "grafana-database-password",
      "grafana-alert-email", "grafana-slack-webhook-url", "grafana-teams-webhook-url",
    ] : name => "grafana" },
    try(var.grafana.google_client_id, null) == null ? {} : { "grafana-google-client-secret" = "grafana" },
    try(var.grafana.smtp, null) == null ? {} : { "grafana-smtp-password" = "grafana" },
  )

  secret_values = {
    "database-password"            = var.secrets.database_password
    "grafana-admin-password"       = var.secrets.grafana_admin_password
    "grafana-secret-key"           = var.secrets.grafana_secret_key
    "grafana-database-password"    = var.secrets.grafana_database_password
    "grafana-google-client-secret" = var.secrets.google_client_secret
    "grafana-smtp-password"        = var.secrets.smtp_password
    "grafana-alert-email"          = join(";", var.alert_emails)
    # Grafana does not start with an empty address. Nobody answers under these.
    "grafana-slack-webhook-url" = coalesce(var.secrets.slack_webhook_url, "https://slack.invalid/")
    "grafana-teams-webhook-url" = coalesce(var.secrets.teams_webhook_url, "https://teams.invalid/")
  }
}

module "secret" {
  source   = "../modules/secret"
  for_each = local.secret_readers

  project_id    = var.project_id
  secret_id     = "${local.name}-${each.key}"
  accessors     = { (each.value) = "serviceAccount:${local.identity[each.value]}" }
  value         = local.secret_values[each.key]
  value_version = var.secrets_version
}
