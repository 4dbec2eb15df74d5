"""The role in ansible/ on a bare Debian, as cloud-init runs it: on the host itself, from the package. What systemd
would start is started by hand: the role's own reloads and restarts have no systemd to speak to."""

import json
import re
import shutil
import subprocess

import pytest

import machine
from machine import ROOT

INSIDE, READER, PROMETHEUS = "10.77.0.1", "10.77.0.2", "10.77.0.3"
VARIABLES = {
    "comments_package": "/var/cache/comments.deb",
    "comments_server_name": "comments.example.com",
    "comments_email_visibility": "masked",
    "comments_settings": {"rate-limit-address": "600/min"},
    "comments_https_ranges": [f"{READER}/32"],
    "comments_ssh_ranges": [],
    "comments_metrics_ranges": [f"{PROMETHEUS}/32"],
}
SITE = "/usr/share/comments/ansible/site.yml"


@pytest.fixture(scope="module")
def bare(deb):
    with machine.machine("ansible-core", "python3-apt", "systemd") as made:
        shutil.copy(deb, made.path("/var/cache/comments.deb"))
        yield made


def play(host, variables, site=SITE):
    """How many tasks have changed something, and what was said."""
    host.path("/etc/host.json").write_text(json.dumps(variables))
    said = host.do("ansible-playbook", "--connection=local", "--inventory", "localhost,", "--extra-vars",
                   "@/etc/host.json", site, online=True, environment={"ANSIBLE_NOCOLOR": "1"})
    recap = re.search(r"^localhost .* changed=(\d+) .* failed=(\d+)", said, re.MULTILINE)
    assert recap and recap[2] == "0", said
    return int(recap[1]), said


def done_in(said):
    """The tasks that changed something, and the handlers that they called."""
    names, name = [], None
    for line in said.splitlines():
        found = re.match(r"(TASK|RUNNING HANDLER) \[comments : (.*)\]", line)
        if found:
            name = found[2]
            if found[1] == "RUNNING HANDLER":
                names.append(name)
        elif line.startswith("changed:") and name not in names:
            names.append(name)
    return names


def test_a_bare_host_becomes_a_node(bare):
    # The role's own copy: the package, which has it too, is what it installs.
    shutil.copytree(ROOT / "ansible", bare.path("/root/ansible"))
    changed, _ = play(bare, VARIABLES, "/root/ansible/site.yml")
    assert changed > 5
    for file in ("/usr/bin/comments", "/usr/sbin/nginx", "/etc/nginx/conf.d/comments.conf",
                 "/etc/systemd/system/multi-user.target.wants/comments.service",
                 "/etc/systemd/system/sysinit.target.wants/nftables.service"):
        assert bare.exists(file), file
    assert not bare.exists("/etc/nginx/sites-enabled/default")
    assert bare.path("/etc/comments/tls.key").stat().st_mode & 0o077 == 0


def test_a_second_run_changes_nothing(bare):
    assert play(bare, VARIABLES)[0] == 0


def test_what_is_changed_by_hand_is_put_right(bare):
    bare.path("/etc/nftables.conf").write_text("flush ruleset\n")
    _, said = play(bare, VARIABLES)
    assert done_in(said) == ["Write the firewall's rules", "Load the firewall"]
    assert play(bare, VARIABLES)[0] == 0


def test_a_variable_changes_what_it_is_for(bare):
    _, said = play(bare, {**VARIABLES, "comments_email_visibility": "hidden"})
    assert done_in(said) == ["Write the settings", "Restart comments"]
    play(bare, VARIABLES)


@pytest.mark.parametrize(("name", "value"), [("comments_email_visibility", "shown"), ("comments_trusted_proxies", "few")])
def test_a_variable_that_makes_no_sense_is_refused(bare, name, value):
    bare.path("/etc/host.json").write_text(json.dumps({**VARIABLES, name: value}))
    done = bare.run("ansible-playbook", "--connection=local", "--inventory", "localhost,", "--extra-vars",
                    "@/etc/host.json", SITE)
    assert done.returncode != 0 and name in done.stdout


def test_the_units_are_sound(bare):
    done = subprocess.run(["systemd-analyze", "verify", f"--root={bare.folder}", "--man=no", "comments.service",
                           "nginx.service", "nftables.service"], capture_output=True, text=True, check=False)
    assert not [line for line in done.stderr.splitlines() if re.search("comments|nginx|nftables", line)], done.stderr


CONNECT = """
import socket, sys
source, port = sys.argv[1], int(sys.argv[2])
try:
    socket.create_connection(("{inside}", port), timeout=3, source_address=(source, 0)).close()
    print("in")
except TimeoutError:
    print("dropped")
""".format(inside=INSIDE)

ASK = """
import http.client, ssl, sys
source, path = sys.argv[1:]
to = http.client.HTTPSConnection("{inside}", context=ssl._create_unverified_context(), source_address=(source, 0),
                                 timeout=20)
to.request("GET", path, headers=dict(Host="comments.example.com"))
answer = to.getresponse()
print(answer.status, answer.headers["Strict-Transport-Security"])
""".format(inside=INSIDE)


def outside(process, script, *words):
    done = subprocess.run(["nsenter", f"--target={process}", "--net", "/usr/bin/python3", "-c", script, *map(str, words)],
                          capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def node(bare):
    """What systemd would start, started; and who is beside it."""
    with (bare.unit(), bare.started("nginx", "-g", "daemon off;"), bare.started("python3", "-m", "http.server", "22"),
          bare.neighbour(INSIDE, READER, PROMETHEUS) as beside):
        bare.do("python3", "-c", "import socket, time\nfor port in 443, 22:\n  for _ in range(600):\n    try:\n"
                "      socket.create_connection(('127.0.0.1', port)).close(); break\n"
                "    except ConnectionRefusedError:\n      time.sleep(0.05)\n")
        yield beside


def test_without_the_firewall_everybody_would_be_let_in(node):
    for port in (443, 9464, 22):
        assert outside(node, CONNECT, READER, port) == "in"


def test_the_firewall_lets_in_who_was_named(bare, node):
    bare.do("nft", "--file", "/etc/nftables.conf")
    assert outside(node, CONNECT, READER, 443) == "in"
    assert outside(node, CONNECT, PROMETHEUS, 9464) == "in"
    for source, port in ((PROMETHEUS, 443), (READER, 9464), (READER, 22), (PROMETHEUS, 22), (READER, 8000)):
        assert outside(node, CONNECT, source, port) == "dropped", (source, port)


def test_readers_are_answered_through_nginx_by_tls(bare, node):
    reader = {"SSL_CERT_FILE": "/etc/comments/tls.crt"}
    url = ["--url", "https://comments.example.com"]
    bare.do("comments", "post", "1", "--email", "reader@example.com", "hello", *url, environment=reader)
    shown = json.loads(bare.do("comments", "list", "1", "--json", *url, environment=reader))
    assert [(one["comment"], one["email"]) for one in shown] == [("hello", "r***@example.com")]
    assert outside(node, ASK, READER, "/health/ready") == "200 max-age=31536000"
