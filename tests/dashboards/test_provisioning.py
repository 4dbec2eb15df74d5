"""The files from which a Grafana sets itself up. There is no schema of them in what Grafana publishes:
the keys are those of its documentation (administration/provisioning), and each data source's."""

import os
import re
import subprocess

import dashboard_queries
import pytest
import yaml
from conftest import ROOT

GRAFANA = ROOT / "monitoring/grafana"
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["grafana"]

SOURCE_KEYS = {"name", "uid", "type", "access", "url", "isDefault", "editable", "jsonData"}
SETTINGS = {  # of each type of data source
    "prometheus": {"httpMethod", "prometheusType", "prometheusVersion", "timeInterval"},
    "alertmanager": {"implementation", "handleGrafanaManagedAlerts"},
    "stackdriver": {"authenticationType", "defaultProject"},
    "googlecloud-logging-datasource": {"authenticationType", "defaultProject"},
}
PROVIDER_KEYS = {"name", "folder", "folderUid", "type", "disableDeletion", "allowUiUpdates",
                 "updateIntervalSeconds", "options"}
FILES = sorted((GRAFANA / "provisioning/datasources").glob("*.yml"))


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def mounts():
    """Path in the container → path here."""
    return {volume.split(":")[1]: ROOT / volume.split(":")[0] for volume in COMPOSE["volumes"]}


def faults(sources):
    found = []
    for source in sources["datasources"]:
        found += set(source) - SOURCE_KEYS
        found += set(source["jsonData"]) - SETTINGS[source["type"]]
        found += {"uid", "name", "access"} - set(source)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_data_sources_has_no_unknown_key_and_one_default(path):
    sources = read(path)
    assert set(sources) == {"apiVersion", "prune", "datasources"} and sources["apiVersion"] == 1
    assert faults(sources) == []
    assert [source["type"] for source in sources["datasources"] if source.get("isDefault")] == ["prometheus"]


def test_a_mistyped_key_would_be_found():
    sources = read(FILES[0])
    sources["datasources"][0]["jsonData"]["authType"] = "gce"
    sources["datasources"][0]["ulr"] = ""
    assert sorted(faults(sources)) == ["authType", "ulr"]


def test_every_type_of_data_source_that_a_dashboard_asks_for_is_there_on_google_cloud():
    asked = {variable["query"] for dashboard in dashboard_queries.dashboards()
             for variable in dashboard["templating"]["list"] if variable["type"] == "datasource"}
    google = {source["type"] for source in read(GRAFANA / "provisioning/datasources/google.yml")["datasources"]}
    assert asked == {"prometheus", "googlecloud-logging-datasource"} <= google


def test_nothing_secret_is_in_a_file():
    for path in FILES:
        assert "secureJsonData" not in path.read_text(encoding="utf-8")


def test_compose_gives_a_value_for_every_place_in_its_data_sources():
    text = (GRAFANA / "provisioning/datasources/local.yml").read_text(encoding="utf-8")
    places = set(re.findall(r"\$\{(\w+)\}", text))
    assert places and places <= set(COMPOSE["environment"])


def test_compose_shows_the_dashboards_where_the_provider_looks():
    [provider] = read(GRAFANA / "provisioning/dashboards/comments.yml")["providers"]
    assert set(provider) <= PROVIDER_KEYS and provider["type"] == "file"
    assert mounts()[provider["options"]["path"]] == GRAFANA / "dashboards"
    assert mounts()["/etc/grafana/provisioning/dashboards"] == GRAFANA / "provisioning/dashboards"
    home = COMPOSE["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (GRAFANA / "dashboards" / home.removeprefix(provider["options"]["path"] + "/")).exists()


@pytest.mark.parametrize("given", ["", "let me in"])
def test_the_admins_password_is_what_was_given_or_one_that_nobody_knows(tmp_path, given):
    start = tmp_path / "run.sh"
    start.write_text('#!/bin/sh\nprintf %s "$GF_SECURITY_ADMIN_PASSWORD"\n')
    start.chmod(0o755)
    shell, flag, script = COMPOSE["entrypoint"]
    script = script.replace("$$", "$").replace("/run.sh", str(start))
    passwords = [subprocess.run([shell, flag, script], check=True, stdout=subprocess.PIPE, text=True,
                                env={**os.environ, "GRAFANA_ADMIN_PASSWORD": given}).stdout for _ in range(2)]
    if given:
        assert passwords == [given, given]
    else:
        assert len(set(passwords)) == 2 and all(len(password) == 32 for password in passwords)
