"""Starting on a PostgreSQL database: an empty one, a newer one, one that cannot be used."""

import os
import shutil
import subprocess
import time
import urllib.parse

import pytest

import service
from fleet import Fleet
from postgres_server import free_port
from test_postgres_instances import say, shown
from test_startup_faults import FAILED, USAGE, check_fault, taken_port

LIMIT = 6  # seconds, for saying that it does not work


def name_of(database):
    return urllib.parse.urlsplit(database).path[1:]


def with_query(url, **words):
    return f"{url}?{urllib.parse.urlencode(words)}"


# Empty databases

def start_at_once(folder, database, count):
    """What each of them names the same list."""
    fleet = [service.launch(folder, "--store", database) for _ in range(count)]
    try:
        for one in fleet:
            one.wait_until_serving()
        say(fleet[0], "text")
        return {one.get(service.list_path("t")).headers["ETag"] for one in fleet}
    finally:
        for one in fleet:
            one.kill()
            one.check_errors()


def test_instances_that_start_at_once_on_an_empty_database_agree(postgres, tmp_path):
    for number in range(10):
        database = postgres.create_database(f"empty_{number}")
        assert len(start_at_once(tmp_path, database, 2)) == 1
        applied = postgres.sql("SELECT number FROM comments_migrations WHERE number > 0",
                               name_of(database))
        assert applied == ["1"]
        assert postgres.sql("SELECT count(*) FROM store", name_of(database)) == ["1"]


# Newer releases

def migrate_to_newer(postgres, database, compatible_from):
    """What the next release's migration does: it expands, and takes nothing away."""
    postgres.sql(f"""
        BEGIN;
        ALTER TABLE comments ADD COLUMN likes bigint NOT NULL DEFAULT 0;
        ALTER TABLE contents ADD COLUMN title text;
        CREATE TABLE reactions (content_id text, seq bigint, likes bigint);
        INSERT INTO comments_migrations VALUES (999, 'reactions', '{compatible_from}', 0);
        COMMIT""", name_of(database))


def test_this_release_serves_posts_and_restarts_on_a_newer_schema(postgres, database, tmp_path):
    with Fleet(tmp_path, [database] * 2) as fleet:
        for one in fleet:
            say(one, "before")
        migrate_to_newer(postgres, database, compatible_from="0.1.0")
        for one in fleet:
            say(one, "after")
        fleet.kill_and_restart(1)  # a rollback looks the same
        say(fleet[1], "after the restart")
        comments = ["before", "before", "after", "after", "after the restart"]
        assert shown(fleet[1]) == comments
        service.wait_until(lambda: shown(fleet[0]) == comments, "the other instance's list")


@pytest.fixture
def serve(comments):
    """serve(url) of something that cannot work → exit code and standard error, soon enough."""
    def run(url, **variables):
        began = time.monotonic()
        ran = comments("serve", *service.ANY_PORTS, COMMENTS_STORE=url, **variables)
        assert time.monotonic() - began < LIMIT
        assert '"serving"' not in ran.stdout
        return ran
    return run


def test_a_schema_that_is_too_new_names_the_release_to_run(postgres, database, start, serve):
    start("--store", database).kill()
    migrate_to_newer(postgres, database, compatible_from="99.1.0")
    check_fault(serve(database), FAILED, "newer release", "run comments 99.1.0 or later")


# Databases that cannot be used

def test_a_server_that_is_not_there_is_named(serve):
    port = free_port()
    check_fault(serve(f"postgres://postgres@127.0.0.1:{port}/comments"), FAILED, str(port),
                "check --store, and that the server runs")


def test_a_server_that_does_not_answer_is_named(serve):
    with taken_port() as port:
        check_fault(serve(f"postgres://postgres@127.0.0.1:{port}/comments"), FAILED, "127.0.0.1",
                    "did not answer in time", "check --store")


def test_a_database_that_does_not_exist_is_named(postgres, serve):
    check_fault(serve(postgres.url("nowhere")), FAILED, '"nowhere" does not exist', "check --store")


def test_a_database_that_is_not_utf_8_is_refused(postgres, serve):
    postgres.sql("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    check_fault(serve(postgres.url("latin")), FAILED, "LATIN1", "CREATE DATABASE", "ENCODING 'UTF8'")


def test_the_database_of_another_program_is_refused(postgres, database, serve):
    postgres.sql("CREATE TABLE comments (id int)", name_of(database))
    check_fault(serve(database), FAILED, "another program", "--store")
    assert postgres.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
                        name_of(database)) == ["comments"]


@pytest.mark.parametrize("url", ["postgres://a/x?nonsense=1", "postgres://a/x%zz", "postgres://[::1/x"])
def test_what_is_no_url_is_told_what_is_one(serve, url):
    check_fault(serve(url), USAGE, "postgres://USER@HOST")


