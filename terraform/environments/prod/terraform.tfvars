# Production: a database with a standby in a second zone, nothing that can be deleted by mistake, Grafana beside it.
# Every value that says example, and every digest of one repeated digit, is a placeholder.
project_id  = "example-comments-prod"
region      = "europe-west1"
environment = "prod"

enable_database     = true
deletion_protection = true

database = {
  tier            = "db-custom-2-7680"
  regional        = true
  max_connections = 200
  disk_limit_gb   = 500
}

service = {
  min_instances    = 2
  max_instances    = 10
  cpu              = 2
  memory_mib       = 2048
  email_visibility = "masked"
  cors_origins     = ["https://www.example.com"]
}

alert_emails = ["oncall@example.com"]
# PagerDuty, Slack or a phone: make the channel by hand, so that its token is not in the state, and name it here.
pager_channels = []
runbook_base   = "https://example.com/comments/docs/runbooks/"

grafana = {
  image            = "europe-west1-docker.pkg.dev/example-comments-build/comments/grafana@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  root_url         = "https://grafana.example.com"
  invokers         = { team = "group:comments@example.com" }
  google_client_id = "000000000000-example.apps.googleusercontent.com"
  allowed_domains  = ["example.com"]
}

# The values come from TF_VAR_secrets, at the first apply and when this number rises.
secrets_version = 1
