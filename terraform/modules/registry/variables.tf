variable "project_id" {
  description = "The project that owns builds, and so the images."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "region" {
  description = "Where the images are: the region of the services that start from them."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is the name of a region, such as europe-west1."
  }
}

variable "name" {
  description = "The repository's name."
  type        = string

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.name))
    error_message = "name is 1 to 63 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "readers" {
  description = "Who may pull: the service agent of Cloud Run and the deploy identity of every project that runs these images."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.readers : can(regex("^(serviceAccount|group|user):[^@]+@[^@]+$", member))])
    error_message = "readers are named one by one, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com; allUsers is not among them."
  }
}

variable "writers" {
  description = "Who may push: the build identity, and nobody else."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.writers : can(regex("^serviceAccount:[^@]+@[^@]+$", member))])
    error_message = "writers are service accounts: an image that a person pushed has no build that can be looked at."
  }
}

variable "keep_recent" {
  description = "How many images are kept whatever their age. A rollback reaches as far back."
  type        = number
  default     = 50

  validation {
    condition     = var.keep_recent >= 10 && floor(var.keep_recent) == var.keep_recent
    error_message = "keep_recent is a whole number from 10 on: what still serves somewhere must not be cleaned up."
  }
}

variable "untagged_days" {
  description = "After how many days an image without a tag is deleted."
  type        = number
  default     = 7

  validation {
    condition     = var.untagged_days >= 1 && floor(var.untagged_days) == var.untagged_days
    error_message = "untagged_days is a whole number of days from 1 on."
  }
}

variable "tagged_days" {
  description = "After how many days an image with a tag is deleted, unless it is among the most recent."
  type        = number
  default     = 365

  validation {
    condition     = var.tagged_days >= 30 && floor(var.tagged_days) == var.tagged_days
    error_message = "tagged_days is a whole number of days from 30 on: production may lag behind by weeks."
  }
}

variable "scanning" {
  description = "Whether images are scanned for known vulnerabilities, if the project has the API on (bootstrap turns it on)."
  type        = bool
  default     = true
}
