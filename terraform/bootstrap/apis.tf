# What is switched on stays on: another's work in the project may need it too.

locals {
  apis = setunion(
    ["cloudkms", "cloudresourcemanager", "iam", "iamcredentials", "serviceusage", "storage", "sts"],
    # Where a service account asks from, has to know the API as well: releases ask the registry of the project that builds.
    var.environment == null ? [] : ["artifactregistry", "cloudtrace", "compute", "logging", "monitoring", "run", "secretmanager", "servicenetworking", "sqladmin"],
    var.builds ? ["artifactregistry", "cloudbuild", "containeranalysis", "containerscanning", "logging"] : [],
    var.budget == null ? [] : ["billingbudgets"],
  )
}

resource "google_project_service" "api" {
  for_each = local.apis

  project            = var.project_id
  service            = "${each.value}.googleapis.com"
  disable_on_destroy = false
}

data "google_project" "this" {
  project_id = var.project_id

  depends_on = [google_project_service.api]
}
