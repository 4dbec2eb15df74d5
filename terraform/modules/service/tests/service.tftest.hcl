mock_provider "google" {}

variables {
  project_id            = "example-comments"
  region                = "europe-west1"
  name                  = "comments"
  image                 = "europe-west1-docker.pkg.dev/example-build/comments/comments@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  service_account_email = "comments-run@example-comments.iam.gserviceaccount.com"
  network = {
    network_id = "projects/example-comments/global/networks/comments"
    subnet_id  = "projects/example-comments/regions/europe-west1/subnetworks/comments"
  }
  database = {
    connection_name = "example-comments:europe-west1:comments"
    name            = "comments"
    user            = "comments"
  }
  secrets = { COMMENTS_STORE_PASSWORD = "comments-database-password" }
}

run "the_service_runs_the_given_build_as_itself" {
  command = plan

  assert {
    condition = (google_cloud_run_v2_service.this.template[0].containers[0].image == var.image
    && google_cloud_run_v2_service.this.template[0].containers[0].args == tolist(["serve"]))
    error_message = "Something else runs."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].service_account == "comments-run@example-comments.iam.gserviceaccount.com"
    error_message = "The service runs as somebody else."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.deletion_protection
    error_message = "Terraform may delete the service."
  }
}

run "followers_are_not_cut_and_are_served_between_requests" {
  command = plan

  assert {
    condition = (google_cloud_run_v2_service.this.template[0].max_instance_request_concurrency == 1000
    && google_cloud_run_v2_service.this.template[0].timeout == "3600s")
    error_message = "Followers find no place, or are cut early."
  }

  assert {
    condition     = alltrue([for container in google_cloud_run_v2_service.this.template[0].containers : container.resources[0].cpu_idle == false])
    error_message = "A container has no CPU between requests."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].resources[0].startup_cpu_boost
    error_message = "The start gets no more CPU."
  }
}

run "health_is_asked_for_at_the_start_and_later" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].startup_probe[0].http_get[0].path == "/health/ready"
    error_message = "Requests come before the service is ready."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].liveness_probe[0].http_get[0].path == "/health/live"
    error_message = "An instance is restarted for something other than being dead."
  }

  # Cloud Run's limits: a probe lasts no longer than its period, a start no longer than 240 s.
  assert {
    condition     = alltrue([for probe in concat(google_cloud_run_v2_service.this.template[0].containers[0].startup_probe, google_cloud_run_v2_service.this.template[0].containers[0].liveness_probe) : probe.timeout_seconds <= probe.period_seconds && probe.period_seconds * probe.failure_threshold <= 240])
    error_message = "Cloud Run refuses such a probe."
  }
}

run "the_store_is_reached_by_the_socket_and_its_password_is_a_reference" {
  command = plan

  assert {
    condition     = contains([for env in google_cloud_run_v2_service.this.template[0].containers[0].env : "${env.name}=${env.value}" if env.value != null], "COMMENTS_STORE=postgres://comments@/comments?host=/cloudsql/example-comments:europe-west1:comments")
    error_message = "The service does not find its database."
  }

  assert {
    condition     = anytrue([for volume in google_cloud_run_v2_service.this.template[0].volumes : try(contains(volume.cloud_sql_instance[0].instances, "example-comments:europe-west1:comments"), false)])
    error_message = "Nobody makes the socket."
  }

  assert {
    condition     = anytrue([for mount in google_cloud_run_v2_service.this.template[0].containers[0].volume_mounts : mount.name == "cloudsql" && mount.mount_path == "/cloudsql"])
    error_message = "The socket is not where the service looks."
  }

  assert {
    condition     = one([for env in google_cloud_run_v2_service.this.template[0].containers[0].env : env.value_source[0].secret_key_ref[0].secret if env.name == "COMMENTS_STORE_PASSWORD"]) == "comments-database-password"
    error_message = "The password is no reference."
  }

  assert {
    condition = (google_cloud_run_v2_service.this.template[0].vpc_access[0].egress == "PRIVATE_RANGES_ONLY"
    && google_cloud_run_v2_service.this.template[0].vpc_access[0].network_interfaces[0].subnetwork == "projects/example-comments/regions/europe-west1/subnetworks/comments")
    error_message = "The service is not in the database's network."
  }
}

