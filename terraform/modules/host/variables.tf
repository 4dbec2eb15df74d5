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
  description = "What the group is called; its machines' names begin with it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,40}[a-z0-9]$", var.name))
    error_message = "name is 2 to 42 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "network_id" {
  description = "The network, of module network with internet_egress: the machines have no public address, and packages come from outside."
  type        = string

  validation {
    condition     = can(regex("(^|/)projects/[^/]+/global/networks/[^/]+$", var.network_id)) && !endswith(var.network_id, "/networks/default")
    error_message = "network_id is projects/PROJECT/global/networks/NAME, and not the default network, whose rules let in SSH from everywhere."
  }
}

variable "subnet_id" {
  description = "The subnet, of module network."
  type        = string
}

variable "service_account_email" {
  description = "The identity of the machines: one of its own. It must be able to read the secrets and the package."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+@[a-z0-9.-]+\\.gserviceaccount\\.com$", var.service_account_email)) && !endswith(var.service_account_email, "@developer.gserviceaccount.com") && !endswith(var.service_account_email, "@appspot.gserviceaccount.com")
    error_message = "service_account_email is a service account of its own, NAME@PROJECT.iam.gserviceaccount.com: the project's default one may do nearly everything."
  }
}

variable "package_url" {
  description = "Where the project's .deb is: gs://BUCKET/FILE.deb, or https://HOST/FILE.deb. Built for image's release."
  type        = string

  validation {
    condition     = can(regex("^(gs|https)://[A-Za-z0-9._~/%+-]+\\.deb$", var.package_url))
    error_message = "package_url is gs://BUCKET/FILE.deb or https://HOST/FILE.deb: over plain http somebody could swap it."
  }
}

variable "package_sha256" {
  description = "The package's SHA-256, 64 digits in lower case: another package is not installed."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.package_sha256))
    error_message = "package_sha256 is 64 hexadecimal digits in lower case, as sha256sum prints them."
  }
}

variable "server_name" {
  description = "The name under which readers reach the service: comments.example.com."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.server_name))
    error_message = "server_name is a host's full name in lower case, such as comments.example.com."
  }
}

variable "store" {
  description = "Where comments are kept: postgres://USER@HOST:PORT/DATABASE?sslmode=require, without a password."
  type        = string

  validation {
    condition     = can(regex("^postgres(ql)?://[^:@/[:space:]\"']+@[^@[:space:]\"'\\\\]+/[^@[:space:]\"'\\\\]+$", var.store))
    error_message = "store is postgres://USER@HOST:PORT/DATABASE without a password, which belongs in store_password_secret. A file on the machine would be gone when the group makes it anew."
  }
}

variable "store_password_secret" {
  description = "The name of the secret that holds the database's password; null: it asks for none."
  type        = string
  default     = null

  validation {
    condition     = var.store_password_secret == null || can(regex("^[A-Za-z0-9_-]{1,255}$", var.store_password_secret))
    error_message = "store_password_secret is the name of a secret, not its value."
  }
}

variable "tls_secret" {
  description = "The name of the secret that holds certificate and key in PEM, one after the other; null: the machine makes one that only a load balancer takes."
  type        = string
  default     = null

  validation {
    condition     = var.tls_secret == null || can(regex("^[A-Za-z0-9_-]{1,255}$", var.tls_secret))
    error_message = "tls_secret is the name of a secret, not its value."
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

variable "trusted_proxies" {
  description = "Our own proxies before the service: 1 is nginx, 3 nginx and Google's load balancer, which writes its own address too."
  type        = number
  default     = 3

  validation {
    condition     = contains([1, 2, 3, 4], var.trusted_proxies)
    error_message = "trusted_proxies is 1 to 4: nginx is one."
  }
}

variable "size" {
  description = "How many machines there are, spread over the region's zones."
  type        = number
  default     = 2

  validation {
    condition     = var.size >= 1 && var.size <= 20 && floor(var.size) == var.size
    error_message = "size is a whole number from 1 to 20."
  }
}

variable "machine_type" {
  description = "The machine, such as e2-small."
  type        = string
  default     = "e2-small"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*-[a-z0-9-]+$", var.machine_type))
    error_message = "machine_type is such as e2-small or n2-standard-2."
  }
}

variable "image" {
  description = "The system: a Debian of Google's, for which there is a package and on which the role is tried, or one made of it."
  type        = string
  default     = "projects/debian-cloud/global/images/family/debian-13"

  validation {
    condition     = can(regex("^projects/[^/]+/global/images/(family/)?[a-z0-9-]+$", var.image))
    error_message = "image is projects/PROJECT/global/images/NAME, or family/NAME."
  }

  validation {
    condition     = !(strcontains(var.image, "debian-12") && strcontains(var.package_url, "_trixie_")) && !(strcontains(var.image, "debian-13") && strcontains(var.package_url, "_bookworm_"))
    error_message = "image is of another Debian than the package: bookworm is debian-12, trixie is debian-13."
  }
}

variable "https_ranges" {
  description = "Who may reach port 443: Google's load balancers and health checks."
  type        = set(string)
  default     = ["130.211.0.0/22", "35.191.0.0/16"]

  validation {
    condition     = alltrue([for range in var.https_ranges : can(cidrnetmask(range))])
    error_message = "https_ranges holds ranges of IPv4 such as 35.191.0.0/16."
  }

  validation {
    condition     = length(setsubtract(["130.211.0.0/22", "35.191.0.0/16"], var.https_ranges)) == 0 || contains(var.https_ranges, "0.0.0.0/0")
    error_message = "https_ranges leaves out 130.211.0.0/22 or 35.191.0.0/16: health checks come from there, and without them every machine is made anew for ever."
  }
}

variable "iap_ssh" {
  description = "Whether people may come by SSH through Google's Identity-Aware Proxy, as OS Login knows them."
  type        = bool
  default     = false
}
