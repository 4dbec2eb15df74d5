# Once a project, by an administrator: what has to be there before anything can be deployed, and who may deploy.

module "identity" {
  source = "../modules/identity"

  project_id     = var.project_id
  name           = var.name
  serves         = var.environment != null
  builds         = var.builds
  state_bucket   = google_storage_bucket.state.name
  sources_bucket = one(google_storage_bucket.sources[*].name)

  release_principals = var.environment == null ? {} : {
    pipeline = "${local.pool}/attribute.environment/${var.environment}"
  }
  # Nobody has to approve that somebody looks.
  plan_principals = var.environment == null ? {} : {
    pipeline = "${local.pool}/attribute.environment/${var.environment}-plan"
  }
  # An environment of its own, in which a person has to approve.
  infrastructure_principals = var.environment == null ? {} : merge(var.administrators, {
    pipeline = "${local.pool}/attribute.environment/${var.environment}-infrastructure"
  })
  build_principals = var.builds ? {
    pipeline = "${local.pool}/attribute.environment/build"
  } : {}

  depends_on = [google_project_service.api]
}

module "registry" {
  source = "../modules/registry"
  count  = var.builds ? 1 : 0

  project_id = var.project_id
  region     = var.region
  name       = var.name
  readers    = var.image_readers
  writers    = [module.identity.members.build]

  depends_on = [google_project_service.api]
}

module "guardrails" {
  source = "../modules/guardrails"

  project_id          = var.project_id
  project_number      = var.budget == null ? null : data.google_project.this.number
  name                = var.name
  billing_account     = try(var.budget.billing_account, null)
  monthly_budget      = try(var.budget.monthly, null)
  currency            = try(var.budget.currency, "EUR")
  requests_per_minute = var.requests_per_minute

  depends_on = [google_project_service.api]
}

# `gcloud builds submit` would make this bucket by itself, without saying who may read it.
resource "google_storage_bucket" "sources" {
  count = var.builds ? 1 : 0

  project                     = var.project_id
  name                        = "${var.project_id}_cloudbuild"
  location                    = upper(var.region)
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  # What a build was given can be had from the repository again.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 7
    }
  }

  depends_on = [google_project_service.api]
}
