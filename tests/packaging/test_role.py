"""The role in ansible/ on a bare Debian with a systemd that runs, as a machine's start runs it: on the host itself, from
the package. On Debian 12 all of it twice: there and on Debian 13."""

import json
import re
import shutil
import subprocess

import pytest

import machine
from machine import ROOT

INSIDE, READER, PROMETHEUS, STRANGER = "10.77.0.1", "10.77.0.2", "10.77.0.4", "10.77.0.5"
VARIABLES = {
    "comments_package": "/var/cache/comments.deb",
    "comments_server_name": "comments.example.com",
    "comments_email_visibility": "masked",
    "comments_settings": {"rate-limit-address": "600/min"},
    "comments_https_ranges": [f"{READER}/32", f"{READER}/31", "2001:db8::/32"],  # one is in the other
    "comments_ssh_ranges": [],
    "comments_metrics_ranges": [f"{PROMETHEUS}/32"],
}
SITE = "/usr/share/comments/ansible/site.yml"


@pytest.fixture(scope="module")
def bare(suite, deb):
    with machine.machine(suite, "ansible-core", "python3-apt") as made:
        shutil.copy(deb, made.path("/var/cache/comments.deb"))
        yield made


def play(host, variables, site=SITE, *words):
    """How many tasks have changed something, and what was said."""
    host.path("/etc/host.json").write_text(json.dumps(variables))
    said = host.do("ansible-playbook", "--connection=local", "--inventory", "localhost,", "--extra-vars",
                   "@/etc/host.json", site, *words, environment={"ANSIBLE_NOCOLOR": "1"})
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
    for unit in ("comments.service", "nginx.service", "nftables.service", "unattended-upgrades.service", "comments-backup.timer"):
        assert bare.state(unit) == "active", unit
        assert bare.do("systemctl", "is-enabled", unit) == "enabled\n"
    assert bare.do("systemctl", "list-units", "--failed", "--plain", "--no-legend") == ""
    assert not bare.exists("/etc/nginx/sites-enabled/default")
    assert bare.path("/etc/comments/tls.key").stat().st_mode & 0o077 == 0


def test_a_second_run_changes_nothing(bare):
    before = [bare.state(unit, "MainPID") for unit in ("comments", "nginx")]
    assert play(bare, VARIABLES)[0] == 0
    assert [bare.state(unit, "MainPID") for unit in ("comments", "nginx")] == before


def test_what_is_changed_by_hand_is_put_right(bare):
    bare.path("/etc/nftables.conf").write_text("flush ruleset\n")
    _, said = play(bare, VARIABLES)
    assert done_in(said) == ["Write the firewall's rules", "Load the firewall"]
    assert play(bare, VARIABLES)[0] == 0


def test_what_would_be_changed_can_be_asked_for(bare):
    """--check: it is shown, and is not done."""
    before = bare.path("/etc/comments/comments.toml").read_text()
    changed, said = play(bare, {**VARIABLES, "comments_email_visibility": "hidden"}, SITE, "--check", "--diff")
    assert changed > 0 and '+email-visibility = "hidden"' in said
    assert bare.path("/etc/comments/comments.toml").read_text() == before
    assert play(bare, VARIABLES, SITE, "--check")[0] == 0


def test_a_variable_changes_what_it_is_for(bare):
    before = bare.state("comments", "MainPID")
    _, said = play(bare, {**VARIABLES, "comments_email_visibility": "hidden"})
    assert done_in(said) == ["Write the settings", "Restart comments"]
    assert bare.state("comments", "MainPID") not in ("0", before)
    play(bare, VARIABLES)


@pytest.mark.parametrize(("name", "value"), [("comments_email_visibility", "shown"), ("comments_trusted_proxies", "few")])
def test_a_variable_that_makes_no_sense_is_refused(bare, name, value):
    bare.path("/etc/host.json").write_text(json.dumps({**VARIABLES, name: value}))
    done = bare.run("ansible-playbook", "--connection=local", "--inventory", "localhost,", "--extra-vars",
                    "@/etc/host.json", SITE)
    assert done.returncode != 0 and name in done.stdout


