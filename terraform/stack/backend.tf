# Which bucket, environments/ENV/backend.gcs.tfbackend says.
terraform {
  backend "gcs" {}
}
