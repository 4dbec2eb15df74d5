# The service on Cloud Run, the job that brings its schema up to date, and the collector of its metrics.
# Which revision serves how much is not decided here: `comments deploy` does that.

locals {
  ephemeral     = var.database == null
  min_instances = local.ephemeral ? 1 : var.min_instances
  max_instances = local.ephemeral ? 1 : var.max_instances # two would each have their own comments

  port       = 8080
  admin_port = 9464
  cloudsql   = local.ephemeral ? null : var.database.private_ip == null ? "/cloudsql" : null

  # A user of PostgreSQL may have an @ and more; the rest is checked to be plain. No password: that is a secret.
  store = (local.ephemeral ? "memory:" : local.cloudsql == null
    ? "postgres://${urlencode(var.database.user)}@${var.database.private_ip}:5432/${var.database.name}?sslmode=require"
  : "postgres://${urlencode(var.database.user)}@/${var.database.name}?host=/cloudsql/${var.database.connection_name}")

  database_environment = local.ephemeral ? {} : { COMMENTS_STORE_CONNECTIONS = tostring(var.store_connections) }
  environment = merge({
    GOOGLE_CLOUD_PROJECT      = var.project_id # links a line of the log to its trace
    COMMENTS_STORE            = local.store
    COMMENTS_ADMIN_HOST       = "127.0.0.1"
    COMMENTS_ADMIN_PORT       = tostring(local.admin_port)
    COMMENTS_EMAIL_VISIBILITY = var.email_visibility
    COMMENTS_TRUSTED_PROXIES  = tostring(var.trusted_proxies)
    }, length(var.cors_origins) == 0 ? {} : { COMMENTS_CORS_ORIGIN = join(",", sort(tolist(var.cors_origins))) },
  local.database_environment, var.extra_environment)

  labels = { app = "comments", "managed-by" = "terraform" }

  # The collector refuses a key that it does not know. Its name is the label job of every metric.
  metrics_config = <<-EOT
    apiVersion: monitoring.googleapis.com/v1beta
    kind: RunMonitoring
    metadata:
      name: comments
    spec:
      endpoints:
        - port: "${local.admin_port}"
          path: /metrics
          interval: 30s
      targetLabels:
        metadata: [service]
  EOT
}

resource "google_secret_manager_secret" "metrics" {
  project   = var.project_id
  secret_id = "${var.name}-metrics"

  replication {
    auto {}
  }
}

# Nothing in it is secret: Cloud Run mounts files from Secret Manager. The number follows the text, so that a
# change is written; older revisions keep the version that they were made with.
resource "google_secret_manager_secret_version" "metrics" {
  secret                 = google_secret_manager_secret.metrics.id
  secret_data_wo         = local.metrics_config
  secret_data_wo_version = parseint(substr(sha256(local.metrics_config), 0, 7), 16)
  deletion_policy        = "ABANDON"
}

resource "google_secret_manager_secret_iam_member" "metrics" {
  project   = var.project_id
  secret_id = google_secret_manager_secret.metrics.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${var.service_account_email}"
}

resource "google_cloud_run_v2_service" "this" {
  project             = var.project_id
  location            = var.region
  name                = var.name
  ingress             = var.ingress
  labels              = local.labels
  deletion_protection = var.deletion_protection

  template {
    service_account                  = var.service_account_email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = 1000    # followers hold a place each
    timeout                          = "3600s" # the longest there is: a follower comes again after it
    labels                           = local.labels

    scaling {
      min_instance_count = local.min_instances
      max_instance_count = local.max_instances
    }

    containers {
      name  = "comments"
      image = var.image
      args  = ["serve"]

      ports {
        container_port = local.port
      }

      resources {
        limits = { cpu = tostring(var.cpu), memory = "${var.memory_mib}Mi" }
        # Between requests too: followers are served, and the collector reads.
        cpu_idle          = false
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = local.environment

        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = var.secrets

        content {
          name = env.key

          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }

      startup_probe {
        period_seconds    = 2
        timeout_seconds   = 2
        failure_threshold = 60

        http_get {
          path = "/health/ready"
          port = local.port
        }
      }

      # Not /health/ready: a database that is away for a minute is no reason to restart everything.
      liveness_probe {
        period_seconds    = 10
        timeout_seconds   = 5
        failure_threshold = 3

        http_get {
          path = "/health/live"
          port = local.port
        }
      }

      dynamic "volume_mounts" {
        for_each = local.cloudsql[*]

        content {
          name       = "cloudsql"
          mount_path = volume_mounts.value
        }
      }
    }

    containers {
      name       = "metrics"
      image      = var.metrics_sidecar_image
      depends_on = ["comments"]

      resources {
        limits   = { cpu = "500m", memory = "512Mi" }
        cpu_idle = false
      }

      volume_mounts {
        name       = "metrics-config"
        mount_path = "/etc/rungmp"
      }
    }

    dynamic "volumes" {
      for_each = local.cloudsql[*]

      content {
        name = "cloudsql"

        cloud_sql_instance {
          instances = [var.database.connection_name]
        }
      }
    }

    volumes {
      name = "metrics-config"

      secret {
        secret = google_secret_manager_secret.metrics.secret_id

        items {
          path    = "config.yaml"
          version = google_secret_manager_secret_version.metrics.version
        }
      }
    }

    dynamic "vpc_access" {
      for_each = var.network[*]

      content {
        egress = "PRIVATE_RANGES_ONLY"

        network_interfaces {
          network    = vpc_access.value.network_id
          subnetwork = vpc_access.value.subnet_id
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [traffic, client, client_version] # comments deploy's, and gcloud's traces
  }

  depends_on = [google_secret_manager_secret_iam_member.metrics]
}

resource "google_cloud_run_v2_service_iam_member" "everybody" {
  count = var.public ? 1 : 0

  project  = var.project_id
  location = var.region
  name     = google_cloud_run_v2_service.this.name
  role     = "roles/run.invoker"
  member   = "allUsers"
}

resource "google_cloud_run_v2_job" "migrate" {
  count = local.ephemeral ? 0 : 1

  project             = var.project_id
  location            = var.region
  name                = "${var.name}-migrate"
  labels              = local.labels
  deletion_protection = false # it holds nothing

  template {
    task_count  = 1
    parallelism = 1

    template {
      service_account       = var.service_account_email
      execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
      timeout               = "900s"
      max_retries           = 0 # whoever waits for it decides

      containers {
        image = var.image
        args  = ["migrate"]

        resources {
          limits = { cpu = "1", memory = "512Mi" }
        }

        env {
          name  = "COMMENTS_STORE"
          value = local.store
        }

        env {
          name = "COMMENTS_STORE_PASSWORD"

          value_source {
            secret_key_ref {
              secret  = var.secrets["COMMENTS_STORE_PASSWORD"]
              version = "latest"
            }
          }
        }

        dynamic "volume_mounts" {
          for_each = local.cloudsql[*]

          content {
            name       = "cloudsql"
            mount_path = volume_mounts.value
          }
        }
      }

      dynamic "volumes" {
        for_each = local.cloudsql[*]

        content {
          name = "cloudsql"

          cloud_sql_instance {
            instances = [var.database.connection_name]
          }
        }
      }

      vpc_access {
        egress = "PRIVATE_RANGES_ONLY"

        network_interfaces {
          network    = var.network.network_id
          subnetwork = var.network.subnet_id
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [template[0].template[0].containers[0].image, client, client_version] # comments deploy's
  }
}
