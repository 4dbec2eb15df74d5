output "emails" {
  description = "Name of each identity → its address. Known before it is made; there once the output is."
  value       = { for name, account in local.accounts : name => account.email }
  depends_on  = [google_service_account.account]
}

output "members" {
  description = "Name of each identity → how policies name it."
  value       = { for name, account in local.accounts : name => "serviceAccount:${account.email}" }
  depends_on  = [google_service_account.account]
}
