# Grafana on Cloud Run: one instance that never sleeps, since alerts are asked for by it, and beside it Google's
# proxy, through which the same PromQL reads our metrics and Google's.

locals {
  port            = 3000
  prometheus_port = 9090
  google          = var.google_client_id != null

  environment = merge({
    GF_SERVER_HTTP_PORT                       = tostring(local.port)
    GF_DATABASE_TYPE                          = "postgres"
    GF_DATABASE_HOST                          = "${var.database.private_ip}:5432"
    GF_DATABASE_NAME                          = var.database.name
    GF_DATABASE_USER                          = var.database.user
    GF_DATABASE_SSL_MODE                      = "require"
    GF_DATABASE_MAX_OPEN_CONN                 = "10"
    GF_SECURITY_COOKIE_SECURE                 = tostring(!startswith(coalesce(var.root_url, "https://"), "http://localhost"))
    GF_USERS_ALLOW_SIGN_UP                    = "false"
    GF_AUTH_ANONYMOUS_ENABLED                 = "false"
    GF_AUTH_DISABLE_LOGIN_FORM                = tostring(local.google)
    GF_ANALYTICS_REPORTING_ENABLED            = "false"
    GF_ANALYTICS_CHECK_FOR_UPDATES            = "false"
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH = "/etc/grafana/dashboards/1-overview.json"
    COMMENTS_PROMETHEUS_URL                   = "http://127.0.0.1:${local.prometheus_port}"
    COMMENTS_GOOGLE_PROJECT                   = coalesce(var.prometheus_project, var.project_id)
    },
    var.root_url == null ? {} : { GF_SERVER_ROOT_URL = var.root_url },
    !local.google ? {} : {
      GF_AUTH_GOOGLE_ENABLED         = "true"
      GF_AUTH_GOOGLE_CLIENT_ID       = var.google_client_id
      GF_AUTH_GOOGLE_ALLOWED_DOMAINS = join(" ", sort(tolist(var.allowed_domains)))
      GF_AUTH_GOOGLE_ALLOW_SIGN_UP   = "true" # of those domains, as viewers
      GF_AUTH_GOOGLE_USE_PKCE        = "true"
    },
    var.smtp == null ? {} : {
      GF_SMTP_ENABLED         = "true"
      GF_SMTP_HOST            = var.smtp.host
      GF_SMTP_USER            = var.smtp.user
      GF_SMTP_FROM_ADDRESS    = var.smtp.from
      GF_SMTP_STARTTLS_POLICY = "MandatoryStartTLS"
    },
  )

  secrets = merge({
    GF_SECURITY_ADMIN_PASSWORD = var.secrets.admin_password
    GF_SECURITY_SECRET_KEY     = var.secrets.secret_key
    GF_DATABASE_PASSWORD       = var.secrets.database_password
    COMMENTS_ALERT_EMAIL       = var.secrets.alert_email
    COMMENTS_SLACK_WEBHOOK_URL = var.secrets.slack_webhook_url
    COMMENTS_TEAMS_WEBHOOK_URL = var.secrets.teams_webhook_url
    },
    !local.google ? {} : { GF_AUTH_GOOGLE_CLIENT_SECRET = var.secrets.google_client_secret },
    var.smtp == null ? {} : { GF_SMTP_PASSWORD = var.secrets.smtp_password },
  )
}

resource "google_cloud_run_v2_service" "this" {
  project             = var.project_id
  location            = var.region
  name                = var.name
  ingress             = "INGRESS_TRAFFIC_ALL" # who may call is decided by invokers
  labels              = { app = "comments-grafana", "managed-by" = "terraform" }
  deletion_protection = var.deletion_protection

  template {
    service_account       = var.service_account_email
    execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
    timeout               = "3600s" # live panels hold a connection

    scaling {
      min_instance_count = 1
      max_instance_count = 1 # a second one would tell every alert again
    }

    containers {
      name       = "grafana"
      image      = var.image
      depends_on = ["prometheus"]

      ports {
        container_port = local.port
      }

      resources {
        limits            = { cpu = "1", memory = "1024Mi" }
        cpu_idle          = false # alerts are asked for without a request
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
        for_each = local.secrets

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

      # The first start makes Grafana's tables, which takes a minute or more.
      startup_probe {
        period_seconds    = 5
        timeout_seconds   = 3
        failure_threshold = 48

        http_get {
          path = "/api/health"
          port = local.port
        }
      }

      liveness_probe {
        period_seconds    = 30
        timeout_seconds   = 10
        failure_threshold = 4

        http_get {
          path = "/api/health"
          port = local.port
        }
      }
    }

    containers {
      name  = "prometheus"
      image = var.prometheus_image
      args = [
        "--web.listen-address=:${local.prometheus_port}",
        "--query.project-id=${coalesce(var.prometheus_project, var.project_id)}",
      ]

      resources {
        limits   = { cpu = "500m", memory = "256Mi" }
        cpu_idle = false
      }

      startup_probe {
        period_seconds    = 2
        timeout_seconds   = 2
        failure_threshold = 30

        tcp_socket {
          port = local.prometheus_port
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

  lifecycle {
    ignore_changes = [client, client_version]
  }
}

resource "google_cloud_run_v2_service_iam_member" "invoker" {
  for_each = var.invokers

  project  = var.project_id
  location = var.region
  name     = google_cloud_run_v2_service.this.name
  role     = "roles/run.invoker"
  member   = each.value
}
