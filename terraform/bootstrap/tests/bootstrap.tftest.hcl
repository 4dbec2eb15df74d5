mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "100000000001" }
  }
  mock_data "google_storage_project_service_account" {
    defaults = { email_address = "service-1@gs-project-accounts.iam.gserviceaccount.com" }
  }
}

# What is made must not be destroyed, so that no run here applies.

variables {
  project_id          = "example-comments-prod"
  region              = "europe-west1"
  environment         = "prod"
  repository_id       = "123456789"
  repository_owner_id = "987654"
  administrators      = { platform = "group:platform@example.com" }
}

run "the_state_keeps_its_versions_under_a_key_and_for_itself" {
  command = plan

  assert {
    condition     = google_storage_bucket.state.versioning[0].enabled && google_storage_bucket.state.uniform_bucket_level_access && google_storage_bucket.state.public_access_prevention == "enforced" && !google_storage_bucket.state.force_destroy
    error_message = "The state could be lost or read."
  }

  assert {
    condition     = length(google_storage_bucket.state.encryption) == 1 && google_kms_crypto_key.state.rotation_period == "7776000s"
    error_message = "The state has no key of ours, or the key is never changed."
  }

  assert {
    condition     = google_storage_bucket.state.name == "example-comments-prod-state" && google_storage_bucket.state.soft_delete_policy[0].retention_duration_seconds == 2592000
    error_message = "The bucket has another name, or a deleted state is gone at once."
  }
}

run "what_is_switched_on_stays_on" {
  command = plan

  assert {
    condition     = alltrue([for api in google_project_service.api : api.disable_on_destroy == false])
    error_message = "Taking this down would take another's API away."
  }

  assert {
    condition     = length(setsubtract(["run", "artifactregistry", "sqladmin", "secretmanager", "monitoring", "servicenetworking", "sts"], keys(google_project_service.api))) == 0
    error_message = "An API that the stack needs is not switched on."
  }
}

run "only_one_repository_and_branch_come_in_by_number" {
  command = plan

  assert {
    condition     = google_iam_workload_identity_pool_provider.github.attribute_condition == "assertion.repository_id == '123456789' && assertion.repository_owner_id == '987654' && assertion.ref == 'refs/heads/main'"
    error_message = "The condition lets others in."
  }
}

run "who_pays_is_told_and_a_client_is_slowed_down_where_it_was_asked_for" {
  command = plan

  variables {
    budget              = { billing_account = "012345-6789AB-CDEF01", monthly = 200 }
    requests_per_minute = 600
  }

  assert {
    condition     = contains(keys(google_project_service.api), "billingbudgets")
    error_message = "Budgets need their API."
  }
}

run "where_the_service_runs_no_images_are_kept" {
  command = plan

  assert {
    condition     = length(module.registry) == 0 && length(google_storage_bucket.sources) == 0 && output.image_repository == null
    error_message = "A second registry would have to be kept in step."
  }
}

run "where_images_are_built_nothing_serves" {
  command = plan

  variables {
    project_id     = "example-comments-build"
    environment    = null
    builds         = true
    administrators = {}
    image_readers  = ["serviceAccount:service-123456789012@serverless-robot-prod.iam.gserviceaccount.com"]
  }

  assert {
    condition     = keys(output.identities) == ["build"] && output.image_repository == "europe-west1-docker.pkg.dev/example-comments-build/comments"
    error_message = "The project that builds has other identities, or another registry."
  }

  assert {
    condition     = !contains(keys(google_project_service.api), "run") && contains(keys(google_project_service.api), "containerscanning")
    error_message = "Wrong APIs for a project that only builds."
  }

  assert {
    condition     = google_storage_bucket.sources[0].name == "example-comments-build_cloudbuild" && google_storage_bucket.sources[0].public_access_prevention == "enforced"
    error_message = "The bucket of sources is not the one that gcloud uses, or not closed."
  }
}

run "the_file_of_another_environment_is_refused" {
  command = plan

  variables {
    environment = "dev"
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

run "nothing_to_do_is_refused" {
  command = plan

  variables {
    environment = null
  }

  expect_failures = [var.builds]
}

run "names_in_place_of_numbers_are_refused" {
  command = plan

  variables {
    repository_id       = "comments"
    repository_owner_id = "example"
  }

  expect_failures = [var.repository_id, var.repository_owner_id]
}

run "a_pattern_of_branches_is_refused" {
  command = plan

  variables {
    branch = "*"
  }

  expect_failures = [var.branch]
}

run "everybody_is_no_administrator" {
  command = plan

  variables {
    administrators = { all = "allAuthenticatedUsers" }
  }

  expect_failures = [var.administrators]
}

run "readers_of_images_that_are_not_here_are_refused" {
  command = plan

  variables {
    image_readers = ["serviceAccount:service-123456789012@serverless-robot-prod.iam.gserviceaccount.com"]
  }

  expect_failures = [var.image_readers]
}

run "names_that_cannot_be_are_refused" {
  command = plan

  variables {
    project_id  = "Example-prod"
    region      = "Europe"
    environment = "prod"
  }

  expect_failures = [var.project_id, var.region]
}
