"""Plans of every environment, made with the stand-in, and what is left of each after an apply."""

import contextlib
import dataclasses
import json
import pathlib
import zipfile

import project

ENVIRONMENTS = ("dev", "staging", "prod")
IMAGE = "europe-west1-docker.pkg.dev/example-comments-build/comments/comments@sha256:"
# As they might look: with characters that JSON, HTML and URLs write in other ways.
SECRETS = {name: f"planted {name} <&>\"/+ {'0' * 20}" for name in (
    "database_password", "grafana_database_password", "grafana_admin_password", "grafana_secret_key",
    "google_client_secret", "smtp_password")} | {
        "slack_webhook_url": "https://hooks.example.com/planted-slack",
        "teams_webhook_url": "https://flows.example.com/planted-teams"}


@dataclasses.dataclass
class Root:
    """A root module in a copy, with one environment's variables."""

    folder: pathlib.Path
    environment: str
    env: dict

    def variables(self, environment=None, digit="0"):
        file = "bootstrap.tfvars" if self.folder.name == "bootstrap" else "terraform.tfvars"
        words = [f"-var-file=../environments/{environment or self.environment}/{file}"]
        return words + ([f"-var=image={IMAGE}{digit * 64}"] if self.folder.name == "stack" else [])

    def terraform(self, *words, secrets=False, **more):
        env = dict(self.env, **({"TF_VAR_secrets": json.dumps(SECRETS)} if secrets else {}))
        return project.terraform(self.folder, *words, env=env, **more)

    def plan(self, *words, secrets=False, **variables):
        """The plan, as `terraform show -json` tells it; its file is release.tfplan."""
        self.terraform("plan", "-no-color", "-out=release.tfplan", *words, *self.variables(**variables),
                       secrets=secrets)
        return json.loads(self.terraform("show", "-json", "release.tfplan"))

    def apply(self):
        self.terraform("apply", "-no-color", "release.tfplan", secrets=True)

    def left_behind(self):
        """Each file that Terraform wrote here, a plan's parts by themselves: name → bytes."""
        files = {}
        for file in self.folder.iterdir():
            if file.name == "release.tfplan":
                with zipfile.ZipFile(file) as parts:
                    files.update({f"{file.name}/{name}": parts.read(name) for name in parts.namelist()
                                  if not name.startswith("tfconfig/")})
            elif file.name.startswith("terraform.tfstate"):
                files[file.name] = file.read_bytes()
        return files


@contextlib.contextmanager
def rooted(name, environment):
    with project.copied() as copy, project.StandIn().for_folders(copy) as env:
        project.terraform(copy / name, "get", env=env)
        yield Root(copy / name, environment, env)
