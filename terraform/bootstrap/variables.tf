variable "project_id" {
  description = "The project that is made ready."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "region" {
  description = "Where the state, its key and the images are."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region such as europe-west1, not a zone."
  }
}

variable "name" {
  description = "What the identities and the registry are named after."
  type        = string
  default     = "comments"
}

variable "environment" {
  description = "What the service runs as here: dev, staging or prod; null where nothing runs."
  type        = string
  default     = null

  validation {
    condition     = var.environment == null || try(contains(["dev", "staging", "prod"], var.environment), false)
    error_message = "environment is dev, staging or prod, or null in a project that only builds."
  }

  validation {
    condition     = var.environment == null || try(endswith(var.project_id, "-${var.environment}"), false)
    error_message = "project_id does not end in -ENVIRONMENT: is this the file of another environment?"
  }
}

variable "builds" {
  description = "Whether this project owns builds: makes the registry and the build identity."
  type        = bool
  default     = false

  validation {
    condition     = var.builds || var.environment != null
    error_message = "Neither an environment nor builds: there is nothing to make ready."
  }
}

variable "repository_id" {
  description = "The numeric id of the repository whose pipeline may come in. A name can be taken over, a number cannot."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+$", var.repository_id))
    error_message = "repository_id is a number: `gh api repos/OWNER/NAME --jq .id` prints it."
  }
}

variable "repository_owner_id" {
  description = "The numeric id of that repository's owner."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+$", var.repository_owner_id))
    error_message = "repository_owner_id is a number: `gh api repos/OWNER/NAME --jq .owner.id` prints it."
  }
}

variable "branch" {
  description = "The branch from which the pipeline builds and releases. Who may push to it, may release."
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+$", var.branch))
    error_message = "branch is the name of one branch, without refs/heads/ and wildcards."
  }
}

variable "administrators" {
  description = "Name of our choice → group: or user: that may act as the infrastructure identity without the pipeline, such as for the first rollout."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for member in values(var.administrators) : can(regex("^(user|group):[^@]+@[^@]+$", member))])
    error_message = "administrators are of the form group:EMAIL or user:EMAIL."
  }
}

variable "image_readers" {
  description = "Where images are built: members that pull them. Outputs `image_readers` of the other projects name theirs."
  type        = set(string)
  default     = []

  validation {
    condition     = var.builds || length(var.image_readers) == 0
    error_message = "image_readers is for the project that owns builds; here no images are kept."
  }
}

variable "budget" {
  description = "Who pays, and from what sum a month on somebody is told; null: no budget."
  type = object({
    billing_account = string
    monthly         = number
    currency        = optional(string, "EUR")
  })
  default = null
}

variable "requests_per_minute" {
  description = "How many requests a minute a client may send through the load balancer; null: no such rule, as where there is no load balancer."
  type        = number
  default     = null
}
