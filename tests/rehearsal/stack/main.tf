# A stand-in for terraform/stack, with what every Terraform has: a service and a migration job whose "provider" is
# a program that asks the stand-in's Cloud Run. A new image replaces the resource, where Google's provider would
# update it in place: a provisioner runs only when a resource is created.
terraform {
  required_version = ">= 1.11"
  backend "local" {}
}

variable "image" {
  description = "What to run: REPOSITORY@sha256:DIGEST, or a tag that is a commit."
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$|:[0-9a-f]{40}$", var.image))
    error_message = "The image must be a digest or a commit's tag."
  }
}

variable "world" {
  description = "The folder of the stand-in's project."
  type        = string
}

variable "provider_program" {
  description = "What asks the stand-in's Cloud Run."
  type        = string
}

variable "service" {
  description = "The service's name."
  type        = string
}

variable "migrate_job" {
  description = "The migration job's name; empty without one."
  type        = string
}

variable "secrets" {
  description = "As the real stack's: passes through, and is kept neither in a plan nor in the state."
  type        = object({ database_password = optional(string) })
  default     = {}
  ephemeral   = true
}

resource "terraform_data" "service" {
  input            = var.service
  triggers_replace = var.image

  provisioner "local-exec" {
    interpreter = ["/usr/bin/python3", var.provider_program, var.world]
    command     = jsonencode({ do = "apply", service = var.service, image = var.image })
  }
}

resource "terraform_data" "migrate_job" {
  count = var.migrate_job == "" ? 0 : 1
  input = var.migrate_job

  provisioner "local-exec" {
    interpreter = ["/usr/bin/python3", var.provider_program, var.world]
    command     = jsonencode({ do = "create-job", job = var.migrate_job, image = var.image })
  }
}

output "service_name" {
  value = terraform_data.service.output
}

output "migrate_job" {
  value = var.migrate_job
}
