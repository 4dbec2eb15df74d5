"""The bench measures what it says: its reading of wrk and of /proc, its verdicts, what it writes.

Real runs, as small as they come, against our own program; nothing here depends on how fast it is.
"""

import json
import pathlib
import subprocess
import sys
import time
import xml.etree.ElementTree

import pytest

import chart
import follower_crowd
import goals
import output
import overload
import processes
import wrk
from measured import Measured, interleaved

HERE = pathlib.Path(__file__).resolve().parent
BUSY = "while True: pass"


def bench(*words):
    return subprocess.run([sys.executable, str(HERE / "bench.py"), *map(str, words)],
                          capture_output=True, text=True, timeout=100, check=False)


def wait_until(condition):
    end = time.monotonic() + processes.PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_a_report_of_wrk_is_read_whole():
    figures = wrk.parse_report(
        'Running 1s test\nbench-report {"requests":500,"duration_us":2000000,"bytes":2097152,'
        '"p50_us":1500,"p99_us":2500,"errors":{"connect":1,"read":2,"write":0,"status":3,'
        '"timeout":0}}\n')
    assert figures == {"requests": 500, "requests_per_s": 250, "mib_per_s": 1, "p50_ms": 1.5,
                       "p99_ms": 2.5, "errors": 6}


def test_wrk_without_a_report_is_an_error():
    with pytest.raises(RuntimeError, match="unable to connect"):
        wrk.parse_report("unable to connect to localhost:1")


def test_a_process_may_be_called_anything():
    line = "7 (a) b (c) S 1 42 1 0 -1 0 0 0 0 0 30 12 0 0 20 0 1 0 0 0"
    assert processes.parse_stat(line) == ("S", 42, 42)


def test_cpu_and_memory_of_a_group_are_those_of_all_its_processes(tmp_path):
    both = f"{sys.executable} -c '{BUSY}' & {sys.executable} -c '{BUSY}'; wait"
    with processes.Group(["sh", "-c", both], tmp_path) as group:
        wait_until(lambda: sum(ticks > 5 for _, ticks in group.members()) == 2)
        assert group.cpu_seconds() >= 12 / processes.TICKS
        assert group.memory_mib() > 1


def test_nobody_of_a_group_is_left(tmp_path):
    stubborn = "trap '' TERM; sleep 1000 & sleep 1000"
    group = processes.Group(["sh", "-c", stubborn], tmp_path)
    wait_until(lambda: len(group.members()) == 3)
    group.end(patience=0.5)
    assert not group.members() and not group.is_alive()


def test_medians_ratios_and_errors_of_rounds():
    measured = Measured()
    ours, others = iter((10, 40, 20)), iter((5, 10, 0))
    interleaved(3, [
        lambda: measured.add("s", "a", 1, {"x": next(ours), "errors": 1}),
        lambda: measured.add("s", "b", 1, {"x": next(others), "errors": 0})])
    assert measured.median("s", "a", 1) == {"x": 20, "errors": 3}
    assert measured.ratio("s", "x", ("a", 1), ("b", 1)) == 3  # of 2 and 4; none of a round with 0
    assert measured.ratio("s", "x", ("a", 1), ("c", 1)) is None
    assert measured.errors() == [("s", "a", "1", 3)]


def listed(ours, theirs):
    measured = Measured()
    for row, rate in ((goals.OURS, ours), (goals.NGINX, theirs), (goals.SEED, 1)):
        measured.add("list", row, 64, {"requests_per_s": rate, "cpu_us": 1e6 / rate})
    return measured


@pytest.mark.parametrize("ours, code", [(100, 0), (10, 1)])
def test_a_missed_goal_fails_only_where_floors_are_asked_for(ours, code):
    verdicts = goals.judge(listed(ours, 50), {})
    assert goals.exit_code(verdicts, {}, floor=True) == code
    assert goals.exit_code(verdicts, {}, floor=False) == 0


def posted(p99):
    measured = Measured()
    measured.add("posts", goals.OURS, 64, {"requests_per_s": 1, "p99_ms": p99})
    return measured


@pytest.mark.parametrize("p99, word", [(9.9, "reached"), (11, "goal")])
def test_a_time_that_is_the_machines_too_is_flagged_and_fails_nothing(p99, word):
    verdicts = goals.judge(posted(p99), {})
    assert goals.exit_code(verdicts, {}, floor=True) == 0
    line = next(output.verdict_line(one) for one in verdicts if one["value"] is not None)
    assert line.split()[0] == word and "(goal ≤ 10)" in line


