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

run "nobody_asks_from_outside_unless_told_whom" {
  command = plan

  assert {
    condition     = length(google_monitoring_uptime_check_config.ready) == 0 && length(google_monitoring_alert_policy.unreachable) == 0 && output.uptime_checked == false
    error_message = "Without a host there is nothing to ask."
  }
}

run "google_asks_the_public_host_by_https_and_a_failure_is_a_page" {
  command = apply

  variables {
    uptime_check   = { host = "comments.example.com" }
    pager_channels = ["projects/example-comments/notificationChannels/7"]
  }

  assert {
    condition     = google_monitoring_uptime_check_config.ready[0].monitored_resource[0].labels.host == "comments.example.com" && google_monitoring_uptime_check_config.ready[0].monitored_resource[0].type == "uptime_url"
    error_message = "Another host is asked."
  }

  assert {
    condition     = google_monitoring_uptime_check_config.ready[0].http_check[0].path == "/health/ready" && google_monitoring_uptime_check_config.ready[0].http_check[0].port == 443 && google_monitoring_uptime_check_config.ready[0].http_check[0].use_ssl && google_monitoring_uptime_check_config.ready[0].http_check[0].validate_ssl
    error_message = "It is not /health/ready by HTTPS with a valid certificate."
  }

  assert {
    condition     = google_monitoring_uptime_check_config.ready[0].http_check[0].accepted_response_status_codes[0].status_class == "STATUS_CLASS_2XX" && length(google_monitoring_uptime_check_config.ready[0].selected_regions) == 3
    error_message = "Something else than 2xx from three regions is taken for well."
  }

  assert {
    condition     = google_monitoring_alert_policy.unreachable[0].severity == "CRITICAL" && contains(google_monitoring_alert_policy.unreachable[0].notification_channels, "projects/example-comments/notificationChannels/7") && google_monitoring_alert_policy.unreachable[0].documentation[0].links[0].url == "https://example.com/docs/runbooks/CommentsDown.md"
    error_message = "Nobody gets up, or nobody finds the runbook."
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.unreachable[0].conditions[0].condition_threshold[0].filter, "check_id=\"${google_monitoring_uptime_check_config.ready[0].uptime_check_id}\"") && google_monitoring_alert_policy.unreachable[0].conditions[0].condition_threshold[0].threshold_value == 1
    error_message = "The page is about another check, or about a single place."
  }

  assert {
    condition     = contains(keys(output.alerts), "PublicAddressDown") && contains(keys(output.alerts), "InstanceCrashed")
    error_message = "The output does not name them."
  }
}

run "an_address_where_a_host_belongs_is_refused" {
  command = plan

  variables {
    uptime_check = { host = "https://comments.example.com" }
  }

  expect_failures = [var.uptime_check]
}

run "a_host_without_a_domain_is_refused" {
  command = plan

  variables {
    uptime_check = { host = "localhost" }
  }

  expect_failures = [var.uptime_check]
}

run "two_regions_are_refused" {
  command = plan

  variables {
    uptime_check = { host = "comments.example.com", regions = ["EUROPE", "USA"] }
  }

  expect_failures = [var.uptime_check]
}

run "without_a_word_on_regions_there_are_three" {
  command = plan

  variables {
    uptime_check = { host = "comments.example.com", regions = null }
  }

  assert {
    condition     = length(google_monitoring_uptime_check_config.ready[0].selected_regions) == 3
    error_message = "null is the default: three regions."
  }
}

run "a_region_of_the_clouds_own_is_refused" {
  command = plan

  variables {
    uptime_check = { host = "comments.example.com", regions = ["EUROPE", "USA", "europe-west1"] }
  }

  expect_failures = [var.uptime_check]
}

run "objectives_are_those_of_the_file" {
  command = plan

  assert {
    condition     = keys(google_monitoring_slo.objective) == keys(jsondecode(file("slos.json")).slos) && alltrue([for slo in google_monitoring_slo.objective : slo.service == "comments-eu"])
    error_message = "An objective is missing, or is another service's."
  }

  assert {
    condition     = alltrue([for name, slo in google_monitoring_slo.objective : slo.goal == jsondecode(file("slos.json")).slos[name].goal && slo.rolling_period_days == jsondecode(file("slos.json")).slos[name].rolling_period_days])
    error_message = "A goal or a period is another one."
  }

  assert {
    condition     = alltrue([for slo in google_monitoring_slo.objective : length(slo.request_based_sli) == 1 && length(slo.request_based_sli[0].good_total_ratio) + length(slo.request_based_sli[0].distribution_cut) == 1])
    error_message = "An objective is not request-based, or measures two things."
  }
}

