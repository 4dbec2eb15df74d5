"""The package and the tarball on a clean Debian, from installing to purging; each test goes on from the one before."""

import os
import re
import shutil
import subprocess

import pytest

import machine
from machine import ROOT

DATA = "/var/lib/comments/comments.db"


@pytest.fixture(scope="module")
def clean():
    with machine.machine("systemd") as made:
        yield made


def version_of(program):
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    head = subprocess.run(["git", "-C", ROOT, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout
    assert head.strip() in said  # the commit it is made of
    return said


def test_the_tarball_runs_where_nothing_of_it_is_installed(clean):
    tarball = machine.package("tarball")
    shutil.copy(tarball, clean.path("/root"))
    clean.do("tar", "--extract", "--gzip", "--strip-components=1", "--directory=/usr/local", f"--file=/root/{tarball.name}")
    assert clean.do("/usr/local/bin/comments", "--version") == version_of(os.environ["COMMENTS_BINARY"])
    found = re.findall(r"=> (\S+)", clean.do("ldd", "/usr/local/bin/comments"))
    of_the_system = sorted({path.rsplit("/", 1)[1] for path in found if not path.startswith("/usr/local/")})
    assert of_the_system == ["libc.so.6", "libm.so.6", "libresolv.so.2"]
    with clean.started("/usr/local/bin/comments", "serve", "--store", "memory:") as serving:
        clean.wait_for_service(serving)
        assert clean.do("comments", "list", "1", "--json") == "[]\n"
    about = clean.path("/usr/local/share/doc/comments/ABOUT").read_text()
    assert re.search(r"glibc 2\.\d+ or later", about)
    clean.do("sh", "-c", "rm -r /usr/local/lib/comments /usr/local/bin/comments /usr/local/share/*")


def install(clean, deb):
    shutil.copy(deb, clean.path("/root/comments.deb"))
    return clean.do("apt-get", "install", "--yes", "--no-install-recommends", "/root/comments.deb", online=True)


def test_it_installs(clean, deb):
    clean.do("apt-get", "update", online=True)
    install(clean, deb)
    assert clean.do("dpkg", "--verify", "comments") == ""
    assert clean.do("stat", "--format=%U:%G %a", "/var/lib/comments") == "comments:comments 750\n"
    assert clean.do("getent", "passwd", "comments").endswith(":/var/lib/comments:/usr/sbin/nologin\n")


def test_nothing_is_served_that_nobody_has_asked_for(clean):
    assert not clean.exists("/etc/systemd/system/multi-user.target.wants/comments.service")


def test_its_version_is_the_commits_and_the_projects(clean):
    said = clean.do("comments", "--version")
    assert said == version_of(os.environ["COMMENTS_BINARY"])
    assert clean.do("dpkg-query", "--show", "--showformat=${Version}", "comments").startswith(said.split()[1] + "+")


def test_what_belongs_to_it_is_there(clean):
    listed = clean.do("dpkg", "--listfiles", "comments").split()
    for file in ("/usr/bin/comments", "/usr/lib/systemd/system/comments.service", "/usr/share/man/man1/comments.1.gz",
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


def test_the_unit_is_sound_and_little_exposed(clean):
    unit = clean.path("/usr/lib/systemd/system/comments.service")
    done = subprocess.run(["systemd-analyze", "verify", f"--root={clean.folder}", "--man=no", "comments.service"],
                          capture_output=True, text=True, check=False)
    assert not [line for line in done.stderr.splitlines() if "comments" in line], done.stderr
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", unit],
                          capture_output=True, text=True, check=False)
    print(done.stdout.strip().splitlines()[-1])
    assert done.returncode == 0, done.stdout


def test_its_command_serves_as_its_user(clean):
    with clean.unit() as serving:
        clean.do("comments", "post", "1", "--email", "reader@example.com", "kept")
        assert '"kept"' in clean.do("comments", "list", "1", "--json")
        assert clean.do("stat", "--format=%U", DATA) == "comments\n"
        assert machine.stop(serving) == 0


def test_settings_that_were_changed_outlive_an_upgrade(clean, deb):
    settings = clean.path("/etc/comments/comments.toml")
    settings.write_text(settings.read_text().replace('"raw"', '"hidden"'))
    install(clean, deb)
    clean.do("dpkg", "--install", "/root/comments.deb")
    assert '"hidden"' in settings.read_text()


def test_removed_it_keeps_the_comments(clean, deb):
    clean.do("apt-get", "remove", "--yes", "comments")
    assert not clean.exists("/usr/bin/comments")
    assert clean.exists(DATA) and clean.exists("/etc/comments/comments.toml")
    install(clean, deb)
    with clean.unit():
        assert '"kept"' in clean.do("comments", "list", "1", "--json")


def test_purged_nothing_of_it_is_left(clean):
    clean.do("apt-get", "purge", "--yes", "comments")
    left = clean.do("find", "/etc", "/usr", "/var", "-path", "*comments*")
    assert left == ""
    assert clean.run("getent", "passwd", "comments").returncode == 2
