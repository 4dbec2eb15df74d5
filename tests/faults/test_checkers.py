"""The fault tests' own instruments: the disk forgets what it may forget, and the judge sees it."""

import random

import disk_replay as replay
import store_check as check

LOG = 7  # an inode


def disk(*records):
    """Records as (kind, data) or (kind, data, offset)."""
    model = replay.Disk()
    for kind, data, *offset in records:
        model.take(replay.Record(kind, LOG, offset[0] if offset else 0, data))
    return model


def after_cut(model, mode="dropped"):
    contents = model.after_cut(mode, random.Random(1))
    return {name: bytes(content) for name, content in contents.items()}


CREATED = [(replay.CREATE, b"log"), (replay.SYNC_FOLDER, b"")]


def test_a_name_is_not_on_the_disk_before_its_folder_was_synced():
    model = disk((replay.CREATE, b"log"), (replay.WRITE, b"abc"), (replay.SYNC, b""))
    assert after_cut(model) == {}
    assert after_cut(model, "kept") == {"log": b"abc"}


def test_a_removed_name_comes_back_where_its_folder_was_not_synced():
    model = disk(*CREATED, (replay.UNLINK, b"log"))
    assert after_cut(model) == {"log": b""}
    assert after_cut(model, "kept") == {}


def test_what_was_written_since_the_sync_is_dropped():
    model = disk(*CREATED, (replay.WRITE, b"abc"), (replay.SYNC, b""), (replay.WRITE, b"xy", 1))
    assert after_cut(model) == {"log": b"abc"}
    assert after_cut(model, "kept") == {"log": b"axy"}


def test_a_new_file_in_the_inode_of_a_removed_one_leaves_the_old_content_alone():
    model = disk(
        *CREATED, (replay.WRITE, b"old"), (replay.SYNC, b""),
        (replay.UNLINK, b"log"), (replay.CREATE, b"log"), (replay.WRITE, b"new"),
    )
    assert after_cut(model) == {"log": b"old"}
    assert after_cut(model, "kept") == {"log": b"new"}


def test_what_a_failed_sync_lost_no_later_sync_brings_back_unless_its_page_is_written_again():
    page = bytes([1]) * replay.PAGE
    written = [*CREATED, (replay.WRITE, page), (replay.FAILED_SYNC, b"")]
    elsewhere = disk(*written, (replay.WRITE, page, replay.PAGE), (replay.SYNC, b""))
    assert after_cut(elsewhere) == {"log": bytes(replay.PAGE) + page}
    again = disk(*written, (replay.WRITE, b"\2", 5), (replay.SYNC, b""))
    assert after_cut(again) == {"log": page[:5] + b"\2" + page[6:]}


def test_a_write_may_be_torn_between_sectors():
    pages = bytes(range(1, 5)) * replay.PAGE
    model = disk(*CREATED, (replay.WRITE, pages))
    seen = {
        bytes(model.after_cut("random", random.Random(seed)).get("log", b""))
        for seed in range(200)
    }
    assert b"" in seen and pages in seen
    torn = next(content for content in seen if content not in (b"", pages))
    for at in range(0, len(torn), 512):
        assert torn[at : at + 512] in (bytes(512), pages[at : at + 512])


def comment(identity, key, content_id="t"):
    fields = {"content_id": content_id, "id": identity, "key": key}
    return fields | {"email": "a@example.com", "bytes": 3, "crc": hash(key)}


def test_the_judge_counts_what_is_lost_duplicated_or_missing():
    one, two = comment(1, "one"), comment(2, "two")
    assert check.judge([one, two, one], [one, two], {"t": 2}).good
    assert check.judge([one, two], [one], {"t": 1}).lost == 1
    assert check.judge([two], [comment(2, "another")], {"t": 2}).lost == 1
    assert check.judge([one], [one, comment(2, "one")], {"t": 2}).duplicated == 1
    assert check.judge([], [one, comment(3, "three")], {"t": 2}).gaps == 1
    assert check.judge([], [one], {"t": 2}).gaps == 1
