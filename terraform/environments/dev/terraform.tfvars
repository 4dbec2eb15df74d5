# Development: the service without a database, as the original was. One instance, comments in its memory, gone with
# every release. Every value that says example is a placeholder.
project_id  = "example-comments-dev"
region      = "europe-west1"
environment = "dev"

enable_database     = false
deletion_protection = false

service = {
  memory_mib       = 512
  email_visibility = "raw"
}

alert_emails = ["dev@example.com"]
runbook_base = "https://example.com/comments/docs/runbooks/"
