"""A stand-in for a machine: a minimal root of this Debian suite, with processes, mounts and a network of its own.
It boots nothing: systemd does not run there, so units are started by hand."""

import contextlib
import os
import pathlib
import shlex
import signal
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
               "DEBIAN_FRONTEND": "noninteractive"}
# Its first process; when it ends, all of them do, and the mounts are gone.
FIRST = """mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && ip link set lo up && echo ready && exec sleep infinity"""


class Machine:
    def __init__(self, folder, first):
        self.folder = folder
        self._first = first

    def words(self, *words, online=False, user=None):
        """The command line that runs `words` there; online: on this machine's network instead of its own."""
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
        return ["nsenter", f"--target={self._first}", "--mount", "--pid", *([] if online else ["--net"]),
                "chroot", str(self.folder), *as_user, *(str(word) for word in words)]

    def run(self, *words, given=None, timeout=600, environment=None, **how):
        return subprocess.run(self.words(*words, **how), input=given, capture_output=True, text=True, check=False,
                              timeout=timeout, env={**ENVIRONMENT, **(environment or {})})

    def do(self, *words, **how):
        """What it printed; fails when it does."""
        done = self.run(*words, **how)
        assert done.returncode == 0, f"{shlex.join(map(str, words))}\n{done.stdout}{done.stderr}"
        return done.stdout

    @contextlib.contextmanager
    def started(self, *words, **how):
        """A process there; ended, if it runs still, by SIGTERM."""
        process = subprocess.Popen(self.words(*words, **how), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   text=True, env=ENVIRONMENT)
        with running(process):
            try:
                yield process
            finally:
                stop(process)

    def path(self, path):
        return self.folder / path.lstrip("/")

    def exists(self, path):
        return os.path.lexists(self.path(path))

    @contextlib.contextmanager
    def unit(self, name="comments.service"):
        """Runs the unit's command as its user, as far as that can be done without systemd."""
        text = self.path(f"/usr/lib/systemd/system/{name}").read_text()
        settings = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and line[0].isalpha())
        command = ["env", f"--chdir={settings['WorkingDirectory']}", *shlex.split(settings["ExecStart"])]
        with self.started(*command, user=settings["User"]) as process:
            self.wait_for_service(process)
            yield process

    def wait_for_service(self, process):
        deadline = time.monotonic() + 60
        while self.run("comments", "status", "--quiet").returncode != 0:
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < deadline, "it serves nobody, in a minute"

    @contextlib.contextmanager
    def neighbour(self, *addresses):
        """A network beside it, on which it is the first of the addresses; the process id of who is there."""
        with running(subprocess.Popen(["unshare", "--net", "sh", "-c", "echo ready && exec sleep infinity"],
                                      stdout=subprocess.PIPE, text=True)) as outside:
            assert outside.stdout.readline() == "ready\n"
            inside = ["nsenter", f"--target={self._first}", "--net"]
            there = ["nsenter", f"--target={outside.pid}", "--net"]
            for words in ([*inside, "ip", "link", "add", "name", "inside", "type", "veth", "peer", "name", "outside",
                           "netns", str(outside.pid)],
                          [*inside, "ip", "address", "add", f"{addresses[0]}/24", "dev", "inside"],
                          [*inside, "ip", "link", "set", "inside", "up"],
                          *([*there, "ip", "address", "add", f"{address}/24", "dev", "outside"]
                            for address in addresses[1:]),
                          [*there, "ip", "link", "set", "outside", "up"]):
                subprocess.run(words, check=True)
            yield outside.pid


def stop(process):
    """The exit status of what `started` has started, after SIGTERM: nsenter waits for it, and hands none on."""
    if process.poll() is None:
        for child in pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGTERM)
    return process.wait(30)


@contextlib.contextmanager
def running(process):
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


@contextlib.contextmanager
def machine(*packages):
    """A clean one with these Debian packages more."""
    work = pathlib.Path(tempfile.mkdtemp(prefix="comments-machine-"))
    try:
        folder = work / "root"
        # In namespaces of its own: cut off, it leaves no process and no mount.
        made = subprocess.run(["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc",
                               ROOT / "scripts/suite-root", own_suite(), folder, *packages], capture_output=True,
                              text=True, check=False, timeout=900)
        assert made.returncode == 0, made.stderr
        (folder / "etc/hosts").write_text("127.0.0.1 localhost comments.example.com\n")  # an installer's work
        with running(subprocess.Popen(["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child=KILL", "sh",
                                       "-c", FIRST, folder], stdout=subprocess.PIPE, text=True)) as outer:
            assert outer.stdout.readline() == "ready\n"
            first = pathlib.Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text().split()[0]
            yield Machine(folder, first)
    finally:
        subprocess.run(["rm", "-rf", "--one-file-system", work], check=True)


def own_suite():
    with open("/etc/os-release", encoding="utf-8") as file:
        return dict(line.rstrip().split("=", 1) for line in file if "=" in line)["VERSION_CODENAME"]


def package(kind):
    """The file that scripts/package makes."""
    made = subprocess.run([ROOT / "scripts/package", kind], capture_output=True, text=True, check=False, timeout=900)
    assert made.returncode == 0, made.stderr
    return ROOT / made.stdout.split()[-1]
