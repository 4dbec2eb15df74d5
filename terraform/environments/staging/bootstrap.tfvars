# terraform/bootstrap for this project: once, by an administrator. Every value is a placeholder.
project_id          = "example-comments-staging"
region              = "europe-west1"
environment         = "staging"
repository_id       = "123456789" # gh api repos/OWNER/NAME --jq .id
repository_owner_id = "987654321" # gh api repos/OWNER/NAME --jq .owner.id
administrators      = { platform = "group:platform@example.com" }