run "availability_is_of_this_service_and_latency_is_cut_at_the_promise" {
  command = plan

  assert {
    condition     = strcontains(google_monitoring_slo.objective["availability"].request_based_sli[0].good_total_ratio[0].good_service_filter, "\"service_name\"=\"comments-eu\"") && strcontains(google_monitoring_slo.objective["availability"].request_based_sli[0].good_total_ratio[0].total_service_filter, "\"service_name\"=\"comments-eu\"") && strcontains(google_monitoring_slo.objective["availability"].request_based_sli[0].good_total_ratio[0].good_service_filter, "!=\"5xx\"") && !strcontains(google_monitoring_slo.objective["availability"].request_based_sli[0].good_total_ratio[0].total_service_filter, "5xx")
    error_message = "Good is all without 5xx, of this service."
  }

  assert {
    condition     = google_monitoring_slo.objective["latency"].request_based_sli[0].distribution_cut[0].range[0].max == 0.1 && strcontains(google_monitoring_slo.objective["latency"].request_based_sli[0].distribution_cut[0].distribution_filter, "prometheus.googleapis.com/http_server_request_duration_seconds/histogram")
    error_message = "Latency is not our histogram up to 0.1 s."
  }
}

run "log_metrics_count_lines_of_this_service_with_few_labels" {
  command = plan

  assert {
    condition     = keys(google_logging_metric.line) == ["crashes", "log_lines", "store_failures"] && alltrue([for metric in google_logging_metric.line : strcontains(metric.filter, "resource.labels.service_name=\"comments-eu\"") && metric.metric_descriptor[0].metric_kind == "DELTA" && metric.metric_descriptor[0].value_type == "INT64"])
    error_message = "A metric counts another service's lines, or is no counter."
  }

  assert {
    condition     = alltrue([for metric in google_logging_metric.line : keys(metric.label_extractors) == tolist([for label in metric.metric_descriptor[0].labels : label.key]) && alltrue([for pattern in values(metric.label_extractors) : pattern == "EXTRACT(severity)" || can(regex("[(]([A-Za-z ]+|Uncaught signal: [[]0-9[]][{]1,2[}])([|]([A-Za-z ]+))*[)]\"[)]$", pattern))])])
    error_message = "A label may have any value: each becomes a series, and costs."
  }
}

run "a_crash_is_told_by_its_line_once_an_hour" {
  command = apply

  variables {
    pager_channels = ["projects/example-comments/notificationChannels/7"]
  }

  assert {
    condition     = google_monitoring_alert_policy.crashed.severity == "WARNING" && !contains(google_monitoring_alert_policy.crashed.notification_channels, "projects/example-comments/notificationChannels/7") && length(google_monitoring_alert_policy.crashed.notification_channels) == 1
    error_message = "A crash that Cloud Run mends by itself is a ticket."
  }

  assert {
    condition     = google_monitoring_alert_policy.crashed.conditions[0].condition_matched_log[0].filter == google_logging_metric.line["crashes"].filter && google_monitoring_alert_policy.crashed.alert_strategy[0].notification_rate_limit[0].period == "3600s" && google_monitoring_alert_policy.crashed.documentation[0].links[0].url == "https://example.com/docs/runbooks/Restarts.md"
    error_message = "It is about other lines than are counted, told at each, or without its runbook."
  }
}

run "dashboards_are_about_this_service_and_have_nothing_left_to_fill_in" {
  command = plan

  assert {
    condition     = keys(google_monitoring_dashboard.board) == ["cloud-run.json", "overview.json"]
    error_message = "A dashboard is missing."
  }

  assert {
    condition     = alltrue([for board in google_monitoring_dashboard.board : !strcontains(board.dashboard_json, "$${") && strcontains(board.dashboard_json, "(https://example.com/docs/runbooks/README.md)")])
    error_message = "A place is left open, or the runbooks are elsewhere."
  }

  assert {
    condition     = strcontains(google_monitoring_dashboard.board["cloud-run.json"].dashboard_json, "service_name=\\\"comments-eu\\\"") && length(jsondecode(google_monitoring_dashboard.board["cloud-run.json"].dashboard_json).mosaicLayout.tiles) > 20
    error_message = "It shows another service, or next to nothing."
  }
}
