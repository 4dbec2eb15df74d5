"""Runs the image where tests/e2e would run the program. As a pytest plugin (`-p container`), it makes every test
that starts a service start a container instead: under 65532, nothing writable but the store's folder, no
capabilities, 128 MiB. COMMENTS_IMAGE names the image, COMMENTS_PODMAN the command that runs it.
"""

import contextlib
import itertools
import json
import os
import pathlib
import shlex
import subprocess

import pytest

pytest.register_assert_rewrite("service")

import service  # noqa: E402  after its assertions were registered

MEMORY = 128 << 20
# As a strict platform would. The limits are given because podman would try to raise its own.
STRICT = ("--pull", "never", "--network", "host", "--read-only", "--cap-drop", "all",
          "--security-opt", "no-new-privileges", "--memory", str(MEMORY), "--memory-swap", str(MEMORY),
          "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024")
NUMBERS = itertools.count(1)


def podman(*words):
    return [*shlex.split(os.environ["COMMENTS_PODMAN"]), *words]


def run(*options, words=(), timeout=60):
    """Runs the image to its end."""
    return subprocess.run(podman("run", "--rm", *STRICT, *options, os.environ["COMMENTS_IMAGE"], *words),
                          capture_output=True, text=True, timeout=timeout, check=False)


class Container(service.Service):
    """One running image; its process is podman, which hands on signals and output."""

    name = None

    def state(self):
        shown = subprocess.run(podman("container", "inspect", self.name), capture_output=True, check=True)
        return json.loads(shown.stdout)[0]

    def main_pid(self):
        return self.state()["State"]["Pid"]

    def memory(self):
        with open(f"/proc/{self.main_pid()}/status", encoding="ascii") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))

    def kill(self):
        # podman's own end would leave the container behind.
        subprocess.run(podman("rm", "--force", "--ignore", "--time", "0", "--volumes", self.name),
                       capture_output=True, timeout=60, check=False)
        super().kill()


def start(folder, *options, words=()):
    """Starts the image; waits for nothing."""
    folder = pathlib.Path(folder)
    number = next(NUMBERS)
    log, errors = folder / f"container-{number}.log", folder / f"container-{number}.err"
    name = f"comments-test-{os.getpid()}-{number}"
    with log.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(
            podman("run", "--rm", "--name", name, *STRICT, *options, os.environ["COMMENTS_IMAGE"], *words),
            stdin=subprocess.DEVNULL, stdout=out, stderr=err)
    one = Container(process, log, errors)
    one.name = name
    return one


@contextlib.contextmanager
def serving(folder, *options, words=("serve", "--host", "127.0.0.1", *service.ANY_PORTS)):
    one = start(folder, *options, words=words)
    try:
        one.wait_until_serving()
        yield one
    finally:
        one.kill()
    one.check_errors()


def launch(folder, *options, binary=None, ports=service.ANY_PORTS, **variables):
    """service.launch, in a container. The folder is there under its own name, writable."""
    assert binary is None, "another program is not in the image"
    folder = pathlib.Path(folder)
    os.chown(folder, 65532, 65532)
    given = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    return start(folder, "--volume", f"{folder}:{folder}", "--workdir", str(folder), *given,
                 words=("serve", "--host", "127.0.0.1", *ports, *options))


@pytest.fixture(scope="session", autouse=True)
def in_containers():
    """Only as a plugin: tests/image asks for containers itself."""
    kept, service.launch = service.launch, launch
    yield
    service.launch = kept
