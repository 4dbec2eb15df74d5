mock_provider "google" {}

variables {
  project_id            = "example-comments"
  region                = "europe-west1"
  name                  = "comments-host"
  network_id            = "projects/example-comments/global/networks/comments"
  subnet_id             = "projects/example-comments/regions/europe-west1/subnetworks/comments"
  service_account_email = "comments-host@example-comments.iam.gserviceaccount.com"
  package_url           = "gs://example-packages/comments_0.1.0_trixie_amd64.deb"
  package_sha256        = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  server_name           = "comments.example.com"
  store                 = "postgres://comments@10.20.0.3:5432/comments?sslmode=require"
  store_password_secret = "comments-database-password"
}

run "a_machine_has_no_public_address_and_boots_what_is_signed" {
  command = plan

  assert {
    condition     = length(google_compute_region_instance_template.this.network_interface[0].access_config) == 0
    error_message = "The machine has a public address."
  }

  assert {
    condition = (google_compute_region_instance_template.this.shielded_instance_config[0].enable_secure_boot
      && google_compute_region_instance_template.this.shielded_instance_config[0].enable_vtpm
    && google_compute_region_instance_template.this.shielded_instance_config[0].enable_integrity_monitoring)
    error_message = "The machine is not shielded."
  }

  assert {
    condition     = google_compute_region_instance_template.this.metadata["enable-oslogin"] == "TRUE" && google_compute_region_instance_template.this.metadata["block-project-ssh-keys"] == "TRUE"
    error_message = "Keys of the project open the machine."
  }

  assert {
    condition     = google_compute_region_instance_template.this.service_account[0].email == var.service_account_email
    error_message = "The machine is somebody else."
  }
}

run "what_does_not_answer_is_made_anew_and_a_new_template_cuts_nobody" {
  command = plan

  assert {
    condition     = google_compute_health_check.this.https_health_check[0].request_path == "/health/live" && google_compute_health_check.this.https_health_check[0].port == 443
    error_message = "Health is asked for elsewhere."
  }

  assert {
    condition = (google_compute_region_instance_group_manager.this.target_size == 2
      && google_compute_region_instance_group_manager.this.update_policy[0].max_unavailable_fixed == 0
    && google_compute_region_instance_group_manager.this.auto_healing_policies[0].initial_delay_sec == 600)
    error_message = "A rollout takes a machine away before the next is there, or healing does before it is installed."
  }
}

run "only_load_balancers_and_health_checks_come_in" {
  command = plan

  assert {
    condition = (google_compute_firewall.https.source_ranges == toset(["130.211.0.0/22", "35.191.0.0/16"])
      && tolist(google_compute_firewall.https.allow)[0].ports == tolist(["443"])
      && google_compute_firewall.https.target_tags == google_compute_region_instance_template.this.tags
    && length(google_compute_firewall.iap_ssh) == 0)
    error_message = "Somebody else comes in, or health checks do not."
  }
}

run "ssh_comes_through_googles_proxy_only" {
  command = plan

  variables {
    iap_ssh = true
  }

  assert {
    condition     = google_compute_firewall.iap_ssh[0].source_ranges == toset(["35.235.240.0/20"]) && local.variables.comments_ssh_ranges == tolist(["35.235.240.0/20"])
    error_message = "SSH is open to others, or closed on the machine."
  }
}

run "a_start_brings_what_a_machine_must_have" {
  command = plan

  assert {
    condition     = startswith(local.startup_script, "#!/bin/sh\n") && google_compute_region_instance_template.this.metadata["startup-script"] == local.startup_script
    error_message = "The guest agent would not run it."
  }

  assert {
    condition     = local.variables.comments_store == "postgres://comments@10.20.0.3:5432/comments?sslmode=require" && local.variables.comments_store_password_file == "/etc/comments/store-password" && strcontains(local.startup_script, "secret 'comments-database-password' /etc/comments/store-password\n")
    error_message = "The service does not find its database."
  }

  assert {
    condition     = strcontains(local.startup_script, "package 'gs://example-packages/comments_0.1.0_trixie_amd64.deb' '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'")
    error_message = "Another package would be installed, or one that nobody looked at."
  }

  assert {
    condition     = endswith(google_compute_region_instance_template.this.disk[0].source_image, "debian-cloud/global/images/family/debian-13")
    error_message = "It starts another system than the one that the role is tried on."
  }
}

run "without_secrets_none_is_asked_for" {
  command = plan

  variables {
    store_password_secret = null
  }

  assert {
    condition     = !strcontains(local.startup_script, "store-password") && !strcontains(local.startup_script, "tls.pem")
    error_message = "A secret is asked for that nobody named."
  }
}

run "a_certificate_of_ones_own_is_fetched" {
  command = plan

  variables {
    tls_secret = "comments-tls"
  }

  assert {
    condition     = strcontains(local.startup_script, "secret 'comments-tls' /etc/comments/tls.pem") && local.variables.comments_tls_certificate == "/etc/comments/tls.pem" && local.variables.comments_tls_key == "/etc/comments/tls.pem"
    error_message = "The certificate is not the named one."
  }
}

run "comments_on_the_machines_own_disk_are_refused" {
  command = plan

  variables {
    store = "sqlite:/var/lib/comments/comments.db"
  }

  expect_failures = [var.store]
}

run "a_password_in_the_stores_address_is_refused" {
  command = plan

  variables {
    store = "postgres://comments:planted@10.20.0.3:5432/comments"
  }

  expect_failures = [var.store]
}

run "a_package_over_plain_http_is_refused" {
  command = plan

  variables {
    package_url = "http://example.com/comments.deb"
  }

  expect_failures = [var.package_url]
}

run "a_package_that_nobody_looked_at_is_refused" {
  command = plan

  variables {
    package_sha256 = ""
  }

  expect_failures = [var.package_sha256]
}

run "the_default_network_and_identity_are_refused" {
  command = plan

  variables {
    network_id            = "projects/example-comments/global/networks/default"
    service_account_email = "123456789012-compute@developer.gserviceaccount.com"
  }

  expect_failures = [var.network_id, var.service_account_email]
}

run "health_checks_shut_out_are_refused" {
  command = plan

  variables {
    https_ranges = ["203.0.113.0/24"]
  }

  expect_failures = [var.https_ranges]
}

run "a_range_that_is_none_is_refused" {
  command = plan

  variables {
    https_ranges = ["130.211.0.0/22", "35.191.0.0/16", "example.com"]
  }

  expect_failures = [var.https_ranges]
}

run "a_package_of_another_debian_is_refused" {
  command = plan

  variables {
    image = "projects/debian-cloud/global/images/family/debian-12"
  }

  expect_failures = [var.image]
}

run "an_image_that_is_none_is_refused" {
  command = plan

  variables {
    image = "debian-13"
  }

  expect_failures = [var.image]
}

run "words_that_are_none_are_refused" {
  command = plan

  variables {
    project_id            = "Example"
    region                = "europe"
    name                  = "Host"
    server_name           = "comments"
    store_password_secret = "correct horse"
    tls_secret            = "correct horse"
    email_visibility      = "some"
    trusted_proxies       = 0
    size                  = 0
    machine_type          = "small"
  }

  expect_failures = [var.project_id, var.region, var.name, var.server_name, var.store_password_secret, var.tls_secret, var.email_visibility, var.trusted_proxies, var.size, var.machine_type]
}
