mock_provider "google" {}

variables {
  project_id            = "example-comments"
  region                = "europe-west1"
  name                  = "comments-grafana"
  image                 = "europe-west1-docker.pkg.dev/example-build/comments/grafana@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  service_account_email = "comments-grafana@example-comments.iam.gserviceaccount.com"
  database              = { private_ip = "10.20.0.3", name = "grafana", user = "grafana" }
  network = {
    network_id = "projects/example-comments/global/networks/comments"
    subnet_id  = "projects/example-comments/regions/europe-west1/subnetworks/comments"
  }
  secrets = {
    admin_password    = "comments-grafana-admin"
    secret_key        = "comments-grafana-key"
    database_password = "comments-grafana-database"
    alert_email       = "comments-alert-email"
    slack_webhook_url = "comments-alert-slack"
    teams_webhook_url = "comments-alert-teams"
  }
}

run "one_instance_asks_for_alerts_all_the_time" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].scaling[0].min_instance_count == 1 && google_cloud_run_v2_service.this.template[0].scaling[0].max_instance_count == 1
    error_message = "No instance is no alert, and two tell everything twice."
  }

  assert {
    condition     = alltrue([for container in google_cloud_run_v2_service.this.template[0].containers : container.resources[0].cpu_idle == false])
    error_message = "Between requests nobody would ask for alerts."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].service_account == var.service_account_email && google_cloud_run_v2_service.this.template[0].containers[0].image == var.image
    error_message = "Something else runs, or as somebody else."
  }
}

run "health_is_asked_for" {
  command = plan

  assert {
    condition = (google_cloud_run_v2_service.this.template[0].containers[0].startup_probe[0].http_get[0].path == "/api/health"
    && google_cloud_run_v2_service.this.template[0].containers[0].liveness_probe[0].http_get[0].path == "/api/health")
    error_message = "Nobody notices that Grafana is dead."
  }

  # Cloud Run's limits: a probe lasts no longer than its period, a start no longer than 240 s.
  assert {
    condition     = alltrue(flatten([for container in google_cloud_run_v2_service.this.template[0].containers : [for probe in concat(container.startup_probe, container.liveness_probe) : probe.timeout_seconds <= probe.period_seconds && probe.period_seconds * probe.failure_threshold <= 240]]))
    error_message = "Cloud Run refuses such a probe."
  }
}

run "metrics_come_by_googles_proxy" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[1].args == tolist(["--web.listen-address=:9090", "--query.project-id=example-comments"])
    error_message = "The proxy shows another project, or listens elsewhere."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].depends_on == tolist(["prometheus"]) && google_cloud_run_v2_service.this.template[0].containers[1].startup_probe[0].tcp_socket[0].port == 9090
    error_message = "Grafana asks before the proxy is there."
  }

  assert {
    condition     = contains([for env in google_cloud_run_v2_service.this.template[0].containers[0].env : "${env.name}=${env.value}" if env.value != null], "COMMENTS_PROMETHEUS_URL=http://127.0.0.1:9090")
    error_message = "The data source leads elsewhere."
  }
}

run "its_database_is_its_own_and_reached_with_tls" {
  command = plan

  assert {
    condition = length(setsubtract([
      "GF_DATABASE_TYPE=postgres",
      "GF_DATABASE_HOST=10.20.0.3:5432",
      "GF_DATABASE_NAME=grafana",
      "GF_DATABASE_USER=grafana",
      "GF_DATABASE_SSL_MODE=require",
    ], [for env in google_cloud_run_v2_service.this.template[0].containers[0].env : "${env.name}=${env.value}" if env.value != null])) == 0
    error_message = "Grafana keeps its data elsewhere, or in the clear."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].vpc_access[0].network_interfaces[0].network == "projects/example-comments/global/networks/comments"
    error_message = "Grafana is not in the database's network."
  }
}

