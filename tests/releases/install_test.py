"""scripts/install, against a server on this machine that has releases as the real one has."""

import hashlib
import http.server
import io
import os
import platform
import subprocess
import tarfile
import threading

import pytest
from conftest import ROOT

MACHINE = platform.machine()
PROGRAM = "#!/bin/sh\necho comments 1.2.3\n"


def tarball(program=PROGRAM):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text, mode in (("comments-1.2.3/bin/comments", program, 0o755),
                                 ("comments-1.2.3/share/man/man1/comments.1", ".TH COMMENTS 1\n", 0o644)):
            member = tarfile.TarInfo(name)
            content_of = text if isinstance(text, bytes) else text.encode()
            member.size, member.mode = len(content_of), mode
            archive.addfile(member, io.BytesIO(content_of))
    return content.getvalue()


class Releases:
    """What the server has: path → bytes, or a path to be sent to."""

    def __init__(self, server, home):
        self.home, self.files, self.asked = home, {}, []
        self.url = f"http://127.0.0.1:{server.server_address[1]}/owner/name/releases"
        server.releases = self

    def put(self, version, content, sums=None):
        name = f"comments-{version}-linux-{MACHINE}.tar.gz"
        self.files[f"/owner/name/releases/download/v{version}/{name}"] = content
        line = f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        self.files[f"/owner/name/releases/download/v{version}/SHA256SUMS"] = (line if sums is None else sums).encode()
        self.files["/owner/name/releases/latest"] = f"/owner/name/releases/tag/v{version}"
        self.files[f"/owner/name/releases/tag/v{version}"] = b"a page"

    def install(self, *words, **variables):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "COMMENTS_RELEASES": self.url, **variables}
        done = subprocess.run([ROOT / "scripts/install", "--prefix", self.home / "there", *words], env=environment,
                              capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout + done.stderr

    @property
    def installed(self):
        return sorted(str(file.relative_to(self.home / "there")) for file in (self.home / "there").rglob("*") if file.is_file())


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        releases = self.server.releases
        releases.asked.append(self.path)
        found = releases.files.get(self.path)
        self.send_response(404 if found is None else 302 if isinstance(found, str) else 200)
        if isinstance(found, str):
            self.send_header("Location", found)
        body = found if isinstance(found, bytes) else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def releases(tmp_path):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Releases(server, tmp_path)
        server.shutdown()
        thread.join()


def test_the_newest_release_is_installed(releases):
    releases.put("1.2.3", tarball())
    status, said = releases.install()
    assert status == 0 and "installed comments 1.2.3" in said
    assert releases.installed == ["bin/comments", "share/man/man1/comments.1"]
    assert "is not in PATH" in said


def test_a_named_release_is_installed_and_another_is_not_asked_for(releases):
    releases.put("1.2.3", tarball())
    releases.put("2.0.0", tarball())
    assert releases.install("--version", "1.2.3")[0] == 0
    assert not [path for path in releases.asked if "2.0.0" in path or "latest" in path]


def test_who_is_running_is_replaced_beside_and_goes_on(releases):
    """A file that is written into is pulled from under who runs it, or cannot be written at all."""
    with open("/bin/sleep", "rb") as file:
        releases.put("1.2.3", tarball(file.read()))
    assert releases.install()[0] == 0
    there = releases.home / "there"
    before = {name: (there / name).stat().st_ino for name in releases.installed}
    with subprocess.Popen([there / "bin/comments", "600"]) as running:
        try:
            status, said = releases.install()
            assert status == 0, said
            assert running.poll() is None
            os.stat(f"/proc/{running.pid}/exe")  # the file that it runs is there for it alone
            assert (there / "bin/comments").stat().st_ino != before["bin/comments"]
        finally:
            running.kill()
    assert releases.installed == sorted(before)


def test_where_nothing_may_be_written_it_says_where_else(releases):
    releases.put("1.2.3", tarball())
    status, said = releases.install("--prefix", "/dev/null/there")
    assert status == 1 and "/dev/null/there cannot be written to: nothing was installed" in said and "--prefix" in said


def test_before_the_first_release_it_says_so(releases):
    releases.files["/owner/name/releases/latest"] = "/owner/name/releases"
    releases.files["/owner/name/releases"] = b"a page"
    status, said = releases.install()
    assert status == 1 and "there is no release at" in said


@pytest.mark.parametrize(("address", "alone"), [("https://code.example.com/o/n/releases", True), ("http://127.0.0.1:1/o/n/releases", False)])
def test_what_begins_with_https_is_never_sent_on_to_anything_less(releases, address, alone):
    curl = releases.home / "curl"
    curl.write_text(f"#!/bin/sh\necho \"$@\" >>'{releases.home}/words'\nexit 6\n", encoding="utf-8")
    curl.chmod(0o755)
    assert releases.install(COMMENTS_RELEASES=address, PATH=f"{releases.home}:{os.environ['PATH']}")[0] == 1
    assert ("--proto =https" in (releases.home / "words").read_text(encoding="utf-8")) == alone


def test_a_tarball_that_is_not_what_its_checksum_says_is_not_installed(releases):
    releases.put("1.2.3", tarball())
    name = f"/owner/name/releases/download/v1.2.3/comments-1.2.3-linux-{MACHINE}.tar.gz"
    releases.files[name] = tarball("#!/bin/sh\necho somebody else\n")
    status, said = releases.install()
    assert status == 1 and "is not what SHA256SUMS says: nothing was installed" in said
    assert releases.installed == []


def test_a_tarball_that_is_cut_off_is_not_installed(releases):
    releases.put("1.2.3", tarball())
    name = f"/owner/name/releases/download/v1.2.3/comments-1.2.3-linux-{MACHINE}.tar.gz"
    releases.files[name] = releases.files[name][:-1]
    assert releases.install()[0] == 1 and releases.installed == []


@pytest.mark.parametrize("sums", ["", f"{'0' * 64}  another.tar.gz\n", f"0  comments-1.2.3-linux-{MACHINE}.tar.gz\n"],
                         ids=["empty", "of another", "no checksum"])
def test_without_a_checksum_nothing_is_installed(releases, sums):
    releases.put("1.2.3", tarball(), sums)
    status, said = releases.install()
    assert status == 1 and "is there none for this kind of machine?" in said
    assert releases.installed == []


def test_a_program_that_does_not_run_here_is_not_installed(releases):
    releases.put("1.2.3", tarball("#!/bin/sh\nexit 1\n"))
    status, said = releases.install()
    assert status == 1 and "this machine cannot run it" in said and releases.installed == []


def test_a_release_that_is_not_there_is_said_to_be_missing(releases):
    status, said = releases.install("--version", "9.9.9")
    assert status == 1 and "there is no release 9.9.9" in said


@pytest.mark.parametrize("version", ["1.2", "../../etc", "latest", "1.2.3;id"])
def test_what_is_no_version_is_never_asked_for(releases, version):
    status, said = releases.install("--version", version)
    assert status == 1 and "is not a version" in said and releases.asked == []


def test_who_does_not_say_where_releases_are_is_told(releases):
    status, said = releases.install(COMMENTS_RELEASES="")
    assert status == 1 and "set COMMENTS_RELEASES" in said


def test_an_option_that_is_not_there_is_refused_and_help_installs_nothing(releases):
    assert "there is no option '--now'" in releases.install("--now")[1]
    status, said = releases.install("--help")
    assert status == 0 and said.startswith("Usage: install") and releases.asked == []