run "an_address_is_reached_by_tcp_with_tls" {
  command = plan

  variables {
    database = {
      connection_name = "example-comments:europe-west1:comments"
      name            = "comments"
      user            = "comments-run@example-comments.iam"
      private_ip      = "10.20.0.3"
    }
  }

  assert {
    condition     = contains([for env in google_cloud_run_v2_service.this.template[0].containers[0].env : "${env.name}=${env.value}" if env.value != null], "COMMENTS_STORE=postgres://comments-run%40example-comments.iam@10.20.0.3:5432/comments?sslmode=require")
    error_message = "The address, the user's @ or TLS got lost."
  }

  assert {
    condition     = length(google_cloud_run_v2_service.this.template[0].volumes) == 1 && length(google_cloud_run_v2_job.migrate[0].template[0].template[0].volumes) == 0
    error_message = "There is a socket that nobody uses."
  }
}

run "the_job_migrates_the_same_store_as_the_same_identity" {
  command = plan

  assert {
    condition = (google_cloud_run_v2_job.migrate[0].name == "comments-migrate"
      && google_cloud_run_v2_job.migrate[0].template[0].template[0].containers[0].args == tolist(["migrate"])
      && google_cloud_run_v2_job.migrate[0].template[0].template[0].containers[0].image == var.image
      && google_cloud_run_v2_job.migrate[0].template[0].template[0].service_account == var.service_account_email
    && google_cloud_run_v2_job.migrate[0].template[0].template[0].max_retries == 0)
    error_message = "The job is another program, somebody else, or tries again by itself."
  }

  assert {
    condition = (toset([for env in google_cloud_run_v2_job.migrate[0].template[0].template[0].containers[0].env : env.value if env.name == "COMMENTS_STORE"])
    == toset([for env in google_cloud_run_v2_service.this.template[0].containers[0].env : env.value if env.name == "COMMENTS_STORE"]))
    error_message = "The job migrates another store."
  }

  assert {
    condition = (contains(google_cloud_run_v2_job.migrate[0].template[0].template[0].volumes[0].cloud_sql_instance[0].instances, "example-comments:europe-west1:comments")
    && google_cloud_run_v2_job.migrate[0].template[0].template[0].vpc_access[0].network_interfaces[0].network == "projects/example-comments/global/networks/comments")
    error_message = "The job does not reach the database."
  }
}

run "metrics_are_collected_under_the_name_that_alerts_look_for" {
  command = apply

  variables {
    deletion_protection = false
  }

  assert {
    condition     = yamldecode(local.metrics_config).metadata.name == "comments"
    error_message = "job would not be comments, and no alert would see anything."
  }

  assert {
    condition = (yamldecode(local.metrics_config).spec.endpoints[0].port == "9464"
    && contains([for env in google_cloud_run_v2_service.this.template[0].containers[0].env : "${env.name}=${env.value}" if env.value != null], "COMMENTS_ADMIN_PORT=9464"))
    error_message = "The collector knocks where nobody answers."
  }

  assert {
    condition = (google_cloud_run_v2_service.this.template[0].containers[1].depends_on == tolist(["comments"])
      && google_cloud_run_v2_service.this.template[0].containers[1].volume_mounts[0].mount_path == "/etc/rungmp"
      && one([for volume in google_cloud_run_v2_service.this.template[0].volumes : volume.secret[0].items[0].path if volume.name == "metrics-config"]) == "config.yaml"
    && one([for volume in google_cloud_run_v2_service.this.template[0].volumes : volume.secret[0].items[0].version if volume.name == "metrics-config"]) == google_secret_manager_secret_version.metrics.version)
    error_message = "The collector does not find its settings."
  }

  assert {
    condition = (google_secret_manager_secret_iam_member.metrics.role == "roles/secretmanager.secretAccessor"
    && google_secret_manager_secret_iam_member.metrics.member == "serviceAccount:${var.service_account_email}")
    error_message = "The service may not read the collector's settings."
  }

  assert {
    condition     = google_secret_manager_secret_version.metrics.secret_data == null && google_secret_manager_secret_version.metrics.deletion_policy == "ABANDON"
    error_message = "A change would take the settings from the revision that serves."
  }
}

