"""What monitoring/grafana/Dockerfile bakes in is all that Grafana needs on Google Cloud. tests/image
builds it, on a stand-in for its base."""

import re

import pytest

from generated import MONITORING, ROOT, loaded

FOLDER = MONITORING / "grafana"
LINES = (FOLDER / "Dockerfile").read_text().splitlines()
COPIES = dict(line.split()[1:] for line in LINES if line.startswith("COPY "))
# Data sources that Grafana brings, of those that we use.
BUILT_IN = {"prometheus", "stackdriver", "alertmanager"}


def where_it_is_in_the_image(path):
    for source, target in COPIES.items():
        if path == source or path.startswith(source + "/"):
            return target + path[len(source):]
    return None


def test_every_folder_and_file_that_is_copied_is_there():
    assert COPIES and all((FOLDER / source).exists() for source in COPIES)


@pytest.mark.parametrize("path", sorted(
    str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.suffix in (".json", ".yml")))
def test_every_file_is_where_grafana_looks_for_it(path):
    target = where_it_is_in_the_image(path)
    if path == "provisioning/datasources/local.yml":
        assert target is None, "the data sources of this machine would be asked on Google Cloud"
    else:
        assert target == "/etc/grafana/" + path


def test_dashboards_are_read_from_where_they_are_put():
    for provider in loaded(FOLDER / "provisioning/dashboards/comments.yml")["providers"]:
        assert provider["options"]["path"] == COPIES["dashboards"]


def test_grafana_is_the_one_that_compose_starts():
    base, = [line.split()[1] for line in LINES if line.startswith("FROM ")]
    assert base == "docker.io/" + loaded(ROOT / "compose.yaml")["services"]["grafana"]["image"]
    assert re.search(r":\d+\.\d+\.\d+$", base)


def test_data_sources_that_grafana_does_not_bring_are_installed_in_a_fixed_version():
    needed = {source["type"] for source in loaded(FOLDER / "provisioning/datasources/google.yml")["datasources"]}
    installed = dict(re.findall(r"plugins install (\S+) (\d+\.\d+\.\d+)$", "\n".join(LINES), re.MULTILINE))
    assert set(installed) == needed - BUILT_IN
