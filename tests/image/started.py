"""From exec to the first 200 of /health/ready, of the program in an image's root, as 65532, without what a
container's runtime takes before: that is the platform's, not the image's. Needs root, for chroot."""

import http.client
import json
import pathlib
import subprocess
import tempfile
import time
import urllib.parse

TIMES = 10
PATIENCE = 20  # seconds
LIMIT = 100  # ms


def port_in(log):
    """Where it listens, once its log says so."""
    text = log.read_text(encoding="utf-8")
    for line in text[:text.rfind("\n") + 1].splitlines():
        if (line := json.loads(line))["message"] == "serving":
            return urllib.parse.urlsplit(line["url"]).port
    return None


def first_ready(log, began):
    """Milliseconds."""
    port = None
    while time.monotonic() < began + PATIENCE:
        port = port or port_in(log)
        if port is None:
            time.sleep(0.0005)
            continue
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return (time.monotonic() - began) * 1e3
        finally:
            connection.close()
    raise RuntimeError(f"never ready: {log.read_text(encoding='utf-8')}")


def once(root, log):
    words = ["/usr/sbin/chroot", "--userspec=65532:65532", str(root), "/usr/bin/comments", "serve", "--host", "127.0.0.1",
             "--port", "0", "--admin-port", "0"]
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(words, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                                   env={"COMMENTS_STORE": "sqlite:/data/comments.db", "HOME": "/data"})
    try:
        return first_ready(log, began)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def times(root):
    """Each with a new store. Milliseconds, the fastest first: the machine's other work only ever adds."""
    data = root / "data"
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(TIMES):
            found.append(once(root, pathlib.Path(folder) / f"{number}.log"))
            for file in data.iterdir():
                file.unlink()
    return sorted(found)


def said(found):
    return (f"ready {found[0]:.0f} ms after exec (the fastest of {len(found)}; median "
            f"{found[len(found) // 2]:.0f}, slowest {found[-1]:.0f})")
