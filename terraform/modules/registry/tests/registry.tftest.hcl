mock_provider "google" {}

variables {
  project_id = "example-comments-build"
  region     = "europe-west1"
  name       = "comments"
  writers    = ["serviceAccount:comments-build@example-comments-build.iam.gserviceaccount.com"]
  readers = [
    "serviceAccount:service-123456789012@serverless-robot-prod.iam.gserviceaccount.com",
    "serviceAccount:comments-deploy@example-comments-prod.iam.gserviceaccount.com",
  ]
}

run "a_tag_stays_what_it_was" {
  command = plan

  assert {
    condition     = google_artifact_registry_repository.images.docker_config[0].immutable_tags
    error_message = "A tag could be moved to another image."
  }
}

run "images_are_scanned" {
  command = plan

  assert {
    condition     = google_artifact_registry_repository.images.vulnerability_scanning_config[0].enablement_config == "INHERITED"
    error_message = "Images are not scanned."
  }
}

run "recent_images_are_kept_and_leftovers_go" {
  command = plan

  assert {
    condition     = [for policy in google_artifact_registry_repository.images.cleanup_policies : policy.most_recent_versions[0].keep_count if policy.action == "KEEP"] == [50]
    error_message = "The 50 most recent images are not kept."
  }

  assert {
    condition     = contains([for policy in google_artifact_registry_repository.images.cleanup_policies : policy.condition[0].older_than if policy.id == "delete-untagged"], "7d")
    error_message = "Untagged images stay for ever."
  }

  assert {
    condition     = google_artifact_registry_repository.images.cleanup_policy_dry_run == false
    error_message = "The clean-up only says what it would do."
  }
}

run "builds_push_and_the_rest_pull" {
  command = plan

  assert {
    condition     = [for member in google_artifact_registry_repository_iam_member.writer : "${member.role} ${member.member}"] == ["roles/artifactregistry.writer serviceAccount:comments-build@example-comments-build.iam.gserviceaccount.com"]
    error_message = "Somebody else than the build identity pushes."
  }

  assert {
    condition     = length(google_artifact_registry_repository_iam_member.reader) == 2 && alltrue([for member in google_artifact_registry_repository_iam_member.reader : member.role == "roles/artifactregistry.reader"])
    error_message = "Readers may do more than read."
  }
}

run "nobody_knows_who_all_users_are" {
  command = plan

  variables {
    readers = ["allUsers"]
  }

  expect_failures = [var.readers]
}

run "a_person_does_not_push" {
  command = plan

  variables {
    writers = ["user:somebody@example.com"]
  }

  expect_failures = [var.writers]
}

run "what_may_still_serve_is_not_cleaned_up" {
  command = plan

  variables {
    keep_recent   = 3
    tagged_days   = 7
    untagged_days = 0
  }

  expect_failures = [var.keep_recent, var.tagged_days, var.untagged_days]
}

run "names_that_cannot_be_are_refused" {
  command = plan

  variables {
    project_id = "Example"
    region     = "Europe"
    name       = "Comments"
  }

  expect_failures = [var.project_id, var.region, var.name]
}
