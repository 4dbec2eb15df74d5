variable "project_id" {
  description = "The project that keeps the secret."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "secret_id" {
  description = "The secret's name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.secret_id))
    error_message = "secret_id is 1 to 255 letters, digits, hyphens and underscores."
  }
}

variable "accessors" {
  description = "Name of each reader → the member that may read the secret's value, such as run = \"serviceAccount:…\". The names are ours: they must be known when Terraform plans, members need not be."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for member in values(var.accessors) : can(regex("^(serviceAccount|group|user|principal|principalSet):.+$", member))])
    error_message = "accessors holds members of the form serviceAccount:EMAIL, group:EMAIL or user:EMAIL; allUsers and allAuthenticatedUsers would show the secret to everybody."
  }
}

variable "value" {
  description = "The secret itself. It is written and neither kept in a plan nor in the state; only needed when value_version changes."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true
}

variable "value_version" {
  description = "Counts the values written by Terraform: a higher number writes `value` anew. Null: Terraform writes none, and somebody runs `gcloud secrets versions add`."
  type        = number
  default     = null

  validation {
    condition     = var.value_version == null || try(var.value_version >= 1 && floor(var.value_version) == var.value_version, false)
    error_message = "value_version is a whole number from 1 on, or null."
  }
}

variable "kms_key" {
  description = "A key of Cloud KMS that encrypts the secret (projects/…/cryptoKeys/…); null for Google's own."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key is projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY."
  }
}

variable "locations" {
  description = "Where the secret is kept; empty: Google chooses. A regional kms_key needs its own region here."
  type        = set(string)
  default     = []
}
