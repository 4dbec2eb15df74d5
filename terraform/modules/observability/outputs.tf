output "alerts" {
  description = "Name of each alert → the id of its policy."
  value       = { for name, policy in google_monitoring_alert_policy.alert : name => policy.id }
}

output "notification_channels" {
  description = "Ids of the channels that are told of every alert, for policies made elsewhere."
  value       = local.channels
}
