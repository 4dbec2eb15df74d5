"""PgBouncer in transaction mode before a server on loopback."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import postgres_server

DEADLINE = 20
CONFIGURATION = """\
[databases]
* = host=127.0.0.1 port={server_port} user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 100
server_login_retry = 1
logfile = {folder}/log
"""


class Pgbouncer:
    def __init__(self, server_port, pool_size=10):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="comments-pgbouncer-"))
        self.port = postgres_server.free_port()
        self.process = None
        (self.folder / "pgbouncer.ini").write_text(
            CONFIGURATION.format(server_port=server_port, port=self.port, folder=self.folder,
                                 pool_size=pool_size), encoding="utf-8")
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(self.folder, "postgres", "postgres")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *failure):
        self.kill()
        shutil.rmtree(self.folder)

    def start(self):
        """Returns when it listens."""
        self.process = subprocess.Popen(
            [*postgres_server.as_postgres(), "/usr/sbin/pgbouncer", "-q", self.folder / "pgbouncer.ini"],
            cwd=self.folder, stdin=subprocess.DEVNULL)
        end = time.monotonic() + DEADLINE
        while not self.listens():
            assert self.process.poll() is None, (self.folder / "log").read_text(encoding="utf-8")
            assert time.monotonic() < end, "PgBouncer does not listen"
            time.sleep(0.01)

    def listens(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=DEADLINE)

    def url(self, server_url):
        """The same database, by way of here."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{server_url.rsplit('/', 1)[1]}"
