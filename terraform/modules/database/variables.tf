variable "project_id" {
  description = "The project in which it is made."
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
variable "name" {
  description = "The instance's name. Google keeps a deleted instance's name for a week: a new one then needs another."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,60}[a-z0-9]$", var.name))
    error_message = "name is 2 to 62 lower-case letters, digits and hyphens, a letter first."
  }

  validation {
    condition     = length("/cloudsql/${var.project_id}:${var.region}:${var.name}/.s.PGSQL.5432") <= 107
    error_message = "name is too long: with the project and the region it makes a socket's path of over 107 characters, which Linux refuses. Shorten it."
  }
}

variable "network_id" {
  description = "The network in which the instance has its only, private address: projects/PROJECT/global/networks/NAME."
  type        = string

  validation {
    condition     = can(regex("(^|/)projects/[^/]+/global/networks/[^/]+$", var.network_id))
    error_message = "network_id is projects/PROJECT/global/networks/NAME: without a network of ours the database would have to be public, and this module makes none that is."
  }

  validation {
    condition     = !endswith(var.network_id, "/networks/default")
    error_message = "network_id is the default network, whose rules let in SSH and more from everywhere. Make one with module network."
  }
}

variable "tier" {
  description = "The machine: db-f1-micro or db-g1-small to try things out, db-custom-CPUS-MEMORYMIB, or db-perf-optimized-N-CPUS (Enterprise Plus)."
  type        = string

  validation {
    condition     = can(regex("^db-(f1-micro|g1-small|custom-[0-9]+-[0-9]+|perf-optimized-N-[0-9]+)$", var.tier))
    error_message = "tier is db-f1-micro, db-g1-small, db-custom-CPUS-MEMORYMIB (db-custom-2-8192) or db-perf-optimized-N-CPUS."
  }
}

variable "regional" {
  description = "Whether a second zone holds a standby that takes over: for production."
  type        = bool

  validation {
    condition     = !var.regional || !contains(["db-f1-micro", "db-g1-small"], var.tier)
    error_message = "regional needs cores of its own: Google promises nothing for db-f1-micro and db-g1-small. Take db-custom-2-8192, say."
  }
}

variable "deletion_protection" {
  description = "Whether neither Terraform nor anybody else may delete the instance. True, but where it is thrown away daily."
  type        = bool

  validation {
    condition     = var.deletion_protection || !var.regional
    error_message = "deletion_protection may not be off for a regional instance: that is production."
  }
}

variable "run_service_account_email" {
  description = "The identity of the service, which becomes a user of the database by IAM."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+@[a-z0-9.-]+\\.gserviceaccount\\.com$", var.run_service_account_email))
    error_message = "run_service_account_email is a service account's: NAME@PROJECT.iam.gserviceaccount.com."
  }
}

variable "grafana_service_account_email" {
  description = "The identity of Grafana; null where there is none, and then no database for it."
  type        = string
  default     = null

  validation {
    condition     = var.grafana_service_account_email == null || can(regex("^[a-z0-9-]+@[a-z0-9.-]+\\.gserviceaccount\\.com$", var.grafana_service_account_email))
    error_message = "grafana_service_account_email is a service account's: NAME@PROJECT.iam.gserviceaccount.com, or null."
  }
}

variable "comments_password" {
  description = "The password of user comments, 20 characters or more. Written, never kept in a plan or the state; needed at the first apply and when passwords_version rises."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.comments_password == null || try(length(var.comments_password) >= 20, false)
    error_message = "comments_password has 20 characters or more: openssl rand -base64 30."
  }
}

variable "grafana_password" {
  description = "The password of user grafana, likewise."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.grafana_password == null || try(length(var.grafana_password) >= 20, false)
    error_message = "grafana_password has 20 characters or more: openssl rand -base64 30."
  }
}

variable "passwords_version" {
  description = "Counts the passwords: a higher number writes both anew."
  type        = number
  default     = 1

  validation {
    condition     = var.passwords_version >= 1 && floor(var.passwords_version) == var.passwords_version
    error_message = "passwords_version is a whole number from 1 on."
  }
}

variable "kms_key" {
  description = "A key of Cloud KMS in the same region that encrypts the disks (projects/…/cryptoKeys/…); null for Google's own. It cannot be changed later."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key is projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY."
  }
}

variable "max_connections" {
  description = "How many connections the server accepts. Each costs it memory; module service compares its instances with it."
  type        = number
  default     = 100

  validation {
    condition     = var.max_connections >= 25 && var.max_connections <= 10000 && floor(var.max_connections) == var.max_connections
    error_message = "max_connections is a whole number from 25 to 10000."
  }
}

variable "disk_limit_gb" {
  description = "How far the disk may grow by itself, in GB. It never shrinks."
  type        = number
  default     = 100

  validation {
    condition     = var.disk_limit_gb >= 10 && floor(var.disk_limit_gb) == var.disk_limit_gb
    error_message = "disk_limit_gb is a whole number from 10 on; 0 would mean without end."
  }
}

variable "backups_kept" {
  description = "How many daily backups are kept."
  type        = number
  default     = 14

  validation {
    condition     = var.backups_kept >= 7 && var.backups_kept <= 365 && floor(var.backups_kept) == var.backups_kept
    error_message = "backups_kept is from 7 to 365: a fault found after the weekend must not be older than every backup."
  }
}

variable "backup_location" {
  description = "Where backups are kept, such as eu: elsewhere than the instance, in case a region is lost. Null: Google chooses the nearest multi-region."
  type        = string
  default     = null
}
