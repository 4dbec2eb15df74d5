# The objectives of monitoring/slo.yml, for the console's view of their budgets. Who is told when one goes too
# fast, the alert policies decide: they read our own metrics in PromQL, which an SLO cannot.

locals {
  slos = jsondecode(file("${path.module}/slos.json")).slos
}

resource "google_monitoring_custom_service" "this" {
  project      = var.project_id
  service_id   = var.service
  display_name = var.service
}

resource "google_monitoring_slo" "objective" {
  for_each = local.slos

  project             = var.project_id
  service             = google_monitoring_custom_service.this.service_id
  slo_id              = each.key
  display_name        = each.value.display_name
  goal                = each.value.goal
  rolling_period_days = each.value.rolling_period_days

  request_based_sli {
    dynamic "good_total_ratio" {
      for_each = can(each.value.good) ? [each.value] : []

      content {
        good_service_filter  = replace(good_total_ratio.value.good, "$${service}", var.service)
        total_service_filter = replace(good_total_ratio.value.all, "$${service}", var.service)
      }
    }

    dynamic "distribution_cut" {
      for_each = can(each.value.distribution) ? [each.value] : []

      content {
        distribution_filter = replace(distribution_cut.value.distribution, "$${service}", var.service)

        range {
          max = distribution_cut.value.within
        }
      }
    }
  }
}
