"""A real high-availability cluster, Patroni with etcd: the leader dies, and nobody has to do
anything for the comments to be there, once, and the service back (row 14)."""

import time

import pytest

import generated
import patroni_cluster
from fleet import Fleet
from patient_writers import measure_gap, print_gaps
from test_postgres_faults import ALL, Writing, check_kept

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not patroni_cluster.is_installed(), reason=patroni_cluster.PACKAGES)]


@pytest.fixture
def cluster():
    with patroni_cluster.Cluster() as one:
        one.primary().server.create_database()
        yield one


def kill_the_leader(cluster, crowd, random):
    leader = cluster.primary()
    heir = cluster.other(leader)
    crowd.wait_for_more(random.randint(20, 300))
    fault = time.monotonic()
    leader.kill()
    patroni_cluster.wait_until(heir.takes_writes, "the standby to be promoted")
    promoted = time.monotonic()
    crowd.wait_for_answers(200, 1, ALL, promoted)
    gap = measure_gap(crowd, fault, promoted, ALL)
    leader.start()  # it comes back, as the other's standby
    cluster.wait_until_safe()
    return gap


def test_a_leader_that_dies_loses_and_doubles_nothing(cluster, tmp_path):
    random = generated.seeded()
    with Fleet(tmp_path, [cluster.url("comments")] * 3) as fleet:
        with Writing(fleet) as crowd:
            gaps = [kill_the_leader(cluster, crowd, random) for _ in range(5)]
        print_gaps("the leader killed, its standby promoted by Patroni", gaps)
        verdict = check_kept("Patroni", crowd, fleet)
    assert verdict.is_clean(), verdict
    assert max(gap.good_again for gap in gaps) < 3  # seen: 0.2
