# Staging: what production has, in small: PostgreSQL in one zone. Every value that says example is a placeholder.
project_id  = "example-comments-staging"
region      = "europe-west1"
environment = "staging"

enable_database     = true
deletion_protection = false

database = {
  tier = "db-g1-small"
}

service = {
  min_instances    = 0
  max_instances    = 2
  email_visibility = "masked"
}

alert_emails = ["staging@example.com"]
runbook_base = "https://example.com/comments/docs/runbooks/"

# The database's password comes from TF_VAR_secrets, at the first apply and when this number rises.
secrets_version = 1
