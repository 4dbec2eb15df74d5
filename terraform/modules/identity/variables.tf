variable "project_id" {
  description = "The project in which the identities are made, and in which they have their rights."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "name" {
  description = "What the identities' names begin with: NAME-run, NAME-deploy and so on."
  type        = string
  default     = "comments"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,13}[a-z0-9]$", var.name))
    error_message = "name is 4 to 15 lower-case letters, digits and hyphens, a letter first: NAME-infrastructure has at most 30."
  }
}

variable "serves" {
  description = "Whether the service runs in this project: makes run, grafana, plan, deploy and infrastructure."
  type        = bool
  default     = true
}

variable "builds" {
  description = "Whether images are built in this project: makes build."
  type        = bool
  default     = false

  validation {
    condition     = var.builds || var.serves
    error_message = "A project that neither serves nor builds needs no identities: set serves or builds."
  }
}

variable "state_bucket" {
  description = "The bucket of Terraform's state, of the lock and of the records of releases; null where nothing serves."
  type        = string
  default     = null

  validation {
    condition     = !var.serves || var.state_bucket != null
    error_message = "state_bucket is missing: a release keeps its lock and its records there."
  }
}

variable "sources_bucket" {
  description = "The bucket through which a build gets its sources; null where nothing is built."
  type        = string
  default     = null

  validation {
    condition     = !var.builds || var.sources_bucket != null
    error_message = "sources_bucket is missing: a build gets its sources through it."
  }
}

variable "release_principals" {
  description = "Name of our choice → who may release as NAME-deploy: principalSet:// of a pipeline's environment, group: or user: of people. The names must be known when Terraform plans, the principals need not be."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for member in values(var.release_principals) : can(regex("^(principal(Set)?://iam\\.googleapis\\.com/.+/(attribute\\.[a-z_]+|subject|group)/[^*]+|(user|group):[^@]+@[^@]+)$", member))])
    error_message = "release_principals are of the form principalSet://iam.googleapis.com/POOL/attribute.environment/prod, group:… or user:…; never everybody in a pool."
  }
}

variable "plan_principals" {
  description = "Name of our choice → who may plan and look as NAME-plan, which changes nothing and needs nobody's approval. The names must be known when Terraform plans, the principals need not be."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for member in values(var.plan_principals) : can(regex("^(principal(Set)?://iam\\.googleapis\\.com/.+/(attribute\\.[a-z_]+|subject|group)/[^*]+|(user|group):[^@]+@[^@]+)$", member))])
    error_message = "plan_principals are of the form principalSet://iam.googleapis.com/POOL/attribute.environment/prod-plan, group:… or user:…; never everybody in a pool."
  }
}

variable "infrastructure_principals" {
  description = "Name of our choice → who may act as NAME-infrastructure: an environment of the pipeline in which a person approves, or people. The names must be known when Terraform plans, the principals need not be."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for member in values(var.infrastructure_principals) : can(regex("^(principal(Set)?://iam\\.googleapis\\.com/.+/(attribute\\.[a-z_]+|subject|group)/[^*]+|(user|group):[^@]+@[^@]+)$", member))])
    error_message = "infrastructure_principals are of the form principalSet://iam.googleapis.com/POOL/attribute.environment/prod-infrastructure, group:… or user:…; never everybody in a pool."
  }

  validation {
    condition     = length(setintersection(values(var.infrastructure_principals), values(var.release_principals))) == 0
    error_message = "Who releases must not be who changes network, database and identities: infrastructure_principals and release_principals have one in common."
  }
}

variable "build_principals" {
  description = "Name of our choice → who may push as NAME-build: principalSet:// of an environment. The names must be known when Terraform plans, the principals need not be."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for member in values(var.build_principals) : can(regex("^principal(Set)?://iam\\.googleapis\\.com/.+/(attribute\\.[a-z_]+|subject)/[^*]+$", member))])
    error_message = "build_principals are of the form principalSet://iam.googleapis.com/POOL/attribute.environment/build: a pipeline, not a person."
  }
}
