mock_provider "google" {}

variables {
  project_id = "example-comments"
  region     = "europe-west1"
  name       = "comments"
}

run "no_subnet_is_made_but_ours" {
  command = plan

  assert {
    condition     = google_compute_network.this.auto_create_subnetworks == false
    error_message = "Google would make a subnet in every region."
  }

  assert {
    condition     = google_compute_subnetwork.this.private_ip_google_access == true
    error_message = "Without private access, Google's APIs are reached by the Internet, or not at all."
  }

  assert {
    condition     = google_compute_subnetwork.this.log_config[0].flow_sampling == 0.1 && google_compute_subnetwork.this.log_config[0].metadata == "INCLUDE_ALL_METADATA"
    error_message = "There are no flow logs."
  }
}

run "nothing_comes_in" {
  command = plan

  assert {
    condition = (google_compute_firewall.deny_ingress.direction == "INGRESS"
      && google_compute_firewall.deny_ingress.source_ranges == toset(["0.0.0.0/0"])
      && tolist(google_compute_firewall.deny_ingress.deny)[0].protocol == "all"
    && length(google_compute_firewall.deny_ingress.allow) == 0)
    error_message = "Something may come in."
  }

  assert {
    condition     = google_compute_firewall.deny_ingress.priority == 65534 && length(google_compute_firewall.deny_ingress.log_config) == 1
    error_message = "The rule must be the last one, and logged."
  }
}

run "cloud_sql_is_reached_privately" {
  command = apply

  assert {
    condition = (google_compute_global_address.private_services.purpose == "VPC_PEERING"
      && google_compute_global_address.private_services.address_type == "INTERNAL"
    && google_compute_global_address.private_services.prefix_length == 20)
    error_message = "The range for Google's services is not one."
  }

  assert {
    condition = (google_service_networking_connection.private_services.service == "servicenetworking.googleapis.com"
    && google_service_networking_connection.private_services.reserved_peering_ranges == tolist([google_compute_global_address.private_services.name]))
    error_message = "The joint does not use our range."
  }

  assert {
    condition     = output.private_services == google_service_networking_connection.private_services.id
    error_message = "A database cannot wait for the joint."
  }
}

run "there_is_no_way_out_unless_asked_for" {
  command = plan

  assert {
    condition     = length(google_compute_router_nat.this) == 0
    error_message = "Machines reach the Internet though nobody asked for it."
  }
}

run "a_way_out_goes_through_nat" {
  command = plan

  variables {
    internet_egress = true
  }

  assert {
    condition     = google_compute_router_nat.this[0].source_subnetwork_ip_ranges_to_nat == "LIST_OF_SUBNETWORKS" && google_compute_router_nat.this[0].nat_ip_allocate_option == "AUTO_ONLY"
    error_message = "NAT serves more than our subnet."
  }
}

run "a_public_range_is_refused" {
  command = plan

  variables {
    subnet_cidr = "8.8.8.0/24"
  }

  expect_failures = [var.subnet_cidr]
}

run "a_subnet_too_small_for_cloud_run_is_refused" {
  command = plan

  variables {
    subnet_cidr = "10.10.0.0/27"
  }

  expect_failures = [var.subnet_cidr]
}

run "a_network_without_flow_logs_is_refused" {
  command = plan

  variables {
    flow_log_sampling = 0
  }

  expect_failures = [var.flow_log_sampling]
}

run "names_and_places_that_cannot_be_are_refused" {
  command = plan

  variables {
    project_id              = "Example"
    region                  = "europe-west1-b"
    name                    = "Comments"
    private_services_prefix = 28
  }

  expect_failures = [var.project_id, var.region, var.name, var.private_services_prefix]
}
