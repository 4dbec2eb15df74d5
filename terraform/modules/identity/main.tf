# Who does what. A release may change what a release changes; network, database and who may do what are
# changed by another identity, which a person has to approve. Roles are made of terraform/permissions.json.

locals {
  roles = jsondecode(file("${path.module}/roles.json")).roles

  # Ids of roles have no hyphens.
  role_prefix = join("", [for index, word in split("-", var.name) : index == 0 ? word : title(word)])

  serving  = var.serves ? { run = "Runs the service", grafana = "Runs Grafana", deploy = "Releases", plan = "Plans and looks for drift, changes nothing", infrastructure = "Changes network, database and identities, after approval" } : {}
  building = var.builds ? { build = "Builds and pushes images" } : {}

  accounts = { for name, purpose in merge(local.serving, local.building) : name => {
    purpose = "${purpose} (${var.name})."
    email   = "${var.name}-${name}@${var.project_id}.iam.gserviceaccount.com"
  } }

  # What the programs themselves need, on the project.
  program_roles = {
    run     = ["roles/cloudsql.client", "roles/cloudsql.instanceUser", "roles/cloudtrace.agent", "roles/logging.logWriter", "roles/monitoring.metricWriter"]
    grafana = ["roles/cloudsql.client", "roles/cloudsql.instanceUser", "roles/logging.logWriter", "roles/logging.viewer", "roles/monitoring.viewer"]
    build   = ["roles/logging.logWriter"]
  }
  granted = { for grant in flatten([for name, roles in local.program_roles : [for role in roles : { name = name, role = role }]]) :
    "${grant.name} ${trimprefix(grant.role, "roles/")}" => grant if contains(keys(local.accounts), grant.name)
  }

  principals = { deploy = var.release_principals, plan = var.plan_principals, infrastructure = var.infrastructure_principals, build = var.build_principals }
  impersonated = { for grant in flatten([for name, members in local.principals : [for who, member in members : { name = name, who = who, member = member }]]) :
    "${grant.name} ${grant.who}" => grant if contains(keys(local.accounts), grant.name)
  }

  # Who starts a revision or a build starts it as somebody: a release as the service alone.
  acting = merge(
    var.serves ? {
      "deploy run"             = { who = "deploy", as = "run" }
      "infrastructure run"     = { who = "infrastructure", as = "run" }
      "infrastructure grafana" = { who = "infrastructure", as = "grafana" }
    } : {},
    var.builds ? { "build build" = { who = "build", as = "build" } } : {},
  )
}

resource "google_service_account" "account" {
  for_each = local.accounts

  project      = var.project_id
  account_id   = "${var.name}-${each.key}"
  display_name = "${var.name} ${each.key}"
  description  = each.value.purpose
}

resource "google_project_iam_member" "program" {
  for_each = local.granted

  project = var.project_id
  role    = each.value.role
  member  = "serviceAccount:${google_service_account.account[each.value.name].email}"
}

# One role each: what no command and no change needs, is not in it.

resource "google_project_iam_custom_role" "release" {
  count = var.serves ? 1 : 0

  project     = var.project_id
  role_id     = "${local.role_prefix}Release"
  title       = "${var.name}: release"
  description = "What a release does and reads, and nothing else. Made of terraform/permissions.json."
  permissions = local.roles.release
}

resource "google_project_iam_custom_role" "infrastructure" {
  count = var.serves ? 1 : 0

  project     = var.project_id
  role_id     = "${local.role_prefix}Infrastructure"
  title       = "${var.name}: infrastructure"
  description = "What terraform/stack makes, changes and deletes. Made of terraform/permissions.json."
  permissions = local.roles.infrastructure
}

resource "google_project_iam_custom_role" "state" {
  count = var.serves ? 1 : 0

  project     = var.project_id
  role_id     = "${local.role_prefix}State"
  title       = "${var.name}: state"
  description = "Terraform's state, and the lock and the records of releases."
  permissions = local.roles.state
}

resource "google_project_iam_custom_role" "plan" {
  count = var.serves ? 1 : 0

  project     = var.project_id
  role_id     = "${local.role_prefix}Plan"
  title       = "${var.name}: plan"
  description = "What of a release only reads. Made of terraform/permissions.json."
  permissions = local.roles.plan
}

resource "google_project_iam_custom_role" "look" {
  count = var.serves ? 1 : 0

  project     = var.project_id
  role_id     = "${local.role_prefix}Look"
  title       = "${var.name}: look"
  description = "Reading Terraform's state, and the lock and the records of releases."
  permissions = local.roles.look
}

