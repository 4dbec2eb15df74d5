# Alerts of Cloud Monitoring, and who is told. What they look at is generated of monitoring/slo.yml.

locals {
  every_policy = jsondecode(file("${path.module}/alert_policies.json")).policies
  policies     = { for name, policy in local.every_policy : name => policy if !contains(var.left_out, name) }

  # What the generated PromQL leaves open, because Terraform sets it.
  figures = {
    service       = var.service
    max_instances = format("%d", var.max_instances)
    memory_bytes  = format("%d", var.memory_bytes)
  }
  queries = { for name, policy in local.policies : name =>
    replace(replace(replace(policy.query,
      "$${service}", local.figures.service),
      "$${max_instances}", local.figures.max_instances),
    "$${memory_bytes}", local.figures.memory_bytes)
  }

  severities = { page = "CRITICAL", ticket = "WARNING" }

  channels = concat(
    [for channel in google_monitoring_notification_channel.email : channel.id],
    google_monitoring_notification_channel.slack[*].id,
    google_monitoring_notification_channel.webhook[*].id,
  )
  told = { page = concat(local.channels, tolist(var.pager_channels)), ticket = local.channels }
}

resource "google_monitoring_alert_policy" "alert" {
  for_each = local.policies

  project               = var.project_id
  display_name          = each.value.display_name
  severity              = local.severities[each.value.severity]
  combiner              = "OR" # of one condition
  notification_channels = local.told[each.value.severity]
  user_labels           = merge(each.value.labels, { service = var.service })

  conditions {
    display_name = each.key

    condition_prometheus_query_language {
      query               = local.queries[each.key]
      duration            = each.value.duration
      evaluation_interval = each.value.evaluation_interval
      rule_group          = "comments"
      alert_rule          = each.key
      labels              = each.value.labels
      # A project where the service has not run yet does not know its metrics, and would refuse.
      disable_metric_validation = true
    }
  }

  documentation {
    subject   = each.value.display_name
    content   = "${each.value.documentation}\n\nWhat to do: [${each.value.runbook}](${var.runbook_base}${each.value.runbook})"
    mime_type = "text/markdown"

    links {
      display_name = "Runbook"
      url          = "${var.runbook_base}${each.value.runbook}"
    }
  }

  alert_strategy {
    auto_close           = "1800s" # the shortest there is: without data nobody keeps an incident open
    notification_prompts = ["OPENED", "CLOSED"]
  }

  lifecycle {
    precondition {
      condition     = !strcontains(local.queries[each.key], "$${")
      error_message = "alert_policies.json has a figure in ${each.key} that this module does not fill in."
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  for_each = var.email_addresses

  project      = var.project_id
  display_name = "${var.service}: ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }
}

resource "google_monitoring_notification_channel" "slack" {
  count = var.slack_channel == null ? 0 : 1

  project      = var.project_id
  display_name = "${var.service}: Slack ${var.slack_channel}"
  type         = "slack"
  labels       = { channel_name = var.slack_channel }

  sensitive_labels {
    auth_token = var.slack_auth_token
  }
}

resource "google_monitoring_notification_channel" "webhook" {
  count = nonsensitive(var.webhook_url == null) ? 0 : 1

  project      = var.project_id
  display_name = "${var.service}: webhook"
  type         = "webhook_tokenauth"
  labels       = { url = var.webhook_url }
}
