mock_provider "google" {}

variables {
  project_id         = "example-comments"
  region             = "europe-west1"
  name               = "comments"
  host               = "comments.example.com"
  service_name       = "comments"
  security_policy_id = "projects/example-comments/global/securityPolicies/comments-edge"
}

run "readers_get_what_serves_and_probes_the_candidate" {
  command = apply

  assert {
    condition = (google_compute_region_network_endpoint_group.this["stable"].cloud_run[0].tag == null
      && google_compute_region_network_endpoint_group.this["candidate"].cloud_run[0].tag == "candidate"
    && alltrue([for group in google_compute_region_network_endpoint_group.this : group.cloud_run[0].service == "comments"]))
    error_message = "Readers would get the candidate, or probes what serves."
  }

  assert {
    condition = (google_compute_url_map.https.default_service == google_compute_backend_service.this["stable"].id
      && one(google_compute_url_map.https.host_rule).hosts == toset(["candidate.comments.example.com"])
    && google_compute_url_map.https.path_matcher[0].default_service == google_compute_backend_service.this["candidate"].id)
    error_message = "A name leads to the wrong revision."
  }

  assert {
    condition     = output.url == "https://comments.example.com" && output.candidate_url == "https://candidate.comments.example.com"
    error_message = "The outputs name other addresses."
  }
}

run "both_names_are_in_the_certificate_and_old_tls_is_refused" {
  command = plan

  assert {
    condition     = google_compute_managed_ssl_certificate.this.managed[0].domains == tolist(["comments.example.com", "candidate.comments.example.com"])
    error_message = "A name is not in the certificate."
  }

  assert {
    condition     = google_compute_ssl_policy.this.min_tls_version == "TLS_1_2"
    error_message = "Old TLS is spoken."
  }
}

run "cloud_armor_stands_before_both" {
  command = plan

  assert {
    condition     = alltrue([for backend in google_compute_backend_service.this : backend.security_policy == var.security_policy_id])
    error_message = "There is a way round Cloud Armor."
  }
}

run "http_is_sent_to_https_and_a_post_stays_one" {
  command = plan

  assert {
    condition     = google_compute_url_map.http.default_url_redirect[0].https_redirect && google_compute_url_map.http.default_url_redirect[0].redirect_response_code == "PERMANENT_REDIRECT"
    error_message = "Comments go over http, or a POST becomes a GET."
  }

  assert {
    condition     = google_compute_global_forwarding_rule.https.port_range == "443" && google_compute_global_forwarding_rule.http.port_range == "80"
    error_message = "A port is not served."
  }
}

run "a_name_too_long_for_a_certificate_is_refused" {
  command = plan

  variables {
    host = "comments-of-all-the-newspapers-that-there-are.eu.example.com"
  }

  expect_failures = [var.host]
}

run "words_that_are_none_are_refused" {
  command = plan

  variables {
    project_id   = "Example"
    region       = "europe"
    name         = "Comments"
    host         = "https://comments.example.com"
    service_name = "Comments"
    log_sampling = 2
  }

  expect_failures = [var.project_id, var.region, var.name, var.host, var.service_name, var.log_sampling]
}
