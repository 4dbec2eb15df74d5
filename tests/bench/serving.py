"""`comments serve` under measurement: started, filled, asked."""

import json
import os
import pathlib
import random
import subprocess
import time
import urllib.request

import processes

WORDS = ("I agree with the article and would add that nobody has asked the readers what they think "
         "of it yet").split()


def binary():
    """The program under test, as the tests name it; else the release build."""
    return os.environ.get("COMMENTS_BINARY") or str(processes.ROOT / "build/release/comments")


def version():
    return subprocess.run([binary(), "--version"], capture_output=True, text=True,
                          check=True).stdout.split()[1]


def environment(folder):
    """None of this machine's settings."""
    settings = pathlib.Path(folder) / "no-settings.toml"
    settings.touch()
    return {"COMMENTS_CONFIG": str(settings)}


def launch(folder, *options, store="comments.db", program=None):
    """Started, and not waited for. `store`: a file of SQLite's, or a URL."""
    port = processes.free_port()
    words = [program or binary(), "serve", "--port", port, "--admin-port", "0", "--store",
             store if ":" in store else f"sqlite:{store}", "--log-level", "warning", *options]
    return processes.Running(processes.Group(words, folder, **environment(folder)), port)


def start(folder, *options, **how):
    """Ready."""
    running = launch(folder, *options, **how)
    try:
        processes.wait_for(lambda: processes.fetch(running.url("/health/ready")), "comments serve",
                           running.group.is_alive)
    except Exception:
        running.group.end()
        raise
    return running


def post(url, content_id, comment):
    body = json.dumps({"email": "alice@example.com", "comment": comment,
                       "content_id": content_id}).encode()
    request = urllib.request.Request(url + "/api/comment/new", data=body,
                                     headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()


def text_of(number):
    """A comment of ordinary length, about 90 characters; the same for the same number."""
    dice = random.Random(number)
    return f"{number}: " + " ".join(dice.choice(WORDS) for _ in range(17))


def write_list(list_file):
    """The list that all peers answer with: as our service writes it, fetched from it once."""
    folder = list_file.parent / "list"
    folder.mkdir()
    running = start(folder)
    try:
        for number in range(20):
            post(running.url(""), 1, text_of(number))
        list_file.write_bytes(processes.fetch(running.url()))
    finally:
        running.group.end()


def post_list(url, list_file):
    for comment in json.loads(list_file.read_bytes()):
        post(url, 1, comment["comment"])


def fill(running, threads):
    """Posts `threads`, (content_id, how many) pairs, by way of `comments post --from`."""
    folder = running.group.log.parent
    lines = folder / "fill.ndjson"
    with lines.open("w", encoding="utf-8") as out:
        for content_id, count in threads:
            for number in range(count):
                out.write(json.dumps({"content_id": content_id, "email": "alice@example.com",
                                      "comment": text_of(number)}) + "\n")
    began = time.monotonic()
    subprocess.run([binary(), "post", "--from", str(lines), "--concurrency", "256", "--url",
                    running.url("")], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, env={**os.environ, **environment(folder)})
    lines.unlink()
    return time.monotonic() - began
