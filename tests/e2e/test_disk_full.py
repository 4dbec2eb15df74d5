"""A full disk stops the writing alone: reads go on, the health says so, and it heals by itself."""

import os
import shutil
import subprocess
import time

import pytest

import service

BALLAST = 512 * 1024


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 2 MB with a ballast on it that can be thrown off."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("needs root, to mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)],
                           capture_output=True, text=True, check=False)
    if mount.returncode != 0:
        pytest.skip(f"needs the right to mount a small disk: {mount.stderr.strip()}")
    try:
        (disk / "ballast").write_bytes(bytes(BALLAST))
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def full(small_disk, start):
    """A service whose disk is full, and the comments that it has acknowledged."""
    one = start("--store", f"sqlite:{small_disk / 'comments.db'}")
    acknowledged = []
    for size in (4000, 400, 1):  # until not even the smallest comment fits
        fill(one, acknowledged, size)
    print(f"{len(acknowledged)} comments were stored before the disk was full")
    return one, acknowledged


def post_next(one, acknowledged, size):
    comment = f"{len(acknowledged) + 1:06}" + "x" * size
    answer = one.post(service.new_comment("full", comment))
    if answer.status == 200:
        acknowledged.append(comment)
    return answer


def fill(one, acknowledged, size):
    answer = service.wait_until(
        lambda: (posted := post_next(one, acknowledged, size)).status != 200 and posted,
        f"the disk to be full for comments of {size} characters", deadline=60, pause=0)
    assert (answer.status, answer.json()["status"]) == (503, "UNAVAILABLE"), answer.body
    assert "store is full: nothing was stored; retry" in answer.json()["message"]
    assert int(answer.headers["Retry-After"]) >= 1


def listed(one):
    return [comment["comment"] for comment in one.list("full")]


def health(one):
    status, body = one.health()
    return status, body["status"], body["reads"], body["writes"]


DEGRADED = (200, "DEGRADED", True, False)
READY = (200, "READY", True, True)


def test_on_a_full_disk_posts_are_refused_reads_go_on_and_health_says_so(full):
    one, acknowledged = full
    assert health(one) == DEGRADED
    for _ in range(20):
        assert post_next(one, acknowledged, 4000).status == 503
        assert listed(one) == acknowledged
        assert one.count("full") == len(acknowledged)
        assert health(one) == DEGRADED
    assert one.get("/health/live").status == 200


def test_health_does_not_call_a_disk_writable_that_is_still_full(full):
    one, acknowledged = full
    service.check_stays(lambda: health(one) == DEGRADED, "DEGRADED while the disk is full")
    assert post_next(one, acknowledged, 4000).status == 503


def test_once_space_is_free_health_returns_without_a_post_and_nothing_is_lost(full, small_disk):
    one, acknowledged = full
    began = time.monotonic()
    (small_disk / "ballast").unlink()
    service.wait_until(lambda: health(one) == READY, "health to return to READY by itself")
    print(f"READY {time.monotonic() - began:.2f} s after space was freed")
    for _ in range(20):
        assert post_next(one, acknowledged, 400).status == 200
    assert listed(one) == acknowledged
    assert [comment["id"] for comment in one.list("full")] == list(range(1, len(acknowledged) + 1))


def test_what_was_acknowledged_on_a_full_disk_survives_a_restart(full, start, small_disk):
    one, acknowledged = full
    one.kill()
    (small_disk / "ballast").unlink()
    again = start("--store", f"sqlite:{small_disk / 'comments.db'}")
    assert listed(again) == acknowledged
    assert post_next(again, acknowledged, 400).status == 200
    assert listed(again) == acknowledged


def test_a_service_that_starts_on_a_full_disk_reads_and_writes_once_there_is_space(
        full, start, small_disk):
    """Or says in one line that it cannot: then nothing listens, and nothing is lost."""
    one, acknowledged = full
    one.kill()
    again = service.launch(small_disk.parent, "--store", f"sqlite:{small_disk / 'comments.db'}")
    try:
        service.wait_until(lambda: not again.is_alive() or again.find_in_log("serving"),
                           "the service to serve or to give up")
        if again.is_alive():
            again.wait_until_serving()
            assert listed(again) == acknowledged
        else:
            assert again.errors().count("\n") == 1 and "full" in again.errors()
            print(f"does not start: {again.errors()}")
    finally:
        again.kill()
    (small_disk / "ballast").unlink()
    assert listed(start("--store", f"sqlite:{small_disk / 'comments.db'}")) == acknowledged
