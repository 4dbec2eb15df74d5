"""`comments post` and `comments list` as a person and as a script use them."""

import json
import os
import re
import socket
import subprocess

import pytest

import service
from terminal import run_on_terminal

ESCAPE = "\x1b"
HOSTILE = {  # what must not reach a terminal as it is
    "clear the screen": "\x1b[2J\x1b[H", "set the title": "\x1b]0;owned\x07", "bell": "\x07",
    "backspace": "\b\b\b", "carriage return": "safe\rEVIL", "C1 control": "\x9b31m",
    "delete": "\x7f", "right-to-left override": "\u202e", "isolate": "\u2066",
}

DANGEROUS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def cli(start, comments):
    """cli(words…) against a service of its own."""
    one = start()

    def run(*words, **how):
        return comments(*words, **{"COMMENTS_URL": one.url, **how})
    run.one = one
    return run


def test_a_post_prints_where_the_comment_is(cli):
    url = cli.one.url
    ran = cli("post", "1", "--email", "alice@example.com", "first post!")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"{url}/api/comment/list/1/1\n", "")
    ran = cli("post", "é", "--email", "a@b", "text", "--json")
    assert json.loads(ran.stdout) == {"content_id": "é", "format": 1, "id": 1,
                                      "location": f"{url}/api/comment/list/%C3%A9/1"}


def test_a_text_can_come_from_standard_input(cli):
    assert cli("post", "1", "--email", "a@b", stdin="two\nlines\n").returncode == 0
    assert cli.one.list("1")[0]["comment"] == "two\nlines"


def test_a_text_can_be_typed_on_a_terminal(cli, tmp_path):
    shown = run_on_terminal(tmp_path, "post", "1", "--email", "a@b", "--url", cli.one.url,
                            typed="typed text\n\x04")
    assert shown.exit_code == 0, shown.screen
    assert "end it with Ctrl-D" in shown.screen
    assert cli.one.list("1")[0]["comment"] == "typed text"


def test_a_flag_names_the_service_before_the_environment_does(cli):
    ran = cli("post", "1", "--email", "a@b", "x", "--url", cli.one.url,
              COMMENTS_URL="http://nowhere")
    assert ran.returncode == 0, ran.stderr


def test_the_same_key_posts_once_and_another_text_with_it_is_refused(cli):
    same = [cli("post", "1", "--email", "a@b", "--key", "k", "text").stdout for _ in range(3)]
    assert len(set(same)) == 1
    ran = cli("post", "1", "--email", "a@b", "--key", "k", "another text")
    assert ran.returncode == 3
    assert "use a new key for a new comment" in ran.stderr
    assert cli.one.count("1") == 1


@pytest.mark.parametrize("words, fragment", [
    (["1", "--email", "nobody", "text"], "one @"), (["1", "--email", "a@b", " "], "blank"),
    (["a/b", "--email", "a@b", "text"], "'/'"), (["1", "text"], "--email"),
    (["1", "--email", "a@b", "two", "words"], "quote a text with spaces"),
    (["1", "--email", "a@b", "text", "--url", "localhost"], "write it as http://"),
])
def test_a_post_that_cannot_be_right_is_not_sent(cli, words, fragment):
    ran = cli("post", *words)
    assert ran.returncode == 2
    assert fragment in ran.stderr.splitlines()[0]


def test_a_thread_without_comments_is_no_failure(cli):
    ran = cli("list", "1")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "no comments yet\n", "")
    ran = cli("list", "1", "--json")
    assert (ran.returncode, ran.stdout) == (0, "[]\n")


def test_a_list_has_the_pages_that_were_asked_for(cli):
    for i in range(1, 6):
        cli.one.post(service.new_comment("1", f"comment {i}"))

    def ids(*options):
        listed = cli("list", "1", "--json", *options).stdout
        return [comment["id"] for comment in json.loads(listed)]

    assert ids() == [1, 2, 3, 4, 5]
    assert ids("--limit", "2") == [1, 2]
    assert ids("--after", "3") == [4, 5]
    assert ids("--after", "1", "--limit", "2") == [2, 3]
    assert ids("--order", "desc") == [5, 4, 3, 2, 1]
    assert ids("--order", "desc", "--limit", "2") == [5, 4]
    assert ids("--order", "desc", "--after", "3") == [5, 4]


def test_a_list_as_json_is_the_services_full_view(cli):
    cli.one.post(service.new_comment("1", "".join(HOSTILE.values())))
    ran = cli("list", "1", "--json")
    assert json.loads(ran.stdout) == cli.one.list("1")
    assert ran.stdout.isascii() and ESCAPE not in ran.stdout


def test_a_list_of_several_pages_comes_whole_and_its_reader_may_leave_early(cli, tmp_path):
    lines = "".join(json.dumps({"email": "a@b", "comment": f"{i} " + "x" * 200, "content_id": 1})
                    + "\n" for i in range(1_200))
    assert cli("post", "--from", "-", stdin=lines).returncode == 0
    listed = re.findall(r"^#(\d+) a@b ", cli("list", "1").stdout, re.MULTILINE)
    assert listed == [str(number) for number in range(1, 1_201)]
    ran = subprocess.run(f"'{service.find_binary()}' list 1 --url {cli.one.url} | head -n 1",
                         shell=True, env=service.clean_environment(tmp_path), timeout=60,
                         capture_output=True, text=True, check=False)
    assert ran.stdout.startswith("#1 a@b  ")
    assert ran.stderr == ""