def test_the_units_are_sound(bare):
    done = bare.run("systemd-analyze", "verify", "--man=no", "comments.service", "nginx.service", "nftables.service",
                    "comments-backup.service", "comments-backup.timer")
    assert not [line for line in done.stderr.splitlines() if re.search("comments|nginx|nftables", line)], done.stderr


def test_nginx_says_nothing_of_its_settings_and_has_room_for_thousands(bare):
    assert bare.run("nginx", "-t").stderr.splitlines() == [
        "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok",
        "nginx: configuration file /etc/nginx/nginx.conf test is successful"]
    assert "worker_connections 16384;" in bare.do("nginx", "-T")


def test_security_updates_come_by_themselves_and_are_used(bare):
    known = bare.do("apt-config", "dump")
    for what in ("Update-Package-Lists", "Unattended-Upgrade"):
        assert f'APT::Periodic::{what} "1";' in known
    before = bare.state("comments", "MainPID")
    # As an upgrade puts it there: another file under the same name.
    (name,) = [file for file in bare.do("dpkg-query", "--listfiles", "libpq5").split() if file.endswith("/libpq.so.5")]
    library = bare.do("readlink", "--canonicalize", name).strip()
    bare.do("sh", "-c", f"cp -a {library} {library}.new && mv {library}.new {library}")
    bare.do("needrestart", "-l")
    assert bare.state("comments", "MainPID") not in ("0", before)
    bare.wait_for_service()


def test_the_store_is_copied_and_old_copies_go(bare):
    bare.do("comments", "post", "1", "--email", "reader@example.com", "copied")
    old = "/var/lib/comments/backups/20250101T000000Z.db"
    bare.do("systemctl", "start", "comments-backup.service")
    bare.do("touch", "--date=20 days ago", old)
    bare.do("sleep", "1.1")  # a second is a name
    bare.do("systemctl", "start", "comments-backup.service")
    copies = bare.do("find", "/var/lib/comments/backups", "-type", "f", "-printf", "%p %u %m\n").splitlines()
    assert len(copies) == 2 and old not in " ".join(copies)
    assert all(copy.endswith(".db comments 600") for copy in copies)
    bare.do("comments", "export", "/root/copied.ndjson", "--store", f"sqlite:{copies[0].split()[0]}")
    assert '"copied"' in bare.path("/root/copied.ndjson").read_text()


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

# What is agreed on with who offers one TLS version, a list of ciphers, and HTTP/2 before 1.1.
AGREE = """
import socket, ssl, sys
source, version, ciphers = sys.argv[1:]
context = ssl._create_unverified_context()
context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
context.set_ciphers(ciphers)
context.set_alpn_protocols(["h2", "http/1.1"])
plain = socket.create_connection(("{inside}", 443), timeout=20, source_address=(source, 0))
try:
    print(context.wrap_socket(plain, server_hostname="comments.example.com").selected_alpn_protocol())
except (ssl.SSLError, ConnectionResetError):
    print("refused")
""".format(inside=INSIDE)

# Follows a thread, and prints the first event that comes after it said so.
FOLLOW = """
import http.client, ssl, sys
to = http.client.HTTPSConnection("{inside}", context=ssl._create_unverified_context(), source_address=(sys.argv[1], 0),
                                 timeout=20)
to.request("GET", "/api/comment/stream/followed", headers=dict(Host="comments.example.com"))
answer = to.getresponse()
print(answer.status, flush=True)
for line in answer:
    if line.startswith(b"data:"):
        print(line.decode(), flush=True)
        break
""".format(inside=INSIDE)

# An answer of DHCPv6, as a router sends it: from its link-local address, to ours.
LEASE = """
import socket, sys
to = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
to.bind(("::", 547))
to.sendto(b"lease", (sys.argv[1], 546, 0, socket.if_nametoindex("outside")))
"""


