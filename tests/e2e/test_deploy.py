"""`comments deploy` before it touches anything: what it refuses, what it would do, what it misses.

What it does is rehearsed: tests/rehearsal.
"""

import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess
import threading
import time

import pytest

import service

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENVIRONMENTS = ROOT / "terraform/environments"
NAMES = ("dev", "staging", "prod")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
GOOD = """\
project = "example-prod"
region = "europe-west1"
service = "comments"
image = "europe-west1-docker.pkg.dev/example-build/comments/comments"
state-bucket = "example-prod-state"
url = "https://comments.example.com"
"""


@pytest.fixture
def environment(tmp_path):
    """environment(text) → the folder of environments, in which prod has that deploy.toml."""
    def make(text=GOOD):
        folder = tmp_path / "terraform/environments/prod"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "deploy.toml").write_text(text)
        return folder.parent
    return make


@pytest.fixture
def tools(tmp_path):
    """tools(gcloud="script", …) → a PATH on which there are these programs and no others."""
    folder = tmp_path / "tools"
    folder.mkdir()

    def make(**scripts):
        for name, script in scripts.items():
            program = folder / name
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return str(folder)
    return make


def words_of(ran):
    return f"exit {ran.returncode}\n{ran.stdout}\n{ran.stderr}"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", [(), ("--commit", COMMIT), ("--resume",), ("--rollback",), ("--build",),
                                 ("--rollback", "0123456"), ("--plan-only", "--out", "plan"), ("--plan", "plan")])
def test_a_dry_run_needs_no_tool_no_account_and_no_network(comments, tools, name, how):
    ran = comments("deploy", "--env", name, "--config-dir", str(ENVIRONMENTS), "--dry-run", *how, PATH=tools())
    assert ran.returncode == 0, words_of(ran)
    assert ran.stderr == ""
    lines = ran.stdout.splitlines()
    assert all(line.startswith(("# ", "gcloud ", "terraform ")) for line in lines), ran.stdout
    assert sum(line.startswith("gcloud ") for line in lines) > 5
    if "--commit" in how:
        assert COMMIT in ran.stdout and "COMMIT" not in ran.stdout


def test_a_dry_run_starts_no_process(tmp_path, tools):
    """Whatever it would start is on PATH, and would leave a trace."""
    trace = tmp_path / "trace"
    path = tools(**{name: f"echo {name} >>{trace}" for name in ("gcloud", "terraform", "git", "sh")})
    ran = service.run_comments(tmp_path, "deploy", "--env", "prod", "--config-dir", str(ENVIRONMENTS),
                               "--dry-run", PATH=path)
    assert ran.returncode == 0, words_of(ran)
    assert not trace.exists()


def test_an_environment_is_found_from_below(tmp_path, environment):
    environment()
    below = tmp_path / "core/ops"
    below.mkdir(parents=True)
    ran = subprocess.run([service.find_binary(), "deploy", "--env", "prod", "--dry-run"], cwd=below, text=True,
                         env=service.clean_environment(tmp_path), capture_output=True, check=False)
    assert ran.returncode == 0, words_of(ran)
    assert f"-var-file={tmp_path}/terraform/environments/prod/terraform.tfvars" in ran.stdout


@pytest.mark.parametrize(("options", "words"), [
    ((), "--env is missing; there is prod"),
    (("--env", "prd"), "there is no environment 'prd'; did you mean 'prod'?"),
    (("--env", "prod", "--commit", "0123"), "40 hexadecimal digits"),
    (("--env", "prod", "--commit", "main"), "40 hexadecimal digits"),
    (("--env", "prod", "--plan-only"), "--plan-only and --out FILE belong together"),
    (("--env", "prod", "--out", "x"), "--plan-only and --out FILE belong together"),
    (("--env", "prod", "--resume", "--rollback"), "exclude each other"),
    (("--env", "prod", "--resume", "--plan", "x"), "exclude each other"),
    (("--env", "prod", "--dryrun"), "there is no option --dryrun, did you mean --dry-run?"),
])
def test_what_makes_no_sense_is_said_with_the_remedy(comments, environment, options, words):
    ran = comments("deploy", "--config-dir", str(environment()), *options)
    assert ran.returncode == 2, words_of(ran)
    assert words.split("; did")[0].split(", did")[0] in ran.stderr, words_of(ran)