def run_into(output, one, folder, words):
    return subprocess.run([service.find_binary(), *words], cwd=folder, stdout=output, text=True,
                          env=service.clean_environment(folder, COMMENTS_URL=one.url),
                          stderr=subprocess.PIPE, timeout=60, check=False)


RESULTS = pytest.mark.parametrize("words", [
    ["--help"], ["--version"], ["serve", "--help"], ["list", "1"], ["list", "1", "--json"],
    ["list", "none"], ["post", "1", "--email", "a@b", "text"], ["export"], ["migrate"],
    ["status"], ["status", "--watch", "--json"],
], ids=" ".join)


@RESULTS
def test_a_result_that_cannot_be_written_is_a_failure_with_its_reason(cli, tmp_path, words):
    cli.one.post(service.new_comment("1", "hello"))
    with open("/dev/full", "wb") as full:
        ran = run_into(full, cli.one, tmp_path, words)
    assert (ran.returncode, ran.stderr) == (
        1, "comments: standard output cannot be written: No space left on device\n")


@RESULTS
def test_a_reader_that_has_gone_is_a_quiet_end(cli, tmp_path, words):
    cli.one.post(service.new_comment("1", "hello"))
    reader, writer = os.pipe()
    os.close(reader)
    ran = run_into(writer, cli.one, tmp_path, words)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_result_for_a_stream_that_is_closed_is_a_failure_and_goes_nowhere_else(cli, tmp_path):
    cli.one.post(service.new_comment("1", "hello"))
    ran = subprocess.run(f"'{service.find_binary()}' list 1 --url {cli.one.url} >&-", shell=True,
                         env=service.clean_environment(tmp_path), stderr=subprocess.PIPE,
                         timeout=60, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (
        1, "comments: standard output cannot be written: Bad file descriptor\n")


def test_a_list_is_coloured_on_a_terminal_only_and_not_if_colour_is_refused(cli, tmp_path):
    cli.one.post(service.new_comment("1", "hello"))
    words = ["list", "1", "--url", cli.one.url]
    plain = cli(*words).stdout
    time = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    assert re.fullmatch(rf"#1 alice@example\.com  {time}\n  hello\n\n", plain)
    coloured = run_on_terminal(tmp_path, *words).screen
    assert ESCAPE + "[1m" in coloured
    assert re.sub(r"\x1b\[\d*m", "", coloured) == plain
    assert run_on_terminal(tmp_path, *words, NO_COLOR="1").screen == plain
    assert run_on_terminal(tmp_path, *words, streams=["stdin", "stderr"]).stdout == plain


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_control_characters_of_a_comment_do_not_reach_the_terminal(cli, tmp_path, hostile):
    cli.one.post(service.new_comment("1", f"before{hostile}after"))
    screen = run_on_terminal(tmp_path, "list", "1", "--url", cli.one.url, NO_COLOR="1").screen
    assert not DANGEROUS.search(screen)
    assert "before" in screen and "after" in screen and "\ufffd" in screen


def test_nor_do_those_of_an_address(cli, tmp_path):
    cli.one.post(service.new_comment("1", "text", "x\u202ey\u2066@example.com"))
    screen = run_on_terminal(tmp_path, "list", "1", "--url", cli.one.url, NO_COLOR="1").screen
    assert not DANGEROUS.search(screen)
    assert "x\ufffdy\ufffd@example.com" in screen


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="needs ::1")
def test_a_url_may_name_an_ipv6_address_and_the_log_of_the_service_does(start, comments):
    one = start("--host", "::1")
    assert one.url == f"http://[::1]:{one.port}"
    posted = comments("post", "1", "--email", "a@b", "text", "--url", one.url)
    assert (posted.returncode, posted.stdout) == (0, f"{one.url}/api/comment/list/1/1\n")
    listed = comments("list", "1", "--json", "--url", one.url)
    assert [comment["comment"] for comment in json.loads(listed.stdout)] == ["text"]


def test_a_service_that_is_not_there_is_named(comments):
    with socket.socket() as nobody:  # bound, but nobody listens
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        for words in (["list", "1"], ["post", "1", "--email", "a@b", "text"]):
            ran = comments(*words, "--url", url)
            assert ran.returncode == 4
            assert ran.stderr.startswith(f"comments: cannot reach {url}: ")
            assert ran.stderr.count("\n") == 1


def test_a_service_that_is_another_program_is_not_believed(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(service.DEADLINE)
        url = f"http://127.0.0.1:{other.getsockname()[1]}"
        process = subprocess.Popen([service.find_binary(), "list", "1", "--url", url], text=True,
                                   env=service.clean_environment(tmp_path),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            connection, _ = other.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
                out, errors = process.communicate(timeout=60)
        finally:
            process.kill()
            process.wait()
    assert (process.returncode, out) == (4, "")
    assert "not that of a comments service" in errors
