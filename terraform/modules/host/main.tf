# The service on machines of our own, for who does not want Cloud Run: a group that replaces what does not answer.

locals {
  # Of the role comments, in ansible/. What is null keeps the role's default.
  variables = {
    comments_server_name         = var.server_name
    comments_store               = var.store
    comments_store_password_file = var.store_password_secret == null ? null : "/etc/comments/store-password"
    comments_email_visibility    = var.email_visibility
    comments_trusted_proxies     = var.trusted_proxies
    comments_project             = var.project_id
    comments_tls_certificate     = var.tls_secret == null ? null : "/etc/comments/tls.pem"
    comments_tls_key             = var.tls_secret == null ? null : "/etc/comments/tls.pem"
    comments_https_ranges        = sort(tolist(var.https_ranges))
    comments_ssh_ranges          = var.iap_ssh ? ["35.235.240.0/20"] : []
  }
  startup_script = templatefile("${path.module}/startup.sh.tftpl", {
    project_id            = var.project_id
    package_url           = var.package_url
    package_sha256        = var.package_sha256
    store_password_secret = var.store_password_secret
    tls_secret            = var.tls_secret
    variables             = jsonencode({ for name, value in local.variables : name => value if value != null })
  })
  tag = "${var.name}-host"
}

resource "google_compute_region_instance_template" "this" {
  project      = var.project_id
  region       = var.region
  name_prefix  = "${substr(var.name, 0, 30)}-"
  machine_type = var.machine_type
  tags         = [local.tag]
  labels       = { app = "comments", "managed-by" = "terraform" }

  disk {
    source_image = var.image
    boot         = true
    auto_delete  = true
    disk_size_gb = 20
    disk_type    = "pd-balanced"
  }

  # Without access_config: no public address.
  network_interface {
    network    = var.network_id
    subnetwork = var.subnet_id
  }

  service_account {
    email  = var.service_account_email
    scopes = ["https://www.googleapis.com/auth/cloud-platform"] # what it may do is said by its roles
  }

  shielded_instance_config {
    enable_secure_boot          = true
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  metadata = {
    startup-script         = local.startup_script
    enable-oslogin         = "TRUE"
    block-project-ssh-keys = "TRUE"
    serial-port-enable     = "FALSE"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_health_check" "this" {
  project             = var.project_id
  name                = "${var.name}-live"
  check_interval_sec  = 10
  timeout_sec         = 5
  healthy_threshold   = 2
  unhealthy_threshold = 6

  # Not /health/ready: a database that is away must not have every machine made anew.
  https_health_check {
    port         = 443
    request_path = "/health/live"
  }

  log_config {
    enable = true
  }
}

resource "google_compute_region_instance_group_manager" "this" {
  project            = var.project_id
  region             = var.region
  name               = var.name
  base_instance_name = var.name
  target_size        = var.size

  version {
    instance_template = google_compute_region_instance_template.this.id
  }

  named_port {
    name = "https"
    port = 443
  }

  auto_healing_policies {
    health_check      = google_compute_health_check.this.id
    initial_delay_sec = 600 # the first start installs
  }

  # A new template goes out machine by machine: the next waits until the one before is healthy. Three, since
  # Google wants as many as a region has zones.
  update_policy {
    type                         = "PROACTIVE"
    minimal_action               = "REPLACE"
    replacement_method           = "SUBSTITUTE"
    instance_redistribution_type = "PROACTIVE"
    max_surge_fixed              = 3
    max_unavailable_fixed        = 0
  }
}

resource "google_compute_firewall" "https" {
  project       = var.project_id
  name          = "${var.name}-https"
  network       = var.network_id
  direction     = "INGRESS"
  source_ranges = var.https_ranges
  target_tags   = [local.tag]

  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}

resource "google_compute_firewall" "iap_ssh" {
  count = var.iap_ssh ? 1 : 0

  project       = var.project_id
  name          = "${var.name}-iap-ssh"
  network       = var.network_id
  direction     = "INGRESS"
  source_ranges = ["35.235.240.0/20"]
  target_tags   = [local.tag]

  allow {
    protocol = "tcp"
    ports    = ["22"]
  }

  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}
