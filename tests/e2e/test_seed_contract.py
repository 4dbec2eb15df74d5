"""The two original routes answer as the original does, byte for byte."""

import pathlib
import re
import subprocess
import types

import pytest

import generated
import service

GUNICORN = "/usr/bin/gunicorn"
SEED_LINES = r"""
curl -sv localhost:8000/api/comment/new -X POST -H 'Content-Type: application/json' -d '{"email":"alice@example.com","comment":"first post!","content_id":1}'
curl -sv localhost:8000/api/comment/new -X POST -H 'Content-Type: application/json' -d '{"email":"alice@example.com","comment":"ok, now I am gonna say something more useful","content_id":1}'
curl -sv localhost:8000/api/comment/new -X POST -H 'Content-Type: application/json' -d '{"email":"bob@example.com","comment":"I agree","content_id":1}'
curl -sv localhost:8000/api/comment/new -X POST -H 'Content-Type: application/json' -d '{"email":"bob@example.com","comment":"I guess this is a good thing","content_id":2}'
curl -sv localhost:8000/api/comment/new -X POST -H 'Content-Type: application/json' -d '{"email":"charlie@example.com","comment":"Indeed, dear Bob, I believe so as well","content_id":2}'
curl -sv localhost:8000/api/comment/new -X POST -H 'Content-Type: application/json' -d '{"email":"eve@example.com","comment":"Nah, you both are wrong","content_id":2}'
curl -sv localhost:8000/api/comment/list/1
curl -sv localhost:8000/api/comment/list/2
""".strip().splitlines()  # noqa: E501  the seed's own lines


@pytest.fixture
def original(tmp_path):
    """The original's port, served by gunicorn with one worker, as production would: no debug."""
    log = tmp_path / "gunicorn.log"
    words = [GUNICORN, "--bind", "127.0.0.1:0", "--workers", "1", "--threads", "1",
             "--worker-class", "sync", "--worker-tmp-dir", str(tmp_path), "seed_app:app"]
    with log.open("wb") as output:
        process = subprocess.Popen(words, cwd=pathlib.Path(__file__).parent, stdout=output,
                                   stderr=output, env=service.clean_environment(
                                       tmp_path, PYTHONDONTWRITEBYTECODE="1"))
    try:
        def listening():
            assert process.poll() is None, log.read_text()
            return re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", log.read_text())
        port = int(service.wait_until(listening, "gunicorn's 'Listening at'")[1])
        one = service.Service(process, log, log)
        one.port = port
        yield one
    finally:
        process.terminate()
        process.wait(timeout=30)


def run_seed_line(line, port, folder):
    """Status, Content-Type and body of what curl got."""
    ran = subprocess.run(line.replace("localhost:8000", f"localhost:{port}"), shell=True,
                         env=service.clean_environment(folder), capture_output=True, check=True)
    said = ran.stderr.decode()
    status = re.search(r"^< HTTP/1\.1 (\d+)", said, re.MULTILINE)[1]
    content_type = re.search(r"^< Content-Type: (.*?)\r?$", said, re.MULTILINE | re.IGNORECASE)[1]
    return types.SimpleNamespace(status=status, content_type=content_type, body=ran.stdout)


def same(ours, theirs, what):
    assert ours.status == theirs.status, what
    assert ours.headers["Content-Type"] == theirs.headers["Content-Type"], what
    assert ours.body == theirs.body, what


def test_the_seeds_curl_lines_get_the_originals_answers(start, original, tmp_path):
    ours = start()
    assert len(SEED_LINES) == 8
    for line in SEED_LINES:
        got, wanted = (run_seed_line(line, one.port, tmp_path) for one in (ours, original))
        assert got == wanted, line
    assert got.body == (
        b'[{"comment":"I guess this is a good thing","email":"bob@example.com"},'
        b'{"comment":"Indeed, dear Bob, I believe so as well","email":"charlie@example.com"},'
        b'{"comment":"Nah, you both are wrong","email":"eve@example.com"}]\n')


def test_a_thread_without_comments_is_the_originals_not_found(start, original):
    ours = start()
    for path in ("9", "%C3%A9", "-0", "a%20b", "%F0%9F%98%80", "1e3", "%22quoted%22"):
        target = f"/api/comment/list/{path}"
        same(ours.get(target), original.get(target), target)
    assert ours.get("/api/comment/list/9").body == (
        b'{"message":"content_id 9 not found","status":"NOT-FOUND"}\n')


def test_any_valid_request_gets_the_originals_bytes(start, original):
    ours = start()
    random = generated.seeded()
    content_ids = set()
    for _ in range(250):
        content_id, body = generated.draw_post(random)
        content_ids.add(content_id)
        same(ours.post(body), original.post(body), repr(body))
    for content_id in sorted(content_ids):
        for _ in range(2):
            path = generated.spell_path(random, content_id)
            same(ours.get(path), original.get(path), path)
    print(f"250 posts into {len(content_ids)} threads, each listed twice: all bytes equal")
