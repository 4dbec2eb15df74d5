# One environment, the same in every project: what differs stands in environments/ENV/terraform.tfvars.
# Identities, the state's bucket and who may do what are bootstrap's.

locals {
  name = "comments"

  identity = { for who in ["run", "grafana"] : who => "${local.name}-${who}@${var.project_id}.iam.gserviceaccount.com" }

  may_sleep = var.enable_database && var.service.min_instances == 0 # no instance at all is a healthy state

  network = var.enable_database ? { network_id = module.network[0].network_id, subnet_id = module.network[0].subnet_id } : null
}

# The state remembers whose it is: with another environment's variables the plan ends here, before anything is
# replaced. (Who takes an environment down for good removes it from the state first.)
resource "terraform_data" "environment" {
  input            = { project_id = var.project_id, environment = var.environment }
  triggers_replace = [var.project_id, var.environment, var.region]

  lifecycle {
    prevent_destroy = true
  }
}

check "comments_are_kept" {
  assert {
    condition     = var.enable_database
    error_message = "enable_database is off: one instance keeps all comments in memory. Every release, every restart loses them."
  }
}

module "network" {
  source = "../modules/network"
  count  = var.enable_database ? 1 : 0

  project_id = var.project_id
  region     = var.region
  name       = local.name
}

module "database" {
  source = "../modules/database"
  count  = var.enable_database ? 1 : 0

  project_id          = var.project_id
  region              = var.region
  name                = local.name
  network_id          = module.network[0].network_id
  tier                = var.database.tier
  regional            = var.database.regional
  max_connections     = var.database.max_connections
  disk_limit_gb       = var.database.disk_limit_gb
  deletion_protection = var.deletion_protection

  run_service_account_email     = local.identity.run
  grafana_service_account_email = var.grafana == null ? null : local.identity.grafana
  comments_password             = var.secrets.database_password
  grafana_password              = var.secrets.grafana_database_password
  passwords_version             = var.secrets_version

  # The network's joint with Google's must be there; and where a value is missing, Secret Manager says so before
  # a user is made without a password.
  depends_on = [module.network, module.secret]
}

module "service" {
  source = "../modules/service"

  project_id            = var.project_id
  region                = var.region
  name                  = local.name
  image                 = var.image
  service_account_email = local.identity.run
  public                = var.service.public
  ingress               = var.load_balancer == null ? "INGRESS_TRAFFIC_ALL" : "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  trusted_proxies       = var.load_balancer == null ? 1 : 2
  min_instances         = var.service.min_instances
  max_instances         = var.service.max_instances
  cpu                   = var.service.cpu
  memory_mib            = var.service.memory_mib
  email_visibility      = var.service.email_visibility
  cors_origins          = var.service.cors_origins
  extra_environment     = var.service.extra_environment
  deletion_protection   = var.deletion_protection

  network = local.network
  database = var.enable_database ? {
    connection_name = module.database[0].connection_name
    name            = module.database[0].database_name
    user            = module.database[0].user_name
    max_connections = module.database[0].max_connections
  } : null
  secrets = var.enable_database ? { COMMENTS_STORE_PASSWORD = module.secret["database-password"].secret_id } : {}
}

module "load_balancer" {
  source = "../modules/loadbalancer"
  count  = var.load_balancer == null ? 0 : 1

  project_id         = var.project_id
  region             = var.region
  name               = local.name
  host               = var.load_balancer.host
  service_name       = module.service.name
  security_policy_id = var.load_balancer.security_policy_id
}

module "observability" {
  source = "../modules/observability"

  project_id      = var.project_id
  service         = module.service.name
  max_instances   = module.service.max_instances
  memory_bytes    = module.service.memory_bytes
  email_addresses = var.alert_emails
  pager_channels  = var.pager_channels
  runbook_base    = var.runbook_base
  # Nobody is woken where it sleeps.
  left_out = local.may_sleep ? ["CommentsDown"] : []
  # Asked every minute it would never sleep; and where not everybody may call, Google's question is refused.
  uptime_check = local.may_sleep || !var.service.public ? null : {
    host = var.load_balancer == null ? trimprefix(module.service.url, "https://") : var.load_balancer.host
  }
}

module "grafana" {
  source = "../modules/grafana"
  count  = var.grafana == null ? 0 : 1

  project_id            = var.project_id
  region                = var.region
  name                  = "${local.name}-grafana"
  image                 = var.grafana.image
  service_account_email = local.identity.grafana
  root_url              = var.grafana.root_url
  invokers              = var.grafana.invokers
  google_client_id      = var.grafana.google_client_id
  allowed_domains       = var.grafana.allowed_domains
  smtp                  = var.grafana.smtp
  deletion_protection   = var.deletion_protection

  network = local.network
  database = {
    private_ip = module.database[0].private_ip
    name       = module.database[0].grafana_database_name
    user       = module.database[0].grafana_user_name
  }
  secrets = {
    admin_password       = module.secret["grafana-admin-password"].secret_id
    secret_key           = module.secret["grafana-secret-key"].secret_id
    database_password    = module.secret["grafana-database-password"].secret_id
    alert_email          = module.secret["grafana-alert-email"].secret_id
    slack_webhook_url    = module.secret["grafana-slack-webhook-url"].secret_id
    teams_webhook_url    = module.secret["grafana-teams-webhook-url"].secret_id
    google_client_secret = var.grafana.google_client_id == null ? null : module.secret["grafana-google-client-secret"].secret_id
    smtp_password        = var.grafana.smtp == null ? null : module.secret["grafana-smtp-password"].secret_id
  }
}
