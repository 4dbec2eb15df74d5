"""The peers: who they are, how each is started well, and how to get one that is missing.

Promised: each answers GET /api/comment/list/1 with the same bytes, which is checked before anything
is measured; each keeps connections alive if it can at all (gunicorn's sync workers cannot).
"""

import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import typing

import processes
import serving

HERE = pathlib.Path(__file__).resolve().parent
ROOT = processes.ROOT
CACHE = ROOT / "build/bench"  # what is fetched or built once
SETUP = "scripts/setup bench installs it"


class Missing(Exception):
    """A peer that cannot be started, and the way to get it."""


@dataclasses.dataclass(frozen=True)
class Peer:
    name: str  # as --peers takes it
    title: str
    start: typing.Callable  # (folder, file with the list) → Running
    version: typing.Callable  # () → text


def need(program, remedy=SETUP):
    found = shutil.which(program)
    if not found:
        raise Missing(f"{program} is not installed: {remedy}")
    return found


def output_of(*words, **how):
    done = subprocess.run(words, capture_output=True, text=True, check=False, **how)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise Missing(f"`{' '.join(map(str, words))}` fails: {said}")
    return done.stdout + done.stderr


def last_word(*words):
    return output_of(*words).split()[-1]


def start(words, folder, list_file, port, **variables):
    group = processes.Group(words, folder, BENCH_LIST=str(list_file), BENCH_PORT=str(port),
                            **variables)
    return processes.Running(group, port)


def start_comments(folder, list_file):
    running = serving.start(folder)
    serving.post_list(running.url(""), list_file)
    return running


def start_before(folder, list_file):
    """Another build of ours, to see what a change costs."""
    program = os.environ.get("COMMENTS_BINARY_BEFORE")
    if not program:
        raise Missing("set COMMENTS_BINARY_BEFORE to another build's executable")
    running = serving.start(folder, program=program)
    serving.post_list(running.url(""), list_file)
    return running


def flask(workers):
    def start_flask(folder, list_file):
        port = processes.free_port()
        return start([need("gunicorn"), "--chdir", HERE / "peers", "--workers", workers, "--bind",
                      f"127.0.0.1:{port}", "filled_seed:app"], folder, list_file, port,
                     PYTHONDONTWRITEBYTECODE="1")
    return start_flask


def start_nginx(folder, list_file):
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or need("nginx")
    target = folder / "root" / processes.LIST[1:]
    target.parent.mkdir(parents=True)
    shutil.copy(list_file, target)
    port = processes.free_port()
    text = (HERE / "peers/nginx.conf").read_text(encoding="utf-8")
    for word, value in (("folder", folder), ("port", port),
                        ("user", "user root;" if os.geteuid() == 0 else "")):
        text = text.replace(f"@{word}@", str(value))
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    return start([nginx, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"],
                 folder, list_file, port)


def nginx_version():
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or need("nginx")
    return output_of(nginx, "-v").strip().rsplit("/", 1)[1]


def fastify_modules():
    """node_modules with the version that peers/package.json names, fetched once."""
    home = CACHE / "fastify"
    wanted = (HERE / "peers/package.json").read_text(encoding="utf-8")
    kept = home / "package.json"
    if not (home / "node_modules/fastify").is_dir() or kept.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        kept.write_text(wanted, encoding="utf-8")
        output_of(need("npm"), "install", "--no-package-lock", "--no-audit", "--no-fund",
                  "--ignore-scripts", cwd=home)
    return home / "node_modules"


def fastify(count):
    def start_fastify(folder, list_file):
        node, modules = need("node"), fastify_modules()
        return start([node, HERE / "peers/fastify.js"], folder, list_file, processes.free_port(),
                     BENCH_PROCESSES=str(count), NODE_PATH=str(modules), NODE_ENV="production")
    return start_fastify


def fastify_version():
    package = json.loads((fastify_modules() / "fastify/package.json").read_text("utf-8"))
    return f"{package['version']} on Node {last_word('node', '--version')[1:]}"


def start_go(folder, list_file):
    go, program = need("go"), CACHE / "go_peer"
    CACHE.mkdir(parents=True, exist_ok=True)
    output_of(go, "build", "-o", program, HERE / "peers/main.go",
              env={**os.environ, "GO111MODULE": "off", "CGO_ENABLED": "0",
                   "GOCACHE": str(CACHE / "go-cache")})
    return start([program], folder, list_file, processes.free_port())


def start_httplib(folder, list_file):
    program = ROOT / "build/release/tests/bench/plain_httplib"
    if not program.exists():
        raise Missing("plain_httplib is not built: cmake --build --preset release --target "
                      "plain_httplib")
    return start([program], folder, list_file, processes.free_port())


def httplib_version():
    cache = (ROOT / "build/release/CMakeCache.txt").read_text(encoding="utf-8")
    folder = next((line.split("=", 1)[1] for line in cache.splitlines()
                   if line.startswith("FETCHCONTENT_SOURCE_DIR_HTTPLIB:")), "") or "/usr/include"
    header = pathlib.Path(folder, "httplib.h").read_text(encoding="utf-8")
    return next(line.split('"')[1] for line in header.splitlines()
                if line.startswith("#define CPPHTTPLIB_VERSION "))


def gunicorn_version():
    return last_word("gunicorn", "--version").rstrip(")")


PEERS = [
    Peer("comments", "comments serve", start_comments, serving.version),
    Peer("before", "another build of it", start_before, lambda: "before"),
    Peer("nginx", "nginx, a static file", start_nginx, nginx_version),
    Peer("go", "Go net/http", start_go, lambda: output_of("go", "version").split()[2][2:]),
    Peer("fastify-1", "Fastify, 1 process", fastify(1), fastify_version),
    Peer("fastify-2", "Fastify, 2 processes", fastify(2), fastify_version),
    Peer("httplib", "cpp-httplib as it comes", start_httplib, httplib_version),
    Peer("seed-1", "the seed: Flask, 1 worker", flask(1), gunicorn_version),
    Peer("seed-3", "the seed: Flask, 3 workers", flask(3), gunicorn_version),
]
NAMES = [peer.name for peer in PEERS]


def named(name):
    return next(peer for peer in PEERS if peer.name == name)


def start_peer(name, folder, list_file):
    """Serving, and the right bytes; raises Missing where it cannot be started at all."""
    home = pathlib.Path(folder) / name
    home.mkdir()
    running = named(name).start(home, list_file)
    try:
        body = processes.wait_for(lambda: processes.fetch(running.url()), name,
                                  running.group.is_alive)
        if body.strip() != list_file.read_bytes().strip():
            raise RuntimeError(f"{name} answers with other bytes than the rest: {body[:200]}")
    except Exception:
        running.group.end()
        raise
    return running
