"""`comments post --from FILE`: all of it is stored, once, however often it was interrupted."""

import json
import re
import signal
import socket
import subprocess
import time

import pytest

import service
from terminal import run_on_terminal

THREADS = 4


def write_file(path, count):
    with path.open("w", encoding="utf-8") as file:
        for i in range(count):
            file.write(json.dumps({"email": "alice@example.com", "comment": f"line {i}",
                                   "content_id": i % THREADS}) + "\n")
    return path


def stored(one):
    ids = "&".join(f"content_id={i}" for i in range(THREADS))
    return sum(one.get(f"/api/comment/count?{ids}").json().values())


def check_each_once(one, count):
    for content_id in range(THREADS):
        texts = {comment["comment"] for comment in one.get(service.list_path(content_id)).json()}
        assert texts == {f"line {i}" for i in range(content_id, count, THREADS)}
        assert one.count(content_id) == len(texts)


class Posting:
    """A `comments post --from` that is under way."""

    def __init__(self, folder, one, path):
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [service.find_binary(), "post", "--from", str(path), "--url", one.url], cwd=folder,
            env=service.clean_environment(folder), stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self):
        """Exit code and standard error."""
        try:
            _, errors = self.process.communicate(timeout=300)
        finally:
            self.process.kill()
            self.process.wait()
        return self.process.returncode, errors


def stop_at_half(folder, one, path, count, stop):
    """What became of a run that met `stop` when about half of the file was stored."""
    posting = Posting(folder, one, path)
    try:
        service.wait_until(lambda: stored(one) >= count // 2, "half of the file to be stored",
                           deadline=300, pause=0.01)
        stop(posting)
    except BaseException:
        posting.process.kill()
        raise
    return posting.finish()


def post_the_rest(folder, one, path, count):
    posting = Posting(folder, one, path)
    code, errors = posting.finish()
    seconds = time.monotonic() - posting.began
    assert code == 0, errors
    check_each_once(one, count)
    print(f"{count} lines again in {seconds:.2f} s, {count / seconds:.0f} lines/s")


def interrupt_and_continue(start, folder, count):
    one = start()
    path = write_file(folder / "comments.ndjson", count)
    began = time.monotonic()
    code, errors = stop_at_half(folder, one, path, count,
                                lambda posting: posting.process.send_signal(signal.SIGINT))
    half, seconds = stored(one), time.monotonic() - began
    assert code == 130, errors
    assert "interrupted; run the same command again to continue" in errors
    assert count // 2 <= half < count
    print(f"interrupted after {half} of {count} lines, {half / seconds:.0f} lines/s")
    post_the_rest(folder, one, path, count)
    assert not path.with_suffix(".ndjson.failed").exists()


def test_an_interrupted_file_that_is_posted_again_is_stored_exactly_once(start, tmp_path):
    interrupt_and_continue(start, tmp_path, 5_000)


@pytest.mark.slow
def test_an_interrupted_file_of_100_000_lines_is_stored_exactly_once(start, tmp_path):
    interrupt_and_continue(start, tmp_path, 100_000)


def test_a_file_is_continued_after_the_service_was_killed_in_the_middle(start, tmp_path):
    one = start()
    path = write_file(tmp_path / "comments.ndjson", 5_000)
    code, errors = stop_at_half(tmp_path, one, path, 5_000, lambda posting: one.kill())
    assert code == 4, errors
    assert f"cannot reach {one.url}" in errors
    assert "run the same command again to continue" in errors
    post_the_rest(tmp_path, start(), path, 5_000)


def test_a_file_that_is_posted_twice_adds_nothing(start, comments, tmp_path):
    one = start()
    path = write_file(tmp_path / "comments.ndjson", 200)
    for _ in range(2):
        ran = comments("post", "--from", str(path), "--url", one.url, "--json")
        assert ran.returncode == 0, ran.stderr
        assert json.loads(ran.stdout) == {"failed": 0, "format": 1, "posted": 200}
        check_each_once(one, 200)


