"""The primary dies and its synchronous standby takes over: what was acknowledged is on both, and
the instances find the new primary by themselves (row 14)."""

import time

import pytest

import generated
from fleet import Fleet
from patient_writers import measure_gap, print_gaps
from postgres_pair import Pair
from test_postgres_faults import ALL, Writing, check_kept


@pytest.fixture(scope="module")
def servers():
    with Pair() as pair:
        yield pair


@pytest.fixture
def pair(servers):
    servers.attach_standby()
    servers.primary.sql("DROP DATABASE IF EXISTS comments WITH (FORCE)")
    servers.primary.create_database("comments")
    return servers


def fail_over(pair, crowd, random, is_noticed):
    pair.attach_standby()
    crowd.wait_for_more(random.randint(20, 300))
    fault = time.monotonic()
    pair.primary.stop("immediate")
    if is_noticed:  # else the new primary is there before anybody's patience is at its end
        crowd.wait_for_answers(503, 10, ALL, fault)
    pair.promote_standby()
    promoted = time.monotonic()
    crowd.wait_for_answers(200, 1, ALL, promoted)
    return measure_gap(crowd, fault, promoted, ALL)


def check_failovers(pair, folder, times):
    random = generated.seeded()
    with Fleet(folder, [pair.url("comments")] * 3) as fleet:
        with Writing(fleet) as crowd:
            gaps = [fail_over(pair, crowd, random, is_noticed=number % 2 == 0)
                    for number in range(times)]
        print_gaps("promoted", gaps)
        verdict = check_kept("failovers", crowd, fleet)
    assert verdict.is_clean(), verdict
    return gaps


def test_a_failover_loses_and_doubles_nothing(pair, tmp_path):
    check_failovers(pair, tmp_path, times=1)


@pytest.mark.slow
def test_five_failovers_lose_and_double_nothing(pair, tmp_path):
    gaps = check_failovers(pair, tmp_path, times=5)
    assert max(gap.good_again for gap in gaps) < 3  # seen: 0.2


def test_an_instance_starts_while_the_first_server_of_its_url_is_a_standby(pair, tmp_path):
    url = pair.url("comments")
    ports = sorted((pair.primary.port, pair.standby.port))
    backwards = url.replace(f"127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}",
                            f"127.0.0.1:{ports[1]},127.0.0.1:{ports[0]}")
    with Fleet(tmp_path, [url, backwards]) as fleet:  # one of them meets the standby first
        assert [one.health()[0] for one in fleet] == [200, 200]
