"""The files of an environment speak of the same project, and are placeholders."""

import re
import tomllib

import pytest
from project import TERRAFORM

ENVIRONMENTS = ("dev", "staging", "prod")


def folder(environment):
    return TERRAFORM / "environments" / environment


def assigned(file):
    """name = "text", = number, = true of an HCL file, outermost only."""
    return {name: value.strip('"') for name, value in
            re.findall(r'^(\w+)\s*=\s*("[^"]*"|\w+)', file.read_text(encoding="utf-8"), re.MULTILINE)}


@pytest.fixture(params=ENVIRONMENTS)
def files(request):
    here = folder(request.param)
    return (request.param, assigned(here / "terraform.tfvars"), assigned(here / "backend.gcs.tfbackend"),
            tomllib.loads((here / "deploy.toml").read_text(encoding="utf-8")), assigned(here / "bootstrap.tfvars"))


def test_all_files_mean_the_same_project(files):
    environment, variables, backend, deploy, bootstrap = files
    assert variables["environment"] == bootstrap["environment"] == environment
    assert variables["project_id"] == bootstrap["project_id"] == deploy["project"]
    assert variables["region"] == bootstrap["region"] == deploy["region"]
    assert backend == {"bucket": f"{deploy['project']}-state", "prefix": "stack"}
    assert deploy["state-bucket"] == backend["bucket"]
    assert f"/projects/{deploy['project']}/" in deploy["prometheus"]


def test_deploy_knows_how_the_service_shows_addresses(files):
    environment, _, _, deploy, _ = files
    text = (folder(environment) / "terraform.tfvars").read_text(encoding="utf-8")
    assert re.search(r'email_visibility = "(\w+)"', text)[1] == deploy["email-visibility"]


def test_there_is_a_migration_job_where_there_is_a_database(files):
    _, variables, _, deploy, _ = files
    assert deploy["migrate-job"] == ("comments-migrate" if variables["enable_database"] == "true" else "")


def test_the_root_module_is_where_deploy_looks_for_it(files):
    environment, _, _, deploy, _ = files
    assert (folder(environment) / deploy["terraform"]).resolve() == TERRAFORM / "stack"


def test_canaries_end_with_everybody(files):
    _, variables, _, deploy, _ = files
    steps = deploy["canary-steps"]
    assert steps == sorted(set(steps)) and steps[-1] == 100
    # Two instances that keep comments in memory would have other comments each.
    assert steps == [100] or variables["enable_database"] == "true"


def test_production_is_released_step_by_step():
    deploy = tomllib.loads((folder("prod") / "deploy.toml").read_text(encoding="utf-8"))
    assert deploy["canary-steps"] == [5, 25, 100] and deploy["freeze"]


def test_every_environment_pulls_from_the_one_registry():
    images = {tomllib.loads((folder(environment) / "deploy.toml").read_text(encoding="utf-8"))["image"]
              for environment in ENVIRONMENTS}
    build = assigned(folder("build") / "bootstrap.tfvars")
    assert images == {f"{build['region']}-docker.pkg.dev/{build['project_id']}/comments/comments"}
    readers = (folder("build") / "bootstrap.tfvars").read_text(encoding="utf-8")
    for environment in ENVIRONMENTS:
        assert f"comments-deploy@example-comments-{environment}.iam" in readers


def variables(folder):
    """Name → the block of each variable of a module."""
    text = (folder / "variables.tf").read_text(encoding="utf-8")
    return dict(re.findall(r'^variable "(\w+)" \{\n(.*?)^\}', text, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("folder", sorted({file.parent for file in TERRAFORM.glob("**/variables.tf")
                                           if ".terraform" not in file.parts}), ids=lambda folder: folder.name)
def test_every_input_says_what_it_is(folder):
    blocks = variables(folder)
    assert blocks
    for name, block in blocks.items():
        assert re.search(r'^  description = ".{15,}"$', block, re.MULTILINE), name
        assert re.search(r"^  type +=", block, re.MULTILINE), name


def test_the_stack_has_few_inputs():
    assert len(variables(TERRAFORM / "stack")) <= 15


def test_files_name_nobody_real():
    for file in (TERRAFORM / "environments").rglob("*.*"):
        text = file.read_text(encoding="utf-8")
        for host in re.findall(r"[a-z0-9.-]+\.(?:com|org|net|dev|io)\b", text):
            assert re.search(r"(^|\.)example\.com$|googleapis\.com$|gserviceaccount\.com$|googleusercontent\.com$|pkg\.dev$", host), \
                f"{file}: {host}"
