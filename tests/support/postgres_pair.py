"""A primary and a synchronous standby on loopback, which can change places."""

import os
import shutil
import time

import postgres_server

DEADLINE = 60


class Pair:
    """`primary` and `standby` change places with each failover; each server keeps its port."""

    def __init__(self):
        self.primary = postgres_server.Server(settings=postgres_server.flushing())
        self.standby = postgres_server.Server(settings=postgres_server.flushing())
        self.is_attached = False

    def __enter__(self):
        try:
            self.primary.create().start()
            self.attach_standby()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *failure):
        self.remove()

    def remove(self):
        for server in (self.standby, self.primary):
            server.remove()

    def url(self, database):
        """For whoever wants the primary, whichever it is."""
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in
                         sorted((self.primary, self.standby), key=lambda server: server.port))
        return f"postgres://postgres@{hosts}/{database}?target_session_attrs=read-write"

    def attach_standby(self):
        """Makes the standby anew from the primary, if need be; from then on no commit is answered
        that it has not flushed."""
        if self.is_attached:
            return
        if os.geteuid() == 0:
            shutil.chown(self.standby.folder, "postgres", "postgres")
        shutil.rmtree(self.standby.data, ignore_errors=True)
        self.standby.run("pg_basebackup", "-R", "-X", "stream", "-c", "fast", "--no-sync",
                         "-D", self.standby.data, "-d", self.primary.url())
        # The last word counts: once promoted, it must not wait for a standby that is not there.
        with open(self.standby.data / "postgresql.auto.conf", "a", encoding="utf-8") as settings:
            settings.write("synchronous_standby_names = ''\n")
        self.standby.start()
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.sql("SELECT pg_reload_conf()")
        self.wait_until("sync_state = 'sync'")
        [now] = self.primary.sql("SELECT pg_current_wal_flush_lsn()")
        self.wait_until(f"flush_lsn >= '{now}'")
        self.is_attached = True

    def wait_until(self, condition):
        end = time.monotonic() + DEADLINE
        while self.primary.sql(f"SELECT 1 FROM pg_stat_replication WHERE {condition}") != ["1"]:
            assert time.monotonic() < end, f"the standby's {condition} does not come true"
            time.sleep(0.05)

    def promote_standby(self):
        """Returns when it takes writes."""
        self.standby.run("pg_ctl", "-D", self.standby.data, "-w", "promote")
        self.primary, self.standby = self.standby, self.primary
        self.is_attached = False
