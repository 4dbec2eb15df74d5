"""A high-availability cluster on loopback, as one is run: two PostgreSQL servers, each looked after
by Patroni, which agree in etcd who is the primary; commits wait for the other server."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request

import postgres_server

DEADLINE = 120
LEASE = 10  # seconds: so long a dead primary stays the primary

PROGRAMS = ("patroni", "etcd")
PACKAGES = "apt-get install --no-install-recommends patroni etcd-server"


def is_installed():
    return all(shutil.which(program) for program in PROGRAMS)


def wait_until(condition, what):
    end = time.monotonic() + DEADLINE
    while not (answer := condition()):
        assert time.monotonic() < end, f"waited {DEADLINE} s in vain: {what}"
        time.sleep(0.02)
    return answer


class Node:
    """A PostgreSQL server and its Patroni."""

    def __init__(self, name, cluster):
        self.name = name
        self.folder = cluster.folder / name
        self.folder.mkdir()
        self.server = postgres_server.Server(self.folder)
        self.api_port = postgres_server.free_port()
        self.process = None
        self.log = self.folder / "patroni.log"
        (self.folder / "patroni.yml").write_text(json.dumps(self.configuration(cluster)),
                                                 encoding="utf-8")  # JSON is YAML
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")

    def configuration(self, cluster):
        here = "127.0.0.1"
        user = {"username": "postgres", "password": "unused"}
        access = ["local all all trust", "host all all 127.0.0.1/32 trust",
                  "host replication all 127.0.0.1/32 trust"]
        return {
            "scope": "comments", "name": self.name,
            "restapi": {"listen": f"{here}:{self.api_port}", "connect_address": f"{here}:{self.api_port}"},
            "etcd3": {"hosts": [f"{here}:{cluster.etcd_port}"]},
            "bootstrap": {
                "dcs": {"ttl": LEASE, "loop_wait": 1, "retry_timeout": 3, "synchronous_mode": True,
                        "master_start_timeout": 0, "postgresql": {"use_pg_rewind": True}},
                "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, "no-sync"]},
            "postgresql": {
                "listen": f"{here}:{self.server.port}", "connect_address": f"{here}:{self.server.port}",
                "data_dir": str(self.server.data), "bin_dir": str(self.server.programs),
                "pgpass": str(self.folder / "pgpass"), "pg_hba": access,
                "authentication": {"superuser": user, "replication": user, "rewind": user},
                "remove_data_directory_on_rewind_failure": True,
                "remove_data_directory_on_diverged_timelines": True,
                "parameters": {"unix_socket_directories": str(self.folder), "shared_buffers": "64MB",
                               **postgres_server.flushing()}},
        }

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*postgres_server.as_postgres(), "/usr/bin/patroni", self.folder / "patroni.yml"],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"})

    def kill(self):
        """Patroni and the server, as a machine that loses its power."""
        if self.process:
            self.process.kill()
            self.process.wait(timeout=DEADLINE)
        line = self.server.data / "postmaster.pid"
        if line.exists():
            number = int(line.read_text(encoding="ascii").split()[0])
            try:
                os.kill(number, signal.SIGQUIT)
                wait_until(lambda: not pathlib.Path(f"/proc/{number}").exists(), "the server's end")
            except ProcessLookupError:
                pass

    def takes_writes(self):
        try:
            return self.server.sql("SELECT pg_is_in_recovery()") == ["f"]
        except AssertionError:
            return False


class Cluster:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="comments-patroni-"))
        self.folder.chmod(0o755)
        self.etcd_port = postgres_server.free_port()
        self.etcd = None
        self.nodes = [Node(name, self) for name in ("one", "two")]

    def __enter__(self):
        try:
            self.start_etcd()
            for node in self.nodes:
                node.start()
            self.wait_until_safe()
        except BaseException:
            for node in self.nodes:
                if node.log.exists():
                    print(node.name, node.log.read_text(encoding="utf-8")[-3_000:])
            self.remove()
            raise
        return self

    def __exit__(self, *failure):
        self.remove()

    def start_etcd(self):
        client = f"http://127.0.0.1:{self.etcd_port}"
        peer = f"http://127.0.0.1:{postgres_server.free_port()}"
        with (self.folder / "etcd.log").open("ab") as log:
            self.etcd = subprocess.Popen(
                ["/usr/bin/etcd", "--data-dir", self.folder / "etcd", "--name", "e",
                 "--listen-client-urls", client, "--advertise-client-urls", client,
                 "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                 "--initial-cluster", f"e={peer}"],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def remove(self):
        for node in self.nodes:
            node.kill()
        if self.etcd:
            self.etcd.kill()
            self.etcd.wait(timeout=DEADLINE)
        shutil.rmtree(self.folder)

    def roles(self):
        """name → what Patroni says it is."""
        for node in self.nodes:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{node.api_port}/cluster", timeout=5) as answer:
                    return {member["name"]: member["role"] for member in json.load(answer)["members"]
                            if member["state"] in ("running", "streaming")}
            except OSError:
                pass
        return {}

    def wait_until_safe(self):
        """Until what is acknowledged is on both."""
        wait_until(lambda: sorted(self.roles().values()) == ["leader", "sync_standby"],
                   "a primary and its synchronous standby")

    def primary(self):
        [name] = [name for name, role in self.roles().items() if role == "leader"]
        return next(node for node in self.nodes if node.name == name)

    def other(self, node):
        return next(one for one in self.nodes if one is not node)

    def url(self, database):
        hosts = ",".join(f"127.0.0.1:{node.server.port}" for node in self.nodes)
        return f"postgres://postgres@{hosts}/{database}?target_session_attrs=read-write"