run "what_is_secret_is_a_reference" {
  command = plan

  variables {
    google_client_id = "1234-abc.apps.googleusercontent.com"
    allowed_domains  = ["example.com"]
    root_url         = "https://grafana.example.com"
    smtp             = { host = "smtp.example.com:587", user = "alerts", from = "alerts@example.com" }
    secrets = {
      admin_password       = "comments-grafana-admin"
      secret_key           = "comments-grafana-key"
      database_password    = "comments-grafana-database"
      alert_email          = "comments-alert-email"
      slack_webhook_url    = "comments-alert-slack"
      teams_webhook_url    = "comments-alert-teams"
      google_client_secret = "comments-grafana-google"
      smtp_password        = "comments-grafana-smtp"
    }
  }

  assert {
    condition = { for env in google_cloud_run_v2_service.this.template[0].containers[0].env : env.name => env.value_source[0].secret_key_ref[0].secret if length(env.value_source) == 1 } == {
      GF_SECURITY_ADMIN_PASSWORD   = "comments-grafana-admin"
      GF_SECURITY_SECRET_KEY       = "comments-grafana-key"
      GF_DATABASE_PASSWORD         = "comments-grafana-database"
      COMMENTS_ALERT_EMAIL         = "comments-alert-email"
      COMMENTS_SLACK_WEBHOOK_URL   = "comments-alert-slack"
      COMMENTS_TEAMS_WEBHOOK_URL   = "comments-alert-teams"
      GF_AUTH_GOOGLE_CLIENT_SECRET = "comments-grafana-google"
      GF_SMTP_PASSWORD             = "comments-grafana-smtp"
    }
    error_message = "A secret is missing, or in the clear."
  }

  assert {
    condition = length(setsubtract([
      "GF_AUTH_GOOGLE_ENABLED=true",
      "GF_AUTH_GOOGLE_ALLOWED_DOMAINS=example.com",
      "GF_AUTH_DISABLE_LOGIN_FORM=true",
      "GF_SERVER_ROOT_URL=https://grafana.example.com",
      "GF_SMTP_STARTTLS_POLICY=MandatoryStartTLS",
    ], [for env in google_cloud_run_v2_service.this.template[0].containers[0].env : "${env.name}=${env.value}" if env.value != null])) == 0
    error_message = "Signing in with Google, or mail, is not set up."
  }

  assert {
    condition     = output.url == "https://grafana.example.com"
    error_message = "The output does not say where Grafana is."
  }
}

run "without_google_the_admin_signs_in_and_nobody_else" {
  command = plan

  assert {
    condition = length(setsubtract([
      "GF_AUTH_DISABLE_LOGIN_FORM=false",
      "GF_AUTH_ANONYMOUS_ENABLED=false",
      "GF_USERS_ALLOW_SIGN_UP=false",
      "GF_SECURITY_COOKIE_SECURE=true",
    ], [for env in google_cloud_run_v2_service.this.template[0].containers[0].env : "${env.name}=${env.value}" if env.value != null])) == 0
    error_message = "Somebody else may sign in, or the admin cannot."
  }

  assert {
    condition     = length(google_cloud_run_v2_service_iam_member.invoker) == 0
    error_message = "Somebody may call Grafana whom nobody named."
  }
}

run "named_people_may_call_it" {
  command = plan

  variables {
    invokers = { sre = "group:sre@example.com" }
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.invoker["sre"].role == "roles/run.invoker" && google_cloud_run_v2_service_iam_member.invoker["sre"].member == "group:sre@example.com"
    error_message = "They may not, or may do more."
  }
}

run "everybody_as_an_invoker_is_refused" {
  command = plan

  variables {
    invokers = { everybody = "allUsers" }
  }

  expect_failures = [var.invokers]
}

run "latest_is_refused" {
  command = plan

  variables {
    image = "grafana/grafana:latest"
  }

  expect_failures = [var.image]
}

run "the_default_identity_is_refused" {
  command = plan

  variables {
    service_account_email = "123456789012-compute@developer.gserviceaccount.com"
  }

  expect_failures = [var.service_account_email]
}

