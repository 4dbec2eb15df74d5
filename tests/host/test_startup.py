"""The start of a bare host, as far as it can be seen without one: the script that Terraform hands to it, run against
stand-ins for curl and for what changes a machine, and what the role in ansible/ makes of its variables, each file taken
by the program that reads it. tests/packaging runs the role for real."""

import base64
import hashlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE = ROOT / "terraform/modules/host"
ROLE = ROOT / "ansible/roles/comments"
PROGRAM = os.environ["COMMENTS_BINARY"]
PACKAGE = b"a package"
VALUES = {
    "project_id": "example-comments",
    "region": "europe-west1",
    "name": "comments-host",
    "network_id": "projects/example-comments/global/networks/comments",
    "subnet_id": "comments",
    "service_account_email": "comments-run@example-comments.iam.gserviceaccount.com",
    "package_url": "gs://example-packages/comments_0.1.0_trixie_amd64.deb",
    "package_sha256": hashlib.sha256(PACKAGE).hexdigest(),
    "server_name": "comments.example.com",
    "store": "postgres://comments@10.20.0.3:5432/comments?sslmode=require",
    "store_password_secret": "comments-database-password",
    "email_visibility": "masked",
}


def environment(**more):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("COMMENTS_", "TF_"))}
    return {**kept, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", **more}


def run(*words, **settings):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, timeout=60,
                          **settings)


def locals_of(text):
    """The block in which the module makes its cloud-init: it needs no provider."""
    return re.search(r"^locals \{\n.*?^\}\n", text, re.MULTILINE | re.DOTALL)[0]


@pytest.fixture(scope="session", params=["managed", "bare"])
def files(request, tmp_path_factory):
    """Path on the machine → text; with secrets and SSH, and without. The script is "startup", and what the role writes is
    among them."""
    given = {"managed": {**VALUES, "tls_secret": "comments-tls", "iap_ssh": True},
             "bare": {**VALUES, "store_password_secret": None}}[request.param]
    folder = tmp_path_factory.mktemp("render")
    for name in ("variables.tf", "startup.sh.tftpl"):
        shutil.copy(MODULE / name, folder)
    (folder / "main.tf").write_text(locals_of((MODULE / "main.tf").read_text()) +
                                    "output \"text\" {\n  value = local.startup_script\n}\n")
    (folder / "terraform.tfvars.json").write_text(json.dumps(given))
    for words in (["init", "-backend=false"], ["apply", "-auto-approve"]):
        done = run("terraform", f"-chdir={folder}", *words, "-input=false", "-no-color", env=environment())
        assert done.returncode == 0, done.stdout + done.stderr
    shown = run("terraform", f"-chdir={folder}", "output", "-raw", "text", env=environment())
    assert shown.returncode == 0, shown.stderr
    variables = re.search(r"<<'VARIABLES'\n(.*?)\nVARIABLES\n", shown.stdout, re.DOTALL)[1]
    return {"startup": shown.stdout, "/etc/comments/host.json": variables, **rendered(variables, folder)}


def rendered(variables, folder):
    """What the role makes of the variables."""
    (folder / "host.json").write_text(variables)
    done = run("ansible-playbook", "--connection=local", "--inventory", "localhost,", "--extra-vars",
               f"@{folder}/host.json", "--extra-vars", json.dumps({"role": str(ROLE), "folder": str(folder)}),
               pathlib.Path(__file__).with_name("render.yml"),
               env=environment(ANSIBLE_LOCAL_TEMP=str(folder / "tmp"), ANSIBLE_NOCOLOR="1", LC_ALL="C.UTF-8"))
    assert done.returncode == 0, done.stdout + done.stderr
    return {"/etc/comments/comments.toml": (folder / "comments.toml").read_text(),
            "/etc/systemd/system/comments.service.d/host.conf": (folder / "host.conf").read_text(),
            "/etc/nginx/conf.d/comments.conf": (folder / "nginx.conf").read_text(),
            "/etc/nftables.conf": (folder / "nftables.conf").read_text()}


def test_terraform_hands_over_nothing_that_the_role_does_not_know(files):
    known = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    assert set(json.loads(files["/etc/comments/host.json"])) <= set(known)


def test_what_the_role_takes_it_says_and_has_a_default_for():
    known = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
    assert set(known) == set(defaults) | {name for name, option in known.items() if option.get("required")}
    used = {name for file in [*ROLE.glob("tasks/*"), *ROLE.glob("templates/*")]
            for name in re.findall(r"\bcomments_[a-z_]+", file.read_text())}
    assert used - {"comments_answer", "comments_nginx"} == set(known)


def test_nothing_is_left_to_fill_in(files):
    # ${1#gs://} is the shell's own.
    assert not [text for text in files.values() if re.search(r"%\{ *(if|for|end|else)|\$\{(?!1#)", text)]


