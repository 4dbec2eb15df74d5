mock_provider "google" {}

variables {
  project_id   = "example-comments-prod"
  state_bucket = "example-comments-prod-state"
  release_principals = {
    pipeline = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pipeline/attribute.environment/prod"
  }
  plan_principals = {
    pipeline = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pipeline/attribute.environment/prod-plan"
  }
  infrastructure_principals = {
    approved = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pipeline/attribute.environment/prod-infrastructure"
    people   = "group:platform@example.com"
  }
}

run "each_program_has_an_identity_of_its_own" {
  command = plan

  assert {
    condition     = toset(keys(google_service_account.account)) == toset(["run", "grafana", "plan", "deploy", "infrastructure"])
    error_message = "An identity is missing, or one is too many."
  }

  assert {
    condition     = output.emails.run == "comments-run@example-comments-prod.iam.gserviceaccount.com"
    error_message = "The output does not know the address before it is made."
  }
}

run "roles_are_the_table_and_nothing_else" {
  command = plan

  assert {
    condition     = google_project_iam_custom_role.release[0].permissions == toset(jsondecode(file("roles.json")).roles.release)
    error_message = "The release's role is not what terraform/permissions.json makes."
  }

  assert {
    condition     = google_project_iam_custom_role.infrastructure[0].permissions == toset(jsondecode(file("roles.json")).roles.infrastructure)
    error_message = "Infrastructure's role is not what terraform/permissions.json makes."
  }
}

run "a_release_changes_neither_network_nor_database_nor_who_may_do_what" {
  command = plan

  assert {
    condition     = alltrue([for permission in google_project_iam_custom_role.release[0].permissions : !endswith(permission, ".setIamPolicy") && !can(regex("^(compute|cloudsql|servicenetworking|secretmanager)\\..*\\.(create|update|delete|add|destroy|access)$", permission))])
    error_message = "A release could change more than a release."
  }
}

run "who_plans_changes_nothing" {
  command = plan

  assert {
    condition     = length(google_project_iam_custom_role.plan[0].permissions) > 20 && alltrue([for permission in google_project_iam_custom_role.plan[0].permissions : can(regex("\\.(get|list|getIamPolicy)$", permission))])
    error_message = "Who plans could change something, or cannot read what it plans with."
  }

  assert {
    condition     = length(setsubtract(google_project_iam_custom_role.plan[0].permissions, google_project_iam_custom_role.release[0].permissions)) == 0
    error_message = "Who plans reads what a release does not."
  }
}

run "who_plans_writes_its_lock_and_not_the_state" {
  command = plan

  assert {
    condition     = google_storage_bucket_iam_member.lock[0].condition[0].expression == "resource.name == \"projects/_/buckets/example-comments-prod-state/objects/stack/default.tflock\""
    error_message = "The condition on the lock is another."
  }

  assert {
    condition     = alltrue([for permission in google_project_iam_custom_role.look[0].permissions : !can(regex("(create|delete|update)$", permission))]) && google_storage_bucket_iam_member.look[0].condition[0].expression == google_storage_bucket_iam_member.state["deploy"].condition[0].expression
    error_message = "Who plans could write more than its lock, or read the state of bootstrap."
  }
}

run "who_plans_acts_as_nobody" {
  command = apply

  assert {
    condition     = length([for grant in google_service_account_iam_member.acts_as : grant if grant.member == "serviceAccount:${google_service_account.account["plan"].email}"]) == 0
    error_message = "Who plans could start something as somebody else."
  }
}

run "infrastructure_may_do_all_that_a_release_may" {
  command = plan

  assert {
    condition     = length(setsubtract(google_project_iam_custom_role.release[0].permissions, google_project_iam_custom_role.infrastructure[0].permissions)) == 0
    error_message = "The first rollout, which infrastructure does, would stop in the middle."
  }
}

run "nobody_has_a_primitive_role" {
  command = plan

  assert {
    condition     = alltrue([for member in google_project_iam_member.program : !contains(["roles/owner", "roles/editor", "roles/viewer"], member.role)])
    error_message = "Owner, editor and viewer mean everything in the project."
  }
}

