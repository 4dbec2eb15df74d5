mock_provider "google" {}

variables {
  project_id                    = "example-comments"
  region                        = "europe-west1"
  name                          = "comments"
  network_id                    = "projects/example-comments/global/networks/comments"
  tier                          = "db-custom-2-8192"
  regional                      = true
  deletion_protection           = true
  run_service_account_email     = "comments-run@example-comments.iam.gserviceaccount.com"
  grafana_service_account_email = "comments-grafana@example-comments.iam.gserviceaccount.com"
  comments_password             = null
  grafana_password              = null
}

run "the_instance_is_private_and_encrypts" {
  command = plan

  assert {
    condition     = google_sql_database_instance.this.settings[0].ip_configuration[0].ipv4_enabled == false
    error_message = "The database has a public address."
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].ip_configuration[0].private_network == "projects/example-comments/global/networks/comments"
    error_message = "The database is in another network."
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].ip_configuration[0].ssl_mode == "ENCRYPTED_ONLY"
    error_message = "The database takes connections in the clear."
  }

  assert {
    condition     = length(google_sql_database_instance.this.settings[0].ip_configuration[0].authorized_networks) == 0
    error_message = "Somebody outside may connect."
  }
}

run "production_survives_a_zone_a_mistake_and_a_hand_that_slips" {
  command = plan

  assert {
    condition     = google_sql_database_instance.this.settings[0].availability_type == "REGIONAL"
    error_message = "There is no standby."
  }

  assert {
    condition     = google_sql_database_instance.this.deletion_protection && google_sql_database_instance.this.settings[0].deletion_protection_enabled
    error_message = "The instance can be deleted by Terraform or by hand."
  }

  assert {
    condition = (google_sql_database_instance.this.settings[0].backup_configuration[0].enabled
      && google_sql_database_instance.this.settings[0].backup_configuration[0].point_in_time_recovery_enabled
    && google_sql_database_instance.this.settings[0].backup_configuration[0].transaction_log_retention_days == 7)
    error_message = "There is no way back to a point in time."
  }

  assert {
    condition     = google_sql_database.comments.deletion_policy == "ABANDON" && google_sql_user.comments.deletion_policy == "ABANDON"
    error_message = "Terraform would drop the comments."
  }
}

run "the_server_is_what_the_program_was_tested_with" {
  command = plan

  assert {
    condition     = google_sql_database_instance.this.database_version == "POSTGRES_17" && google_sql_database_instance.this.settings[0].edition == "ENTERPRISE"
    error_message = "It is another server, or an edition that does not know the tier."
  }

  assert {
    condition     = anytrue([for flag in google_sql_database_instance.this.settings[0].database_flags : flag.name == "cloudsql.iam_authentication" && flag.value == "on"])
    error_message = "Nobody can log in by IAM."
  }

  assert {
    condition     = anytrue([for flag in google_sql_database_instance.this.settings[0].database_flags : flag.name == "max_connections" && flag.value == "100"])
    error_message = "max_connections does not reach the server."
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].insights_config[0].query_insights_enabled && !google_sql_database_instance.this.settings[0].insights_config[0].record_client_address
    error_message = "Query insights are off, or keep readers' addresses."
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].disk_autoresize && google_sql_database_instance.this.settings[0].disk_autoresize_limit == 100
    error_message = "The disk fills up, or grows without end."
  }
}

run "each_service_has_its_database_and_its_users" {
  command = plan

  assert {
    condition     = google_sql_database.comments.name == "comments" && google_sql_database.grafana[0].name == "grafana"
    error_message = "A database is missing."
  }

  assert {
    condition     = google_sql_user.iam_run.type == "CLOUD_IAM_SERVICE_ACCOUNT" && google_sql_user.iam_run.name == "comments-run@example-comments.iam"
    error_message = "The run identity is no user by IAM, or under a name that PostgreSQL's Cloud SQL does not know."
  }

  assert {
    condition     = output.iam_users == ["comments-run@example-comments.iam", "comments-grafana@example-comments.iam"]
    error_message = "iam_users does not name the users."
  }
}

run "passwords_pass_through_and_do_not_stay" {
  command = apply

  variables {
    comments_password   = "planted-comments-secret"
    grafana_password    = "planted-grafana-secret"
    passwords_version   = 2
    deletion_protection = false
    regional            = false
  }

  assert {
    condition = (google_sql_user.comments.password == null && google_sql_user.comments.password_wo == null
    && google_sql_user.grafana[0].password == null && google_sql_user.grafana[0].password_wo == null)
    error_message = "A password is in the state."
  }

  assert {
    condition     = google_sql_user.comments.password_wo_version == 2 && google_sql_user.grafana[0].password_wo_version == 2
    error_message = "A higher version does not write the passwords anew."
  }
}

run "without_grafana_nothing_of_it_is_made" {
  command = plan

  variables {
    grafana_service_account_email = null
  }

  assert {
    condition     = length(google_sql_database.grafana) + length(google_sql_user.grafana) + length(google_sql_user.iam_grafana) == 0 && output.grafana_database_name == null
    error_message = "Something of Grafana's is made."
  }
}

run "a_database_without_a_network_would_be_public_and_is_refused" {
  command = plan

  variables {
    network_id = ""
  }

  expect_failures = [var.network_id]
}

run "the_default_network_is_refused" {
  command = plan

  variables {
    network_id = "projects/example-comments/global/networks/default"
  }

  expect_failures = [var.network_id]
}

run "production_without_deletion_protection_is_refused" {
  command = plan

  variables {
    deletion_protection = false
  }

  expect_failures = [var.deletion_protection]
}

run "a_standby_on_a_shared_core_is_refused" {
  command = plan

  variables {
    tier = "db-f1-micro"
  }

  expect_failures = [var.regional]
}

run "a_machine_that_does_not_exist_is_refused" {
  command = plan

  variables {
    tier = "n2-standard-2"
  }

  expect_failures = [var.tier]
}

run "a_short_password_is_refused" {
  command = plan

  variables {
    comments_password = "hunter2"
    grafana_password  = "hunter2"
  }

  expect_failures = [var.comments_password, var.grafana_password]
}

run "a_name_that_cannot_be_is_refused" {
  command = plan

  variables {
    name = "Comments"
  }

  expect_failures = [var.name]
}

run "a_socket_path_too_long_for_linux_is_refused" {
  command = plan

  variables {
    project_id = "example-comments-production-eu"
    region     = "northamerica-northeast1"
    name       = "comments-of-everybody-everywhere"
  }

  expect_failures = [var.name]
}

run "identities_that_are_none_are_refused" {
  command = plan

  variables {
    run_service_account_email     = "somebody@example.com"
    grafana_service_account_email = "somebody@example.com"
  }

  expect_failures = [var.run_service_account_email, var.grafana_service_account_email]
}

run "figures_and_names_that_cannot_be_are_refused" {
  command = plan

  variables {
    project_id        = "Example"
    region            = "europe"
    passwords_version = 0
    kms_key           = "comments"
    max_connections   = 5
    disk_limit_gb     = 0
    backups_kept      = 1
  }

  expect_failures = [var.project_id, var.region, var.passwords_version, var.kms_key, var.max_connections, var.disk_limit_gb, var.backups_kept]
}
