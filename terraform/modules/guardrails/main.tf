# What tells when it gets expensive, who keeps count of who looked at what, and a limit for each address.

resource "google_billing_budget" "monthly" {
  count = var.billing_account == null ? 0 : 1

  billing_account = var.billing_account
  display_name    = "${var.name}: ${var.project_id}"

  budget_filter {
    projects               = ["projects/${var.project_number}"]
    calendar_period        = "MONTH"
    credit_types_treatment = "INCLUDE_ALL_CREDITS"
  }

  amount {
    specified_amount {
      currency_code = var.currency
      units         = format("%d", var.monthly_budget)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]

    content {
      threshold_percent = threshold_rules.value
      spend_basis       = "CURRENT_SPEND"
    }
  }

  # Days before it is spent.
  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }

  all_updates_rule {
    monitoring_notification_channels = var.notification_channels
    disable_default_iam_recipients   = false
  }
}

resource "google_project_iam_audit_config" "data_access" {
  for_each = var.audited_services

  project = var.project_id
  service = each.key

  dynamic "audit_log_config" {
    for_each = each.value

    content {
      log_type = audit_log_config.value # of everybody: nobody is exempted
    }
  }
}

resource "google_compute_security_policy" "edge" {
  count = var.requests_per_minute == null ? 0 : 1

  project     = var.project_id
  name        = "${var.name}-edge"
  description = "Before the load balancer of ${var.name}"
  type        = "CLOUD_ARMOR"

  dynamic "rule" {
    for_each = length(var.blocked_ranges) == 0 ? [] : [1]

    content {
      action      = "deny(403)"
      priority    = 900
      description = "Blocked by hand"

      match {
        versioned_expr = "SRC_IPS_V1"

        config {
          src_ip_ranges = var.blocked_ranges
        }
      }
    }
  }

  rule {
    action      = "throttle"
    priority    = 1000
    description = "So much a minute from one address"

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }

    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"

      rate_limit_threshold {
        count        = var.requests_per_minute
        interval_sec = 60
      }
    }
  }

  # Google wants a last rule. What a comment says is no reason to refuse it: no rules against SQL in texts.
  rule {
    action      = "allow"
    priority    = 2147483647
    description = "The rest"

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  adaptive_protection_config {
    layer_7_ddos_defense_config {
      enable = true # it tells; it blocks nothing by itself
    }
  }
}