def test_with_one_post_at_a_time_the_files_order_is_kept(start, comments, tmp_path):
    one = start()
    path = write_file(tmp_path / "comments.ndjson", 200)
    assert comments("post", "--from", str(path), "--concurrency", "1",
                    "--url", one.url).returncode == 0
    for content_id in range(THREADS):
        texts = [comment["comment"] for comment in one.list(content_id)]
        assert texts == [f"line {i}" for i in range(content_id, 200, THREADS)]


def test_lines_that_are_refused_land_in_a_file_with_number_reason_and_text(
        start, comments, tmp_path):
    one = start()
    good = '{"email":"a@b","comment":"good","content_id":"mixed"}'
    lines = [good, "no JSON", '{"email":"a@b","comment":" ","content_id":"mixed"}', "", good,
             '{"email":"nobody","comment":"c","content_id":"mixed"}', "\t\x1b[31m\u202e"]
    path = tmp_path / "mixed.ndjson"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ran = comments("post", "--from", str(path), "--url", one.url)
    assert ran.returncode == 3, ran.stderr
    assert f"4 lines were refused; they are in {path}.failed" in ran.stderr
    failed = [json.loads(line) for line in (tmp_path / "mixed.ndjson.failed").open()]
    assert sorted((entry["line"], entry["text"]) for entry in failed) == [
        (number, lines[number - 1]) for number in (2, 3, 6, 7)]
    reasons = {entry["line"]: entry["reason"] for entry in failed}
    assert "not valid JSON" in reasons[2]
    assert "must not be blank" in reasons[3]
    assert "one @" in reasons[6]
    assert one.count("mixed") == 2


def test_what_the_service_itself_refuses_is_in_the_file_of_failures_too(
        start, comments, tmp_path):
    one = start()
    path = tmp_path / "many.ndjson"
    first = '{"email":"a@b","comment":"first","content_id":"keys"}\n'
    path.write_text(first)
    assert comments("post", "--from", str(path), "--url", one.url + "/nowhere",
                    "--failed", "elsewhere").returncode == 3
    entry, = [json.loads(line) for line in (tmp_path / "elsewhere").open()]
    assert (entry["line"], entry["text"]) == (1, first.strip())
    assert "no such path" in entry["reason"]


def test_lines_can_come_from_standard_input(start, comments, tmp_path):
    one = start()
    text = write_file(tmp_path / "comments.ndjson", 50).read_text()
    ran = comments("post", "--from", "-", "--url", one.url, stdin=text)
    assert ran.returncode == 0, ran.stderr
    check_each_once(one, 50)


def test_a_service_that_is_not_there_is_named_and_nothing_is_refused(comments, tmp_path):
    path = write_file(tmp_path / "comments.ndjson", 10)
    with socket.socket() as nobody:  # bound, but nobody listens
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        ran = comments("post", "--from", str(path), "--url", url)
    assert ran.returncode == 4
    assert f"cannot reach {url}" in ran.stderr and "is the service running?" in ran.stderr
    assert not (tmp_path / "comments.ndjson.failed").exists()


def test_a_file_that_is_not_there_is_a_mistake_of_usage(comments):
    ran = comments("post", "--from", "nowhere.ndjson")
    assert ran.returncode == 2
    assert "nowhere.ndjson cannot be read" in ran.stderr


def test_on_a_terminal_progress_is_a_bar_that_is_redrawn(start, tmp_path):
    one = start()
    path = write_file(tmp_path / "comments.ndjson", 5_000)
    shown = run_on_terminal(tmp_path, "post", "--from", str(path), "--url", one.url,
                            streams=["stderr"])
    assert shown.exit_code == 0
    drawn = [line for line in shown.screen.split("\r") if line]
    assert len(drawn) > 1
    assert all("% [" in line and "posted" in line for line in drawn)
    assert "100 % [##############################] 5000 posted" in drawn[-1]
    assert drawn[-1].endswith("\n") and "\n" not in "".join(drawn[:-1])


def test_without_a_terminal_progress_is_one_plain_line_at_the_end(start, comments, tmp_path):
    one = start()
    path = write_file(tmp_path / "comments.ndjson", 2_000)
    ran = comments("post", "--from", str(path), "--url", one.url)
    assert ran.returncode == 0
    assert re.fullmatch(r"2000 posted, \d+/s\n", ran.stderr)
    assert ran.stdout == ""