run "the_service_writes_metrics_logs_and_traces_and_logs_in_to_the_database" {
  command = apply

  assert {
    condition = toset([for member in google_project_iam_member.program : member.role if member.member == "serviceAccount:${google_service_account.account["run"].email}"]) == toset([
      "roles/cloudsql.client", "roles/cloudsql.instanceUser", "roles/cloudtrace.agent", "roles/logging.logWriter", "roles/monitoring.metricWriter",
    ])
    error_message = "The run identity's roles are others."
  }
}

run "a_release_starts_revisions_as_the_service_alone" {
  command = apply

  assert {
    condition     = [for grant in google_service_account_iam_member.acts_as : grant.service_account_id if grant.member == "serviceAccount:${google_service_account.account["deploy"].email}"] == [google_service_account.account["run"].name]
    error_message = "A release could act as somebody else than the run identity."
  }
}

run "a_release_reaches_its_own_objects_and_not_the_state_of_bootstrap" {
  command = plan

  assert {
    condition     = google_storage_bucket_iam_member.state["deploy"].condition[0].expression == "resource.type != \"storage.googleapis.com/Object\" || resource.name.startsWith(\"projects/_/buckets/example-comments-prod-state/objects/stack/\") || resource.name.startsWith(\"projects/_/buckets/example-comments-prod-state/objects/deploy/\")"
    error_message = "The condition on the state bucket is another."
  }
}

run "pipelines_and_people_impersonate_in_their_own_ways" {
  command = plan

  assert {
    condition     = google_service_account_iam_member.impersonates["infrastructure approved"].role == "roles/iam.workloadIdentityUser" && google_service_account_iam_member.impersonates["infrastructure people"].role == "roles/iam.serviceAccountTokenCreator"
    error_message = "A pipeline needs workloadIdentityUser, people need serviceAccountTokenCreator."
  }
}

run "where_images_are_built_only_the_build_has_an_identity" {
  command = plan

  variables {
    project_id                = "example-comments-build"
    serves                    = false
    builds                    = true
    state_bucket              = null
    sources_bucket            = "example-comments-build_cloudbuild"
    release_principals        = {}
    plan_principals           = {}
    infrastructure_principals = {}
    build_principals          = { main = "principalSet://iam.googleapis.com/projects/2/locations/global/workloadIdentityPools/pipeline/attribute.ref/refs/heads/main" }
  }

  assert {
    condition     = keys(google_service_account.account) == ["build"] && length(google_project_iam_custom_role.release) == 0
    error_message = "A project that only builds has identities that serve."
  }

  assert {
    condition     = google_storage_bucket_iam_member.sources[0].bucket == "example-comments-build_cloudbuild" && !contains(google_project_iam_custom_role.build[0].permissions, "storage.objects.create")
    error_message = "A build could write into every bucket of the project."
  }
}

run "everybody_in_a_pool_is_refused" {
  command = plan

  variables {
    release_principals = { all = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pipeline/*" }
  }

  expect_failures = [var.release_principals]
}

run "everybody_with_an_account_is_refused" {
  command = plan

  variables {
    infrastructure_principals = { all = "allAuthenticatedUsers" }
  }

  expect_failures = [var.infrastructure_principals]
}

run "who_releases_is_not_who_changes_infrastructure" {
  command = plan

  variables {
    infrastructure_principals = { same = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pipeline/attribute.environment/prod" }
  }

  expect_failures = [var.infrastructure_principals]
}

run "a_person_does_not_build" {
  command = plan

  variables {
    build_principals = { somebody = "user:somebody@example.com" }
  }

  expect_failures = [var.build_principals]
}

run "without_a_bucket_there_is_no_lock" {
  command = plan

  variables {
    state_bucket = null
  }

  expect_failures = [var.state_bucket]
}

run "a_build_needs_a_bucket_for_its_sources" {
  command = plan

  variables {
    builds = true
  }

  expect_failures = [var.sources_bucket]
}

run "a_project_that_does_nothing_is_refused" {
  command = plan

  variables {
    serves = false
  }

  expect_failures = [var.builds]
}

run "names_that_cannot_be_are_refused" {
  command = plan

  variables {
    project_id = "Example"
    name       = "a-name-that-is-too-long"
  }

  expect_failures = [var.project_id, var.name]
}