def test_the_script_is_sound(files, tmp_path):
    (tmp_path / "script").write_text(files["startup"])
    done = run("shellcheck", tmp_path / "script")
    assert done.returncode == 0, done.stdout


def test_nginx_takes_its_settings(files, tmp_path):
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=comments.example.com",
        "-keyout", tmp_path / "key", "-out", tmp_path / "crt")
    (tmp_path / "tls.pem").write_text((tmp_path / "key").read_text() + (tmp_path / "crt").read_text())
    with socket.socket() as free:  # nginx binds while it tests
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = re.sub(r"/etc/comments/tls\.(pem|crt|key)", str(tmp_path / "tls.pem"),
                    files["/etc/nginx/conf.d/comments.conf"])
    server = server.replace("listen 443", f"listen 127.0.0.1:{port}").replace("listen [::]:443", f"listen [::1]:{port}")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{server}\n}}\n")
    done = run("nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf")
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_systemd_takes_the_unit(files, tmp_path):
    text = (ROOT / "packaging/comments.service").read_text().replace("/usr/bin/comments", PROGRAM)
    text = re.sub("^(User|Group)=comments", r"\1=root", text, flags=re.MULTILINE)  # verify looks it up
    (tmp_path / "comments.service.d").mkdir()
    (tmp_path / "comments.service").write_text(text)
    (tmp_path / "comments.service.d/host.conf").write_text(files["/etc/systemd/system/comments.service.d/host.conf"])
    done = run("systemd-analyze", "verify", "--man=no", tmp_path / "comments.service")
    complaints = [line for line in done.stderr.splitlines() if "comments.service" in line]
    assert not complaints, done.stderr


def test_the_program_takes_its_settings_and_goes_on_to_the_database(files, tmp_path):
    text = files["/etc/comments/comments.toml"]
    text = text.replace("10.20.0.3:5432", "127.0.0.1:1")  # nobody answers there
    credential = "/run/credentials/comments.service/store-password"
    assert (credential in text) == ("LoadCredential=store-password:/etc/comments/store-password" in
                                    files["/etc/systemd/system/comments.service.d/host.conf"])
    (tmp_path / "password").write_text("planted")
    (tmp_path / "comments.toml").write_text(text.replace(credential, str(tmp_path / "password")))
    done = run(PROGRAM, "serve", "--config", tmp_path / "comments.toml", env=environment())
    assert done.returncode == 1, done.stderr  # 2 would be a setting that it does not know
    assert '"127.0.0.1", port 1 failed' in done.stderr and "planted" not in done.stderr


def test_the_firewall_lets_in_what_it_should(files, tmp_path):
    text = files["/etc/nftables.conf"]
    assert "policy drop" in text
    accepted = sorted(re.findall(r"^ *(ip saddr .*) accept$", text, re.MULTILINE))
    ssh = ["ip saddr 35.235.240.0/20 tcp dport 22"] if "22 accept" in text else []
    assert accepted == ["ip saddr 130.211.0.0/22 tcp dport 443", "ip saddr 35.191.0.0/16 tcp dport 443", *ssh]
    assert bool(ssh) == ("35.235.240.0/20" in files["/etc/comments/host.json"])


FAKE_CURL = """#!/bin/sh
# Stands in for curl: notes what its arguments and its input show, and answers what the address asks for.
printf '%s\\n' "$*" >>"$CALLS"
for word; do
  case $previous in -o) to=$word ;; esac
  previous=$word
  address=$word
done
case $address in
http://169.254.169.254/*) printf '{"access_token":"planted-token"}' ;;
*:access) cat >>"$INPUTS"; printf '{"payload":{"data":"%s"}}' "$SECRET" ;;
*) [ "$1" != -fsS ] || case $* in *--config*) cat >>"$INPUTS" ;; esac; printf '%s' "$BODY" >"$to" ;;
esac
"""


@pytest.fixture
def start(files, tmp_path):
    """A function: what a start does, with a stand-in for everything that would change a machine or ask the network."""
    place = tmp_path / "machine"
    for folder in ("bin", "etc", "var/cache"):
        (place / folder).mkdir(parents=True)
    (place / "bin/curl").write_text(FAKE_CURL)
    for name in ("apt-get", "ansible-playbook", "systemctl"):
        (place / "bin" / name).write_text('#!/bin/sh\necho "${0##*/} $*" >>"$CALLS"\ncase "${0##*/} $*" in $FAILS) exit 1 ;; esac\n')
    for file in (place / "bin").iterdir():
        file.chmod(0o755)
    script = place / "script"
    script.write_text(re.sub(r"(?<![\w/])/(etc|var|usr)/", rf"{place}/\1/", files["startup"]))
    paths = re.findall(r"(?<![\w=/:.])/[a-z][\w./-]*", script.read_text())
    assert all(path.startswith(str(place)) or path in ("/bin/sh", "/dev/null") for path in paths), "it would change this machine"

    def call(fails="-", secret=b"planted-secret", body=PACKAGE):
        (place / "calls").write_text("")
        done = run("sh", script, env=environment(
            PATH=f"{place}/bin:{os.environ['PATH']}", CALLS=f"{place}/calls", INPUTS=f"{place}/inputs", FAILS=fails,
            SECRET=base64.b64encode(secret).decode(), BODY=body.decode()))
        call.status, call.said = done.returncode, done.stderr
        return (place / "calls").read_text().replace(str(place), "").splitlines()
    call.etc, call.deb = place / "etc/comments", place / "var/cache/comments.deb"
    call.inputs = lambda: (place / "inputs").read_text()
    return call


