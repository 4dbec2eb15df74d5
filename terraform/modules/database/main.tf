# PostgreSQL for comments, and for Grafana where there is one. It has no public address, and no input gives it one.

locals {
  grafana = var.grafana_service_account_email == null ? 0 : 1
}

resource "google_sql_database_instance" "this" {
  project             = var.project_id
  region              = var.region
  name                = var.name
  database_version    = "POSTGRES_17"
  encryption_key_name = var.kms_key
  deletion_protection = var.deletion_protection # Terraform's own

  settings {
    tier                        = var.tier
    edition                     = startswith(var.tier, "db-perf-") ? "ENTERPRISE_PLUS" : "ENTERPRISE"
    availability_type           = var.regional ? "REGIONAL" : "ZONAL"
    deletion_protection_enabled = var.deletion_protection # Google's, against the console and gcloud
    retain_backups_on_delete    = var.deletion_protection
    disk_type                   = "PD_SSD"
    disk_size                   = 10
    disk_autoresize             = true
    disk_autoresize_limit       = var.disk_limit_gb

    ip_configuration {
      ipv4_enabled                                  = false
      private_network                               = var.network_id
      enable_private_path_for_google_cloud_services = false
      ssl_mode                                      = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      start_time                     = "02:00" # UTC
      location                       = var.backup_location
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = var.backups_kept
        retention_unit   = "COUNT"
      }
    }

    maintenance_window {
      day          = 2 # Tuesday: after a weekend of Google's own tests, with everybody at work
      hour         = 4 # UTC
      update_track = "stable"
    }

    # Texts of statements without their values: comments and addresses stay out.
    insights_config {
      query_insights_enabled  = true
      query_string_length     = 1024
      record_application_tags = false
      record_client_address   = false
    }

    password_validation_policy {
      enable_password_policy      = true
      min_length                  = 20
      disallow_username_substring = true
    }

    database_flags {
      name  = "cloudsql.iam_authentication"
      value = "on"
    }

    database_flags {
      name  = "max_connections"
      value = format("%d", var.max_connections)
    }
  }

  lifecycle {
    ignore_changes = [settings[0].disk_size] # it grows by itself
  }
}

resource "google_sql_database" "comments" {
  project         = var.project_id
  instance        = google_sql_database_instance.this.name
  name            = "comments"
  charset         = "UTF8"
  collation       = "en_US.UTF8"
  deletion_policy = "ABANDON" # what Terraform forgets, Terraform must not drop
}

resource "google_sql_database" "grafana" {
  count = local.grafana

  project         = var.project_id
  instance        = google_sql_database_instance.this.name
  name            = "grafana"
  charset         = "UTF8"
  collation       = "en_US.UTF8"
  deletion_policy = "ABANDON"
}

# The service logs in with a password: libpq knows tokens only as passwords, they last an hour, and a user by
# IAM may make no table until somebody grants it that by SQL. See README.
resource "google_sql_user" "comments" {
  project             = var.project_id
  instance            = google_sql_database_instance.this.name
  name                = "comments"
  type                = "BUILT_IN"
  password_wo         = var.comments_password
  password_wo_version = var.passwords_version
  deletion_policy     = "ABANDON" # it owns the tables
}

resource "google_sql_user" "grafana" {
  count = local.grafana

  project             = var.project_id
  instance            = google_sql_database_instance.this.name
  name                = "grafana"
  type                = "BUILT_IN"
  password_wo         = var.grafana_password
  password_wo_version = var.passwords_version
  deletion_policy     = "ABANDON"
}

resource "google_sql_user" "iam_run" {
  project         = var.project_id
  instance        = google_sql_database_instance.this.name
  name            = trimsuffix(var.run_service_account_email, ".gserviceaccount.com") # as Cloud SQL has it
  type            = "CLOUD_IAM_SERVICE_ACCOUNT"
  deletion_policy = "ABANDON"
}

resource "google_sql_user" "iam_grafana" {
  count = local.grafana

  project         = var.project_id
  instance        = google_sql_database_instance.this.name
  name            = trimsuffix(var.grafana_service_account_email, ".gserviceaccount.com")
  type            = "CLOUD_IAM_SERVICE_ACCOUNT"
  deletion_policy = "ABANDON"
}
