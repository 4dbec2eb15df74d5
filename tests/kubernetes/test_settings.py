"""The same service as Terraform's: what both say is said alike, and the program knows every setting."""

import datetime
import re
import tomllib

import pytest
from rendered import ROOT, argocd, of_kind, overlay, settings, the

ENVIRONMENTS = ("dev", "staging", "prod")


def terraform(name):
    return (ROOT / f"terraform/environments/{name}/terraform.tfvars").read_text(encoding="utf-8")


def said(text, key):
    """Of an assignment in an HCL file; None where it is left to a default."""
    found = re.search(rf"^\s*{key}\s*=\s*(.+)$", text, re.MULTILINE)
    return found and found[1].strip('"')


def deploy(name):
    return tomllib.loads((ROOT / f"terraform/environments/{name}/deploy.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environment_is_what_terraform_makes_of_it(name):
    documents, text = overlay(name), terraform(name)
    values = settings(documents)
    assert values["COMMENTS_EMAIL_VISIBILITY"] == said(text, "email_visibility")
    assert values["GOOGLE_CLOUD_PROJECT"] == said(text, "project_id")
    origins = said(text, "cors_origins")
    assert values.get("COMMENTS_CORS_ORIGIN", "") == ",".join(re.findall(r'"([^"]+)"', origins or ""))
    database = said(text, "enable_database") == "true"
    assert (values["COMMENTS_STORE"] == "memory:") == (not database)
    limits = the(documents, "Deployment")["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]
    mebibytes = int(limits["memory"][:-2]) * {"Mi": 1, "Gi": 1024}[limits["memory"][-2:]]
    assert mebibytes == int(said(text, "memory_mib") or 512)
    assert limits["cpu"] == (said(text, "cpu") or "1")
    if database:
        spec = the(documents, "HorizontalPodAutoscaler")["spec"]
        assert spec["maxReplicas"] == int(said(text, "max_instances"))
        # An autoscaler cannot go down to none, as Cloud Run can.
        assert spec["minReplicas"] == max(1, int(said(text, "min_instances")))


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environment_runs_the_image_that_deploy_would(name):
    image = the(overlay(name), "Deployment")["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image.split("@")[0] == deploy(name)["image"]
    assert [f"https://{route['spec']['hostnames'][0]}" for route in of_kind(overlay(name), "HTTPRoute", "comments")] in (
        [], [deploy(name)["url"]])


def test_the_databases_connections_suffice_in_a_rollout():
    connections = 6  # of an instance: --store-connections
    variables = (ROOT / "terraform/stack/variables.tf").read_text(encoding="utf-8")
    (default,) = re.findall(r"max_connections\s*=\s*optional\(number, (\d+)\)", variables)
    for name in ("staging", "prod"):
        spec = the(overlay(name), "HorizontalPodAutoscaler")["spec"]
        allowed = int(said(terraform(name), "max_connections") or default) - 10  # ten are kept for people
        # Pods that drain count no longer and are still connected; a canary's come on top of all of the others.
        assert 2 * spec["maxReplicas"] * connections <= allowed
        assert "COMMENTS_STORE_CONNECTIONS" not in settings(overlay(name))


def as_window(freeze):
    """FROM/TO WHY of deploy.toml as schedule, duration and description of a sync window."""
    times, why = freeze.split(" ", 1)
    begin, end = (datetime.datetime.fromisoformat(time) for time in times.split("/"))
    hours = (end - begin) / datetime.timedelta(hours=1)
    return f"{begin.minute} {begin.hour} {begin.day} {begin.month} *", f"{hours:.0f}h", why


def test_no_release_is_synced_in_a_freeze_of_productions():
    windows = the(argocd(), "AppProject")["spec"]["syncWindows"]
    assert [(window["schedule"], window["duration"], window["description"]) for window in windows] == [
        as_window(freeze) for freeze in deploy("prod")["freeze"]]
    assert all(window["kind"] == "deny" and window["applications"] == ["comments-prod"] and window["timeZone"] == "UTC"
               for window in windows)


def test_files_name_nobody_real():
    for file in sorted((ROOT / "kubernetes").rglob("*.yaml")):
        for host in re.findall(r"[a-z0-9.-]+\.(?:com|org|net|dev|io)\b", file.read_text(encoding="utf-8")):
            assert re.search(r"(^|\.)example\.com$|pkg\.dev$|googleapis\.com$|(k8s|kubernetes|argoproj|gke)\.io$", host), \
                f"{file}: {host}"
