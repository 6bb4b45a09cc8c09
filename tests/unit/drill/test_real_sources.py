from dataclasses import replace
from datetime import timedelta

import pytest

from continuity import naming
from continuity.zone import SiteName
from drill.facts import Facts
from drill.sources import sources
from simulator.operations import Operation
from simulator.timings import Takes


def restored(facts: Facts, kind: str) -> Facts:
    """Say that after its promotion `orders` was restored under its name."""
    arn = facts.manifest.databases[0].members[SiteName.AWAY].arn
    later = Operation(kind, arn, facts.began + timedelta(hours=1), 900.0)
    return replace(facts, operations=(*facts.operations, later))


def test_a_promotion_is_a_replica(facts: Facts) -> None:
    assert sources(facts) == {"orders": "replica", "files": "replica"}


@pytest.mark.parametrize(
    ("kind", "source"),
    [(Takes.RESTORE_TO_TIME, "point-in-time"), (Takes.RESTORE_SNAPSHOT, "snapshot")],
)
def test_a_restore_after_it_is_what_serves(facts: Facts, kind: str, source: str) -> None:
    assert sources(restored(facts, kind)) == {"orders": source, "files": "replica"}


def test_a_restore_beside_the_name_is_what_serves(facts: Facts) -> None:
    arn = naming.beside(facts.manifest.databases[0].members[SiteName.AWAY].arn, "we1-0001")
    later = Operation(Takes.RESTORE_SNAPSHOT, arn, facts.began + timedelta(hours=1), 900.0)
    found = sources(replace(facts, operations=(*facts.operations, later)))
    assert found == {"orders": "snapshot", "files": "replica"}


def test_nothing_that_aws_did_is_no_source(facts: Facts) -> None:
    assert sources(replace(facts, operations=())) == {}
