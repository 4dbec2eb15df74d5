mock_provider "google" {}

variables {
  project_id     = "example-comments"
  project_number = "123456789012"
  name           = "comments"
}

run "a_budget_tells_before_it_is_spent" {
  command = plan

  variables {
    billing_account       = "012345-6789AB-CDEF01"
    monthly_budget        = 500
    notification_channels = ["projects/example-comments/notificationChannels/7"]
  }

  assert {
    condition = (google_billing_budget.monthly[0].amount[0].specified_amount[0].units == "500"
      && google_billing_budget.monthly[0].amount[0].specified_amount[0].currency_code == "EUR"
    && google_billing_budget.monthly[0].budget_filter[0].projects == toset(["projects/123456789012"]))
    error_message = "The budget is another, or another project's."
  }

  assert {
    condition     = [for rule in google_billing_budget.monthly[0].threshold_rules : "${rule.spend_basis} ${rule.threshold_percent}"] == ["CURRENT_SPEND 0.5", "CURRENT_SPEND 0.9", "CURRENT_SPEND 1", "FORECASTED_SPEND 1"]
    error_message = "It tells too late."
  }

  assert {
    condition = (google_billing_budget.monthly[0].all_updates_rule[0].monitoring_notification_channels == tolist(["projects/example-comments/notificationChannels/7"])
    && google_billing_budget.monthly[0].all_updates_rule[0].disable_default_iam_recipients == false)
    error_message = "It tells nobody."
  }
}

run "reads_of_secrets_and_of_the_database_are_logged_for_everybody" {
  command = plan

  assert {
    condition     = alltrue([for service in ["secretmanager.googleapis.com", "cloudsql.googleapis.com"] : toset([for config in google_project_iam_audit_config.data_access[service].audit_log_config : config.log_type]) == toset(["ADMIN_READ", "DATA_READ", "DATA_WRITE"])])
    error_message = "Nobody could say who looked."
  }

  assert {
    condition     = alltrue(flatten([for config in google_project_iam_audit_config.data_access : [for kind in config.audit_log_config : length(coalesce(kind.exempted_members, [])) == 0]]))
    error_message = "Somebody looks unseen."
  }
}

run "without_a_billing_account_or_a_limit_nothing_of_them_is_made" {
  command = plan

  assert {
    condition     = length(google_billing_budget.monthly) == 0 && length(google_compute_security_policy.edge) == 0 && output.security_policy_id == null
    error_message = "Something is made that nobody asked for."
  }
}

run "an_address_is_throttled_and_a_blocked_one_refused_first" {
  command = plan

  variables {
    requests_per_minute = 600
    blocked_ranges      = ["203.0.113.0/24"]
  }

  assert {
    condition     = { for rule in google_compute_security_policy.edge[0].rule : rule.priority => rule.action } == { "900" = "deny(403)", "1000" = "throttle", "2147483647" = "allow" }
    error_message = "The rules are others, or in another order."
  }

  assert {
    condition     = one([for rule in google_compute_security_policy.edge[0].rule : rule.rate_limit_options[0] if rule.priority == 1000]).enforce_on_key == "IP" && one([for rule in google_compute_security_policy.edge[0].rule : rule.rate_limit_options[0] if rule.priority == 1000]).exceed_action == "deny(429)" && one([for rule in google_compute_security_policy.edge[0].rule : rule.rate_limit_options[0] if rule.priority == 1000]).rate_limit_threshold[0].count == 600
    error_message = "The limit is another, or for all together."
  }
}

run "a_budget_without_an_amount_is_refused" {
  command = plan

  variables {
    billing_account = "012345-6789AB-CDEF01"
  }

  expect_failures = [var.billing_account]
}

run "a_budget_for_no_project_is_refused" {
  command = plan

  variables {
    billing_account = "012345-6789AB-CDEF01"
    monthly_budget  = 500
    project_number  = null
  }

  expect_failures = [var.billing_account]
}

run "secrets_read_unseen_are_refused" {
  command = plan

  variables {
    audited_services = { "run.googleapis.com" = ["ADMIN_READ"] }
  }

  expect_failures = [var.audited_services]
}

run "a_kind_of_log_that_does_not_exist_is_refused" {
  command = plan

  variables {
    audited_services = { "secretmanager.googleapis.com" = ["READ"] }
  }

  expect_failures = [var.audited_services]
}

run "a_limit_that_stops_readers_is_refused" {
  command = plan

  variables {
    requests_per_minute = 10
  }

  expect_failures = [var.requests_per_minute]
}

run "blocking_everybody_is_refused" {
  command = plan

  variables {
    requests_per_minute = 600
    blocked_ranges      = ["0.0.0.0/0"]
  }

  expect_failures = [var.blocked_ranges]
}

run "words_that_are_none_are_refused" {
  command = plan

  variables {
    project_id            = "Example"
    project_number        = "example"
    name                  = "Comments"
    monthly_budget        = 0
    currency              = "euro"
    blocked_ranges        = ["203.0.113"]
    notification_channels = ["1", "2", "3", "4", "5", "6"]
  }

  expect_failures = [var.project_id, var.project_number, var.name, var.monthly_budget, var.currency, var.blocked_ranges, var.notification_channels]
}

run "a_billing_account_of_another_form_is_refused" {
  command = plan

  variables {
    billing_account = "012345"
    monthly_budget  = 500
  }

  expect_failures = [var.billing_account]
}
