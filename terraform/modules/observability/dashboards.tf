# Made of Grafana's by scripts/generate-monitoring: for who is woken and has no Grafana at hand.

resource "google_monitoring_dashboard" "board" {
  for_each = fileset("${path.module}/dashboards", "*.json")

  project = var.project_id
  dashboard_json = replace(replace(file("${path.module}/dashboards/${each.value}"),
    "$${service}", var.service),
  "$${runbook_base}", var.runbook_base)

  lifecycle {
    postcondition {
      condition     = !strcontains(self.dashboard_json, "$${")
      error_message = "dashboards/${each.value} has a place that this module does not fill in."
    }
  }
}
