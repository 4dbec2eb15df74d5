mock_provider "google" {}

variables {
  project_id = "example-comments"
  secret_id  = "comments-database-password"
  accessors  = { run = "serviceAccount:run@example-comments.iam.gserviceaccount.com" }
  value      = null
}

run "without_a_version_terraform_writes_no_value" {
  command = plan

  assert {
    condition     = length(google_secret_manager_secret_version.this) == 0
    error_message = "Terraform would write an empty value over what somebody added by hand."
  }
}

run "a_value_is_written_and_does_not_stay" {
  command = apply

  variables {
    value         = "planted-secret"
    value_version = 3
  }

  assert {
    condition     = google_secret_manager_secret_version.this[0].secret_data_wo_version == 3
    error_message = "The version does not decide when the value is written."
  }

  assert {
    condition     = google_secret_manager_secret_version.this[0].secret_data == null && google_secret_manager_secret_version.this[0].secret_data_wo == null
    error_message = "The value is in the state."
  }

  assert {
    condition     = google_secret_manager_secret_version.this[0].deletion_policy == "ABANDON"
    error_message = "A new value would destroy the one that the serving revision reads."
  }
}

run "only_the_named_members_may_read" {
  command = plan

  assert {
    condition = (length(google_secret_manager_secret_iam_member.accessor) == 1
      && google_secret_manager_secret_iam_member.accessor["run"].role == "roles/secretmanager.secretAccessor"
    && google_secret_manager_secret_iam_member.accessor["run"].member == "serviceAccount:run@example-comments.iam.gserviceaccount.com")
    error_message = "Somebody else may read the secret, or the run identity may not."
  }
}

run "a_key_encrypts_where_one_is_named" {
  command = plan

  variables {
    kms_key   = "projects/example-comments/locations/europe-west1/keyRings/comments/cryptoKeys/secrets"
    locations = ["europe-west1"]
  }

  assert {
    condition     = google_secret_manager_secret.this.replication[0].user_managed[0].replicas[0].customer_managed_encryption[0].kms_key_name == "projects/example-comments/locations/europe-west1/keyRings/comments/cryptoKeys/secrets"
    error_message = "The key is not used."
  }
}

run "everybody_as_a_reader_is_refused" {
  command = plan

  variables {
    accessors = { everybody = "allUsers" }
  }

  expect_failures = [var.accessors]
}

run "a_reader_without_a_kind_is_refused" {
  command = plan

  variables {
    accessors = { run = "run@example-comments.iam.gserviceaccount.com" }
  }

  expect_failures = [var.accessors]
}

run "names_that_cannot_be_are_refused" {
  command = plan

  variables {
    project_id    = "Example"
    secret_id     = "comments password"
    value_version = 0.5
    kms_key       = "secrets"
  }

  expect_failures = [var.project_id, var.secret_id, var.value_version, var.kms_key]
}
