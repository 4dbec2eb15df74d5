mock_provider "google" {}

variables {
  project_id      = "example-comments"
  service         = "comments-eu"
  max_instances   = 40
  memory_bytes    = 1073741824
  email_addresses = ["oncall@example.com"]
  runbook_base    = "https://example.com/docs/runbooks/"
}

run "every_alert_has_a_policy_but_the_watchdog" {
  command = plan

  assert {
    condition     = length(google_monitoring_alert_policy.alert) == length(jsondecode(file("alert_policies.json")).policies)
    error_message = "There is not one policy for each alert."
  }

  assert {
    condition     = alltrue([for name in ["AvailabilityBurn1h", "LatencyBurn3d", "CommentsDown", "BillingSurge"] : contains(keys(google_monitoring_alert_policy.alert), name)])
    error_message = "An alert is missing."
  }

  assert {
    condition     = !contains(keys(google_monitoring_alert_policy.alert), "Watchdog")
    error_message = "The watchdog's incident would be told once and stay open for ever."
  }
}

run "queries_compare_with_what_terraform_sets" {
  command = plan

  assert {
    condition     = strcontains(google_monitoring_alert_policy.alert["InstancesNearMax"].conditions[0].condition_prometheus_query_language[0].query, "> 0.8 * 40")
    error_message = "InstancesNearMax does not know max_instances."
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.alert["InstancesNearMax"].conditions[0].condition_prometheus_query_language[0].query, "service_name=\"comments-eu\"")
    error_message = "InstancesNearMax looks at another service."
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.alert["MemoryHigh"].conditions[0].condition_prometheus_query_language[0].query, "> 0.9 * 1073741824")
    error_message = "MemoryHigh does not know memory_bytes."
  }
}

run "no_query_has_anything_left_to_fill_in" {
  command = plan

  assert {
    condition     = alltrue([for policy in google_monitoring_alert_policy.alert : !strcontains(policy.conditions[0].condition_prometheus_query_language[0].query, "$")])
    error_message = "A query still has a placeholder."
  }
}

run "a_page_is_critical_and_links_to_its_runbook" {
  command = plan

  assert {
    condition     = google_monitoring_alert_policy.alert["CommentsDown"].severity == "CRITICAL" && google_monitoring_alert_policy.alert["CommitSlow"].severity == "WARNING"
    error_message = "Pages are CRITICAL, tickets WARNING."
  }

  assert {
    condition     = google_monitoring_alert_policy.alert["CommentsDown"].documentation[0].links[0].url == "https://example.com/docs/runbooks/CommentsDown.md"
    error_message = "The link does not lead to the runbook."
  }

  assert {
    condition     = alltrue([for policy in google_monitoring_alert_policy.alert : strcontains(policy.documentation[0].content, "(https://example.com/docs/runbooks/")])
    error_message = "Some documentation has no link to a runbook."
  }
}

run "pages_also_reach_the_pager_and_tickets_do_not" {
  command = apply

  variables {
    pager_channels   = ["projects/example-comments/notificationChannels/7"]
    slack_channel    = "#comments"
    slack_auth_token = "example"
    webhook_url      = "https://example.com/hook"
  }

  assert {
    condition     = contains(google_monitoring_alert_policy.alert["CommentsDown"].notification_channels, "projects/example-comments/notificationChannels/7")
    error_message = "A page does not reach the pager."
  }

  assert {
    condition     = length(google_monitoring_alert_policy.alert["CommentsDown"].notification_channels) == 4 && length(google_monitoring_alert_policy.alert["CommitSlow"].notification_channels) == 3
    error_message = "Every alert is told by e-mail, Slack and the webhook, a page to the pager too."
  }
}

run "an_alert_can_be_left_out" {
  command = plan

  variables {
    left_out = ["CommentsDown"]
  }

  assert {
    condition     = !contains(keys(google_monitoring_alert_policy.alert), "CommentsDown") && contains(keys(google_monitoring_alert_policy.alert), "CommentsNotReady")
    error_message = "left_out leaves out something else."
  }
}

run "an_unknown_alert_cannot_be_left_out" {
  command = plan

  variables {
    left_out = ["CommentsDwon"]
  }

  expect_failures = [var.left_out]
}

run "without_an_address_it_is_refused" {
  command = plan

  variables {
    email_addresses = []
  }

  expect_failures = [var.email_addresses]
}

run "an_address_without_a_host_is_refused" {
  command = plan

  variables {
    email_addresses = ["oncall"]
  }

  expect_failures = [var.email_addresses]
}

run "a_slack_channel_without_a_token_is_refused" {
  command = plan

  variables {
    slack_channel = "#comments"
  }

  expect_failures = [var.slack_channel]
}

run "a_webhook_in_the_clear_is_refused" {
  command = plan

  variables {
    webhook_url = "http://example.com/hook"
  }

  expect_failures = [var.webhook_url]
}

run "a_runbook_base_that_is_no_address_is_refused" {
  command = plan

  variables {
    runbook_base = "docs/runbooks/"
  }

  expect_failures = [var.runbook_base]
}

run "figures_that_cannot_be_are_refused" {
  command = plan

  variables {
    max_instances = 0
    memory_bytes  = 512
  }

  expect_failures = [var.max_instances, var.memory_bytes]
}
