"""A check that cannot fail shows nothing: each is shown a world in which it does not hold."""

import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "standin"), str(HERE.parent.parent / "tests/support")]
import gcloud  # noqa: E402
from cases import checks  # noqa: E402
from images import Release  # noqa: E402
from readers import Seen  # noqa: E402
from world import Failure, Finished, World  # noqa: E402

RELEASE = Release("better", "c" * 40, "sha256:d")
WAY_BACK = "the way back: `comments deploy --env staging --rollback`"


class Told:
    """A world that is only told of: released well, unless a test says otherwise."""

    def __init__(self, **otherwise):
        self.facts = {"split": {"r2": 100}, "tags": {}, "lock": None, "serving_commits": {RELEASE.commit}, "calls": [],
                      "records": [{"result": "released", "commit": RELEASE.commit, "digest": RELEASE.digest,
                                   "revision": "r2", "reason": "errors"}], **otherwise}

    def __getattr__(self, name):
        return lambda *_: self.facts[name]

    split_text = lambda self: ""  # noqa: E731
    say = lambda self, text: None  # noqa: E731
    check = World.check


def records(**otherwise):
    return [{**Told().facts["records"][0], **otherwise}]


def test_a_release_that_is_well_passes():
    checks.is_released(Told(), Finished(0, WAY_BACK, 1), RELEASE)
    checks.is_rolled_back(Told(records=records(result="rolled_back")), Finished(5, "", 1), RELEASE, {"r2": 100})
    checks.nothing_changed(Told(), Finished(3, "", 1), 3, {"r2": 100}, 0)
    seen = Seen()
    seen.answers[200] = 1
    checks.no_reader_failed(Told(), seen)


@pytest.mark.parametrize(("world", "finished"), [
    (Told(), Finished(5, WAY_BACK, 1)),
    (Told(), Finished(0, WAY_BACK + gcloud.TOKEN, 1)),
    (Told(calls=[["curl", gcloud.TOKEN]]), Finished(0, WAY_BACK, 1)),
    (Told(), Finished(0, "", 1)),
    (Told(split={"r1": 50, "r2": 50}), Finished(0, WAY_BACK, 1)),
    (Told(serving_commits={RELEASE.commit, "b" * 40}), Finished(0, WAY_BACK, 1)),
    (Told(tags={"candidate": "r2"}), Finished(0, WAY_BACK, 1)),
    (Told(lock={}), Finished(0, WAY_BACK, 1)),
    (Told(records=records(revision="r1")), Finished(0, WAY_BACK, 1)),
    (Told(records=records(digest="sha256:e")), Finished(0, WAY_BACK, 1)),
])
def test_a_release_that_is_not_well_does_not_pass(world, finished):
    with pytest.raises(Failure):
        checks.is_released(world, finished, RELEASE)


@pytest.mark.parametrize(("world", "code", "before"), [
    (Told(records=records(result="rolled_back")), 0, {"r2": 100}),
    (Told(records=records(result="rolled_back")), 5, {"r1": 100}),
    (Told(records=records(result="rolled_back"), lock={}), 5, {"r2": 100}),
    (Told(records=records(result="rolled_back"), tags={"candidate": "r2"}), 5, {"r2": 100}),
    (Told(records=records(result="rolled_back", reason="")), 5, {"r2": 100}),
    (Told(records=records(result="released")), 5, {"r2": 100}),
])
def test_a_way_back_that_is_not_one_does_not_pass(world, code, before):
    with pytest.raises(Failure):
        checks.is_rolled_back(world, Finished(code, "", 1), RELEASE, before)


def test_a_change_is_not_nothing():
    world = Told(calls=[["gcloud", "run", "services", "update-traffic"]])
    with pytest.raises(Failure):
        checks.nothing_changed(world, Finished(3, "", 1), 3, {"r2": 100}, 0)


@pytest.mark.parametrize("statuses", [[], [200, 503], [200, 0]])
def test_a_failed_request_is_seen_and_so_is_none_at_all(statuses):
    seen = Seen()
    seen.answers.update(statuses)
    with pytest.raises(Failure):
        checks.no_reader_failed(Told(), seen)
