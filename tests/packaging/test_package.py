"""The package and the tarball on a clean Debian with a systemd that runs, from installing to purging; each test goes on
from the one before. On Debian 12 all of it twice: there and on Debian 13."""

import os
import re
import shutil
import subprocess
import time

import pytest

import machine
from machine import ROOT

DATA = "/var/lib/comments/comments.db"


@pytest.fixture(scope="module")
def tarball():
    return machine.package("tarball")


@pytest.fixture(scope="module")
def clean(suite):
    with machine.machine(suite) as made:
        yield made


def version():
    """What a program of this commit says that it is, but for system and compiler."""
    said = subprocess.run([os.environ["COMMENTS_BINARY"], "--version"], capture_output=True, text=True, check=True).stdout
    head = subprocess.run(["git", "-C", ROOT, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout
    assert head.strip() in said
    return said.partition(",")[0]


def test_the_tarball_runs_where_nothing_of_it_is_installed(clean, tarball):
    shutil.copy(tarball, clean.path("/root"))
    clean.do("tar", "--extract", "--gzip", "--strip-components=1", "--directory=/usr/local", f"--file=/root/{tarball.name}")
    assert clean.do("/usr/local/bin/comments", "--version").startswith(version())
    found = re.findall(r"=> (\S+)", clean.do("ldd", "/usr/local/bin/comments"))
    of_the_system = sorted({path.rsplit("/", 1)[1] for path in found if not path.startswith("/usr/local/")})
    assert of_the_system == ["libc.so.6", "libm.so.6", "libresolv.so.2"]
    with clean.started("/usr/local/bin/comments", "serve", "--store", "memory:"):
        clean.wait_for_service()
        assert clean.do("comments", "list", "1", "--json") == "[]\n"
    about = clean.path("/usr/local/share/doc/comments/ABOUT").read_text()
    assert re.search(r"glibc 2\.\d+ or later", about)
    clean.do("sh", "-c", "rm -r /usr/local/lib/comments /usr/local/bin/comments /usr/local/share/*")


def install(clean, deb):
    shutil.copy(deb, clean.path("/root/comments.deb"))
    return clean.do("apt-get", "install", "--yes", "--no-install-recommends", "/root/comments.deb")


def test_it_installs(clean, deb):
    clean.do("apt-get", "update")
    said = install(clean, deb)
    assert not re.search("warning|deprecated|error", said, re.IGNORECASE), said
    assert clean.do("dpkg", "--verify", "comments") == ""
    assert clean.do("stat", "--format=%U:%G %a", "/var/lib/comments") == "comments:comments 750\n"
    assert clean.do("getent", "passwd", "comments").endswith(":/var/lib/comments:/usr/sbin/nologin\n")


def test_nothing_is_served_that_nobody_has_asked_for(clean):
    assert clean.run("systemctl", "is-enabled", "comments").stdout == "disabled\n"
    assert clean.state("comments") == "inactive"


def test_its_version_is_the_commits_and_the_projects(clean, suite):
    said = clean.do("comments", "--version")
    assert said.startswith(version())
    number = {"bookworm": "12", "trixie": "13"}[suite]
    assert clean.do("dpkg-query", "--show", "--showformat=${Version}", "comments") == f"{said.split()[1]}+deb{number}"


def test_what_belongs_to_it_is_there(clean):
    listed = clean.do("dpkg", "--listfiles", "comments").split()
    for file in ("/usr/bin/comments", "/usr/lib/systemd/system/comments.service", "/usr/share/man/man1/comments.1.gz",
                 "/usr/lib/systemd/system/comments-backup.service", "/usr/lib/systemd/system/comments-backup.timer",
                 "/usr/share/bash-completion/completions/comments", "/usr/share/zsh/vendor-completions/_comments",
                 "/usr/share/fish/vendor_completions.d/comments.fish", "/usr/share/comments/ansible/site.yml",
                 "/usr/share/doc/comments/copyright"):
        assert file in listed
    assert "/etc/comments/comments.toml" in clean.do("dpkg-query", "--show", "--showformat=${Conffiles}", "comments")
    assert clean.do("zcat", "/usr/share/man/man1/comments.1.gz") == clean.do("comments", "manual")
    for shell, file in (("bash", "/usr/share/bash-completion/completions/comments"),
                        ("zsh", "/usr/share/zsh/vendor-completions/_comments"),
                        ("fish", "/usr/share/fish/vendor_completions.d/comments.fish")):
        assert clean.path(file).read_text() == clean.do("comments", "completions", shell)


@pytest.mark.parametrize("unit", ["comments.service", "comments-backup.service"])
def test_a_unit_is_sound_and_little_exposed(clean, unit):
    assert clean.do("systemd-analyze", "verify", "--man=no", unit) == ""
    shown = clean.do("systemd-analyze", "security", "--threshold=15", "--no-pager", unit)
    print(shown.strip().splitlines()[-1])


def test_it_serves_as_its_user_within_its_bounds(clean):
    clean.do("systemctl", "enable", "--now", "comments")
    clean.wait_for_service()
    clean.do("comments", "post", "1", "--email", "reader@example.com", "kept")
    assert '"kept"' in clean.do("comments", "list", "1", "--json")
    assert clean.do("stat", "--format=%U", DATA) == "comments\n"
    process = clean.state("comments", "MainPID")
    status = dict(line.split(":\t", 1) for line in clean.do("cat", f"/proc/{process}/status").splitlines())
    assert (status["NoNewPrivs"], status["Seccomp"], status["CapBnd"]) == ("1", "2", "0000000000000000")
    assert clean.do("nsenter", f"--target={process}", "--mount", "sh", "-c", "touch /etc/x || echo refused").strip() == "refused"


def test_its_log_is_the_journals(clean):
    assert "serving" in clean.do("journalctl", "--no-pager", "--unit=comments")


def test_a_setting_that_makes_no_sense_is_told_once_and_not_tried_again(clean):
    settings = clean.path("/etc/comments/comments.toml")
    good = settings.read_text()
    settings.write_text(good.replace('"raw"', '"everything"'))
    clean.run("systemctl", "restart", "comments")
    wait_for(lambda: clean.state("comments") == "failed")
    assert clean.state("comments", "NRestarts") == "0"
    assert "email-visibility" in clean.do("journalctl", "--no-pager", "--unit=comments", "--lines=20")
    settings.write_text(good)
    clean.do("systemctl", "restart", "comments")
    clean.wait_for_service()


def test_killed_it_is_there_again_with_every_comment(clean):
    process = clean.state("comments", "MainPID")
    clean.do("systemctl", "kill", "--signal=KILL", "comments")
    wait_for(lambda: clean.state("comments", "MainPID") not in ("0", process))
    clean.wait_for_service()
    assert '"kept"' in clean.do("comments", "list", "1", "--json")


def test_an_upgrade_keeps_changed_settings_and_starts_anew_what_runs(clean, deb):
    settings = clean.path("/etc/comments/comments.toml")
    settings.write_text(settings.read_text().replace('"raw"', '"hidden"'))
    before = clean.state("comments", "MainPID")
    clean.do("dpkg", "--install", "/root/comments.deb")
    assert clean.state("comments", "MainPID") not in ("0", before)
    clean.wait_for_service()
    assert '"hidden"' in settings.read_text()
    assert '"email": ""' in clean.do("comments", "list", "1", "--json").replace('":"', '": "')


def test_an_upgrade_starts_nothing_that_somebody_stopped(clean):
    clean.do("systemctl", "stop", "comments")
    clean.do("dpkg", "--install", "/root/comments.deb")
    assert clean.state("comments") == "inactive"
    clean.do("systemctl", "start", "comments")


def test_removed_it_stops_and_keeps_the_comments(clean, deb):
    clean.do("apt-get", "remove", "--yes", "comments")
    assert clean.state("comments") == "inactive" and not clean.exists("/usr/bin/comments")
    assert clean.exists(DATA) and clean.exists("/etc/comments/comments.toml")
    install(clean, deb)
    clean.do("systemctl", "start", "comments")
    clean.wait_for_service()
    assert '"kept"' in clean.do("comments", "list", "1", "--json")


def test_purged_nothing_of_it_is_left(clean):
    clean.do("apt-get", "purge", "--yes", "comments")
    left = clean.do("find", "/etc", "/usr", "/var/lib", "/var/cache", "-path", "*comments*")
    assert left == ""
    assert clean.run("getent", "passwd", "comments").returncode == 2
    assert clean.do("systemctl", "list-units", "--failed", "--plain", "--no-legend") == ""


def test_lintian_has_nothing_against_it(clean):
    # Settings of apt that this machine has of other packages are there already.
    clean.do("apt-get", "install", "--yes", "--no-install-recommends", "--option=Dpkg::Options::=--force-confold", "lintian")
    done = clean.run("lintian", "--allow-root", "--fail-on", "none", "--display-info", "/root/comments.deb")
    # Debian 12's wants a script for inits that cannot bound a service, and takes halves of words in the program for words.
    said = [line for line in done.stdout.splitlines() if not re.search(
        r"package-supports-alternative-init-but-no-init\.d-script|spelling-error-in-binary (coment|ment) ", line)]
    assert (done.returncode, said) == (0, []), done.stderr


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "not within half a minute"
        time.sleep(0.05)
