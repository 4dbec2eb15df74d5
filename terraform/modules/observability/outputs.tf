output "alerts" {
  description = "Name of each alert → the id of its policy."
  value = merge(
    { for name, policy in google_monitoring_alert_policy.alert : name => policy.id },
    { InstanceCrashed = google_monitoring_alert_policy.crashed.id },
    { for policy in google_monitoring_alert_policy.unreachable : "PublicAddressDown" => policy.id },
  )
}

output "notification_channels" {
  description = "Ids of the channels that are told of every alert, for policies made elsewhere."
  value       = local.channels
}

output "uptime_checked" {
  description = "Whether Google asks from outside."
  value       = var.uptime_check != null
}

output "slos" {
  description = "Name of each objective → its SLO in Cloud Monitoring."
  value       = { for name, slo in google_monitoring_slo.objective : name => slo.id }
}
