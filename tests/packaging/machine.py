"""A machine of its own, of a Debian suite: a minimal root in which systemd runs, with processes, mounts, control groups
and a network of its own. It has no kernel of its own, and only apt reaches out of it."""

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
# $1 is the root, $2 its control group, $3 a process on the outer network. When unshare ends, so does everything there.
BOOT = """
echo $$ >"$2/cgroup.procs"
exec unshare --mount --net --pid --cgroup --ipc --uts --fork --kill-child=KILL sh -ec '
  mount --make-rprivate /
  mount --bind "$1" "$1"
  cd "$1"
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs tmpfs run
  mount -t tmpfs tmpfs dev
  for device in null zero full random urandom tty; do touch dev/$device; mount --bind /dev/$device dev/$device; done
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
  mount -t tmpfs tmpfs dev/shm
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  touch run/outside
  mount --bind "/proc/$3/ns/net" run/outside
  ip link set lo up
  hostname machine
  pivot_root . mnt
  umount --lazy /mnt
  exec env -i container=other /lib/systemd/systemd
' sh "$@"
"""
# Everything else is cut off: what listens there is asked there.
APT = """Dir::Bin::Methods::http "/usr/local/lib/apt-http";
Dir::Bin::Methods::https "/usr/local/lib/apt-https";
APT::Sandbox::User "root";
"""


class Machine:
    def __init__(self, folder, first):
        self.folder = folder
        self._first = first

    def words(self, *words, user=None):
        """The command line that runs `words` there."""
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
        return ["nsenter", f"--target={self._first}", "--mount", "--pid", "--net", "--ipc", "--uts", "--cgroup", *as_user,
                *(str(word) for word in words)]

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

    def state(self, unit, what="ActiveState"):
        return self.do("systemctl", "show", "--value", f"--property={what}", unit).strip()

    def path(self, path):
        return self.folder / path.lstrip("/")

    def exists(self, path):
        return os.path.lexists(self.path(path))

    def wait_for_service(self):
        deadline = time.monotonic() + 60
        while self.run("comments", "status", "--quiet").returncode != 0:
            assert time.monotonic() < deadline, "it serves nobody, in a minute\n" + self.do("journalctl", "--no-pager", "--lines=40")
            time.sleep(0.05)

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
            # Until IPv6 knows that nobody else has these addresses, nothing is sent from them.
            for side in (inside, there):
                while subprocess.run([*side, "ip", "-6", "address", "show", "tentative"], capture_output=True, check=True).stdout:
                    time.sleep(0.05)
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
def control_group():
    """One of its own. Where the kernel still has the older ones too, it is beside them."""
    mounts = [line.split() for line in pathlib.Path("/proc/mounts").read_text().splitlines()]
    outer = pathlib.Path(next(mount[1] for mount in mounts if mount[2] == "cgroup2"))
    made = pathlib.Path(tempfile.mkdtemp(prefix="comments-machine-", dir=outer))
    try:
        yield made
    finally:
        deadline = time.monotonic() + 20
        while "populated 1" in (made / "cgroup.events").read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        for folder, _, _ in os.walk(made, topdown=False):
            os.rmdir(folder)


@contextlib.contextmanager
def machine(suite, *packages):
    """A clean one of a suite, with these Debian packages more, that has started."""
    work = pathlib.Path(tempfile.mkdtemp(prefix="comments-machine-"))
    try:
        folder = work / "root"
        # In namespaces of its own: cut off, it leaves no process and no mount.
        made = subprocess.run(["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc",
                               ROOT / "scripts/suite-root", suite, folder, "systemd-sysv", "dbus", "iproute2", *packages],
                              capture_output=True, text=True, check=False, timeout=900)
        assert made.returncode == 0, made.stderr
        (folder / "etc/hosts").write_text("127.0.0.1 localhost machine comments.example.com\n")  # an installer's work
        (folder / "usr/sbin/policy-rc.d").unlink()  # what is installed is started
        (folder / "etc/systemd/system/systemd-modules-load.service").symlink_to("/dev/null")  # the kernel is not its own
        (folder / "etc/apt/apt.conf.d/90outside").write_text(APT)
        for method in ("http", "https"):
            (folder / f"usr/local/lib/apt-{method}").write_text(
                f"#!/bin/sh\nexec nsenter --net=/run/outside /usr/lib/apt/methods/{method}\n")
            (folder / f"usr/local/lib/apt-{method}").chmod(0o755)
        with control_group() as group, subprocess.Popen(["sh", "-c", BOOT, "sh", folder, group, str(os.getpid())],
                                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as outer:
            try:
                yield Machine(folder, first_of(outer))
            finally:
                outer.kill()
    finally:
        subprocess.run(["rm", "-rf", "--one-file-system", work], check=True)


def first_of(outer):
    """The process id of a machine's systemd, once it has started what it should."""
    children = pathlib.Path(f"/proc/{outer.pid}/task/{outer.pid}/children")
    deadline = time.monotonic() + 60
    while True:
        assert outer.poll() is None and time.monotonic() < deadline, "the machine does not start"
        time.sleep(0.05)
        for first in children.read_text().split():
            asked = subprocess.run(["nsenter", f"--target={first}", "--mount", "--pid", "systemctl", "is-system-running"],
                                   capture_output=True, text=True, check=False)
            if asked.stdout.strip() in ("running", "degraded"):
                return first


def own_suite():
    with open("/etc/os-release", encoding="utf-8") as file:
        return dict(line.rstrip().split("=", 1) for line in file if "=" in line)["VERSION_CODENAME"]


def suites():
    """This machine's, and on Debian 12 also the next: a package of it can be made here."""
    return [own_suite(), *(["trixie"] if own_suite() == "bookworm" else [])]


def package(*words):
    """The file that scripts/package makes."""
    made = subprocess.run([ROOT / "scripts/package", *words], capture_output=True, text=True, check=False, timeout=2400)
    assert made.returncode == 0, made.stderr
    return ROOT / made.stdout.split()[-1]
