"""scripts/check-permissions passes here, and sees what it is for."""

import json
import shutil
import subprocess

import pytest
from project import ROOT

CHECK = ROOT / "scripts/check-permissions"
TABLE, ROLES = "terraform/permissions.json", "terraform/modules/identity/roles.json"


def check(*words):
    done = subprocess.run([CHECK, *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def tree(tmp_path):
    """A copy to plant faults in, with verbs for it."""
    shutil.copytree(ROOT / "terraform", tmp_path / "terraform", ignore=shutil.ignore_patterns(".terraform"))
    (tmp_path / "tests/ops").mkdir(parents=True)
    shutil.copy(ROOT / "tests/ops/command_lines.txt", tmp_path / "tests/ops")
    return Tree(tmp_path)


class Tree:
    def __init__(self, root):
        self.root = root

    def append(self, file, text):
        path = self.root / file
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def table(self, change):
        path = self.root / TABLE
        table = json.loads(path.read_text(encoding="utf-8"))
        change(table)
        path.write_text(json.dumps(table), encoding="utf-8")

    def check(self, *words):
        return check("--root", self.root, *words)


def test_every_command_and_every_type_has_its_row():
    assert check() == (0, check()[1])
    assert "have their rows" in check()[1]


def test_a_command_line_without_a_row_is_named(tree):
    tree.append("tests/ops/command_lines.txt", "gcloud run services add-iam-policy-binding comments\n")
    status, said = tree.check()
    assert status == 1 and "no row" in said and "add-iam-policy-binding" in said


def test_a_row_that_no_command_line_has_is_named(tree):
    tree.table(lambda table: table["commands"].update({"gcloud sql instances delete": {"by": ["release"], "permissions": []}}))
    status, said = tree.check()
    assert status == 1 and "no command line begins with 'gcloud sql instances delete'" in said


def test_a_type_without_a_row_is_named(tree):
    tree.append("terraform/stack/main.tf", 'resource "google_pubsub_topic" "news" {\n}\n')
    status, said = tree.check()
    assert status == 1 and "no row for google_pubsub_topic, which stack has" in said


def test_a_data_source_without_a_row_is_named(tree):
    tree.append("terraform/modules/network/main.tf", 'data "google_compute_zones" "all" {\n}\n')
    status, said = tree.check()
    assert status == 1 and "no row for data.google_compute_zones, which stack has" in said


def test_a_row_of_a_type_that_is_gone_is_named(tree):
    tree.table(lambda table: table["resources"].update(google_pubsub_topic=dict(table["resources"]["google_sql_user"])))
    status, said = tree.check()
    assert status == 1 and "no file of terraform/ has google_pubsub_topic" in said


def test_a_type_of_bootstrap_in_the_stack_is_named(tree):
    tree.append("terraform/stack/main.tf", 'resource "google_project_iam_member" "more" {\n}\n')
    status, said = tree.check()
    assert status == 1 and "google_project_iam_member is in root 'stack', not in 'bootstrap'" in said


def test_an_action_that_says_nothing_is_named(tree):
    tree.table(lambda table: table["resources"]["google_sql_user"].update(delete=[]))
    status, said = tree.check()
    assert status == 1 and "google_sql_user does not say what 'delete' needs" in said


def test_a_role_with_one_permission_more_than_the_table_is_named(tree):
    path = tree.root / ROLES
    path.write_text(path.read_text(encoding="utf-8").replace('"run.services.get"', '"run.services.delete",\n"run.services.get"', 1),
                    encoding="utf-8")
    status, said = tree.check()
    assert status == 1 and f"{ROLES} is not what {TABLE} makes" in said


def test_a_row_with_one_permission_more_than_the_role_is_named_until_the_role_is_made_anew(tree):
    tree.table(lambda table: table["commands"]["gcloud run jobs execute"]["permissions"].append("run.tasks.list"))
    status, said = tree.check()
    assert status == 1 and "run scripts/check-permissions --fix" in said
    assert tree.check("--fix")[0] == 0
    assert tree.check()[0] == 0
    roles = json.loads((tree.root / ROLES).read_text(encoding="utf-8"))["roles"]
    assert "run.tasks.list" in roles["release"] and "run.tasks.list" in roles["infrastructure"]


def test_who_plans_reads_what_a_release_reads_and_nothing_else(tree):
    roles = json.loads((tree.root / ROLES).read_text(encoding="utf-8"))["roles"]
    assert "run.services.get" in roles["plan"] and "run.services.update" not in roles["plan"]
    assert set(roles["plan"]) < set(roles["release"])
    assert roles["lock"] == ["storage.objects.create", "storage.objects.delete"]
    assert {"storage.buckets.get", "storage.objects.get", "storage.objects.list"} <= set(roles["look"]) < set(roles["state"])


@pytest.mark.parametrize("permission", [
    "run.services.setIamPolicy", "run.services.delete", "cloudsql.instances.update", "secretmanager.versions.access",
    "resourcemanager.projects.setIamPolicy", "iam.serviceAccounts.getAccessToken", "compute.firewalls.create",
])
def test_a_release_never_holds_what_is_infrastructures(tree, permission):
    tree.table(lambda table: table["commands"]["gcloud run services describe"]["permissions"].append(permission))
    tree.check("--fix")
    status, said = tree.check()
    assert status == 1 and f"a release would hold {permission}" in said


def test_a_permission_that_its_predefined_role_lacks_is_named(tree):
    tree.table(lambda table: table["commands"]["gcloud artifacts docker images describe"]["permissions"].append(
        "artifactregistry.repositories.delete"))
    status, said = tree.check()
    assert status == 1 and "roles/artifactregistry.reader does not have" in said


def test_a_wildcard_is_no_permission(tree):
    tree.table(lambda table: table["commands"]["gcloud storage ls"]["permissions"].append("storage.objects.*"))
    status, said = tree.check()
    assert status == 1 and "'storage.objects.*' is not of the form" in said


def planned(**changes):
    """A plan as `terraform show -json` tells it: address → action."""
    return json.dumps({"resource_changes": [
        {"address": address, "mode": "managed", "type": address.split(".")[-2], "change": {"actions": actions}}
        for address, actions in changes.items()]})


@pytest.mark.parametrize("address, actions, status", [
    ("module.service.google_cloud_run_v2_service.this", ["update"], 0),
    ("module.service.google_cloud_run_v2_service.this", ["delete", "create"], 3),
    ("module.grafana[0].google_cloud_run_v2_service.this", ["update"], 3),
    ("module.observability.google_monitoring_alert_policy.alert", ["create"], 0),
    ("module.observability.google_monitoring_notification_channel.email", ["delete"], 3),
    ("module.database[0].google_sql_database_instance.this", ["update"], 3),
    ("module.database[0].google_sql_database_instance.this", ["no-op"], 0),
    ("module.new.google_pubsub_topic.news", ["create"], 3),
    ("terraform_data.environment", ["create"], 0),
])
def test_a_plan_beyond_a_release_is_named(tmp_path, address, actions, status):
    (tmp_path / "plan.json").write_text(planned(**{address: actions}), encoding="utf-8")
    assert check("--plan", tmp_path / "plan.json")[0] == status
