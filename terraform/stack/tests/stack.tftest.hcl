mock_provider "google" {
  mock_resource "google_compute_network" {
    defaults = { id = "projects/example-comments-prod/global/networks/comments" }
  }
}

# What must not be destroyed is planned only.

variables {
  project_id    = "example-comments-prod"
  region        = "europe-west1"
  environment   = "prod"
  image         = "europe-west1-docker.pkg.dev/example-comments-build/comments/comments@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  database      = { tier = "db-custom-2-7680", regional = true }
  alert_emails  = ["oncall@example.com"]
  runbook_base  = "https://example.com/docs/runbooks/"
  secrets       = { database_password = "a-password-of-twenty-or-more" }
  load_balancer = null
  grafana       = null
}

run "the_service_keeps_its_comments_in_the_database" {
  command = plan

  assert {
    condition     = length(module.database) == 1 && length(module.network) == 1 && output.ephemeral == false && output.migrate_job == "comments-migrate"
    error_message = "There is no database, or the service does not use it."
  }
}

run "the_service_runs_as_itself" {
  command = plan

  assert {
    condition     = local.identity.run == "comments-run@example-comments-prod.iam.gserviceaccount.com"
    error_message = "The service runs as somebody else than bootstrap made for it."
  }
}

run "only_the_service_reads_its_password" {
  command = plan

  assert {
    condition     = local.secret_readers == tomap({ "database-password" = "run" })
    error_message = "There are other secrets, or others read them."
  }
}

run "without_a_database_one_instance_warns_that_all_will_be_lost" {
  command = plan

  variables {
    project_id          = "example-comments-dev"
    environment         = "dev"
    enable_database     = false
    deletion_protection = false
    service             = { min_instances = 0, max_instances = 7 }
    secrets             = {}
  }

  assert {
    condition     = output.ephemeral && output.max_instances == 1 && output.database == "" && output.migrate_job == "" && length(module.network) == 0
    error_message = "Without a database there must be exactly one instance, and nothing to migrate."
  }

  expect_failures = [check.comments_are_kept]
}

run "where_no_instance_is_healthy_nobody_is_woken_for_it" {
  command = plan

  variables {
    project_id          = "example-comments-staging"
    environment         = "staging"
    deletion_protection = false
    database            = {}
    service             = { min_instances = 0 }
  }

  assert {
    condition     = !contains(keys(module.observability.alerts), "CommentsDown")
    error_message = "CommentsDown would fire every night."
  }

  assert {
    condition     = !module.observability.uptime_checked
    error_message = "Asked every minute, it would never go down to no instance."
  }
}

run "readers_way_in_is_asked_from_outside" {
  command = plan

  assert {
    condition     = module.observability.uptime_checked && keys(module.observability.slos) == ["availability", "latency"]
    error_message = "Nobody asks from outside, or nobody sees the objectives."
  }
}

run "what_not_everybody_may_call_is_not_asked" {
  command = plan

  variables {
    service = { public = false }
  }

  assert {
    condition     = !module.observability.uptime_checked
    error_message = "Google's question would be refused, and somebody woken."
  }
}

run "a_released_image_is_all_that_a_release_changes" {
  command = plan

  variables {
    image = "europe-west1-docker.pkg.dev/example-comments-build/comments/comments:0123456789abcdef0123456789abcdef01234567"
  }

  assert {
    condition     = output.service_name == "comments"
    error_message = "The full hash of a commit must be taken too."
  }
}

run "grafana_has_its_own_database_and_secrets" {
  command = plan

  variables {
    grafana = {
      image            = "europe-west1-docker.pkg.dev/example-comments-build/comments/grafana@sha256:1111111111111111111111111111111111111111111111111111111111111111"
      root_url         = "https://grafana.example.com"
      google_client_id = "000000000000-example.apps.googleusercontent.com"
      allowed_domains  = ["example.com"]
      smtp             = { host = "smtp.example.com:587", user = "grafana", from = "grafana@example.com" }
    }
  }

  assert {
    condition     = output.grafana_url == "https://grafana.example.com" && length([for name, reader in local.secret_readers : name if reader == "grafana"]) == 8
    error_message = "Grafana is not there, or lacks a secret."
  }
}

run "behind_a_load_balancer_nobody_goes_round_it" {
  command = plan

  variables {
    load_balancer = { host = "comments.example.com", security_policy_id = "projects/example-comments-prod/global/securityPolicies/comments-edge" }
  }

  assert {
    condition     = output.public_url == "https://comments.example.com" && output.candidate_url == "https://candidate.comments.example.com"
    error_message = "Readers or probes go elsewhere."
  }
}

run "the_image_of_a_moving_tag_is_refused" {
  command = plan

  variables {
    image = "europe-west1-docker.pkg.dev/example-comments-build/comments/comments:latest"
  }

  expect_failures = [var.image]
}

run "a_shortened_hash_is_refused" {
  command = plan

  variables {
    image = "europe-west1-docker.pkg.dev/example-comments-build/comments/comments:0123456"
  }

  expect_failures = [var.image]
}

run "variables_of_another_environment_are_refused" {
  command = plan

  variables {
    project_id = "example-comments-dev"
  }

  expect_failures = [var.environment]
}

run "an_environment_that_there_is_not_is_refused" {
  command = plan

  variables {
    project_id  = "example-comments-test"
    environment = "test"
  }

  expect_failures = [var.environment]
}

run "alerts_that_nobody_gets_are_refused" {
  command = plan

  variables {
    alert_emails = []
  }

  expect_failures = [var.alert_emails]
}

run "production_keeps_its_comments" {
  command = plan

  variables {
    enable_database = false
  }

  expect_failures = [var.enable_database]
}

run "production_outlives_a_zone" {
  command = plan

  variables {
    database = { tier = "db-custom-2-7680" }
  }

  expect_failures = [var.database]
}

run "production_is_always_there" {
  command = plan

  variables {
    service = { min_instances = 0 }
  }

  expect_failures = [var.service]
}

run "production_cannot_be_deleted" {
  command = plan

  variables {
    deletion_protection = false
  }

  expect_failures = [var.deletion_protection]
}

run "grafana_without_a_database_is_refused" {
  command = plan

  variables {
    project_id          = "example-comments-dev"
    environment         = "dev"
    enable_database     = false
    deletion_protection = false
    grafana             = { image = "europe-west1-docker.pkg.dev/example-comments-build/comments/grafana:0123456789abcdef0123456789abcdef01234567" }
  }

  expect_failures = [var.grafana, check.comments_are_kept]
}

run "a_count_of_secrets_starts_with_one" {
  command = plan

  variables {
    secrets_version = 0
  }

  expect_failures = [var.secrets_version]
}

run "names_that_cannot_be_are_refused" {
  command = plan

  variables {
    project_id = "Example-prod"
    region     = "Europe"
  }

  expect_failures = [var.project_id, var.region]
}
