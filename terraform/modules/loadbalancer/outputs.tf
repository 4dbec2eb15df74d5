output "ip_address" {
  description = "Where HOST and candidate.HOST must lead."
  value       = google_compute_global_address.this.address
}

output "url" {
  description = "Where readers come."
  value       = "https://${var.host}"
}

output "candidate_url" {
  description = "Where the revision tagged candidate is probed."
  value       = "https://${local.candidate_host}"
}
