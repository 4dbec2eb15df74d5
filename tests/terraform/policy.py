"""What may not be in a plan, whatever the modules say. A rule takes the resources of a plan and yields its
faults; it sees plain values and starts nothing. What is unknown until apply is not there: rules ask for what
must be known.
"""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Resource:
    address: str
    type: str
    values: dict


def resources(plan):
    """All that will be there after a plan (`terraform show -json`), of every module."""
    found, waiting = [], [plan["planned_values"].get("root_module", {})]
    while waiting:
        module = waiting.pop()
        waiting += module.get("child_modules", [])
        found += [Resource(each["address"], each["type"], each["values"])
                  for each in module.get("resources", []) if each["mode"] == "managed"]
    return sorted(found, key=lambda each: each.address)


def of_type(found, *types):
    return [each for each in found if each.type in types]


def first(blocks):
    return blocks[0] if blocks else {}


SERVICE, JOB = "google_cloud_run_v2_service", "google_cloud_run_v2_job"


def template_of(each):
    template = first(each.values["template"])
    return first(template["template"]) if each.type == JOB else template


def containers_of(each):
    return template_of(each).get("containers") or []


def services_are_probed(found, _):
    for each in of_type(found, SERVICE):
        serving = [container for container in containers_of(each) if container.get("ports")]
        if len(serving) != 1:
            yield f"{each.address}: not one container that listens"
        for container in serving:
            for probe in ("startup_probe", "liveness_probe"):
                if not container.get(probe):
                    yield f"{each.address}: no {probe}: a revision that does not answer would get readers"


def programs_run_as_themselves(found, _):
    for each in of_type(found, SERVICE, JOB):
        account = template_of(each).get("service_account") or ""
        if not account:
            yield f"{each.address}: runs as the project's default identity"
        elif account.endswith(("-compute@developer.gserviceaccount.com", "@appspot.gserviceaccount.com")):
            yield f"{each.address}: runs as {account}, the project's default identity"


def images_stay_what_they_are(found, _):
    for each in of_type(found, SERVICE, JOB):
        for container in containers_of(each):
            if not re.search(r"(@sha256:[0-9a-f]{64}|:[0-9a-f]{40}|:v?\d+\.\d+\.\d+[\w.-]*)$", container["image"]):
                yield f"{each.address}: {container['image']} may be another image tomorrow"


def secrets_come_by_reference(found, _):
    for each in of_type(found, SERVICE, JOB):
        for container in containers_of(each):
            for setting in container.get("env") or []:
                if re.search(r"PASSWORD|SECRET|TOKEN|WEBHOOK", setting["name"]) and setting.get("value"):
                    yield f"{each.address}: the value of {setting['name']} stands in the configuration"
    for each in found:
        for name in {"google_secret_manager_secret_version": ["secret_data"], "google_sql_user": ["password"],
                     "google_monitoring_notification_channel": ["sensitive_labels"]}.get(each.type, []):
            if each.values.get(name):
                yield f"{each.address}: {name} would be in the state"


def strings_in(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in strings_in(item)]
    return [value] if isinstance(value, str) else []


def only_the_service_is_public(found, _):
    for each in found:
        if not {"allUsers", "allAuthenticatedUsers"} & set(strings_in(each.values)):
            continue
        invoker = (each.type == SERVICE + "_iam_member" and each.values["role"] == "roles/run.invoker"
                   and each.values["member"] == "allUsers" and each.values["name"] == "comments")
        if not invoker:
            yield f"{each.address}: is for everybody"


def no_role_means_everything(found, _):
    for each in found:
        for text in strings_in(each.values):
            if text in ("roles/owner", "roles/editor", "roles/viewer"):
                yield f"{each.address}: {text} is everything in the project"


def nobody_has_a_key(found, _):
    for each in of_type(found, "google_service_account_key"):
        yield f"{each.address}: a key that can be copied"


def production_cannot_be_deleted(found, environment):
    if environment != "prod":
        return
    for each in of_type(found, SERVICE, "google_sql_database_instance"):
        if not each.values.get("deletion_protection"):
            yield f"{each.address}: Terraform may delete it"
    for each in of_type(found, "google_sql_database_instance"):
        if not first(each.values["settings"]).get("deletion_protection_enabled"):
            yield f"{each.address}: everybody but Terraform may delete it"


