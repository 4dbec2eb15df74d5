output "security_policy_id" {
  description = "The policy of Cloud Armor, for module loadbalancer; null without one."
  value       = one(google_compute_security_policy.edge[*].id)
}
