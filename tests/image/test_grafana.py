"""monitoring/grafana/Dockerfile, built on a stand-in for its base, which is on a registry that need not be reachable:
Debian with a `grafana` that writes down what it was asked. Every step of the file runs, and our files are where
Grafana looks for them. Whether Grafana takes them, and whether there is such a plugin, this cannot show: the workflow
`grafana` starts the real one."""

import os
import pathlib
import re
import shlex
import subprocess

import pytest

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "monitoring/grafana"
BASE = "localhost/comments-grafana-stand-in"
IMAGE = "localhost/comments-grafana-test"
ASKED = "/asked"


def buildah(*words):
    return subprocess.run([*shlex.split(os.environ["COMMENTS_BUILDAH"]), *words], cwd=FOLDER, text=True, timeout=600,
                          stdout=subprocess.PIPE, check=True).stdout.strip()


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory):
    program = tmp_path_factory.mktemp("grafana") / "grafana"
    program.write_text(f'#!/bin/sh\nset -eu\necho "$*" >>{ASKED}\n', encoding="utf-8")
    program.chmod(0o755)
    container = buildah("from", "--pull=missing", "docker.io/library/debian:trixie-slim")
    buildah("copy", container, str(program), "/usr/bin/grafana")
    buildah("commit", "--quiet", "--rm", container, BASE)
    yield BASE
    buildah("rmi", "--force", BASE)


@pytest.fixture(scope="module")
def root(stand_in):
    """The files of what was built."""
    buildah("build", "--pull=never", "--isolation", "chroot", "--from", stand_in, "--tag", IMAGE, ".")
    container = buildah("from", "--pull=never", IMAGE)
    yield pathlib.Path(buildah("mount", container))
    buildah("rm", container)
    buildah("rmi", "--force", IMAGE)


def test_every_dashboard_and_setting_is_where_grafana_looks_for_it(root):
    ours = [file for folder in ("dashboards", "provisioning") for file in (FOLDER / folder).rglob("*")
            if file.is_file() and file.name != "local.yml"]
    assert len(ours) > 10
    assert [file for file in ours
            if (root / "etc/grafana" / file.relative_to(FOLDER)).read_bytes() != file.read_bytes()] == []


def test_no_data_source_of_this_machine_is_in_it(root):
    assert sorted(file.name for file in (root / "etc/grafana/provisioning/datasources").iterdir()) == ["google.yml"]


def test_a_plugin_is_asked_for_by_its_version_and_where_grafana_keeps_them(root):
    asked, = (root / ASKED.lstrip("/")).read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"cli --pluginsDir /var/lib/grafana/plugins plugins install googlecloud-logging-datasource \d+\.\d+\.\d+",
                        asked)
