# terraform/bootstrap for the project that owns builds: the registry, the build identity. Nothing runs there.
project_id          = "example-comments-build"
region              = "europe-west1"
builds              = true
repository_id       = "123456789" # gh api repos/OWNER/NAME --jq .id
repository_owner_id = "987654321" # gh api repos/OWNER/NAME --jq .owner.id

# Output image_readers of the other projects: Cloud Run's service agent, who releases, who plans, who changes infrastructure.
image_readers = [
  "serviceAccount:service-100000000001@serverless-robot-prod.iam.gserviceaccount.com",
  "serviceAccount:comments-deploy@example-comments-dev.iam.gserviceaccount.com",
  "serviceAccount:comments-plan@example-comments-dev.iam.gserviceaccount.com",
  "serviceAccount:comments-infrastructure@example-comments-dev.iam.gserviceaccount.com",
  "serviceAccount:service-100000000002@serverless-robot-prod.iam.gserviceaccount.com",
  "serviceAccount:comments-deploy@example-comments-staging.iam.gserviceaccount.com",
  "serviceAccount:comments-plan@example-comments-staging.iam.gserviceaccount.com",
  "serviceAccount:comments-infrastructure@example-comments-staging.iam.gserviceaccount.com",
  "serviceAccount:service-100000000003@serverless-robot-prod.iam.gserviceaccount.com",
  "serviceAccount:comments-deploy@example-comments-prod.iam.gserviceaccount.com",
  "serviceAccount:comments-plan@example-comments-prod.iam.gserviceaccount.com",
  "serviceAccount:comments-infrastructure@example-comments-prod.iam.gserviceaccount.com",
]
