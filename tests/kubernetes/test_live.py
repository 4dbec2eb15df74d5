"""The program, started with what a pod would be given. In place of a pod: a process on the loopback address."""

import re

import pytest
import service
from policy import DRAIN_LIMIT, PROBES
from rendered import ROOT, of_kind, overlay, settings, the

# What may not be as in a pod: other ports and addresses, no time to wait.
HERE = {"PORT": "0", "COMMENTS_HOST": "127.0.0.1", "COMMENTS_ADMIN_HOST": "127.0.0.1", "COMMENTS_ADMIN_PORT": "0",
        "COMMENTS_DRAIN_DELAY": "10ms"}


@pytest.fixture
def serve(tmp_path):
    started = []

    def start(**variables):
        one = service.launch(tmp_path, ports=(), **variables)
        started.append(one)
        return one
    yield start
    for one in started:
        one.kill()


def test_a_pod_of_dev_answers_its_probes_and_is_told_apart_by_its_revision(serve):
    one = serve(**{**settings(overlay("dev")), **HERE, "COMMENTS_REVISION": "6bf5d9c7f8"})
    one.wait_until_serving()
    for path in PROBES.values():
        assert one.get(path).status == 200, path
    metrics = service.http.client.HTTPConnection(one.find_in_log("serving")["admin_url"].removeprefix("http://"), timeout=20)
    path = the(overlay("dev"), "PodMonitoring")["spec"]["endpoints"][0]["path"]
    answer = service.exchange(metrics, "GET", path)
    metrics.close()
    assert answer.status == 200 and b'revision_name="6bf5d9c7f8"' in answer.body
    assert one.get(path).status == 404  # not on the API's port
    assert one.terminate() == 0


def test_the_link_that_kubernetes_makes_for_a_service_would_stop_it(serve):
    """Why enableServiceLinks is false."""
    name = the(overlay("prod"), "Service")["metadata"]["name"].upper()
    one = serve(**{**settings(overlay("dev")), **HERE, f"{name}_PORT": "tcp://10.0.0.1:80"})
    assert one.wait_for_exit() == 2
    assert f"{name}_PORT" in one.errors()


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_the_program_knows_every_setting(command, tmp_path):
    known = {"COMMENTS_REVISION", *("COMMENTS_" + option.upper().replace("-", "_") for option in
                                    re.findall(r"--([a-z-]+)", service.run_comments(tmp_path, command, "--help").stdout))}
    # --store-password-file's own words: the password itself is read from this.
    known.add("COMMENTS_STORE_PASSWORD")
    for name in ("dev", "staging", "prod", "prod-canary"):
        documents = overlay(name)
        named = {one["name"] for document in of_kind(documents, {"serve": "Deployment", "migrate": "Job"}[command])
                 for one in document["spec"]["template"]["spec"]["containers"][0]["env"]}
        if command == "serve":
            named |= set(settings(documents))
        assert {one for one in named if one.startswith("COMMENTS_")} <= known


def test_productions_other_settings_are_accepted(serve):
    one = serve(**{**settings(overlay("prod")), **HERE, "COMMENTS_STORE": "memory:"})
    one.wait_until_serving()
    assert one.terminate() == 0


def test_a_drain_is_as_long_as_the_rules_think():
    text = (ROOT / "core/net/reactor.h").read_text(encoding="utf-8")
    (limit,) = re.findall(r"drain_limit\{([0-9']+)\}", text)
    assert int(limit.replace("'", "")) == DRAIN_LIMIT * 1000
