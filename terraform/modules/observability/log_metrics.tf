# What Google counts in the log: also what an instance could not count any more, because it ended. Labels have
# few values: each is one of a list that stands in the pattern.

locals {
  revision = "resource.type=\"cloud_run_revision\" resource.labels.service_name=\"${var.service}\""
  said     = "${local.revision} logName=~\"/logs/run.googleapis.com%2Fstd(out|err)$\""

  # What Cloud Run says when an instance ends that should not.
  crashed = "${local.revision} logName=~\"/logs/run.googleapis.com%2Fvarlog%2Fsystem$\" textPayload=~\"Uncaught signal: |Container called exit[(][1-9]|Memory limit of \""

  log_metrics = {
    log_lines = {
      description = "Lines of severity WARNING and above."
      filter      = "${local.said} severity>=WARNING"
      label       = "severity"
      extractor   = "EXTRACT(severity)"
    }
    store_failures = {
      description = "Lines that say how the store failed."
      filter      = "${local.said} severity>=WARNING jsonPayload.detail:* jsonPayload.message=~\"^the (comment )?store \""
      label       = "kind"
      extractor   = "REGEXP_EXTRACT(jsonPayload.message, \"store (is full|is locked|is damaged|cannot be reached|cannot be read|failed)\")"
    }
    crashes = {
      description = "Instances that ended by a signal, with a status that is not 0, or for want of memory."
      filter      = local.crashed
      label       = "cause"
      extractor   = "REGEXP_EXTRACT(textPayload, \"(Uncaught signal: [0-9]{1,2}|Container called exit|Memory limit)\")"
    }
  }
}

resource "google_logging_metric" "line" {
  for_each = local.log_metrics

  project          = var.project_id
  name             = "comments/${each.key}"
  description      = each.value.description
  filter           = each.value.filter
  label_extractors = { (each.value.label) = each.value.extractor }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    labels {
      key        = each.value.label
      value_type = "STRING"
    }
  }
}

# By the line itself: a metric that has just been made is not known to an alert policy for some minutes, and its
# first point is no increase yet.
resource "google_monitoring_alert_policy" "crashed" {
  project               = var.project_id
  display_name          = "InstanceCrashed: An instance ended that should not"
  severity              = local.severities.ticket
  combiner              = "OR" # of one condition
  notification_channels = local.told.ticket
  user_labels           = { severity = "ticket", service = var.service }

  conditions {
    display_name = "InstanceCrashed"

    condition_matched_log {
      filter           = local.crashed
      label_extractors = { cause = local.log_metrics.crashes.extractor }
    }
  }

  documentation {
    subject   = "An instance ended that should not"
    content   = "By a signal, with a status that is not 0, or for want of memory; its last lines say more. Its followers come back by themselves; what was acknowledged is in the database.\n\nWhat to do: [Restarts.md](${var.runbook_base}Restarts.md)"
    mime_type = "text/markdown"

    links {
      display_name = "Runbook"
      url          = "${var.runbook_base}Restarts.md"
    }
  }

  alert_strategy {
    auto_close = "1800s"

    notification_rate_limit {
      period = "3600s" # a loop of crashes is one thing to know
    }
  }
}