@pytest.mark.parametrize(("text", "words"), [
    (GOOD + 'projct = "x"\n', "there is no setting 'projct'"),
    (GOOD.replace('"europe-west1"', '"here"', 1), 'region = "here" does not fit'),
    (GOOD.replace('service = "comments"\n', ""), "service is missing"),
    (GOOD + "canary-steps = [5, 25]\n", "end with 100"),
    (GOOD + "[canary]\nsteps = 1\n", "settings have no sections"),
])
def test_a_fault_in_the_settings_names_file_and_setting(comments, environment, text, words):
    folder = environment(text)
    ran = comments("deploy", "--env", "prod", "--config-dir", str(folder), "--dry-run")
    assert ran.returncode == 2, words_of(ran)
    assert words in ran.stderr and "prod/deploy.toml" in ran.stderr, words_of(ran)


def test_outside_of_a_repository_the_remedy_is_said(comments):
    ran = comments("deploy", "--env", "prod", "--dry-run")
    assert ran.returncode == 2
    assert "terraform/environments" in ran.stderr and "--config-dir" in ran.stderr


def test_without_tools_all_that_is_missing_is_said_at_once(comments, environment, tools):
    ran = comments("deploy", "--env", "prod", "--config-dir", str(environment()), PATH=tools())
    assert ran.returncode == 1, words_of(ran)
    for words in ("install the Google Cloud CLI", "install Terraform 1.11", "nothing that readers use was changed"):
        assert words in ran.stderr, words_of(ran)


@pytest.mark.skipif(not (shutil.which("gcloud") and shutil.which("terraform") and shutil.which("git")),
                    reason="gcloud, terraform or git is not installed")
def test_the_real_gcloud_without_an_account(tmp_path, environment):
    """What is wrong and how to mend it; how long it takes is printed, the design says less than 10 s."""
    began = time.monotonic()
    ran = service.run_comments(tmp_path, "deploy", "--env", "prod", "--config-dir", str(environment()),
                               CLOUDSDK_CONFIG=str(tmp_path / "gcloud"))
    print(f"preflight: {time.monotonic() - began:.1f} s")
    assert ran.returncode == 1, words_of(ran)
    assert "gcloud has no account: run `gcloud auth login`" in ran.stderr, words_of(ran)
    assert "run `gcloud auth application-default login`" in ran.stderr, words_of(ran)
    assert "run it in a clone of the repository" in ran.stderr, words_of(ran)


