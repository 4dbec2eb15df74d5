"""What cannot work is said at once: one line with the remedy, an exit code, and nothing listens."""

import contextlib
import os
import pathlib
import shutil
import socket
import sqlite3
import tempfile

import pytest

import service

FAILED, USAGE = 1, 2
AS_NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")


@pytest.fixture
def serve(comments, tmp_path):
    """serve(*options) of something that cannot work → exit code and standard error."""
    def run(*options, ports=service.ANY_PORTS, **how):
        if "--store" not in options:
            options = ("--store", f"sqlite:{tmp_path / 'comments.db'}", *options)
        ran = comments("serve", *ports, *options, **how)
        assert '"serving"' not in ran.stdout
        return ran
    return run


def check_fault(ran, exit_code, *fragments):
    """One line, beside the pointer to the help that follows a mistake in the words typed."""
    lines = [line for line in ran.stderr.splitlines() if "--help'" not in line]
    assert ran.returncode == exit_code, ran.stderr
    assert len(lines) == 1, ran.stderr
    assert lines[0].startswith("comments: ")
    for fragment in fragments:
        assert fragment in lines[0]


@contextlib.contextmanager
def taken_port(number=0):
    """A port of 127.0.0.1 that somebody listens on: we, or who was there before."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError if number else ()):
            listener.bind(("127.0.0.1", number))
            listener.listen()
            number = listener.getsockname()[1]
        yield number


# Ports

def test_a_taken_port_is_refused(serve):
    with taken_port() as port:
        ran = serve(ports=("--port", str(port), "--admin-port", "0"))
    check_fault(ran, FAILED, f"port {port} is taken", "--port")


def test_the_port_of_a_service_that_runs_is_refused_to_a_second_one(start, serve):
    port = start().port
    ran = serve(ports=("--port", str(port), "--admin-port", "0"))
    check_fault(ran, FAILED, f"port {port} is taken", "--port")


def test_a_taken_admin_port_is_refused_where_it_was_chosen(serve):
    with taken_port() as port:
        ran = serve(ports=("--port", "0", "--admin-port", str(port)))
    check_fault(ran, FAILED, f"port {port} is taken", "--admin-port")


def test_a_taken_default_admin_port_is_replaced_with_a_warning(start):
    with taken_port(9464):
        one = start(ports=("--port", "0"))
    warning = one.find_in_log("the admin port is taken; using another")
    assert (warning["severity"], warning["admin_port"]) == ("WARNING", 9464)
    assert not one.find_in_log("serving")["admin_url"].endswith(":9464")
    assert one.health()[0] == 200


def test_a_host_that_is_not_of_this_machine_is_refused(serve):
    check_fault(serve("--host", "192.0.2.1"), FAILED, "cannot listen on 192.0.2.1", "--host")
    check_fault(serve("--admin-host", "192.0.2.1"), FAILED, "192.0.2.1", "--admin-host")


def test_a_bad_admin_host_is_not_taken_for_a_taken_port(serve):
    ran = serve("--admin-host", "192.0.2.1", ports=("--port", "0"))
    check_fault(ran, FAILED, "cannot listen on 192.0.2.1:9464", "--admin-host")
    assert "taken" not in ran.stdout


# Stores

def test_a_folder_that_does_not_exist_is_named(serve, tmp_path):
    ran = serve("--store", f"sqlite:{tmp_path}/nowhere/comments.db")
    check_fault(ran, FAILED, f"the folder {tmp_path}/nowhere does not exist", "--store")


def test_a_folder_is_no_store(serve, tmp_path):
    check_fault(serve("--store", f"sqlite:{tmp_path}"), FAILED, "is a folder", "name a file in it")


@pytest.mark.parametrize("content", [b"hello\n", b"not a database at all\n" * 200],
                         ids=["short", "long"])
def test_a_text_file_is_no_store_and_stays_as_it_was(serve, tmp_path, content):
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    check_fault(serve("--store", f"sqlite:{path}"), FAILED, "is not a SQLite database", "--store")
    assert path.read_bytes() == content


@pytest.mark.parametrize("sql", [
    "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)",
    "PRAGMA application_id = 252006675; CREATE TABLE theirs (a)",
    "CREATE TABLE comments (id, text); CREATE TABLE migrations (number)",
], ids=["a table", "an application's id", "tables with our names"])
def test_the_database_of_another_program_is_refused_and_stays_as_it_was(serve, tmp_path, sql):
    path = tmp_path / "theirs.db"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(sql)
    before = path.read_bytes()
    ran = serve("--store", f"sqlite:{path}")
    check_fault(ran, FAILED, "is the SQLite database of another program", "--store")
    assert path.read_bytes() == before


@pytest.fixture
def newer_store(start, tmp_path):
    """newer_store(release) → the path of a store that a newer release has migrated."""
    def make(compatible_from):
        start().terminate()
        path = tmp_path / "comments.db"
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            database.execute("INSERT INTO migrations VALUES (999, 'future', ?, 0)",
                             [compatible_from])
        return path
    return make


def test_the_store_of_a_newer_release_names_the_release_to_run(serve, newer_store):
    path = newer_store("99.0.0")
    ran = serve("--store", f"sqlite:{path}")
    check_fault(ran, FAILED, "newer release", "run comments 99.0.0 or later")


def test_the_store_of_a_newer_release_that_stays_compatible_is_served(start, newer_store):
    path = newer_store("0.0.1")
    assert start("--store", f"sqlite:{path}").health()[0] == 200


@pytest.mark.parametrize("store", ["sqlite:", "comments.db", "mysql://localhost/comments", ""])
def test_what_is_no_store_is_told_what_is_one(serve, store):
    check_fault(serve("--store", store), USAGE, "is no store", "sqlite:PATH", "memory:")


# Rights: root may do everything, so that the program runs as nobody, from a place nobody can reach.

@pytest.fixture
def public(request):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("needs root and setpriv, to become a user with fewer rights")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="comments-e2e-"))
    request.addfinalizer(lambda: shutil.rmtree(folder))
    folder.chmod(0o755)
    shutil.copy(service.find_binary(), folder / "comments")
    (folder / "private").mkdir(mode=0o755)
    (folder / "own").mkdir()
    (folder / "own").chmod(0o777)
    return folder


def serve_as_nobody(folder, store, monkeypatch):
    monkeypatch.setenv("COMMENTS_BINARY", str(folder / "comments"))
    return service.run_comments(folder, "serve", *service.ANY_PORTS, "--store", f"sqlite:{store}",
                                before=AS_NOBODY)


def test_a_folder_that_cannot_be_written_is_named(public, monkeypatch):
    ran = serve_as_nobody(public, public / "private" / "comments.db", monkeypatch)
    check_fault(ran, FAILED, f"the folder {public / 'private'} is not writable", "--store")


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o200], ids=["neither", "read-only", "unreadable"])
def test_a_file_without_the_rights_is_named(public, monkeypatch, mode):
    path = public / "own" / "comments.db"
    path.touch()
    path.chmod(mode)
    if mode == 0o200:
        shutil.chown(path, "nobody")
    ran = serve_as_nobody(public, path, monkeypatch)
    check_fault(ran, FAILED, str(path), "able; make it so or choose another file with --store")


# Words and settings

def test_a_mistyped_command_suggests_the_nearest(comments):
    check_fault(comments("serv"), USAGE, "there is no command 'serv'", "did you mean 'serve'?")
    check_fault(comments("lsit", "1"), USAGE, "did you mean 'list'?")


def test_a_mistyped_flag_suggests_the_nearest(serve):
    check_fault(serve("--prot=1"), USAGE, "there is no option --prot", "did you mean '--port'?")
    check_fault(serve("--drain-dealy", "1s"), USAGE, "did you mean '--drain-delay'?")


@pytest.mark.parametrize("flag, value", [
    ("--port", "abc"), ("--port", "65536"), ("--port", "-1"), ("--admin-port", "1.5"),
    ("--log-level", "loud"), ("--log-format", "xml"), ("--drain-delay", "soon"),
    ("--email-visibility", "secret"),
])
def test_a_flag_with_a_bad_value_is_named(serve, flag, value):
    check_fault(serve(f"{flag}={value}"), USAGE, flag, value)


@pytest.mark.parametrize("name, value", [
    ("COMMENTS_PORT", "abc"), ("COMMENTS_PORT", "70000"), ("COMMENTS_LOG_LEVEL", "loud"),
    ("COMMENTS_DRAIN_DELAY", "soon"), ("PORT", "abc"), ("PORT", "99999"), ("PORT", "80 "),
])
def test_a_bad_value_in_the_environment_is_named_with_its_variable(serve, name, value):
    ran = serve(ports=("--admin-port", "0"), **{name: value})
    check_fault(ran, USAGE, f"{name}: ", f"'{value}'")


@pytest.mark.parametrize("text, fragments", [
    ('port = "many"', ["port", "'many'"]), ("log-level = 'loud'", ["log-level", "'loud'"]),
    ("prot = 1", ["no setting 'prot'", "did you mean 'port'?"]),
    ("[serve]\nport = 0", ["no sections", "remove the [serve]"]),
])
def test_a_bad_config_file_is_named_with_the_setting(serve, tmp_path, text, fragments):
    config = tmp_path / "comments.toml"
    config.write_text(text + "\n")
    ran = serve("--config", str(config), ports=("--admin-port", "0"))
    check_fault(ran, USAGE, str(config), *fragments)


def test_a_config_file_that_is_not_there_is_named(serve):
    check_fault(serve("--config", "nowhere.toml"), USAGE, "nowhere.toml cannot be read")
    check_fault(serve(COMMENTS_CONFIG="gone.toml"), USAGE, "gone.toml cannot be read")


# Which of several values counts is seen from the port that the program fails to get.

def test_a_flag_beats_the_environment_that_the_config_file_that_the_default(serve, tmp_path):
    config = tmp_path / "comments.toml"
    with taken_port() as flag, taken_port() as variable, taken_port() as setting, \
            taken_port() as platform, taken_port(8000) as default:
        config.write_text(f"port = {setting}\n")

        def resolved(*words, **variables):
            ran = serve("--admin-port", "0", *words, ports=(), **variables)
            check_fault(ran, FAILED, "is taken")
            return int(ran.stderr.split("port ")[1].split()[0])

        from_file = {"COMMENTS_CONFIG": str(config)}
        assert resolved("--port", str(flag), COMMENTS_PORT=str(variable), **from_file) == flag
        assert resolved("--port", str(flag), PORT=str(platform)) == flag
        assert resolved(COMMENTS_PORT=str(variable), PORT=str(platform), **from_file) == variable
        assert resolved(**from_file) == setting
        assert resolved("--config", str(config), COMMENTS_CONFIG="") == setting
        assert resolved(PORT=str(platform)) == platform
        assert resolved() == default
        assert resolved(PORT="", COMMENTS_PORT="") == default


def test_the_platforms_port_is_served_to_the_outside(start):
    ports = ("--admin-port", "0")
    assert start(ports=ports, PORT="0").url.startswith("http://0.0.0.0:")
    assert start("--host", "127.0.0.1", ports=ports, PORT="0").url.startswith("http://localhost:")
    assert start(PORT="").url.startswith("http://localhost:")
