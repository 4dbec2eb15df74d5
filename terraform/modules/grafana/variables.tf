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
  description = "The service's name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,47}[a-z0-9]$", var.name))
    error_message = "name is 2 to 49 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "image" {
  description = "Grafana with our dashboards and alerts, of monitoring/grafana/Dockerfile: REPOSITORY@sha256:DIGEST, or REPOSITORY:COMMIT with all 40 digits."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+(@sha256:[0-9a-f]{64}|:[0-9a-f]{40})$", var.image))
    error_message = "image names no fixed build: write REPOSITORY@sha256:DIGEST, or REPOSITORY:COMMIT with all 40 digits. A tag such as latest is another program tomorrow."
  }
}

variable "service_account_email" {
  description = "The identity that Grafana runs as, with roles/monitoring.viewer and roles/logging.viewer: one of its own, never the project's default."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+@[a-z0-9.-]+\\.gserviceaccount\\.com$", var.service_account_email)) && !endswith(var.service_account_email, "@developer.gserviceaccount.com") && !endswith(var.service_account_email, "@appspot.gserviceaccount.com")
    error_message = "service_account_email is a service account of Grafana's own, NAME@PROJECT.iam.gserviceaccount.com: the project's default one may do nearly everything."
  }
}

variable "database" {
  description = "Grafana's own database, of module database. By its address: Grafana takes a socket's path apart at its colons (github.com/grafana/grafana/issues/103365)."
  type = object({
    private_ip = string
    name       = string
    user       = string
  })
}

variable "network" {
  description = "The network in which the database is, of module network."
  type = object({
    network_id = string
    subnet_id  = string
  })
}

variable "secrets" {
  description = "Names of secrets in Secret Manager, which the identity must be able to read. secret_key: Grafana encrypts with it what its database keeps. The three addresses of alerts must not be empty: Grafana would not start."
  type = object({
    admin_password       = string
    secret_key           = string
    database_password    = string
    alert_email          = string
    slack_webhook_url    = string
    teams_webhook_url    = string
    google_client_secret = optional(string)
    smtp_password        = optional(string)
  })

  validation {
    condition     = alltrue([for secret in values(var.secrets) : secret == null || can(regex("^(projects/[^/]+/secrets/)?[A-Za-z0-9_-]+$", secret))])
    error_message = "secrets holds names of secrets, never values: alert_email = \"comments-alert-email\"."
  }
}

variable "google_client_id" {
  description = "The OAuth client by which people sign in with Google; null: with the admin's password."
  type        = string
  default     = null

  validation {
    condition     = var.google_client_id == null || can(regex("\\.apps\\.googleusercontent\\.com$", var.google_client_id))
    error_message = "google_client_id ends in .apps.googleusercontent.com."
  }

  validation {
    condition     = var.google_client_id == null || var.secrets.google_client_secret != null
    error_message = "google_client_id needs secrets.google_client_secret."
  }

  validation {
    condition     = var.google_client_id == null || var.root_url != null
    error_message = "google_client_id needs root_url: Google sends people back there."
  }
}

variable "allowed_domains" {
  description = "Whose people may sign in with Google: example.com."
  type        = set(string)
  default     = []

  validation {
    condition     = var.google_client_id == null || length(var.allowed_domains) > 0
    error_message = "allowed_domains is empty: everybody with a Google account could sign in. Name your domain."
  }

  validation {
    condition     = alltrue([for domain in var.allowed_domains : can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", domain)) && !contains(["gmail.com", "googlemail.com"], domain)])
    error_message = "allowed_domains holds domains of your own, such as example.com; gmail.com would be everybody."
  }
}

variable "root_url" {
  description = "The address under which people reach Grafana; null: only by `gcloud run services proxy`."
  type        = string
  default     = null

  validation {
    condition     = var.root_url == null || can(regex("^(https://|http://localhost(:|/|$))", var.root_url))
    error_message = "root_url begins with https://, or is http://localhost:PORT for a proxy: passwords go over it."
  }
}

variable "invokers" {
  description = "Name of each → the member that may call the service: group:sre@example.com. Grafana asks for a sign-in behind that."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for member in values(var.invokers) : can(regex("^(group|user|domain|serviceAccount|principal|principalSet):.+$", member))])
    error_message = "invokers holds members of the form group:EMAIL, user:EMAIL, domain:NAME or serviceAccount:EMAIL; allUsers and allAuthenticatedUsers would leave Grafana's own sign-in as the only lock: put Identity-Aware Proxy in front instead."
  }
}

variable "prometheus_project" {
  description = "The project whose metrics are shown: the scoping project, where several are watched. Null: this one."
  type        = string
  default     = null

  validation {
    condition     = var.prometheus_project == null || can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.prometheus_project))
    error_message = "prometheus_project is a project's id."
  }
}

variable "prometheus_image" {
  description = "Google's proxy, which logs in to Managed Service for Prometheus."
  type        = string
  default     = "gke.gcr.io/prometheus-engine/frontend:v0.15.3-gke.0"

  validation {
    condition     = can(regex("(:v[0-9]+\\.[0-9]+\\.[0-9]+[a-z0-9.-]*|@sha256:[0-9a-f]{64})$", var.prometheus_image))
    error_message = "prometheus_image names no fixed version: write a version such as :v0.15.3-gke.0, or a digest."
  }
}

variable "smtp" {
  description = "The mail server that alerts go by: host with its port, user and sender; its password is secrets.smtp_password. Null: Grafana sends no mail, and Cloud Monitoring's does."
  type = object({
    host = string
    user = string
    from = string
  })
  default = null

  validation {
    condition     = var.smtp == null || can(regex("^[^:/]+:[0-9]+$", var.smtp.host))
    error_message = "smtp.host is HOST:PORT, such as smtp.example.com:587."
  }

  validation {
    condition     = var.smtp == null || var.secrets.smtp_password != null
    error_message = "smtp needs secrets.smtp_password."
  }
}

variable "deletion_protection" {
  description = "Whether Terraform may not delete the service."
  type        = bool
  default     = true
}
