# A pipeline comes in with its platform's token, and no key. Who it is says the numeric id of its repository;
# what it may do, the environment that its job names, which the platform guards (branches, approval).

resource "google_iam_workload_identity_pool" "pipeline" {
  project                   = var.project_id
  workload_identity_pool_id = "${var.name}-pipeline"
  display_name              = "${var.name}: pipeline"
  description               = "Jobs of one repository."

  depends_on = [google_project_service.api]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  project                            = var.project_id
  workload_identity_pool_id          = google_iam_workload_identity_pool.pipeline.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  display_name                       = "GitHub Actions"

  attribute_mapping = {
    "google.subject"                = "assertion.sub"
    "attribute.repository_id"       = "assertion.repository_id"
    "attribute.repository_owner_id" = "assertion.repository_owner_id"
    "attribute.ref"                 = "assertion.ref"
    # Jobs without an environment have no such claim.
    "attribute.environment" = "has(assertion.environment) ? assertion.environment : 'none'"
  }

  attribute_condition = join(" && ", [
    "assertion.repository_id == '${var.repository_id}'",
    "assertion.repository_owner_id == '${var.repository_owner_id}'",
    "assertion.ref == 'refs/heads/${var.branch}'",
  ])

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

locals {
  pool = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.pipeline.name}"
}
