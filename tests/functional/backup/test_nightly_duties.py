"""What the schedules ask for, done on the simulated AWS by the function's own code."""

from datetime import timedelta
from typing import Any

import pytest

from backup import catalogue, nightly, standing
from backup.handler import perform, reported, run
from backup.hold_rules import Hold
from backup.nightly import Duty
from backup.outcome import Done
from cloud.permitted import actions_of
from continuity import manifest_json, naming
from continuity.errors import HoldfastError, PermanentError
from continuity.grants import BACKUP
from simulator import backstage
from simulator.faults import Fault, FaultKind

HOME, AWAY = "eu-west-1", "eu-central-1"
ENVIRONMENT = {
    "HOLDFAST_ZONE": "we1",
    "AWS_REGION": AWAY,
    "HOLDFAST_MANIFEST_BUCKET": "we1-manifest",
}
Zone = Any


def night(zone: Zone, quarters: int = 12) -> list[Done]:
    """Ask for captures every quarter of an hour, as the schedule does."""
    done: list[Done] = []
    for _ in range(quarters):
        done += nightly.capture_and_copy(zone.cloud, zone.manifest)
        zone.world.clock.sleep(900)
    return done


def broken(zone: Zone, kind: FaultKind, **named: Any) -> None:  # noqa: ANN401 - of a fault
    fault = Fault(kind, 0, region=HOME, **named)
    zone.world.faults.schedule([fault], origin=zone.world.clock.monotonic())
    zone.world.clock.sleep(1)


def ours(zone: Zone, region: str) -> set[str]:
    points = catalogue.read(zone.cloud, zone.manifest).points
    return {one.identifier for one in points if one.ours and one.usable and one.region == region}


def test_a_night_of_quarters_takes_one_point_of_each_database_and_copies_it(zone: Zone) -> None:
    done = night(zone)
    assert all(one.well for one in done)
    expected = {"we1-accounts-2026-03-03", "we1-orders-2026-03-03"}
    assert ours(zone, HOME) == ours(zone, AWAY) == expected
    assert len(done) == 4


def test_what_one_night_needs_the_backup_role_may(zone: Zone) -> None:
    zone.history("orders", 30)
    night(zone)
    nightly.give_up(zone.cloud, zone.manifest)
    asked = {
        action for name in zone.cloud.budget.counts() for action in actions_of(*name.split("."))
    }
    assert "rds:DeleteDBSnapshot" in asked
    assert asked <= {permission.action for permission in BACKUP}


def test_points_without_a_place_are_given_up_once_a_night(zone: Zone) -> None:
    for database in ("accounts", "orders"):
        zone.history(database, 30)
    before = ours(zone, HOME)
    done = nightly.give_up(zone.cloud, zone.manifest)
    gone = before - ours(zone, HOME)
    assert gone == {one.subject for one in done if one.sentence.startswith("deleted: ")}
    assert gone
    assert "we1-orders-2026-03-03" not in gone


def test_under_a_hold_nothing_is_given_up(zone: Zone) -> None:
    zone.history("orders", 30)
    standing.place(zone.cloud, zone.manifest, Hold("legal", "Litigation.", zone.now))
    before = ours(zone, HOME)
    nightly.give_up(zone.cloud, zone.manifest)
    assert ours(zone, HOME) == before


@pytest.fixture
def deployed(zone: Zone) -> Zone:
    """The zone with its manifest in the standby's bucket, where the function looks."""
    s3 = backstage.client("s3", AWAY)
    s3.create_bucket(Bucket="we1-manifest", CreateBucketConfiguration={"LocationConstraint": AWAY})
    text = manifest_json.dump(zone.manifest).encode()
    s3.put_object(Bucket="we1-manifest", Key=naming.MANIFEST_KEY, Body=text)
    return zone


def test_the_function_does_its_duty_by_the_manifest_of_its_own_site(deployed: Zone) -> None:
    said = perform(deployed.cloud, ENVIRONMENT, Duty.CAPTURE)
    assert said == [f"we1-{name}-2026-03-03 {HOME}: begun: due" for name in ("accounts", "orders")]


def test_what_went_wrong_is_raised_after_everything_else_was_done(deployed: Zone) -> None:
    broken(deployed, FaultKind.DENIED, service="rds", operation="CreateDBSnapshot", times=1)
    with pytest.raises(PermanentError, match="The nightly capture of we1 has to be looked at"):
        perform(deployed.cloud, ENVIRONMENT, Duty.CAPTURE)
    assert len([one for one in deployed.snapshots() if one.startswith("we1-")]) == 1


def test_without_a_manifest_nothing_is_begun(zone: Zone) -> None:
    with pytest.raises(HoldfastError):
        perform(zone.cloud, ENVIRONMENT, Duty.PRUNE)


def test_a_lost_home_region_is_told_and_the_standby_goes_on(deployed: Zone) -> None:
    night(deployed, 4)
    deployed.world.clock.sleep(timedelta(days=1).total_seconds())
    broken(deployed, FaultKind.REGION_LOST)
    with pytest.raises(PermanentError, match="no primary of it was found"):
        perform(deployed.cloud.within(600), ENVIRONMENT, Duty.CAPTURE)


def test_an_event_that_names_no_duty_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a valid Duty"):
        run({"duty": "tidy up"}, None)


def test_every_duty_can_be_asked_for() -> None:
    assert set(nightly.DUTIES) == set(Duty)


def test_outcomes_are_sentences_when_all_went_well() -> None:
    done = [Done("we1-orders-2026-03-03", HOME, well=True, sentence="begun: due")]
    assert reported("we1", Duty.CAPTURE, done) == [f"we1-orders-2026-03-03 {HOME}: begun: due"]