resource "google_project_iam_custom_role" "lock" {
  count = var.serves ? 1 : 0

  project     = var.project_id
  role_id     = "${local.role_prefix}Lock"
  title       = "${var.name}: lock"
  description = "Terraform's lock while it plans."
  permissions = local.roles.lock
}

resource "google_project_iam_custom_role" "build" {
  count = var.builds ? 1 : 0

  project     = var.project_id
  role_id     = "${local.role_prefix}Build"
  title       = "${var.name}: build"
  description = "Starting a build and watching it. Made of terraform/permissions.json."
  permissions = local.roles.build
}

resource "google_project_iam_custom_role" "sources" {
  count = var.builds ? 1 : 0

  project     = var.project_id
  role_id     = "${local.role_prefix}Sources"
  title       = "${var.name}: sources"
  description = "Handing a build its sources. Made of terraform/permissions.json."
  permissions = local.roles.sources
}

resource "google_project_iam_member" "release" {
  count = var.serves ? 1 : 0

  project = var.project_id
  role    = google_project_iam_custom_role.release[0].name
  member  = "serviceAccount:${google_service_account.account["deploy"].email}"
}

resource "google_project_iam_member" "plan" {
  count = var.serves ? 1 : 0

  project = var.project_id
  role    = google_project_iam_custom_role.plan[0].name
  member  = "serviceAccount:${google_service_account.account["plan"].email}"
}

resource "google_project_iam_member" "infrastructure" {
  count = var.serves ? 1 : 0

  project = var.project_id
  role    = google_project_iam_custom_role.infrastructure[0].name
  member  = "serviceAccount:${google_service_account.account["infrastructure"].email}"
}

resource "google_project_iam_member" "build" {
  count = var.builds ? 1 : 0

  project = var.project_id
  role    = google_project_iam_custom_role.build[0].name
  member  = "serviceAccount:${google_service_account.account["build"].email}"
}

# The stack's state and the releases' records. The state of bootstrap, in the same bucket, is out of reach: it
# says who these identities are.
resource "google_storage_bucket_iam_member" "state" {
  for_each = var.serves ? toset(["deploy", "infrastructure"]) : toset([])

  bucket = var.state_bucket
  role   = google_project_iam_custom_role.state[0].name
  member = "serviceAccount:${google_service_account.account[each.value].email}"

  condition {
    title       = "stack and releases"
    description = "Not the state of bootstrap."
    expression = join(" || ", concat(
      ["resource.type != \"storage.googleapis.com/Object\""],
      [for folder in ["stack", "deploy"] : "resource.name.startsWith(\"projects/_/buckets/${var.state_bucket}/objects/${folder}/\")"],
    ))
  }
}

resource "google_storage_bucket_iam_member" "look" {
  count = var.serves ? 1 : 0

  bucket = var.state_bucket
  role   = google_project_iam_custom_role.look[0].name
  member = "serviceAccount:${google_service_account.account["plan"].email}"

  condition {
    title       = "stack and releases"
    description = "Not the state of bootstrap."
    expression  = google_storage_bucket_iam_member.state["deploy"].condition[0].expression
  }
}

# A plan writes one object, its lock, and could otherwise write the state.
resource "google_storage_bucket_iam_member" "lock" {
  count = var.serves ? 1 : 0

  bucket = var.state_bucket
  role   = google_project_iam_custom_role.lock[0].name
  member = "serviceAccount:${google_service_account.account["plan"].email}"

  condition {
    title       = "the lock of a plan"
    description = "The state is not this one's to change."
    expression  = "resource.name == \"projects/_/buckets/${var.state_bucket}/objects/stack/default.tflock\""
  }
}

resource "google_storage_bucket_iam_member" "sources" {
  count = var.builds ? 1 : 0

  bucket = var.sources_bucket
  role   = google_project_iam_custom_role.sources[0].name
  member = "serviceAccount:${google_service_account.account["build"].email}"
}

resource "google_service_account_iam_member" "acts_as" {
  for_each = local.acting

  service_account_id = google_service_account.account[each.value.as].name
  role               = "roles/iam.serviceAccountUser"
  member             = "serviceAccount:${google_service_account.account[each.value.who].email}"
}

# A pipeline proves who it is by its platform's token; a person by their own account. Neither has a key.
resource "google_service_account_iam_member" "impersonates" {
  for_each = local.impersonated

  service_account_id = google_service_account.account[each.value.name].name
  role               = startswith(each.value.member, "principal") ? "roles/iam.workloadIdentityUser" : "roles/iam.serviceAccountTokenCreator"
  member             = each.value.member
}
