variable "project_id" {
  description = "The project of this environment; its name ends in -ENVIRONMENT."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "region" {
  description = "The region, such as europe-west1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region such as europe-west1, not a zone."
  }
}

variable "environment" {
  description = "dev, staging or prod: which of them this is, written into the state at the first apply."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment is dev, staging or prod."
  }

  validation {
    condition     = endswith(var.project_id, "-${var.environment}")
    error_message = "The wrong environment: project_id does not end in -ENVIRONMENT. Take the terraform.tfvars of the project that you mean."
  }
}

variable "image" {
  description = "What runs: REPOSITORY@sha256:DIGEST, or REPOSITORY:COMMIT with all 40 digits of the commit. `comments deploy` sets it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+(@sha256:[0-9a-f]{64}|:[0-9a-f]{40})$", var.image))
    error_message = "image names no fixed build: write REPOSITORY@sha256:DIGEST, or REPOSITORY:COMMIT with all 40 digits. A tag such as latest is another program tomorrow."
  }
}

variable "enable_database" {
  description = "Whether comments are kept in PostgreSQL. Without it one instance keeps them in memory, and every release loses them."
  type        = bool
  default     = true

  validation {
    condition     = var.enable_database || var.environment != "prod"
    error_message = "enable_database is off in production: every release and every restart would lose all comments."
  }
}

variable "database" {
  description = "The database's machine, whether a second zone holds a standby, how many connections it accepts, how far its disk grows."
  type = object({
    tier            = optional(string, "db-g1-small")
    regional        = optional(bool, false)
    max_connections = optional(number, 100)
    disk_limit_gb   = optional(number, 100)
  })
  default = {}

  validation {
    condition     = var.database.regional || var.environment != "prod"
    error_message = "database.regional is off in production: one zone's loss would stop it."
  }
}

variable "service" {
  description = "How the service runs: instances, cpu and memory of each, whether everybody may call it, how addresses are shown, pages of other origins, further settings of `comments serve`."
  type = object({
    min_instances     = optional(number, 1)
    max_instances     = optional(number, 4)
    cpu               = optional(number, 1)
    memory_mib        = optional(number, 512)
    public            = optional(bool, true)
    email_visibility  = optional(string, "raw")
    cors_origins      = optional(set(string), [])
    extra_environment = optional(map(string), {})
  })
  default = {}

  validation {
    condition     = var.service.min_instances >= 1 || var.environment != "prod"
    error_message = "service.min_instances is 0 in production: the first reader after a quiet time would wait for a start."
  }
}

variable "deletion_protection" {
  description = "Whether Terraform may not delete service and database. True, but where all is thrown away daily."
  type        = bool
  default     = true

  validation {
    condition     = var.deletion_protection || var.environment != "prod"
    error_message = "deletion_protection is off in production."
  }
}

variable "alert_emails" {
  description = "Who is told of every alert. At least one."
  type        = set(string)

  validation {
    condition     = length(var.alert_emails) > 0
    error_message = "alert_emails is empty: nobody would be told. Name one address at least."
  }
}

variable "pager_channels" {
  description = "Ids of notification channels made elsewhere (PagerDuty, Slack, a phone) that are told of pages too: their tokens are then not in this state."
  type        = set(string)
  default     = []
}

variable "runbook_base" {
  description = "The web address of docs/runbooks, with / at its end: the links in alerts begin with it."
  type        = string
}

variable "grafana" {
  description = "Grafana with our dashboards: its image, its address, who may call it, and how people sign in (google_client_id, allowed_domains); null for none."
  type = object({
    image            = string
    root_url         = optional(string)
    invokers         = optional(map(string), {})
    google_client_id = optional(string)
    allowed_domains  = optional(set(string), [])
    smtp             = optional(object({ host = string, user = string, from = string }))
  })
  default = null

  validation {
    condition     = var.grafana == null || var.enable_database
    error_message = "grafana keeps what it knows in a database of its own on the instance: enable_database, or set grafana to null."
  }
}

variable "load_balancer" {
  description = "A load balancer in front, for a host name of our own and Cloud Armor: the name, and the id of the policy that bootstrap made; null for none."
  type = object({
    host               = string
    security_policy_id = optional(string)
  })
  default = null
}

variable "secrets" {
  description = "Values that Secret Manager gets, in TF_VAR_secrets. They pass through: neither a plan nor the state keeps them. Only needed at the first apply and when secrets_version rises."
  type = object({
    database_password         = optional(string)
    grafana_database_password = optional(string)
    grafana_admin_password    = optional(string)
    grafana_secret_key        = optional(string)
    google_client_secret      = optional(string)
    slack_webhook_url         = optional(string)
    teams_webhook_url         = optional(string)
    smtp_password             = optional(string)
  })
  default   = {}
  ephemeral = true
  sensitive = true
}

variable "secrets_version" {
  description = "Counts the values of secrets: a higher number writes all of them anew, so that TF_VAR_secrets must have them all."
  type        = number
  default     = 1

  validation {
    condition     = var.secrets_version >= 1 && floor(var.secrets_version) == var.secrets_version
    error_message = "secrets_version is a whole number from 1 on."
  }
}