def production_outlives_a_zone_and_a_mistake(found, environment):
    for each in of_type(found, "google_sql_database_instance"):
        settings = first(each.values["settings"])
        backups = first(settings.get("backup_configuration"))
        if not (backups.get("enabled") and backups.get("point_in_time_recovery_enabled")):
            yield f"{each.address}: what was deleted by mistake cannot be had back"
        if environment == "prod" and settings.get("availability_type") != "REGIONAL":
            yield f"{each.address}: is in one zone"


def buckets_are_closed(found, _):
    for each in of_type(found, "google_storage_bucket"):
        wanted = {"uniform_bucket_level_access": True, "public_access_prevention": "enforced", "force_destroy": False}
        for name, value in wanted.items():
            if each.values.get(name) != value:
                yield f"{each.address}: {name} is not {value}"


def the_state_is_kept_and_encrypted(found, _):
    for each in of_type(found, "google_storage_bucket"):
        if each.values["name"].endswith("-state"):
            if not first(each.values.get("versioning")).get("enabled"):
                yield f"{each.address}: an overwritten state is gone"
            if not each.values.get("encryption"):
                yield f"{each.address}: no key of ours"
    for each in of_type(found, "google_kms_crypto_key"):
        if not each.values.get("rotation_period"):
            yield f"{each.address}: the key is never changed"


def tags_do_not_move(found, _):
    for each in of_type(found, "google_artifact_registry_repository"):
        if not first(each.values.get("docker_config")).get("immutable_tags"):
            yield f"{each.address}: a tag may become another image"


def databases_have_no_public_address(found, _):
    for each in of_type(found, "google_sql_database_instance"):
        address = first(first(each.values["settings"]).get("ip_configuration"))
        if address.get("ipv4_enabled") is not False:
            yield f"{each.address}: has a public address"
        if address.get("authorized_networks"):
            yield f"{each.address}: lets in networks"
        if address.get("ssl_mode") not in ("ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"):
            yield f"{each.address}: talks in the clear"


def memory_is_one_instance(found, _):
    for each in of_type(found, SERVICE):
        stores = [setting.get("value") for container in containers_of(each)
                  for setting in container.get("env") or [] if setting["name"] == "COMMENTS_STORE"]
        if stores == ["memory:"] and first(template_of(each)["scaling"]).get("max_instance_count") != 1:
            yield f"{each.address}: two instances would have other comments each"


def pipelines_come_in_by_number(found, _):
    for each in of_type(found, "google_iam_workload_identity_pool_provider"):
        condition = each.values.get("attribute_condition") or ""
        for claim in ("repository_id", "repository_owner_id"):
            if not re.search(rf"assertion\.{claim} == '\d+'", condition):
                yield f"{each.address}: any repository comes in: nothing is asked of {claim}"


UPTIME, POLICY, SLO = ("google_monitoring_uptime_check_config", "google_monitoring_alert_policy",
                       "google_monitoring_slo")


def production_is_asked_from_outside(found, environment):
    services = [each for each in of_type(found, SERVICE) if each.values["name"] == "comments"]
    checks = of_type(found, UPTIME)
    for each in services if environment == "prod" and not checks else []:
        yield f"{each.address}: nobody asks for it from outside"
    for each in checks:
        http = first(each.values.get("http_check"))
        if not (http.get("use_ssl") and http.get("validate_ssl")):
            yield f"{each.address}: a wrong certificate would be taken for well"
        if len(each.values.get("selected_regions") or []) < 3:
            yield f"{each.address}: one place's fault would be an outage"
        if not any(policy.values["severity"] == "CRITICAL" for policy in of_type(found, POLICY)
                   if policy.address.endswith(".unreachable[0]")):
            yield f"{each.address}: its failure wakes nobody"


def objectives_can_be_missed(found, _):
    for each in of_type(found, SLO):
        if not 0 < each.values["goal"] < 1:
            yield f"{each.address}: no budget"
        if not each.values.get("rolling_period_days"):
            yield f"{each.address}: over no period"


RULES = (
    services_are_probed, programs_run_as_themselves, images_stay_what_they_are, secrets_come_by_reference,
    only_the_service_is_public, no_role_means_everything, nobody_has_a_key, production_cannot_be_deleted,
    production_outlives_a_zone_and_a_mistake, buckets_are_closed, the_state_is_kept_and_encrypted,
    tags_do_not_move, databases_have_no_public_address, memory_is_one_instance, pipelines_come_in_by_number,
    production_is_asked_from_outside, objectives_can_be_missed,
)
