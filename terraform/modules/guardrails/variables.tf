variable "project_id" {
  description = "The project in which it is made."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is 6 to 30 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "project_number" {
  description = "The project's number, which budgets know it by. Only needed with billing_account."
  type        = string
  default     = null

  validation {
    condition     = var.project_number == null || can(regex("^[0-9]{6,}$", var.project_number))
    error_message = "project_number is a number: gcloud projects describe PROJECT --format='value(projectNumber)'."
  }
}

variable "name" {
  description = "The service's name; what is made here is called after it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,40}[a-z0-9]$", var.name))
    error_message = "name is 2 to 42 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "billing_account" {
  description = "The billing account, 0X0X0X-0X0X0X-0X0X0X; null: no budget."
  type        = string
  default     = null

  validation {
    condition     = var.billing_account == null || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "billing_account is of the form 012345-6789AB-CDEF01, in capitals."
  }

  validation {
    condition     = var.billing_account == null || (var.project_number != null && var.monthly_budget != null)
    error_message = "billing_account needs project_number and monthly_budget."
  }
}

variable "monthly_budget" {
  description = "What a month may cost, in whole units of currency. It tells; it stops nothing."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget == null || try(var.monthly_budget >= 1 && floor(var.monthly_budget) == var.monthly_budget, false)
    error_message = "monthly_budget is a whole number from 1 on."
  }
}

variable "currency" {
  description = "The currency of the billing account; Google refuses another."
  type        = string
  default     = "EUR"

  validation {
    condition     = can(regex("^[A-Z]{3}$", var.currency))
    error_message = "currency is three capitals, such as EUR."
  }
}

variable "notification_channels" {
  description = "Channels of Cloud Monitoring that are told of the budget, of module observability; at most 5. Those who administer the billing account are told in any case."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.notification_channels) <= 5
    error_message = "notification_channels holds more than 5: a budget knows no more."
  }
}

variable "audited_services" {
  description = "Services whose reads and writes of data are logged too: service → kinds of log. Google logs changes of settings always."
  type        = map(set(string))
  default = {
    "secretmanager.googleapis.com" = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]
    "cloudsql.googleapis.com"      = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]
    "run.googleapis.com"           = ["ADMIN_READ"]
    "iam.googleapis.com"           = ["ADMIN_READ", "DATA_READ"]
    "cloudkms.googleapis.com"      = ["ADMIN_READ"]
  }

  validation {
    condition     = alltrue([for kinds in values(var.audited_services) : length(kinds) > 0 && length(setsubtract(kinds, ["ADMIN_READ", "DATA_READ", "DATA_WRITE"])) == 0])
    error_message = "audited_services knows ADMIN_READ, DATA_READ and DATA_WRITE, one at least for each service."
  }

  validation {
    condition     = contains(keys(var.audited_services), "secretmanager.googleapis.com")
    error_message = "audited_services leaves out secretmanager.googleapis.com: who read a password must be answerable."
  }
}

variable "requests_per_minute" {
  description = "How many requests an address may make in a minute before Cloud Armor answers 429; null: no Cloud Armor. It works where a load balancer is in front."
  type        = number
  default     = null

  validation {
    condition     = var.requests_per_minute == null || try(var.requests_per_minute >= 60 && var.requests_per_minute <= 100000 && floor(var.requests_per_minute) == var.requests_per_minute, false)
    error_message = "requests_per_minute is a whole number from 60 to 100000: a reader's page alone makes several, and an office shares an address."
  }
}

variable "blocked_ranges" {
  description = "Addresses that are answered 403: 203.0.113.0/24. At most 10."
  type        = set(string)
  default     = []

  validation {
    condition     = length(var.blocked_ranges) <= 10 && alltrue([for range in var.blocked_ranges : can(cidrhost(range, 0))])
    error_message = "blocked_ranges holds at most 10 ranges such as 203.0.113.0/24."
  }

  validation {
    condition     = !anytrue([for range in var.blocked_ranges : endswith(range, "/0")])
    error_message = "blocked_ranges would block everybody."
  }
}