def test_what_idle_connections_and_followers_take_is_judged():
    measured = Measured()
    for memory in (70, 80, 90):
        measured.add("idle connections", "none", 64, {"memory_mib": 8})
        measured.add("idle connections", "10,000", 64, {"memory_mib": memory})
    measured.add("followers", "10,000 followers", "50 posts/s", {"more_mib": 12})
    measured.add("start-up", "no database", 20, {"ready_ms": 56, "memory_mib": 6})
    measured.add("start-up", "100 comments", 20, {"ready_ms": 120, "memory_mib": 7})
    judged = {one["name"]: (one["value"], one["reached"])
              for one in goals.judge(measured, {}) if one["value"] is not None}
    assert judged == {
        "memory for 10,000 idle connections, MiB": (72, False),
        "memory for the followers, MiB": (12, True),
        "from exec to ready, ms": (120, False),
        "memory of a service that nobody asks, MiB": (7, True)}


@pytest.mark.parametrize("share, code", [(0.9, 0), (0.89, 1)])
def test_goodput_under_overload_has_a_floor(share, code):
    verdicts = goals.judge(Measured(), {"overload": {"share_of_peak": share}})
    assert goals.exit_code(verdicts, {}, floor=True) == code


def test_a_broken_promise_fails_always():
    assert goals.exit_code([], {"broken_promises": ["lost"]}, floor=False) == 1


def test_the_chart_is_svg_that_names_every_peer():
    picture = chart.draw(listed(100, 50), {"list_bytes": 2_300})
    assert len(picture) < 60_000
    texts = [text.text for text in xml.etree.ElementTree.fromstring(picture).iter()
             if text.tag.endswith("text")]
    assert {goals.OURS, goals.NGINX, goals.SEED} < set(texts)


def test_normal_times_are_back_with_the_first_of_three_normal_windows():
    windows = [[0, 9, 50.0], [1, 9, 3.0], [2, 9, 50.0], [3, 9, 2.0], [4, 9, 3.9], [5, 9, 4.0]]
    assert overload.recovery(2, windows) == pytest.approx(0.3)
    assert overload.recovery(1, windows) == pytest.approx(0.6)


def crowd_of(*streams):
    """A crowd whose followers have got these chunks."""
    crowd = follower_crowd.Crowd(0)
    for chunks in streams:
        follower = follower_crowd.Follower.__new__(follower_crowd.Follower)
        follower.offset = 0
        crowd.followers[len(crowd.followers)] = follower
        for chunk in chunks:
            crowd.compare(follower, chunk, 0)
    crowd.note_events()
    return crowd


ONE, TWO, THREE = (b"id: %d\ndata: {}\n\n" % number for number in (1, 2, 3))


def test_streams_may_come_in_any_pieces_and_with_heartbeats():
    crowd = crowd_of([ONE, TWO, THREE], [ONE + TWO + THREE[:5], THREE[5:]],
                     [ONE, b":\n\n", TWO + b":\n\n", b":\n\n" + THREE])
    assert crowd.wrong == 0 and len(crowd.ends) == 3


@pytest.mark.parametrize("chunks", [[ONE, THREE], [ONE, ONE], [TWO, ONE], [ONE[:5], TWO]])
def test_what_is_lost_doubled_or_misplaced_is_found(chunks):
    assert crowd_of([ONE, TWO, THREE], chunks).wrong == 1
    assert crowd_of(chunks).wrong >= 1  # in the first stream too, with which none disagrees


def test_who_has_less_than_all_has_lost_it(monkeypatch):
    monkeypatch.setattr(follower_crowd, "PATIENCE", 0)
    assert crowd_of([ONE, TWO, THREE], [ONE]).settle(3)["lost"] == 2


@pytest.mark.parametrize("words, remedy", [
    (["http", "--peers", "apache"], "is none of comments, before, nginx"),
    (["http", "--rounds", "0"], "a whole number from 1 on"),
    (["http", "--jsno", "x"], "did you mean --json?"),
    (["followers", "--peers", "nginx"], "--help"),
])
def test_what_makes_no_sense_is_refused_with_the_remedy(words, remedy):
    done = bench(*words)
    assert done.returncode == 2 and remedy in done.stderr and "Traceback" not in done.stderr


def test_a_small_run_writes_what_is_documented(tmp_path):
    kept, picture = tmp_path / "bench.json", tmp_path / "bench.svg"
    done = bench("http", "--quick", "--peers", "comments", "--parts", "list,posts",
                 "--json", kept, "--svg", picture)
    assert done.returncode == 0, done.stderr
    assert "ERRORS" not in done.stderr
    result = json.loads(kept.read_text(encoding="utf-8"))
    assert result["format"] == 1 and result["machine"]["cores"] >= 1
    assert result["versions"].keys() == {"comments"}
    row = result["results"]["list"][goals.OURS]["64"]
    assert row["requests_per_s"] > 0 and row["cpu_us"] > 0 and row["memory_mib"] > 0
    assert result["results"]["posts"][goals.OURS]["64"]["errors"] == 0
    xml.etree.ElementTree.parse(picture)


def test_a_few_followers_lose_nothing():
    done = bench("followers", "--followers", 50, "--rate", 20, "--seconds", 1)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "50 followers" in done.stdout
