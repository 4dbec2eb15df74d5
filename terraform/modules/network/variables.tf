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
  description = "What the network is called; the names of its parts begin with it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,40}[a-z0-9]$", var.name))
    error_message = "name is 2 to 42 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "subnet_cidr" {
  description = "The subnet's private addresses. Each instance of Cloud Run takes one, and during a rollout another: /24 is room for about 100."
  type        = string
  default     = "10.10.0.0/24"

  validation {
    condition     = can(cidrnetmask(var.subnet_cidr)) && can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", var.subnet_cidr))
    error_message = "subnet_cidr is a private range of IPv4 such as 10.10.0.0/24."
  }

  validation {
    condition     = try(tonumber(split("/", var.subnet_cidr)[1]) <= 26, false)
    error_message = "subnet_cidr is too small: Cloud Run needs a /26 or larger."
  }
}

variable "private_services_prefix" {
  description = "How large the range for Google's own services (Cloud SQL) is: 16 is a /16, 24 the least."
  type        = number
  default     = 20

  validation {
    condition     = contains(range(16, 25), var.private_services_prefix)
    error_message = "private_services_prefix is a whole number from 16 to 24."
  }
}

variable "flow_log_sampling" {
  description = "The share of connections that flow logs keep, above 0 up to 1."
  type        = number
  default     = 0.1

  validation {
    condition     = var.flow_log_sampling > 0 && var.flow_log_sampling <= 1
    error_message = "flow_log_sampling is above 0 and at most 1: who was here must be answerable afterwards."
  }
}

variable "internet_egress" {
  description = "Whether machines in the subnet without a public address reach the Internet, through Cloud NAT. Cloud Run and Cloud SQL do not need it; module host does."
  type        = bool
  default     = false
}
