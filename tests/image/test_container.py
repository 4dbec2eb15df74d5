"""How the image runs where nearly nothing is allowed."""

import contextlib
import pathlib
import re
import socket
import subprocess

import container
import postgres_server
import service

ANY = ("serve", "--host", "127.0.0.1", *service.ANY_PORTS)


def free_port():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as one:
        return one.getsockname()[1]


def status(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}


def memory_limit(pid):
    """Of its control group, in either version's words."""
    for line in pathlib.Path(f"/proc/{pid}/cgroup").read_text(encoding="ascii").splitlines():
        number, controllers, path = line.split(":", 2)
        if number == "0" and (file := pathlib.Path(f"/sys/fs/cgroup{path}/memory.max")).exists():
            return int(file.read_text(encoding="ascii"))
        if "memory" in controllers.split(","):
            file = pathlib.Path(f"/sys/fs/cgroup/memory{path}/memory.limit_in_bytes")
            return int(file.read_text(encoding="ascii"))
    raise AssertionError(f"process {pid} has no limit of memory")


def mount_options(pid, path):
    lines = pathlib.Path(f"/proc/{pid}/mounts").read_text(encoding="ascii").splitlines()
    return next(line.split()[3].split(",") for line in lines if line.split()[1] == path)


def test_it_serves_as_nobody_without_rights_on_a_root_that_cannot_be_written(tmp_path):
    with container.serving(tmp_path) as one:
        assert one.post(service.new_comment("1", "kept")).status == 200
        pid = one.main_pid()
        shown = status(pid)
        assert set(shown["Uid"]) == set(shown["Gid"]) == {"65532"}
        for rights in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            assert int(shown[rights][0], 16) == 0, rights
        assert shown["NoNewPrivs"] == ["1"]
        assert "ro" in mount_options(pid, "/")
        assert "rw" in mount_options(pid, "/data")
        assert memory_limit(pid) == container.MEMORY
        print(f"holds {one.memory() / 1024:.1f} MiB of 128")


def test_port_says_where_it_listens_and_then_not_on_this_machine_alone(tmp_path):
    port = free_port()
    # No words: the image's own.
    with container.serving(tmp_path, "--env", f"PORT={port}", "--env", "COMMENTS_ADMIN_PORT=0", words=()) as one:
        assert one.port == port
        assert one.get("/health/ready").status == 200
        (configured,) = [line for line in one.log_lines() if line["message"] == "configuration"]
        assert configured["host"] == "0.0.0.0"
        assert configured["store"] == "sqlite:/data/comments.db"


def test_sigterm_ends_it_orderly_though_it_is_process_1(tmp_path):
    with container.serving(tmp_path) as one:
        assert one.terminate() == 0
        assert one.find_in_log("stopped")


def test_it_knows_its_own_health(tmp_path):
    with container.serving(tmp_path) as one:
        asked = subprocess.run(
            container.podman("exec", one.name, "/usr/bin/comments", "status", "--quiet", "--url", one.url),
            capture_output=True, text=True, timeout=60, check=False)
        assert asked.returncode == 0, asked.stderr


def test_where_data_cannot_be_written_it_says_what_to_do():
    ran = container.run("--image-volume", "ignore", words=ANY)
    assert ran.returncode == 1
    assert "folder /data is not writable" in ran.stderr
    assert "mount a volume" in ran.stderr
    assert "postgres://" in ran.stderr


def test_the_migration_job_is_the_same_image(tmp_path):
    tmp_path.chmod(0o777)
    volume = ("--volume", f"{tmp_path}:/data")
    ran = container.run(*volume, words=("migrate",))
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "comments.db").stat().st_uid == 65532
    with container.serving(tmp_path, *volume) as one:
        assert one.post(service.new_comment("1", "first")).status == 200


def test_the_migration_job_prepares_a_postgresql_database_that_the_image_then_serves(tmp_path):
    server = postgres_server.Server(settings=postgres_server.flushing())
    try:
        server.create().start()
        store = ("--env", f"COMMENTS_STORE={server.create_database('comments')}")
        for before in ("0", "[1-9]"):  # the second time there is nothing to do
            ran = container.run(*store, words=("migrate", "--json"))
            assert ran.returncode == 0, ran.stderr
            assert re.search(f'"before":{before}', ran.stdout), ran.stdout
        with container.serving(tmp_path, *store) as one:
            assert one.post(service.new_comment("1", "first")).status == 200
            assert one.count("1") == 1
    finally:
        server.remove()


def test_it_has_no_shell():
    for shell in ("sh", "/bin/sh", "bash", "busybox"):
        ran = container.run("--entrypoint", shell, words=("-c", "true"))
        assert ran.returncode in (126, 127), ran.stderr
