"""kill -9 in the middle of writing: what was acknowledged is there, once, in its place."""

import statistics
import time

import pytest

import generated
import service
from writers import Crowd, judge

CONTENT_IDS = ["a", "b", "c", "d"]


class Killing:
    """Rounds of: start on the same file, let a crowd write, kill."""

    def __init__(self, folder, random, binary):
        self.folder = folder
        self.random = random
        self.binary = binary
        self.crowd = Crowd(16, CONTENT_IDS)
        self.snapshots = {content_id: [] for content_id in CONTENT_IDS}
        self.changed = []
        self.seconds_to_ready = []
        self.one = None

    def restart(self):
        began = time.monotonic()
        self.one = service.launch(self.folder, "--store", f"sqlite:{self.folder / 'comments.db'}",
                                  binary=self.binary)
        self.one.wait_until_serving()
        assert self.one.health()[0] == 200
        self.seconds_to_ready.append(time.monotonic() - began)

    def compare_with_before(self):
        """What a reader has seen stays as it was: a thread only grows at its end."""
        for content_id, before in self.snapshots.items():
            now = self.one.list(content_id)
            if now[:len(before)] != before:
                self.changed.append(content_id)
            self.snapshots[content_id] = now

    def kill_while_writing(self):
        self.restart()
        self.compare_with_before()
        enough = self.crowd.acknowledged() + self.random.choice([0, 1, self.random.randint(2, 400)])
        self.crowd.begin(self.one.port)
        service.wait_until(lambda: self.crowd.acknowledged() >= enough, "comments to be written")
        time.sleep(self.random.uniform(0, 0.01))  # any moment, not only that of an answer
        self.one.kill()
        self.crowd.join()
        self.one.check_errors()

    def finish(self):
        self.restart()
        self.compare_with_before()
        self.crowd.begin(self.one.port)
        self.crowd.finish()
        self.compare_with_before()
        return judge(self.crowd.writers, self.snapshots)


def kill_often(folder, rounds, binary=None):
    """(verdict, threads whose order changed) after that many rounds; prints the figures."""
    killing = Killing(folder, generated.seeded(), binary)
    try:
        for _ in range(rounds):
            killing.kill_while_writing()
        verdict = killing.finish()
    finally:
        if killing.one:
            killing.one.kill()
    milliseconds = [1000 * seconds for seconds in killing.seconds_to_ready]
    print(f"{rounds} kills, {killing.crowd.acknowledged()} comments acknowledged: "
          f"{verdict.summary()}, {len(killing.changed)} lists changed; "
          f"from exec to ready: median {statistics.median(milliseconds):.0f} ms, "
          f"max {max(milliseconds):.0f} ms")
    return verdict, killing.changed


def test_a_killed_service_has_every_acknowledged_comment_once_and_in_its_place(tmp_path):
    verdict, changed = kill_often(tmp_path, rounds=5)
    assert verdict.is_clean(), verdict
    assert not changed


def test_this_check_finds_the_comments_that_a_too_early_answer_loses(tmp_path):
    """The control: a service that answers before it stores must not pass for a good one."""
    liar = service.find_binary("COMMENTS_EARLY_ACK_SERVE")
    verdict, _ = kill_often(tmp_path, rounds=3, binary=liar)
    assert verdict.lost or verdict.misplaced


@pytest.mark.slow
def test_a_service_that_is_killed_a_hundred_times_keeps_its_promises(tmp_path):
    verdict, changed = kill_often(tmp_path, rounds=100)
    assert verdict.is_clean(), verdict
    assert not changed
