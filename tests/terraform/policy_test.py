"""Plans of every environment keep the rules; each rule sees its fault; no secret is left behind."""

import base64
import concurrent.futures
import contextlib
import copy
import importlib.machinery
import importlib.util
import json
import urllib.parse

import policy
import pytest
from plans import ENVIRONMENTS, SECRETS, rooted
from project import ROOT, Fault

ROOTS = [("stack", environment) for environment in ENVIRONMENTS] + \
        [("bootstrap", environment) for environment in (*ENVIRONMENTS, "build")]


def permissions():
    """scripts/check-permissions as a module."""
    loader = importlib.machinery.SourceFileLoader("check_permissions", str(ROOT / "scripts/check-permissions"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_permissions", loader))
    loader.exec_module(module)
    return module


PERMISSIONS = permissions()
TABLE = json.loads((ROOT / "terraform/permissions.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def roots():
    """(root, environment) → the root in its copy, and its first plan; the stacks are applied."""
    with contextlib.ExitStack() as stack, concurrent.futures.ThreadPoolExecutor(2) as two:
        def made(name, environment):
            root = stack.enter_context(rooted(name, environment))
            plan = root.plan(secrets=name == "stack")
            if name == "stack":
                planned = root.left_behind()
                root.apply()
                return root, plan, {"plan.json": json.dumps(plan).encode(), **planned, **root.left_behind()}
            return root, plan, {}
        waiting = {key: two.submit(made, *key) for key in ROOTS}
        yield {key: each.result() for key, each in waiting.items()}


@pytest.mark.parametrize("key", ROOTS, ids="-".join)
def test_a_plan_keeps_every_rule(roots, key):
    _, plan, _ = roots[key]
    found = policy.resources(plan)
    assert len(found) > 10
    assert [fault for rule in policy.RULES for fault in rule(found, key[1])] == []


def changed(**values):
    return lambda each: each.values.update(values)


def in_settings(**values):
    return lambda each: each.values["settings"][0].update(values)


def in_address(**values):
    return lambda each: each.values["settings"][0]["ip_configuration"][0].update(values)


def in_template(**values):
    return lambda each: each.values["template"][0].update(values)


def serving(each):
    return next(c for c in each.values["template"][0]["containers"] if c.get("ports"))


def in_container(**values):
    return lambda each: serving(each).update(values)


SERVICE = "module.service.google_cloud_run_v2_service.this"
DATABASE = "module.database[0].google_sql_database_instance.this"
STATE = "google_storage_bucket.state"
UPTIME = "module.observability.google_monitoring_uptime_check_config.ready[0]"
SLO = 'module.observability.google_monitoring_slo.objective["availability"]'
PROD, BOOT = ("stack", "prod"), ("bootstrap", "prod")
FAULTS = [
    (policy.services_are_probed, PROD, SERVICE, in_container(startup_probe=[])),
    (policy.services_are_probed, PROD, SERVICE, in_container(liveness_probe=[])),
    (policy.services_are_probed, PROD, SERVICE, in_container(ports=[])),
    (policy.programs_run_as_themselves, PROD, SERVICE, in_template(service_account=None)),
    (policy.programs_run_as_themselves, PROD, SERVICE,
     in_template(service_account="1-compute@developer.gserviceaccount.com")),
    (policy.images_stay_what_they_are, PROD, SERVICE, in_container(image="example.com/comments:latest")),
    (policy.images_stay_what_they_are, PROD, SERVICE, in_container(image="example.com/comments")),
    (policy.secrets_come_by_reference, PROD, SERVICE,
     in_container(env=[{"name": "COMMENTS_STORE_PASSWORD", "value": "in the clear"}])),
    (policy.secrets_come_by_reference, PROD, 'module.secret["database-password"].google_secret_manager_secret_version.this[0]',
     changed(secret_data="in the state")),
    (policy.secrets_come_by_reference, PROD, "module.database[0].google_sql_user.comments", changed(password="kept")),
    (policy.only_the_service_is_public, PROD, "module.service.google_cloud_run_v2_service_iam_member.everybody[0]",
     changed(member="allAuthenticatedUsers")),
    (policy.only_the_service_is_public, PROD, "module.service.google_cloud_run_v2_service_iam_member.everybody[0]",
     changed(name="comments-grafana")),
    (policy.only_the_service_is_public, BOOT, 'module.identity.google_project_iam_member.program["run logging.logWriter"]',
     changed(member="allUsers")),
    (policy.no_role_means_everything, BOOT, 'module.identity.google_project_iam_member.program["run logging.logWriter"]',
     changed(role="roles/editor")),
    (policy.production_cannot_be_deleted, PROD, SERVICE, changed(deletion_protection=False)),
    (policy.production_cannot_be_deleted, PROD, DATABASE, changed(deletion_protection=False)),
    (policy.production_cannot_be_deleted, PROD, DATABASE, in_settings(deletion_protection_enabled=None)),
    (policy.production_outlives_a_zone_and_a_mistake, PROD, DATABASE, in_settings(availability_type="ZONAL")),
    (policy.production_outlives_a_zone_and_a_mistake, PROD, DATABASE, in_settings(backup_configuration=[])),
    (policy.buckets_are_closed, BOOT, STATE, changed(force_destroy=True)),
    (policy.buckets_are_closed, BOOT, STATE, changed(public_access_prevention="inherited")),
    (policy.buckets_are_closed, BOOT, STATE, changed(uniform_bucket_level_access=None)),
    (policy.the_state_is_kept_and_encrypted, BOOT, STATE, changed(versioning=[{"enabled": False}])),
    (policy.the_state_is_kept_and_encrypted, BOOT, STATE, changed(encryption=[])),
    (policy.the_state_is_kept_and_encrypted, BOOT, "google_kms_crypto_key.state", changed(rotation_period=None)),
    (policy.tags_do_not_move, ("bootstrap", "build"), "module.registry[0].google_artifact_registry_repository.images",
     changed(docker_config=[])),
    (policy.databases_have_no_public_address, PROD, DATABASE, in_address(ipv4_enabled=True)),
    (policy.databases_have_no_public_address, PROD, DATABASE, in_address(ipv4_enabled=None)),
    (policy.databases_have_no_public_address, PROD, DATABASE, in_address(authorized_networks=[{"value": "0.0.0.0/0"}])),
    (policy.databases_have_no_public_address, PROD, DATABASE, in_address(ssl_mode="ALLOW_UNENCRYPTED_AND_ENCRYPTED")),
    (policy.memory_is_one_instance, ("stack", "dev"), SERVICE, in_template(scaling=[{"max_instance_count": 2}])),
    (policy.pipelines_come_in_by_number, BOOT, "google_iam_workload_identity_pool_provider.github",
     changed(attribute_condition="assertion.repository == 'example/comments'")),
    (policy.production_is_asked_from_outside, PROD, UPTIME, changed(http_check=[{"use_ssl": False, "validate_ssl": True}])),
    (policy.production_is_asked_from_outside, PROD, UPTIME, changed(http_check=[{"use_ssl": True}])),
    (policy.production_is_asked_from_outside, PROD, UPTIME, changed(selected_regions=["EUROPE", "USA"])),
    (policy.objectives_can_be_missed, PROD, SLO, changed(goal=1)),
    (policy.objectives_can_be_missed, PROD, SLO, changed(rolling_period_days=None)),
]


@pytest.mark.parametrize("rule, key, address, fault", FAULTS, ids=lambda value: getattr(value, "__name__", None))
def test_a_rule_sees_its_fault(roots, rule, key, address, fault):
    found = copy.deepcopy(policy.resources(roots[key][1]))
    fault(next(each for each in found if each.address == address))
    assert {said.split(": ")[0] for said in rule(found, key[1])} == {address}


def test_production_without_a_question_from_outside_or_a_page_is_seen(roots):
    found = policy.resources(roots[PROD][1])
    silent = [each for each in found if each.type != policy.UPTIME]
    assert list(policy.production_is_asked_from_outside(silent, "prod")) == [
        f"{SERVICE}: nobody asks for it from outside"]
    assert list(policy.production_is_asked_from_outside(silent, "dev")) == []
    unheard = [each for each in found if not each.address.endswith(".unreachable[0]")]
    assert list(policy.production_is_asked_from_outside(unheard, "prod")) == [f"{UPTIME}: its failure wakes nobody"]


def test_a_key_is_seen():
    found = [policy.Resource("google_service_account_key.any", "google_service_account_key", {})]
    assert list(policy.nobody_has_a_key(found, "dev"))


def test_every_rule_has_a_fault():
    planted = {rule for rule, *_ in FAULTS} | {policy.nobody_has_a_key}
    assert planted == set(policy.RULES)


def forms(secret):
    """A value as files may hold it."""
    plain = secret.encode()
    # Where it stands inside of longer base64 depends on what is before it: the middle of each of three.
    shifted = [base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)]
    return {plain, json.dumps(secret)[1:-1].encode(), urllib.parse.quote(secret, safe="").encode(),
            secret.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e").replace('"', '\\"').encode(),
            *shifted}


def found_in(files, secrets):
    return sorted({f"{secret} in {file}" for name, secret in secrets.items() for form in forms(secret)
                   for file, content in files.items() if form in content})


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_secret_is_left_behind(roots, environment):
    _, _, files = roots["stack", environment]
    assert {"plan.json", "release.tfplan/tfplan", "release.tfplan/tfstate", "terraform.tfstate"} <= set(files)
    assert found_in(files, SECRETS) == []


@pytest.mark.parametrize("kept", [
    lambda secret: secret.encode(), lambda secret: json.dumps({"value": secret}).encode(),
    lambda secret: base64.b64encode(secret.encode()), lambda secret: base64.b64encode(b"user:" + secret.encode()),
], ids=("plain", "json", "base64", "inside base64"))
def test_a_secret_that_is_left_behind_is_found(kept):
    assert found_in({"terraform.tfstate": b"before " + kept(SECRETS["database_password"]) + b" after"}, SECRETS)


def test_the_state_knows_what_it_was_made_of(roots):
    # Else the search for secrets above looked at nothing.
    _, _, files = roots["stack", "prod"]
    assert b"comments-database-password" in files["terraform.tfstate"]


def changes(plan):
    return {change["address"]: change["change"]["actions"] for change in plan["resource_changes"]
            if change["change"]["actions"] not in (["no-op"], ["read"])}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_release_changes_the_service_and_nothing_else(roots, environment):
    # Without the secrets, which a release does not know.
    root, first, _ = roots["stack", environment]
    assert changes(root.plan()) == {}
    release = root.plan(digit="1")
    assert changes(release) == {SERVICE: ["update"]}
    assert list(PERMISSIONS.beyond_a_release(release, TABLE)) == []
    assert f"{SERVICE}: create" in PERMISSIONS.beyond_a_release(first, TABLE)


@pytest.mark.parametrize("state, variables", [("dev", "prod"), ("prod", "dev"), ("staging", "prod")])
def test_another_environments_variables_are_refused(roots, state, variables):
    root, _, _ = roots["stack", state]
    with pytest.raises(Fault, match=r"terraform_data\.environment"):
        root.plan(environment=variables)


def test_the_state_of_bootstrap_cannot_be_destroyed(roots):
    root, _, _ = roots["bootstrap", "prod"]
    root.terraform("apply", "-no-color", "-auto-approve", *root.variables())
    with pytest.raises(Fault, match=r"google_storage_bucket\.state"):
        root.plan("-destroy")


@pytest.mark.parametrize("environment", (*ENVIRONMENTS, "build"))
def test_roles_are_what_the_table_makes(roots, environment):
    _, plan, _ = roots["bootstrap", environment]
    roles = {each.values["role_id"]: sorted(each.values["permissions"]) for each in policy.resources(plan)
             if each.type == "google_project_iam_custom_role"}
    made = PERMISSIONS.roles_of(TABLE)
    wanted = ("build", "sources") if environment == "build" else ("release", "plan", "look", "lock", "infrastructure", "state")
    assert roles == {f"comments{name.title()}": made[name] for name in wanted}
