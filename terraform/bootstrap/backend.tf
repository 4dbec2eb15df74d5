# Which bucket and which folder in it, `terraform init -backend-config` says. Before the bucket is there the
# state is a file: README.md.
terraform {
  backend "gcs" {}
}
