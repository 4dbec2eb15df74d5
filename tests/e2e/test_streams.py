"""Following a thread: every comment once, in order, from wherever one left off."""

import contextlib
import json
import socket
import subprocess
import threading

import service


class Follower:
    """An event stream, read event by event."""

    def __init__(self, one, content_id, query="", **headers):
        self.connection = one.connect()
        self.connection.request("GET", f"/api/comment/stream/{content_id}{query}", headers=headers)
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200, self.answer.read()
        assert self.answer.headers["Content-Type"] == "text/event-stream"
        assert self.answer.headers["Cache-Control"] == "no-store"
        assert self.answer.headers["X-Accel-Buffering"] == "no"
        assert self.block() == ["retry: 1000"]

    def block(self):
        """The lines up to the next empty one; None at the end of the stream."""
        lines = []
        while line := self.answer.readline():
            if line == b"\n":
                return lines
            lines.append(line.decode().rstrip("\n"))
        return None

    def comment(self):
        fields = dict(line.split(": ", 1) for line in self.block())
        assert fields["event"] == "comment"
        comment = json.loads(fields["data"])
        assert fields["id"] == str(comment["id"])
        return comment

    def ids(self, count):
        return [self.comment()["id"] for _ in range(count)]

    def close(self):
        self.answer.close()
        self.connection.close()


def say(one, *comments, content_id=1):
    for comment in comments:
        assert one.post(service.new_comment(content_id, comment)).status == 200


def following(*how, **headers):
    return contextlib.closing(Follower(*how, **headers))


def test_a_follower_sees_what_is_new_in_the_full_view(start):
    one = start()
    say(one, "before")
    with following(one, 1) as follower:
        say(one, "caf\u00e9\nand more", "next")
        say(one, "elsewhere", content_id=2)
        assert follower.comment() == one.list(1)[1]
        assert follower.comment()["comment"] == "next"


def test_a_thread_without_comments_can_be_followed(start):
    one = start()
    with following(one, "nothing yet".replace(" ", "%20")) as follower:
        say(one, "first", content_id="nothing yet")
        assert follower.ids(1) == [1]


def test_who_comes_again_misses_nothing(start):
    one = start()
    say(one, *map(str, range(5)))
    with following(one, 1, "?after=3") as follower:
        say(one, "new")
        assert follower.ids(3) == [4, 5, 6]
    with following(one, 1, "?after=0", **{"Last-Event-ID": "5"}) as follower:
        assert follower.ids(1) == [6]  # the header, which a browser adds, wins


def test_while_many_write_a_follower_gets_each_comment_once_and_in_order(start):
    one = start()
    writers = [threading.Thread(target=say, args=(one, *map(str, range(25)))) for _ in range(8)]
    for writer in writers:
        writer.start()
    followers = [Follower(one, 1, "?after=0") for _ in range(8)]
    for writer in writers:
        writer.join()
    for follower in followers:
        assert follower.ids(200) == list(range(1, 201))
        follower.close()


def test_a_follower_that_takes_nothing_keeps_nobody_waiting(start):
    one = start()
    with socket.create_connection(("127.0.0.1", one.port)) as deaf, following(one, 2) as follower:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.sendall(b"GET /api/comment/stream/1 HTTP/1.1\r\nHost: x\r\n\r\n")
        say(one, *["x" * 10_000] * 100)
        say(one, "and others", content_id=2)
        assert follower.ids(1) == [1]


def test_a_drain_takes_leave_and_says_when_to_come_again(start):
    one = start()
    with following(one, 1) as follower:
        assert one.terminate() == 0
        assert follower.block() == ["retry: 1000"]
        assert follower.block() is None


def test_a_hidden_address_is_in_no_event(start):
    one = start("--email-visibility", "hidden")
    with following(one, 1) as follower:
        say(one, "text")
        event = "\n".join(follower.block())
        assert "alice" not in event and "email" not in event


@contextlib.contextmanager
def list_follow(one, folder, *options):
    """`comments list 1 --follow` while it runs; its output as a stream of lines."""
    words = [service.find_binary(), "list", "1", "--follow", "--url", one.url, *options]
    with subprocess.Popen(words, env=service.clean_environment(folder), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_list_follow_shows_the_thread_and_goes_on_across_a_restart(start, tmp_path):
    one = start()
    say(one, "one", "two", "three")
    with list_follow(one, tmp_path, "--json", "--limit", "2") as process:
        def next_comments(count):
            return [json.loads(process.stdout.readline())["comment"] for _ in range(count)]

        assert next_comments(2) == ["two", "three"]
        say(one, "four")
        assert next_comments(1) == ["four"]
        one.kill()
        one = start(ports=("--port", str(one.port), "--admin-port", "0"))
        say(one, "five", "six")
        assert next_comments(2) == ["five", "six"]


def test_list_follow_of_what_is_refused_says_so_and_ends(start, tmp_path):
    one = start()
    with list_follow(one, tmp_path, "--order", "desc") as process:
        assert process.wait(service.DEADLINE) == 2
        assert "--order asc" in process.stderr.read()


def test_a_number_beyond_the_last_comment_silences_nobody(start):
    one = start()
    say(one, "one")
    with following(one, 1, "?after=9223372036854775806"), following(one, 1) as reader:
        say(one, "two")
        assert reader.ids(1) == [2]
