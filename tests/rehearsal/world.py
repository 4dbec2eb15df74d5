"""A project of its own for each case, in a temporary folder: a repository with settings and a stack, a bucket, images,
the stand-ins for gcloud and Cloud Run, and a Prometheus that watches what runs. All of it ends with the `with`."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE / "standin"), str(ROOT / "tests/support")]
import control  # noqa: E402  the stand-ins' own
import images  # noqa: E402
import journal  # noqa: E402
from monitoring_servers import Prometheus, wait_until  # noqa: E402  tests/support
from readers import Readers  # noqa: E402

PROJECT, BUCKET, SERVICE, JOB = "example-comments-staging", "example-comments-staging-state", "comments", "comments-migrate"
IMAGE = "europe-west1-docker.pkg.dev/example-comments-build/comments/comments"
THREAD = "/api/comment/list/football"
SETTINGS = {
    "project": PROJECT, "region": "europe-west1", "service": SERVICE, "image": IMAGE, "state-bucket": BUCKET,
    "terraform": "../../stack", "migrate-job": JOB, "canary-steps": [20, 50, 100], "canary-bake": "3s",
    "canary-patience": "60s", "minimum-requests": 100, "synthetic-probes": False, "max-error-ratio": 0.01,
    "max-p99-ratio": 1.5, "max-p99-floor": "1s", "verify-requests": 10, "lock-expiry": "1h", "freeze": [],
    "grafana": ""}
APIS = ["artifactregistry", "cloudbuild", "iam", "logging", "monitoring", "run", "secretmanager", "sqladmin", "storage"]
PATIENCE = 120


class Failure(AssertionError):
    """A check of a case that did not hold."""


class Finished:
    """A rollout that has ended: its exit code and all that it said."""

    def __init__(self, code, text, seconds):
        self.code, self.text, self.seconds = code, text, seconds


class World:
    """programs: {name: path}; built_from: the commit that they name; server: PostgreSQL's (tests/support)."""

    def __init__(self, programs, built_from, server, name, say, **settings):
        self.programs, self.built_from, self.server, self.say = programs, built_from, server, say
        self.database = server.create_database(name)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="comments-rehearsal-"))
        self.repository = self.folder / "repository"
        self.environment = self.repository / "terraform/environments/staging"
        self.settings = {**SETTINGS, **settings}
        self.stack = contextlib.ExitStack()
        self.keep = False
        self.last = None  # Finished
        self.releases = 0
        self.added = {}  # to the environment of comments deploy

    def file(self, name):
        return self.folder / name

    def read(self, name):
        return json.loads(self.file(name).read_text(encoding="utf-8"))

    def write(self, name, value):
        self.file(name).write_text(json.dumps(value), encoding="utf-8")

    def __enter__(self):
        try:
            self.lay_out()
            self.start_cloud_run()
            self.start_prometheus()
            self.write_settings()
            self.git("init", "-q", "-b", "main")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stack.close()
        if not self.keep:
            shutil.rmtree(self.folder)

    def lay_out(self):
        self.write("project.json", {
            "project": PROJECT, "service": SERVICE, "accounts": ["alice@example.com"],
            "services": [f"{name}.googleapis.com" for name in APIS],
            "environment": {"COMMENTS_STORE": self.database, "GOOGLE_CLOUD_PROJECT": PROJECT,
                            "COMMENTS_LOG_FORMAT": "json", "COMMENTS_ACCESS_LOG": "errors"}})
        self.write("images.json", {"recipes": {}, "tags": {}, "to_be_built": {}})
        self.write("faults.json", [])
        (self.folder / "buckets" / BUCKET / "stack").mkdir(parents=True)
        self.environment.mkdir(parents=True)
        shutil.copytree(HERE / "stack", self.repository / "terraform/stack")
        self.file("comments.toml").touch()  # no settings of this machine
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        for name, program in (("gcloud", "gcloud.py"), ("terraform", "program.py"), ("git", "program.py")):
            words = [str(HERE / "standin" / program), str(self.folder), *([name] if program == "program.py" else [])]
            (bin_folder / name).write_text(f'#!/bin/sh\nexec /usr/bin/python3 -S -E {" ".join(words)} "$@"\n',
                                           encoding="utf-8")
            (bin_folder / name).chmod(0o755)

    def start_cloud_run(self):
        log = self.stack.enter_context(self.file("cloud-run.log").open("wb"))
        process = subprocess.Popen(["/usr/bin/python3", HERE / "standin/cloud_run.py", self.folder],
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.stack.callback(end, process)
        wait_until(lambda: process.poll() is not None or self.file("targets.json").exists(), "Cloud Run's stand-in")
        assert process.poll() is None, self.file("cloud-run.log").read_text(encoding="utf-8")
        self.ports = self.read("ports.json")
        self.url = self.ports["url"]

    def start_prometheus(self):
        """Every revision's admin port, and Cloud Run's own metrics, each second: a canary here lasts seconds."""
        front = f"127.0.0.1:{self.ports['metrics']}"
        self.file("prometheus.yml").write_text(json.dumps({
            "global": {"scrape_interval": "500ms", "scrape_timeout": "500ms"},
            "scrape_configs": [
                {"job_name": "comments", "file_sd_configs": [{"files": [str(self.file("targets.json"))]}]},
                {"job_name": "google", "static_configs": [{"targets": [front]}]}]}), encoding="utf-8")
        self.prometheus = self.stack.enter_context(Prometheus(
            self.folder, "prometheus", f"--config.file={self.file('prometheus.yml')}",
            f"--storage.tsdb.path={self.folder}/tsdb", "--log.level=warn"))

    def write_settings(self, **changes):
        self.settings.update(changes)
        values = {**self.settings, "url": self.url, "prometheus": self.prometheus.url}
        lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
        (self.environment / "deploy.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        state = self.folder / "buckets" / BUCKET / "stack/default.tfstate"
        (self.environment / "backend.gcs.tfbackend").write_text(f'path = "{state}"\n', encoding="utf-8")
        (self.environment / "terraform.tfvars").write_text(
            f'world = "{self.folder}"\nprovider_program = "{HERE / "standin/provider.py"}"\n'
            f'service = "{SERVICE}"\nmigrate_job = "{self.settings["migrate-job"]}"\n', encoding="utf-8")
        (self.repository / ".gitignore").write_text(".terraform/\n.terraform.lock.hcl\n", encoding="utf-8")

    # ---- what a case does -------------------------------------------------------------------------------------------

    def git(self, *words):
        identity = ("-c", "user.name=Alice", "-c", "user.email=alice@example.com", "-c", "commit.gpgsign=false")
        return subprocess.run(["git", *identity, *words], cwd=self.repository, check=True, capture_output=True,
                              text=True, env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}).stdout.strip()

    def release(self, name, program="comments", **image):
        """A commit, and the image that was built from it."""
        self.releases += 1
        (self.repository / "CHANGES").write_text(f"{self.releases}: {name}\n", encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", name)
        return images.publish(self, name, self.git("rev-parse", "HEAD"), program, **image)

    def install(self, release):
        """That release serves, made by Terraform alone; some readers have written."""
        stack, file = self.repository / "terraform/stack", self.environment
        environment = {**os.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        for words in (["init", "-input=false", f"-backend-config={file}/backend.gcs.tfbackend"],
                      ["apply", "-input=false", "-auto-approve", f"-var-file={file}/terraform.tfvars",
                       f"-var=image={IMAGE}@{release.digest}"]):
            done = subprocess.run(["terraform", f"-chdir={stack}", *words], env=environment, capture_output=True,
                                  text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
        self.write_some()
        self.say(f"{release.commit[:12]} ({release.name}) serves: {self.split_text()}")

    def write_some(self):
        run = [self.programs["comments"], "post", "football", "--email", "bob@example.com", "--url", self.url, "Goal!"]
        done = subprocess.run(run, env=self.variables(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def variables(self):
        return {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "HOME": str(self.folder), "LC_ALL": "C.UTF-8",
                "TMPDIR": str(self.folder), "COMMENTS_CONFIG": str(self.file("comments.toml")), "NO_COLOR": "1", **self.added}

    def add_variables(self, **variables):
        self.added.update(variables)

    def start(self, *words):
        """comments deploy, which is told about while it goes on."""
        self.say(f"$ comments deploy --env staging {' '.join(words)}".rstrip())
        process = subprocess.Popen([self.programs["comments"], "deploy", "--env", "staging", *words],
                                   cwd=self.repository, env=self.variables(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.stack.callback(end, process)
        return Running(process, self)

    def deploy(self, *words, faults=()):
        self.write("faults.json", [{"after": len(self.calls()), **fault} for fault in faults])
        finished = self.start(*words).wait()
        self.write("faults.json", [])
        return finished

    def status(self, *words):
        """comments status, which changes nothing."""
        begun = time.monotonic()
        done = subprocess.run([self.programs["comments"], "status", "--env", "staging", *words], cwd=self.repository,
                              env=self.variables(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
        for line in done.stdout.splitlines():
            self.say.output(line)
        return Finished(done.returncode, done.stdout + done.stderr, time.monotonic() - begun)

    def readers(self, **how):
        return Readers(self.url, THREAD, **how)

    # ---- what a case looks at ---------------------------------------------------------------------------------------

    def service(self):
        return control.ask(self.folder, "describe-service", service=SERVICE)

    def exists(self):
        with contextlib.suppress(control.Refused):
            return bool(self.service())
        return False

    def split(self):
        """{revision: percent}"""
        result = {}
        for target in self.service()["status"]["traffic"]:
            if target.get("percent"):
                result[target["revisionName"]] = result.get(target["revisionName"], 0) + target["percent"]
        return result

    def split_text(self):
        return ", ".join(f"{name} {percent} %" for name, percent in self.split().items())

    def tags(self):
        return {target["tag"]: target["revisionName"]
                for target in self.service()["status"]["traffic"] if "tag" in target}

    def route(self, **values):
        """A person changes the traffic by hand."""
        control.ask(self.folder, "update-traffic", **{
            "service": SERVICE, "split": {}, "tags": {}, "removed": [], "clear": False, **values})
        self.say(f"traffic by hand: {self.split_text()}")

    def pin(self):
        """What comments deploy leaves: traffic names revisions, and follows no newer one."""
        self.route(split=self.split())

    def sql(self, text):
        """The rows."""
        return self.server.sql(text, self.database.rpartition("/")[2])

    def calls(self):
        return journal.read(self.folder)

    def wait_for_call(self, words, first):
        """Until something has been called with these words, calls before the first not counted."""
        wait_until(lambda: any(words in " ".join(argv) for argv in self.calls()[first:]), f"a call with {words!r}",
                   PATIENCE)

    def lock(self):
        """The lock's content, or None: it is free."""
        file = self.folder / "buckets" / BUCKET / "deploy/lock.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None

    def let_lock_expire(self):
        """Its hours are over: the object says so, and is else what it was."""
        file = self.folder / "buckets" / BUCKET / "deploy/lock.json"
        before = file.stat()
        lock = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps({**lock, "expires": lock["taken"]}), encoding="utf-8")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))  # its generation

    def records(self):
        """What the releases have left, the oldest first."""
        folder = self.folder / "buckets" / BUCKET / "deploy/releases"
        return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]

    def serving_commits(self, looks=10):
        """Whose answers come from the public address."""
        import urllib.request
        answers = set()
        for _ in range(looks):
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=10) as answer:
                answers.add(json.load(answer)["commit"])
        return answers

    def check(self, holds, text):
        if not holds:
            raise Failure(text)
        self.say(f"ok: {text}")


class Running:
    """A rollout that goes on; its lines are told as they come."""

    def __init__(self, process, world):
        self.process, self.world, self.say = process, world, world.say
        self.lines, self.begun = [], time.monotonic()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            self.say.output(line.rstrip("\n"))

    def wait_for(self, text):
        wait_until(lambda: text in "".join(self.lines) or self.process.poll() is not None, f"a line with {text!r}",
                   PATIENCE)

    def wait(self):
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failure(f"comments deploy did not end within {PATIENCE} s") from None
        self.thread.join(5)  # a child that outlives it may hold the pipe
        self.world.last = Finished(code, "".join(self.lines), time.monotonic() - self.begun)
        return self.world.last


def end(process):
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