def outside(process, script, *words):
    done = subprocess.run(["nsenter", f"--target={process}", "--net", "/usr/bin/python3", "-c", script, *map(str, words)],
                          capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def node(bare):
    """Who is beside it, on its network. In place of SSH: something that listens there."""
    with (bare.started("python3", "-m", "http.server", "22"), bare.neighbour(INSIDE, READER, PROMETHEUS, STRANGER) as beside):
        bare.do("python3", "-c", "import socket, time\nfor _ in range(600):\n    try:\n"
                "      socket.create_connection(('127.0.0.1', 22)).close(); break\n"
                "    except ConnectionRefusedError:\n      time.sleep(0.05)\n")
        yield beside


def test_without_the_firewall_everybody_would_be_let_in(bare, node):
    bare.do("nft", "flush", "ruleset")
    for port in (443, 9464, 22):
        assert outside(node, CONNECT, READER, port) == "in"


def test_the_firewall_lets_in_who_was_named(bare, node):
    bare.do("systemctl", "reload", "nftables")
    assert outside(node, CONNECT, READER, 443) == "in"
    assert outside(node, CONNECT, PROMETHEUS, 9464) == "in"
    for source, port in ((STRANGER, 443), (READER, 9464), (READER, 22), (PROMETHEUS, 22), (READER, 8000)):
        assert outside(node, CONNECT, source, port) == "dropped", (source, port)


def test_the_firewall_lets_in_what_ipv6_needs(bare, node):
    address = json.loads(bare.do("ip", "-json", "-6", "address", "show", "dev", "inside"))[0]["addr_info"][0]["local"]
    with subprocess.Popen(bare.words("timeout", "20", "python3", "-c",
                                     "import socket; at = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)\n"
                                     "at.bind(('::', 546)); print('ready', flush=True); print(at.recv(9).decode())"),
                          stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout.readline() == "ready\n"
        outside(node, LEASE, address)  # a neighbour is found by ICMPv6 on the way
        assert client.stdout.readline() == "lease\n"


def test_readers_are_answered_through_nginx_by_tls(bare, node):
    reader = {"SSL_CERT_FILE": "/etc/comments/tls.crt"}
    url = ["--url", "https://comments.example.com"]
    bare.do("comments", "post", "2", "--email", "reader@example.com", "hello", *url, environment=reader)
    shown = json.loads(bare.do("comments", "list", "2", "--json", *url, environment=reader))
    assert [(one["comment"], one["email"]) for one in shown] == [("hello", "r***@example.com")]
    assert outside(node, ASK, READER, "/health/ready") == "200 max-age=31536000"


@pytest.mark.parametrize(("version", "ciphers", "agreed"), [
    ("TLSv1_3", "DEFAULT", "h2"), ("TLSv1_2", "ECDHE+AESGCM", "h2"), ("TLSv1_2", "AES256-SHA256:AES128-SHA", "refused"),
    ("TLSv1_2", "AES128-GCM-SHA256", "refused"), ("TLSv1_1", "DEFAULT@SECLEVEL=0", "refused")])
def test_what_is_agreed_on_is_new_enough(node, version, ciphers, agreed):
    assert outside(node, AGREE, READER, version, ciphers) == agreed


def test_who_follows_a_thread_is_told_at_once(bare, node):
    with subprocess.Popen(["nsenter", f"--target={node}", "--net", "/usr/bin/python3", "-c", FOLLOW, READER],
                          stdout=subprocess.PIPE, text=True) as follower:
        assert follower.stdout.readline() == "200\n"
        bare.do("comments", "post", "followed", "--email", "reader@example.com", "news")
        assert '"news"' in follower.stdout.readline()


def test_without_a_file_there_is_nothing_to_copy(bare):
    play(bare, {**VARIABLES, "comments_store": "memory:"})
    assert bare.state("comments-backup.timer") == "inactive"
    assert bare.run("systemctl", "is-enabled", "comments-backup.timer").stdout == "disabled\n"
