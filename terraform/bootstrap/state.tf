# Where Terraform's state is, and the lock and the records of releases: every version kept, under a key of ours,
# for nobody from outside.

data "google_storage_project_service_account" "storage" {
  project = var.project_id

  depends_on = [google_project_service.api]
}

resource "google_kms_key_ring" "state" {
  project  = var.project_id
  location = var.region
  name     = "${var.name}-state"

  depends_on = [google_project_service.api]
}

resource "google_kms_crypto_key" "state" {
  name                       = "state"
  key_ring                   = google_kms_key_ring.state.id
  rotation_period            = "7776000s" # 90 days; older versions still open what they closed
  destroy_scheduled_duration = "2592000s" # 30 days to think again

  lifecycle {
    prevent_destroy = true # with the key, every state is gone
  }
}

resource "google_kms_crypto_key_iam_member" "storage" {
  crypto_key_id = google_kms_crypto_key.state.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_storage_project_service_account.storage.email_address}"
}

resource "google_storage_bucket" "state" {
  project                     = var.project_id
  name                        = "${var.project_id}-state"
  location                    = upper(var.region)
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  versioning {
    enabled = true
  }

  encryption {
    default_kms_key_name = google_kms_crypto_key.state.id
  }

  soft_delete_policy {
    retention_duration_seconds = 2592000 # 30 days
  }

  # Old states: the 50 newest, and all of the last 90 days.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      num_newer_versions         = 50
      days_since_noncurrent_time = 90
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_kms_crypto_key_iam_member.storage]
}