run "a_value_where_a_secrets_name_belongs_is_refused" {
  command = plan

  variables {
    secrets = {
      admin_password    = "comments-grafana-admin"
      secret_key        = "comments-grafana-key"
      database_password = "comments-grafana-database"
      alert_email       = "oncall@example.com"
      slack_webhook_url = "https://hooks.slack.com/services/x"
      teams_webhook_url = "comments-alert-teams"
    }
  }

  expect_failures = [var.secrets]
}

run "google_without_domains_is_refused" {
  command = plan

  variables {
    google_client_id = "1234-abc.apps.googleusercontent.com"
    root_url         = "https://grafana.example.com"
    secrets = {
      admin_password       = "comments-grafana-admin"
      secret_key           = "comments-grafana-key"
      database_password    = "comments-grafana-database"
      alert_email          = "comments-alert-email"
      slack_webhook_url    = "comments-alert-slack"
      teams_webhook_url    = "comments-alert-teams"
      google_client_secret = "comments-grafana-google"
    }
  }

  expect_failures = [var.allowed_domains]
}

run "everybodys_domain_is_refused" {
  command = plan

  variables {
    allowed_domains = ["gmail.com"]
  }

  expect_failures = [var.allowed_domains]
}

run "google_without_its_secret_is_refused" {
  command = plan

  variables {
    google_client_id = "1234-abc.apps.googleusercontent.com"
    allowed_domains  = ["example.com"]
    root_url         = "https://grafana.example.com"
  }

  expect_failures = [var.google_client_id]
}

run "google_without_a_way_back_is_refused" {
  command = plan

  variables {
    google_client_id = "1234-abc.apps.googleusercontent.com"
    allowed_domains  = ["example.com"]
    secrets = {
      admin_password       = "comments-grafana-admin"
      secret_key           = "comments-grafana-key"
      database_password    = "comments-grafana-database"
      alert_email          = "comments-alert-email"
      slack_webhook_url    = "comments-alert-slack"
      teams_webhook_url    = "comments-alert-teams"
      google_client_secret = "comments-grafana-google"
    }
  }

  expect_failures = [var.google_client_id]
}

run "a_client_that_is_not_googles_is_refused" {
  command = plan

  variables {
    google_client_id = "1234-abc"
    allowed_domains  = ["example.com"]
    root_url         = "https://grafana.example.com"
    secrets = {
      admin_password       = "comments-grafana-admin"
      secret_key           = "comments-grafana-key"
      database_password    = "comments-grafana-database"
      alert_email          = "comments-alert-email"
      slack_webhook_url    = "comments-alert-slack"
      teams_webhook_url    = "comments-alert-teams"
      google_client_secret = "comments-grafana-google"
    }
  }

  expect_failures = [var.google_client_id]
}

run "mail_without_a_password_is_refused" {
  command = plan

  variables {
    smtp = { host = "smtp.example.com:587", user = "alerts", from = "alerts@example.com" }
  }

  expect_failures = [var.smtp]
}

run "a_mail_server_without_a_port_is_refused" {
  command = plan

  variables {
    smtp = { host = "smtp.example.com", user = "alerts", from = "alerts@example.com" }
    secrets = {
      admin_password    = "comments-grafana-admin"
      secret_key        = "comments-grafana-key"
      database_password = "comments-grafana-database"
      alert_email       = "comments-alert-email"
      slack_webhook_url = "comments-alert-slack"
      teams_webhook_url = "comments-alert-teams"
      smtp_password     = "comments-grafana-smtp"
    }
  }

  expect_failures = [var.smtp]
}

run "passwords_in_the_clear_are_refused" {
  command = plan

  variables {
    root_url = "http://grafana.example.com"
  }

  expect_failures = [var.root_url]
}

run "words_that_are_none_are_refused" {
  command = plan

  variables {
    project_id         = "Example"
    region             = "europe"
    name               = "Grafana"
    prometheus_project = "Example"
    prometheus_image   = "gke.gcr.io/prometheus-engine/frontend"
  }

  expect_failures = [var.project_id, var.region, var.name, var.prometheus_project, var.prometheus_image]
}
