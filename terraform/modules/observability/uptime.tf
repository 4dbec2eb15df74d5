# Whether readers reach the service, asked by Google from outside: the one alert that does not depend on what the
# service says of itself.

resource "google_monitoring_uptime_check_config" "ready" {
  count = var.uptime_check == null ? 0 : 1

  project            = var.project_id
  display_name       = "${var.service}: ready"
  period             = "60s"
  timeout            = "10s"
  selected_regions   = sort(tolist(var.uptime_check.regions))
  checker_type       = "STATIC_IP_CHECKERS"
  log_check_failures = true
  user_labels        = { service = var.service }

  http_check {
    path         = "/health/ready"
    port         = 443
    use_ssl      = true
    validate_ssl = true

    accepted_response_status_codes {
      status_class = "STATUS_CLASS_2XX"
    }
  }

  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = var.project_id, host = var.uptime_check.host }
  }
}

resource "google_monitoring_alert_policy" "unreachable" {
  count = var.uptime_check == null ? 0 : 1

  project               = var.project_id
  display_name          = "PublicAddressDown: Readers do not reach the service"
  severity              = local.severities.page
  combiner              = "OR" # of one condition
  notification_channels = local.told.page
  user_labels           = { severity = "page", service = var.service }

  conditions {
    display_name = "PublicAddressDown"

    condition_threshold {
      filter = join(" AND ", [
        "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\"",
        "metric.label.check_id=\"${google_monitoring_uptime_check_config.ready[0].uptime_check_id}\"",
        "resource.type=\"uptime_url\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = 1 # one place that fails is that place's fault
      duration        = "120s"

      aggregations {
        alignment_period     = "1200s"
        per_series_aligner   = "ALIGN_NEXT_OLDER" # what each place said last
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
    }
  }

  documentation {
    subject   = "Readers do not reach the service"
    content   = "Two places or more get no 2xx from https://${var.uptime_check.host}/health/ready.\n\nWhat to do: [CommentsDown.md](${var.runbook_base}CommentsDown.md)"
    mime_type = "text/markdown"

    links {
      display_name = "Runbook"
      url          = "${var.runbook_base}CommentsDown.md"
    }
  }

  alert_strategy {
    auto_close           = "1800s"
    notification_prompts = ["OPENED", "CLOSED"]
  }
}
