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
  description = "The service's name. Its migration job is NAME-migrate."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,39}[a-z0-9]$", var.name))
    error_message = "name is 2 to 41 lower-case letters, digits and hyphens, a letter first: Cloud Run adds its own to it."
  }
}

variable "image" {
  description = "What runs: REPOSITORY@sha256:DIGEST, or REPOSITORY:COMMIT with all 40 digits of the commit."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+(@sha256:[0-9a-f]{64}|:[0-9a-f]{40})$", var.image))
    error_message = "image names no fixed build: write REPOSITORY@sha256:DIGEST, or REPOSITORY:COMMIT with all 40 digits. A tag such as latest is another program tomorrow."
  }
}

variable "service_account_email" {
  description = "The identity that the service runs as: one of its own, never the project's default."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+@[a-z0-9.-]+\\.gserviceaccount\\.com$", var.service_account_email)) && !endswith(var.service_account_email, "@developer.gserviceaccount.com") && !endswith(var.service_account_email, "@appspot.gserviceaccount.com")
    error_message = "service_account_email is a service account of the service's own, NAME@PROJECT.iam.gserviceaccount.com: the project's default one may do nearly everything."
  }
}

variable "public" {
  description = "Whether everybody may call the service. Without it, callers need roles/run.invoker."
  type        = bool
  default     = false
}

variable "ingress" {
  description = "From where requests come: INGRESS_TRAFFIC_ALL, INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER (behind module loadbalancer), INGRESS_TRAFFIC_INTERNAL_ONLY."
  type        = string
  default     = "INGRESS_TRAFFIC_ALL"

  validation {
    condition     = contains(["INGRESS_TRAFFIC_ALL", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", "INGRESS_TRAFFIC_INTERNAL_ONLY"], var.ingress)
    error_message = "ingress is INGRESS_TRAFFIC_ALL, INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER or INGRESS_TRAFFIC_INTERNAL_ONLY."
  }
}

variable "min_instances" {
  description = "How many instances of a revision always run. Without a database: 1, whatever is said here."
  type        = number
  default     = 1

  validation {
    condition     = var.min_instances >= 0 && floor(var.min_instances) == var.min_instances
    error_message = "min_instances is a whole number from 0 on."
  }
}

variable "max_instances" {
  description = "How many instances of a revision may run. Without a database: 1, whatever is said here."
  type        = number
  default     = 10

  validation {
    condition     = var.max_instances >= 1 && floor(var.max_instances) == var.max_instances && var.max_instances >= var.min_instances
    error_message = "max_instances is a whole number from 1 on, and not below min_instances."
  }

  validation {
    condition     = try(2 * var.max_instances * var.store_connections <= var.database.max_connections - 10, true)
    error_message = "max_instances is too high for the database: during a rollout two revisions hold max_instances * store_connections connections each, and 10 are kept for people. Lower it, or raise the database's max_connections."
  }
}

variable "cpu" {
  description = "How many CPUs an instance has: 1, 2, 4 or 8."
  type        = number
  default     = 1

  validation {
    condition     = contains([1, 2, 4, 8], var.cpu)
    error_message = "cpu is 1, 2, 4 or 8: below 1 Cloud Run allows one request at a time."
  }
}

variable "memory_mib" {
  description = "How much memory an instance has, in MiB. What is ready to be sent is kept there too: COMMENTS_CACHE_SIZE, 64 MiB."
  type        = number
  default     = 512

  validation {
    condition     = var.memory_mib >= 512 && var.memory_mib <= 32768 && floor(var.memory_mib) == var.memory_mib
    error_message = "memory_mib is a whole number from 512 to 32768."
  }

  validation {
    condition     = var.memory_mib >= lookup({ "4" = 2048, "8" = 4096 }, tostring(var.cpu), 0) && var.memory_mib <= lookup({ "1" = 4096, "2" = 8192, "4" = 16384, "8" = 32768 }, tostring(var.cpu), 32768)
    error_message = "memory_mib does not fit cpu: 1 CPU takes up to 4096, 2 up to 8192, 4 from 2048 to 16384, 8 from 4096 to 32768."
  }
}

variable "database" {
  description = "Where comments are kept, of module database; null: in the memory of one instance, and gone with it. private_ip: null for the socket of Cloud Run's volume, the instance's address for TCP. max_connections: what max_instances is compared with."
  type = object({
    connection_name = string
    name            = string
    user            = string
    private_ip      = optional(string)
    max_connections = optional(number)
  })
  default = null

  validation {
    condition     = var.database == null || can(regex("^[^:/]+:[^:/]+:[^:/]+$", var.database.connection_name))
    error_message = "database.connection_name is PROJECT:REGION:INSTANCE."
  }

  validation {
    condition     = var.database == null || contains(keys(var.secrets), "COMMENTS_STORE_PASSWORD")
    error_message = "database needs a password: name its secret in secrets, as COMMENTS_STORE_PASSWORD."
  }

  validation {
    condition     = var.database == null || var.network != null
    error_message = "database has a private address only: name the network it is in, and a subnet, in network."
  }
}

variable "network" {
  description = "The network that private addresses are reached by, of module network; null for none."
  type = object({
    network_id = string
    subnet_id  = string
  })
  default = null
}

variable "store_connections" {
  description = "How many connections an instance holds to the database: one writes, one listens, the rest read."
  type        = number
  default     = 6

  validation {
    condition     = var.store_connections >= 3 && var.store_connections <= 200 && floor(var.store_connections) == var.store_connections
    error_message = "store_connections is a whole number from 3 to 200."
  }
}

variable "email_visibility" {
  description = "What readers see of addresses: raw, masked, hidden."
  type        = string
  default     = "raw"

  validation {
    condition     = contains(["raw", "masked", "hidden"], var.email_visibility)
    error_message = "email_visibility is raw, masked or hidden."
  }
}

variable "cors_origins" {
  description = "Pages of other origins that may use the API: https://www.example.com."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^https?://[^/,[:space:]*]+$", origin))])
    error_message = "cors_origins holds origins such as https://www.example.com, without a path; * is none."
  }
}

variable "trusted_proxies" {
  description = "Our own proxies before the service: 1 is Cloud Run's front, 2 that and a load balancer. Limits by address count on it."
  type        = number
  default     = 1

  validation {
    condition     = contains([0, 1, 2, 3], var.trusted_proxies)
    error_message = "trusted_proxies is 0 to 3."
  }
}

variable "secrets" {
  description = "Environment variable → name of the secret in Secret Manager that it gets its value from. The identity must be able to read it."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name, secret in var.secrets : can(regex("^[A-Z][A-Z0-9_]*$", name)) && can(regex("^(projects/[^/]+/secrets/)?[A-Za-z0-9_-]+$", secret))])
    error_message = "secrets maps names of variables to names of secrets, never to values: COMMENTS_STORE_PASSWORD = \"comments-database-password\"."
  }
}

