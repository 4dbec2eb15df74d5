variable "project_id" {
  description = "The project whose metrics are watched, and in which policies and channels are made."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "service" {
  description = "The name of the Cloud Run service, as Cloud Run's own metrics know it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,47}[a-z0-9]$", var.service))
    error_message = "service is the name of a Cloud Run service: lower-case letters, digits and hyphens."
  }
}

variable "max_instances" {
  description = "How many instances Cloud Run may start. InstancesNearMax fires at four fifths of it."
  type        = number

  validation {
    condition     = var.max_instances >= 1 && floor(var.max_instances) == var.max_instances
    error_message = "max_instances is a whole number from 1 on."
  }
}

variable "memory_bytes" {
  description = "How much memory an instance may use, in bytes. MemoryHigh fires at nine tenths of it."
  type        = number

  validation {
    condition     = var.memory_bytes >= 134217728 && floor(var.memory_bytes) == var.memory_bytes
    error_message = "memory_bytes is a whole number of bytes, 128 MiB (134217728) or more."
  }
}

variable "email_addresses" {
  description = "Who is told of every alert. At least one: an alert that nobody gets is none."
  type        = set(string)

  validation {
    condition     = length(var.email_addresses) > 0
    error_message = "email_addresses is empty: nobody would be told. Name one address at least."
  }

  validation {
    condition     = alltrue([for address in var.email_addresses : can(regex("^[^@[:space:]]+@[^@[:space:]]+\\.[^@[:space:]]+$", address))])
    error_message = "email_addresses holds something that is no e-mail address."
  }
}

variable "slack_channel" {
  description = "The Slack channel that is told too, with its #; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.slack_channel == null || can(regex("^#[^#[:space:]]+$", var.slack_channel))
    error_message = "slack_channel begins with #, such as #comments-oncall."
  }

  validation {
    condition     = var.slack_channel == null || var.slack_auth_token != null
    error_message = "slack_channel needs slack_auth_token, the token of Google's Slack app."
  }
}

variable "slack_auth_token" {
  description = "The token of Google Cloud Monitoring's Slack app in your workspace."
  type        = string
  default     = null
  sensitive   = true
}

variable "webhook_url" {
  description = "An address that gets every alert as JSON; null for none. For Microsoft Teams it is a flow's that turns it into a card."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.webhook_url == null || can(regex("^https://", var.webhook_url))
    error_message = "webhook_url begins with https://: who reads along would learn the token in it."
  }
}

variable "pager_channels" {
  description = "Ids of notification channels that are told of pages only, such as PagerDuty's or a phone's."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.pager_channels : can(regex("^projects/[^/]+/notificationChannels/[^/]+$", id))])
    error_message = "pager_channels holds ids of the form projects/PROJECT/notificationChannels/NUMBER."
  }
}

variable "runbook_base" {
  description = "The web address of docs/runbooks, with / at its end: the links in alerts begin with it."
  type        = string

  validation {
    condition     = can(regex("^https://.+/$", var.runbook_base))
    error_message = "runbook_base is a web address that begins with https:// and ends in /."
  }
}

variable "left_out" {
  description = "Names of alerts that are not wanted here, such as CommentsDown where Cloud Run may go down to no instance."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.left_out : contains(keys(local.every_policy), name)])
    error_message = "left_out names an alert that there is not; monitoring/slo.yml has their names."
  }
}

variable "uptime_check" {
  description = "The public host whose /health/ready Google asks every minute, and from which regions; null for none. It keeps one instance awake, and can only ask what everybody may call."
  type = object({
    host    = string
    regions = optional(set(string), ["ASIA_PACIFIC", "EUROPE", "USA"])
  })
  default = null

  validation {
    condition     = var.uptime_check == null || can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)+$", var.uptime_check.host))
    error_message = "uptime_check.host is a host's full name in lower case, such as comments.example.com, without https:// and path."
  }

  validation {
    condition     = var.uptime_check == null || try(length(var.uptime_check.regions), 0) >= 3
    error_message = "uptime_check.regions names three regions at least: Google asks for them, and one place's fault is no outage."
  }

  validation {
    condition     = var.uptime_check == null || try(alltrue([for region in var.uptime_check.regions : contains(["ASIA_PACIFIC", "EUROPE", "SOUTH_AMERICA", "USA", "USA_IOWA", "USA_OREGON", "USA_VIRGINIA"], region)]), false)
    error_message = "uptime_check.regions holds names of Google's: ASIA_PACIFIC, EUROPE, SOUTH_AMERICA, USA, USA_IOWA, USA_OREGON, USA_VIRGINIA."
  }
}
