"""A corrupted file is refused with one line, or served as far as it goes; it never takes the
process with it.

Copies of a good store are damaged at random places, in the database, its log, or both. It cannot
show that damage is noticed: SQLite has no checksum over the database's pages, so that a letter of a
comment may change unseen.
"""

import collections
import concurrent.futures
import random
import shutil
import signal
import sqlite3

import pytest

import served

SEED = 19_700_101
COPIES = (20, 100)  # everyday and in full
THREADS = 4
POSTS = 160  # before the log is folded back, and as many after it
PAGE = 4096
NAMES = ("comments.db", "comments.db-wal")


def fill(service, numbers):
    for number in numbers:
        text = f"comment {number} " + "ł" * (5_000 if number % 10 == 0 else number % 100)
        answer = service.ask(
            "POST",
            "/api/comment/new",
            {"content_id": f"t{number % THREADS}", "email": "a@example.com", "comment": text},
        )
        assert answer.status == 200, answer


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A folder with a database and, as a process that was killed leaves it, a log beside it."""
    folder = tmp_path_factory.mktemp("good")
    store = folder / NAMES[0]
    first = served.Service(store)
    fill(first, range(POSTS))
    assert first.stop() == 0
    with sqlite3.connect(store) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    second = served.Service(store)
    fill(second, range(POSTS, 2 * POSTS))
    second.stop(signal.SIGKILL)
    assert all((folder / name).stat().st_size > 20 * PAGE for name in NAMES)
    return folder


# --- Kinds of damage, each done to the bytes of a file -------------------------------------------


def place(rng, content):
    """Half of the damage hits the first page, where a header and the schema are."""
    return rng.randrange(min(len(content), rng.choice((100, PAGE, len(content), len(content)))))


def flip_bits(rng, content):
    for _ in range(rng.choice((1, 8, 64))):
        content[place(rng, content)] ^= 1 << rng.randrange(8)


def zero_block(rng, content):
    size = rng.choice((512, PAGE))
    start = place(rng, content) // size * size
    content[start : start + size] = bytes(len(content[start : start + size]))


def garbage_block(rng, content):
    size = rng.choice((16, 512, PAGE))
    start = place(rng, content)
    content[start : start + size] = rng.randbytes(len(content[start : start + size]))


def swap_pages(rng, content):
    count = len(content) // PAGE
    one, other = (slice(n * PAGE, (n + 1) * PAGE) for n in rng.sample(range(count), 2))
    content[one], content[other] = content[other], content[one]


def truncate(rng, content):
    del content[place(rng, content) :]


DAMAGES = (flip_bits, zero_block, garbage_block, swap_pages, truncate)
HIT = (NAMES[:1], NAMES[:1], NAMES[1:], NAMES)  # the database more often than the log


def damaged_copy(good, folder, number):
    rng = random.Random(f"{SEED} {number}")
    folder.mkdir()
    for name in NAMES:
        shutil.copy(good / name, folder)
    done = []
    damage = DAMAGES[number % len(DAMAGES)]
    for name in HIT[number // len(DAMAGES) % len(HIT)]:
        content = bytearray((folder / name).read_bytes())
        damage(rng, content)
        (folder / name).write_bytes(content)
        done.append(f"{damage.__name__} {name}")
    return f"copy {number}: " + ", ".join(done)


# --- What the service makes of it ----------------------------------------------------------------


def conversation(service):
    yield "GET", "/health/ready", None
    for thread in range(THREADS):
        yield "GET", f"/api/comment/list/t{thread}", None
        yield "GET", f"/api/comment/list/t{thread}?limit=7&order=desc&view=full", None
        yield "GET", f"/api/comment/list/t{thread}/{20 + thread}", None
    yield "GET", "/api/comment/list/nobody", None
    yield "GET", "/api/comment/count?content_id=t0&content_id=t1", None
    for thread in range(THREADS):
        draft = {"content_id": f"t{thread}", "email": "b@example.com", "comment": "afterwards"}
        yield "POST", "/api/comment/new", draft
        yield "GET", f"/api/comment/list/t{thread}?limit=1&order=desc", None


def serve(store):
    """What happened, as figures, and what must not have happened."""
    figures, wrong = collections.Counter(), []
    try:
        service = served.Service(store)
        if service.url is None:
            figures["refused"] += 1
            line = service.errors.removesuffix("\n")  # and nothing a terminal would obey
            if service.code != 1 or not line.isprintable():
                wrong.append(f"refused with exit {service.code} and {service.errors!r}")
            return figures, wrong
        figures["served"] += 1
        for method, path, body in conversation(service):
            answer = service.ask(method, path, body)
            figures[f"{method} {answer.status}"] += 1
            if answer.status not in (200, 404, 503) or answer.body is None:
                wrong.append(f"{method} {path}: {answer}")
        code = service.stop()
        if code != 0:
            wrong.append(f"stopped with exit {code}")
    except (served.Hangs, OSError, served.http.client.HTTPException) as error:
        wrong.append(f"{type(error).__name__}: {error}; exit {service.stop(signal.SIGKILL)}")
    return figures, wrong


def test_a_corrupted_file_is_refused_with_one_line_or_served_as_far_as_it_goes(
    good, tmp_path, full
):
    def one(number):
        folder = tmp_path / str(number)
        damage = damaged_copy(good, folder, number)
        figures, wrong = serve(folder / NAMES[0])
        shutil.rmtree(folder)
        return figures, [f"{damage}: {what}" for what in wrong]

    figures, wrong = collections.Counter(), []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for case_figures, case_wrong in pool.map(one, range(COPIES[full])):
            figures += case_figures
            wrong += case_wrong
    counts = ", ".join(f"{count} {what}" for what, count in sorted(figures.items()))
    print(f"\n{COPIES[full]} copies: {counts}")
    assert not wrong, f"{len(wrong)} faults\n" + "\n".join(wrong[:10])
    assert figures["refused"] and figures["served"]


# One letter of the schema's text, which SQLite parses anew at each opening. The statements of our
# tables have several lines.
LETTERS = {
    "a column has another name": (b"email TEXT", b"emajl TEXT"),
    "a table has another name": (b"CREATE TABLE contents", b"CREATE TABLE contentz"),
    "a type that is none": (b"seq INTEGER", b"seq INTEGEX"),
    "a quote that does not end": (b"email TEXT", b"email 'EXT"),
    "a terminal's escape": (b"email TEXT", b"ema\x1bl TEXT"),
    "bytes that are no UTF-8": (b"email TEXT", b"ema\xffl TEXT"),
}


@pytest.mark.parametrize("damage", LETTERS)
def test_a_letter_changed_in_the_schema_is_refused_with_one_line_or_answered_with_503(
    good, damage, tmp_path
):
    store = tmp_path / NAMES[0]
    content = (good / NAMES[0]).read_bytes()
    assert LETTERS[damage][0] in content
    store.write_bytes(content.replace(*LETTERS[damage]))
    figures, wrong = serve(store)
    print(f"\n{damage}: " + ", ".join(f"{n} {what}" for what, n in sorted(figures.items())))
    assert not wrong, "\n".join(wrong[:5])


def test_an_undamaged_copy_is_served_whole(good, tmp_path):
    """The control: with the same questions, everything is answered."""
    folder = tmp_path / "copy"
    shutil.copytree(good, folder)
    figures, wrong = serve(folder / NAMES[0])
    assert not wrong
    assert figures == {"served": 1, "GET 200": 18, "GET 404": 1, "POST 200": 4}