class TokenHost(http.server.BaseHTTPRequestHandler):
    """What gives tokens away, in place of Google's."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"access_token": "ya29.planted-token", "expires_in": 3600, "token_type": "Bearer"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.mark.skipif(not (shutil.which("gcloud") and shutil.which("openssl")), reason="gcloud or openssl is missing")
def test_a_login_for_terraform_is_seen_and_its_token_nowhere(tmp_path, environment):
    """By the real gcloud, which keeps in its log what it prints."""
    key = subprocess.run(["openssl", "genrsa", "2048"], capture_output=True, text=True, check=True).stdout
    credentials = tmp_path / "credentials.json"
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), TokenHost) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{host.server_port}/token"
        credentials.write_text(json.dumps({
            "type": "service_account", "project_id": "p", "private_key_id": "1", "private_key": key,
            "client_email": "a@p.iam.gserviceaccount.com", "client_id": "1", "token_uri": url}))
        ran = service.run_comments(tmp_path, "deploy", "--env", "prod", "--config-dir", str(environment()), "--json",
                                   CLOUDSDK_CONFIG=str(tmp_path / "gcloud"), CLOUDSDK_AUTH_TOKEN_HOST=url,
                                   GOOGLE_APPLICATION_CREDENTIALS=str(credentials))
        host.shutdown()
    fault = next(event["text"] for event in map(json.loads, ran.stdout.splitlines()) if event["event"] == "step_failed")
    assert "gcloud has no account" in fault and "application-default" not in fault, words_of(ran)
    assert "planted" not in words_of(ran)
    logs = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "gcloud").rglob("*.log"))
    assert "application-default" in logs and "planted" not in logs


def test_events_are_a_line_each(comments, environment, tools):
    ran = comments("deploy", "--env", "prod", "--config-dir", str(environment()), "--json", PATH=tools())
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 1 and ran.stderr == ""
    assert {event["format"] for event in events} == {1}
    assert [event["event"] for event in events if event["event"] != "command"] == [
        "step_started", "step_failed", "ended"]
    assert events[-1]["step"] == "failed"
    assert sorted(events[0]) == ["event", "format", "seconds", "step", "text"]


def test_secrets_in_what_a_tool_says_are_masked(comments, environment, tools):
    path = tools(gcloud='echo "bad token ya29.planted-token password=planted-password" >&2; exit 1',
                 terraform="exit 0", git="exit 0")
    for how in ((), ("--json",), ("--verbose",)):
        ran = comments("deploy", "--env", "prod", "--config-dir", str(environment()), *how, PATH=path)
        assert "bad token …" in ran.stdout + ran.stderr or "bad token \\u2026" in ran.stdout, words_of(ran)
        assert "planted" not in ran.stdout + ran.stderr


def test_ctrl_c_ends_what_runs_and_then_us(tmp_path, environment, tools):
    """On PATH there is only what waits: the children are there when the signal comes, and gone after it."""
    started = tmp_path / "started"
    script = f"echo $$ >>{started}; exec /bin/sleep 1000"
    path = tools(gcloud=script, terraform=script, git=script)
    process = subprocess.Popen([service.find_binary(), "deploy", "--env", "prod", "--config-dir", str(environment())],
                               cwd=tmp_path, env=service.clean_environment(tmp_path, PATH=path),
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        service.wait_until(lambda: started.exists() and len(started.read_text().split()) == 6, "six children")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, said
    assert re.search(r"^interrupted: ", said, re.MULTILINE), said
    for child in started.read_text().split():
        service.wait_until(lambda child=child: not os.path.exists(f"/proc/{child}"), f"child {child} ends")


def test_a_program_that_reads_along_hears_of_what_lasts(tmp_path, environment, tools):
    """Nothing is told for more than 4 s: then that is told."""
    path = tools(**dict.fromkeys(("gcloud", "terraform", "git"), "exec /bin/sleep 1000"))
    process = subprocess.Popen([service.find_binary(), "deploy", "--env", "prod", "--config-dir", str(environment()),
                                "--json"], cwd=tmp_path, env=service.clean_environment(tmp_path, PATH=path),
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        waiting = next(event for event in map(json.loads, process.stdout) if event["event"] == "waiting")
        process.send_signal(signal.SIGINT)
        *_, last = map(json.loads, process.stdout)
    finally:
        process.kill()
    assert (waiting["step"], waiting["text"]) == ("preflight", "is everything there that this needs?")
    assert (last["event"], last["step"]) == ("ended", "interrupted")


def is_pending(process, number):
    """Whether a signal was sent that the process has not taken yet: a second one would be lost."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"^ShdPnd:\s*(\w+)", status, re.MULTILINE)[1], 16) >> (number - 1) & 1


@pytest.mark.parametrize("how", [(), ("--json",)])
def test_a_second_ctrl_c_ends_at_once_and_says_what_is_left(tmp_path, environment, tools, how):
    """What runs does not listen to the first."""
    started = tmp_path / "started"
    script = f"trap '' INT; echo $$ >>{started}; exec /bin/sleep 1000"
    path = tools(gcloud=script, terraform=script, git=script)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [service.find_binary(), "deploy", "--env", "prod", "--config-dir", str(environment()), *how], cwd=tmp_path,
        env=service.clean_environment(tmp_path, PATH=path, TMPDIR=str(temporary)), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    try:
        service.wait_until(lambda: started.exists() and len(started.read_text().split()) == 6, "six children")
        process.send_signal(signal.SIGINT)
        service.wait_until(lambda: not is_pending(process, signal.SIGINT), "the first Ctrl-C is heard")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        for child in started.read_text().split():
            os.kill(int(child), signal.SIGKILL)
    assert process.returncode == 130, out + err
    last = (out or err).rstrip("\n").splitlines()[-1]
    assert "`comments deploy --env prod --resume`" in last and "`comments status --env prod`" in last, out + err
    if how:
        assert (json.loads(last)["event"], json.loads(last)["step"]) == ("ended", "abandoned")
    else:
        assert last.startswith("abandoned: ")
    assert not list(temporary.iterdir()), "a plan may hold secrets"