# After the run before, which applied.
run "a_new_build_reaches_the_service_and_leaves_the_job_to_the_rollout" {
  command = plan

  variables {
    image = "europe-west1-docker.pkg.dev/example-build/comments/comments@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
  }

  assert {
    condition     = endswith(google_cloud_run_v2_service.this.template[0].containers[0].image, "@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210")
    error_message = "The service does not get the new build."
  }

  assert {
    condition     = endswith(google_cloud_run_v2_job.migrate[0].template[0].template[0].containers[0].image, "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
    error_message = "Terraform moves the job's image, which the rollout has moved already, or back."
  }
}

run "settings_reach_the_service" {
  command = plan

  variables {
    email_visibility  = "masked"
    cors_origins      = ["https://www.example.com", "https://blog.example.com"]
    extra_environment = { COMMENTS_RATE_LIMIT_ADDRESS = "60/min" }
  }

  assert {
    condition = length(setsubtract([
      "GOOGLE_CLOUD_PROJECT=example-comments",
      "COMMENTS_EMAIL_VISIBILITY=masked",
      "COMMENTS_CORS_ORIGIN=https://blog.example.com,https://www.example.com",
      "COMMENTS_RATE_LIMIT_ADDRESS=60/min",
      "COMMENTS_TRUSTED_PROXIES=1",
      "COMMENTS_STORE_CONNECTIONS=6",
      "COMMENTS_ADMIN_HOST=127.0.0.1",
    ], [for env in google_cloud_run_v2_service.this.template[0].containers[0].env : "${env.name}=${env.value}" if env.value != null])) == 0
    error_message = "A setting is missing."
  }
}

run "nobody_may_call_it_unless_it_is_public" {
  command = plan

  assert {
    condition     = length(google_cloud_run_v2_service_iam_member.everybody) == 0
    error_message = "Everybody may call the service."
  }
}

run "a_public_service_may_be_called_and_nothing_else" {
  command = plan

  variables {
    public = true
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.everybody[0].member == "allUsers" && google_cloud_run_v2_service_iam_member.everybody[0].role == "roles/run.invoker"
    error_message = "Readers may not call, or may do more than that."
  }
}

run "without_a_database_there_is_one_instance_and_no_job" {
  command = plan

  variables {
    database      = null
    network       = null
    secrets       = {}
    min_instances = 0
    max_instances = 20
  }

  assert {
    condition     = contains([for env in google_cloud_run_v2_service.this.template[0].containers[0].env : "${env.name}=${env.value}" if env.value != null], "COMMENTS_STORE=memory:")
    error_message = "Comments are kept somewhere else."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].scaling[0].min_instance_count == 1 && google_cloud_run_v2_service.this.template[0].scaling[0].max_instance_count == 1
    error_message = "Two instances would show different comments."
  }

  assert {
    condition     = length(google_cloud_run_v2_job.migrate) == 0 && output.job_name == "" && output.ephemeral && output.max_instances == 1
    error_message = "There is something to migrate, or the outputs say so."
  }

  assert {
    condition     = length(google_cloud_run_v2_service.this.template[0].vpc_access) == 0 && length(google_cloud_run_v2_service.this.template[0].volumes) == 1
    error_message = "Something of the database is left."
  }
}

run "outputs_are_what_alerts_compare_with" {
  command = plan

  variables {
    memory_mib    = 1024
    max_instances = 7
  }

  assert {
    condition     = output.memory_bytes == 1073741824 && output.max_instances == 7 && output.job_name == "comments-migrate"
    error_message = "The outputs are not what the service gets."
  }
}

run "a_commit_in_full_is_an_image" {
  command = plan

  variables {
    image = "europe-west1-docker.pkg.dev/example-build/comments/comments:0123456789abcdef0123456789abcdef01234567"
  }

  assert {
    condition     = endswith(google_cloud_run_v2_service.this.template[0].containers[0].image, ":0123456789abcdef0123456789abcdef01234567")
    error_message = "A commit is not taken."
  }
}

run "latest_is_refused" {
  command = plan

  variables {
    image = "europe-west1-docker.pkg.dev/example-build/comments/comments:latest"
  }

  expect_failures = [var.image]
}