def test_a_port_that_is_none_is_named(serve):
    check_fault(serve("postgres://127.0.0.1:port/x"), USAGE, "'port' is no port")


# Passwords

@pytest.fixture
def keyed(postgres):
    """keyed(user, password) → the URL of a database that wants one."""
    access = postgres.data / "pg_hba.conf"
    before = access.read_text(encoding="utf-8")
    postgres.sql("CREATE ROLE keyed LOGIN SUPERUSER PASSWORD 'the right one'")
    access.write_text("host all keyed 127.0.0.1/32 scram-sha-256\n" + before, encoding="utf-8")
    postgres.sql("SELECT pg_reload_conf()")
    yield lambda password: database_url(postgres, "keyed" + (f":{password}" if password else ""))
    access.write_text(before, encoding="utf-8")
    postgres.sql("SELECT pg_reload_conf()")
    postgres.sql("DROP OWNED BY keyed; DROP ROLE keyed")


def database_url(postgres, user, database="postgres"):
    return f"postgres://{user}@127.0.0.1:{postgres.port}/{database}"


def wait_until_asked(postgres):
    """The server reads its settings again when it comes to it."""
    def is_asked():
        words = [postgres.programs / "psql", "-w", "-c", "", database_url(postgres, "keyed")]
        return subprocess.run(words, check=False, capture_output=True).returncode != 0
    service.wait_until(is_asked, "the server to ask for a password")


def test_a_wrong_password_is_refused_and_not_repeated(postgres, keyed, serve):
    wait_until_asked(postgres)
    ran = serve(keyed("a%20wrong%20one"))
    check_fault(ran, FAILED, "password authentication failed", '"keyed"', "check --store")
    assert "wrong" not in ran.stderr + ran.stdout
    check_fault(serve(keyed("")), FAILED, "no password supplied", "check --store")


def test_the_right_password_comes_in_the_url_or_the_environment(postgres, keyed, start, tmp_path):
    wait_until_asked(postgres)
    start("--store", keyed(""), COMMENTS_STORE_PASSWORD="the right one")
    start("--store", keyed(""), PGPASSWORD="the right one")
    secret = tmp_path / "secret"
    secret.write_text("the right one\n", encoding="utf-8")
    start("--store", keyed(""), "--store-password-file", str(secret))
    passwords = tmp_path / "passwords"
    passwords.write_text("*:*:*:keyed:the right one\n", encoding="utf-8")
    passwords.chmod(0o600)
    start("--store", with_query(keyed(""), passfile=passwords))


def test_a_password_is_not_in_the_log(postgres, keyed, tmp_path):
    wait_until_asked(postgres)
    one = service.launch(tmp_path, COMMENTS_STORE=keyed("the%20right%20one"))
    try:
        one.wait_until_serving()
        assert "right" not in one.log_file.read_text(encoding="utf-8") + one.errors()
    finally:
        one.kill()


# Ways to connect

def test_a_unix_socket_is_served(postgres, database, start):
    url = f"postgres:///{name_of(database)}"
    one = start("--store", with_query(url, host=postgres.folder, port=postgres.port, user="postgres"))
    say(one, "text")
    assert shown(one) == ["text"]


def make_authority(folder, name):
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


@pytest.fixture
def encrypted(postgres):
    """The server's certificate, from when on it can be spoken to in secret."""
    certificate, key = make_authority(postgres.folder, "server")
    key.chmod(0o600)
    if os.geteuid() == 0:
        shutil.chown(key, "postgres", "postgres")
    for name, value in (("ssl_cert_file", certificate), ("ssl_key_file", key), ("ssl", "on")):
        postgres.sql(f"ALTER SYSTEM SET {name} = '{value}'")
    postgres.sql("SELECT pg_reload_conf()")
    service.wait_until(lambda: postgres.sql("SHOW ssl") == ["on"], "the server to encrypt")
    yield certificate
    postgres.sql("ALTER SYSTEM RESET ALL")
    postgres.sql("SELECT pg_reload_conf()")


def test_an_encrypted_connection_is_served(postgres, database, encrypted, start, tmp_path):
    for number, url in enumerate([with_query(database, sslmode="require"),
                                  with_query(database, sslmode="verify-full", sslrootcert=encrypted)]):
        say(start("--store", url), f"text {number}")
        ways = postgres.sql("SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
                            f"WHERE datname = '{name_of(database)}' AND application_name = 'comments'")
        assert ways == ["t"]


def test_a_server_that_nobody_vouches_for_is_refused(postgres, database, encrypted, serve, tmp_path):
    stranger, _ = make_authority(tmp_path, "stranger")
    ran = serve(with_query(database, sslmode="verify-full", sslrootcert=stranger))
    check_fault(ran, FAILED, "certificate verify failed", "check --store")
    assert encrypted.exists()