variable "extra_environment" {
  description = "Further settings of `comments serve`, such as COMMENTS_RATE_LIMIT_ADDRESS = \"60/min\"."
  type        = map(string)
  default     = {}

  validation {
    condition     = !anytrue([for name in keys(var.extra_environment) : can(regex("(PASSWORD|SECRET|TOKEN|CREDENTIAL|PRIVATE_KEY)", upper(name)))])
    error_message = "extra_environment shows its values to everybody who may look at the service: what is secret belongs in secrets."
  }

  validation {
    condition     = length(setintersection(keys(var.extra_environment), concat(keys(var.secrets), ["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "GOOGLE_CLOUD_PROJECT", "COMMENTS_STORE", "COMMENTS_ADMIN_HOST", "COMMENTS_ADMIN_PORT", "COMMENTS_EMAIL_VISIBILITY", "COMMENTS_CORS_ORIGIN", "COMMENTS_TRUSTED_PROXIES", "COMMENTS_STORE_CONNECTIONS"]))) == 0
    error_message = "extra_environment sets something that this module or Cloud Run sets; use the input of that name."
  }
}

variable "metrics_sidecar_image" {
  description = "Google's collector of Prometheus metrics for Cloud Run."
  type        = string
  default     = "us-docker.pkg.dev/cloud-ops-agents-artifacts/cloud-run-gmp-sidecar/cloud-run-gmp-sidecar:1.2.0"

  validation {
    condition     = can(regex("(:[0-9]+\\.[0-9]+\\.[0-9]+|@sha256:[0-9a-f]{64})$", var.metrics_sidecar_image))
    error_message = "metrics_sidecar_image names no fixed version: write a version such as :1.2.0, or a digest."
  }
}

variable "deletion_protection" {
  description = "Whether Terraform may not delete the service. True, but where it is thrown away daily."
  type        = bool
  default     = true
}
