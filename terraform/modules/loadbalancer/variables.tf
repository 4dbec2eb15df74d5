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
  description = "What the load balancer is called; the names of its parts begin with it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,40}[a-z0-9]$", var.name))
    error_message = "name is 2 to 42 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "host" {
  description = "The name under which readers reach the service: comments.example.com. It and candidate.HOST must lead to ip_address, else Google makes no certificate."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.host)) && length("candidate.${var.host}") <= 64
    error_message = "host is a host's full name in lower case, such as comments.example.com, of at most 54 characters: a certificate's names have 64."
  }
}

variable "service_name" {
  description = "The Cloud Run service behind it, of module service with ingress INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER: else readers can go round it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,47}[a-z0-9]$", var.service_name))
    error_message = "service_name is the name of a Cloud Run service."
  }
}

variable "security_policy_id" {
  description = "The policy of Cloud Armor before it, of module guardrails; null for none."
  type        = string
  default     = null
}

variable "log_sampling" {
  description = "The share of requests that the load balancer logs, from 0 to 1."
  type        = number
  default     = 0.1

  validation {
    condition     = var.log_sampling >= 0 && var.log_sampling <= 1
    error_message = "log_sampling is from 0 to 1."
  }
}