run "an_image_without_a_tag_is_refused" {
  command = plan

  variables {
    image = "europe-west1-docker.pkg.dev/example-build/comments/comments"
  }

  expect_failures = [var.image]
}

run "a_version_as_a_tag_is_refused" {
  command = plan

  variables {
    image = "europe-west1-docker.pkg.dev/example-build/comments/comments:v1.2.3"
  }

  expect_failures = [var.image]
}

run "a_short_commit_is_refused" {
  command = plan

  variables {
    image = "europe-west1-docker.pkg.dev/example-build/comments/comments:0123456789ab"
  }

  expect_failures = [var.image]
}

run "the_default_identity_is_refused" {
  command = plan

  variables {
    service_account_email = "123456789012-compute@developer.gserviceaccount.com"
  }

  expect_failures = [var.service_account_email]
}

run "a_database_without_a_password_is_refused" {
  command = plan

  variables {
    secrets = {}
  }

  expect_failures = [var.database]
}

run "a_database_without_a_network_is_refused" {
  command = plan

  variables {
    network = null
  }

  expect_failures = [var.database]
}

run "a_database_that_is_no_connection_name_is_refused" {
  command = plan

  variables {
    database = { connection_name = "comments", name = "comments", user = "comments" }
  }

  expect_failures = [var.database]
}

run "more_instances_than_the_database_has_connections_for_are_refused" {
  command = plan

  variables {
    max_instances = 8 # 2 * 8 * 6 = 96
    database = {
      connection_name = "example-comments:europe-west1:comments"
      name            = "comments"
      user            = "comments"
      max_connections = 100
    }
  }

  expect_failures = [var.max_instances]
}

run "as_many_as_it_has_connections_for_are_not" {
  command = plan

  variables {
    max_instances = 7 # 84 of 90
    database = {
      connection_name = "example-comments:europe-west1:comments"
      name            = "comments"
      user            = "comments"
      max_connections = 100
    }
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].scaling[0].max_instance_count == 7
    error_message = "max_instances does not reach the service."
  }
}

run "a_secret_in_the_clear_is_refused" {
  command = plan

  variables {
    extra_environment = { COMMENTS_WEBHOOK_TOKEN = "planted" }
  }

  expect_failures = [var.extra_environment]
}

run "a_setting_of_the_modules_own_is_refused" {
  command = plan

  variables {
    extra_environment = { COMMENTS_STORE = "memory:" }
  }

  expect_failures = [var.extra_environment]
}

run "a_value_where_a_secrets_name_belongs_is_refused" {
  command = plan

  variables {
    secrets = { COMMENTS_STORE_PASSWORD = "correct horse battery staple" }
  }

  expect_failures = [var.secrets]
}

run "an_origin_with_a_star_is_refused" {
  command = plan

  variables {
    cors_origins = ["*"]
  }

  expect_failures = [var.cors_origins]
}

run "memory_that_does_not_fit_the_cpus_is_refused" {
  command = plan

  variables {
    cpu        = 4
    memory_mib = 1024
  }

  expect_failures = [var.memory_mib]
}

run "less_than_a_cpu_is_refused" {
  command = plan

  variables {
    cpu = 0.5
  }

  expect_failures = [var.cpu]
}

run "fewer_at_most_than_at_least_is_refused" {
  command = plan

  variables {
    min_instances = 3
    max_instances = 2
  }

  expect_failures = [var.max_instances]
}

run "a_collector_without_a_version_is_refused" {
  command = plan

  variables {
    metrics_sidecar_image = "us-docker.pkg.dev/cloud-ops-agents-artifacts/cloud-run-gmp-sidecar/cloud-run-gmp-sidecar:latest"
  }

  expect_failures = [var.metrics_sidecar_image]
}

run "words_that_are_none_are_refused" {
  command = plan

  variables {
    project_id        = "Example"
    region            = "europe"
    name              = "Comments"
    ingress           = "all"
    min_instances     = -1
    memory_mib        = 256
    store_connections = 2
    email_visibility  = "some"
    trusted_proxies   = 9
  }

  expect_failures = [var.project_id, var.region, var.name, var.ingress, var.min_instances, var.memory_mib, var.store_connections, var.email_visibility, var.trusted_proxies]
}
