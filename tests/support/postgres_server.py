#!/usr/bin/env python3
"""PostgreSQL servers for tests: in a temporary folder, on loopback, ports from the kernel.

As a program, for ctest's fixtures: postgres_server.py start URL_FILE | stop URL_FILE. It leaves the
server's URL, without a database, in URL_FILE.
"""

import glob
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

DEADLINE = 60


def find_programs():
    """The newest server on this machine."""
    found = glob.glob("/usr/lib/postgresql/*/bin")
    assert found, "PostgreSQL's server is missing: apt-get install postgresql"
    return pathlib.Path(max(found, key=lambda path: int(path.split("/")[-2])))


def as_postgres():
    """What to put before a command: the server refuses to run as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def flushing():
    """Settings. Where processes die, and not machines, what they have written outlives them, flushed
    or not: COMMENTS_TEST_FSYNC=on is for who wants to see it flushed."""
    return {"fsync": os.environ.get("COMMENTS_TEST_FSYNC", "off"),
            "recovery_init_sync_method": "syncfs"}


class Server:
    """One server. Trusts whoever can reach it: it listens on loopback and in its own folder."""

    def __init__(self, folder=None, port=None, settings=()):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="comments-pg-"))
        self.data = self.folder / "data"
        self.port = port or free_port()
        self.programs = find_programs()
        self.settings = {"listen_addresses": "127.0.0.1", "port": self.port,
                         "unix_socket_directories": self.folder, "max_connections": 60,
                         "shared_buffers": "64MB", "log_min_messages": "warning",
                         **dict(settings)}

    def run(self, program, *words, **how):
        return subprocess.run([*as_postgres(), self.programs / program, *map(str, words)],
                              check=True, cwd="/", capture_output=True, text=True,
                              timeout=DEADLINE, **how)

    def create(self):
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                 "--locale=C", "--no-sync")
        return self

    def configure(self, **settings):
        self.settings.update(settings)

    def start(self):
        """Returns when it answers."""
        self.begin_to_start()
        self.wait_until_it_answers()
        return self

    def begin_to_start(self):
        options = " ".join(f"-c {name}='{value}'" for name, value in self.settings.items())
        self.run("pg_ctl", "-D", self.data, "-W", "-l", self.folder / "log", "-o", options, "start")

    def stop(self, mode="fast"):
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "-D", self.data, "-w", "-t", DEADLINE, "-m", mode, "stop")

    def remove(self):
        self.stop("immediate")
        shutil.rmtree(self.folder)

    def url(self, database="postgres"):
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def sql(self, text, database="postgres"):
        """The rows, columns between `|`."""
        done = subprocess.run([self.programs / "psql", "-X", "-q", "-A", "-t", "-v",
                               "ON_ERROR_STOP=1", "-d", self.url(database), "-c", text],
                              check=False, capture_output=True, text=True, timeout=DEADLINE)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def create_database(self, name="comments"):
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def wait_until_it_answers(self):
        end = time.monotonic() + DEADLINE
        while subprocess.run([self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p",
                              str(self.port)], check=False).returncode != 0:
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.01)


def main(verb, url_file):
    url_file = pathlib.Path(url_file)
    left = url_file.with_suffix(".folder")
    if left.exists():  # this run's, or one that was cut off
        folder = pathlib.Path(left.read_text(encoding="utf-8"))
        if folder.exists():
            Server(folder, port=1).remove()
        left.unlink()
    if verb == "start":
        # These tests are not about crashes: nothing is flushed.
        server = Server(settings={"fsync": "off"})
        left.write_text(str(server.folder), encoding="utf-8")
        server.create().start()
        url_file.write_text(server.url("postgres"), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