def secrets_of(files):
    return {name for name in ("tls.pem", "store-password") if name in files["/etc/comments/host.json"]}


def test_secrets_and_package_come_first_and_the_role_does_the_rest(start, files):
    calls = [call for call in start() if not call.startswith("-")]
    assert start.status == 0, start.said
    changes = [call for call in calls if call.startswith(("apt-get", "ansible", "systemctl"))]
    apt = "apt-get -q -y -o DPkg::Lock::Timeout=600 "
    assert changes[:4] == [
        f"{apt}update", f"{apt}install ansible-core ca-certificates curl jq python3-apt",
        f"{apt}install /var/cache/comments.deb",
        "ansible-playbook --connection=local --inventory localhost, --extra-vars @/etc/comments/host.json "
        "/usr/share/comments/ansible/site.yml"]
    assert bool(changes[4:]) == bool(secrets_of(files))
    assert start.deb.read_bytes() == PACKAGE
    written = (start.etc / "host.json").read_text().replace(str(start.etc.parents[1]), "")
    assert json.loads(written) == json.loads(files["/etc/comments/host.json"])


def test_a_token_is_no_argument(start, files):
    calls = start()
    assert "https://storage.googleapis.com/example-packages/comments_0.1.0_trixie_amd64.deb" in "\n".join(calls)
    assert "planted-token" not in "\n".join(calls) and "Bearer planted-token" in start.inputs()
    for name in secrets_of(files):
        secret = {"tls.pem": "comments-tls", "store-password": "comments-database-password"}[name]
        assert f"/v1/projects/example-comments/secrets/{secret}/versions/latest:access" in "\n".join(calls)


def test_what_is_secret_is_for_root_only(start, files):
    start()
    kept = {file.name: file for file in start.etc.iterdir() if file.name != "host.json"}
    assert set(kept) == secrets_of(files)
    assert all(file.stat().st_mode & 0o077 == 0 and file.read_text() == "planted-secret" for file in kept.values())


def test_a_later_start_fetches_no_package_again_and_restarts_nothing(start):
    start()
    calls = start()
    assert start.status == 0
    assert not [call for call in calls if call.startswith("systemctl") or "storage.googleapis.com" in call]


def test_a_secret_that_is_new_is_read(start, files):
    start()
    calls = start(secret=b"rotated")
    if secrets_of(files):
        assert calls[-1] == "systemctl try-reload-or-restart comments.service nginx.service"


def test_a_secret_that_cannot_be_read_leaves_the_one_that_was(start, files):
    """A pipe's status is its last command's: an empty file was a password."""
    start()
    # jq finds no payload in an answer that is none.
    (start.etc.parents[1] / "bin/curl").write_text(FAKE_CURL.replace('{"payload":{"data":"%s"}}', "{}"))
    calls = start()
    if secrets_of(files):
        assert start.status != 0
        assert not [call for call in calls if call.startswith("ansible-playbook")]
    assert all((start.etc / name).read_text() == "planted-secret" for name in secrets_of(files))


def test_another_package_is_not_kept(start):
    calls = start(body=b"another")
    assert start.status == 1 and "is not the package" in start.said
    assert not start.deb.exists()
    assert not [call for call in calls if call.startswith("ansible-playbook")]


def test_without_its_package_a_host_does_nothing_more(start):
    calls = start(fails="*comments.deb")
    assert start.status != 0
    assert not [call for call in calls if call.startswith("ansible-playbook")]


def test_the_role_closes_the_firewall_first_and_starts_last():
    tasks = yaml.safe_load((ROLE / "tasks/main.yml").read_text())
    assert [task["ansible.builtin.import_tasks"] for task in tasks] == [
        "firewall.yml", "service.yml", "nginx.yml", "updates.yml", "start.yml"]
    assert yaml.safe_load((ROLE / "tasks/firewall.yml").read_text())[-1]["ansible.builtin.meta"] == "flush_handlers"
