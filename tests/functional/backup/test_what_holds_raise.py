"""What a hold makes AWS keep longer, and that all of it is as it was in the end."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from backup import legal, raising, standing
from backup.hold_rules import GRACE, Hold, Standing
from cloud.door import Door
from continuity.safekeeping import Bucket, LogGroup, Safekeeping
from simulator import backstage

HOME, AWAY = "eu-west-1", "eu-central-1"
Zone = Any
State = dict[str, Any]


class Killed(BaseException):
    """The process is gone: no handler of ours may see it."""


def built(zone: Zone, site: str, region: str) -> Safekeeping:
    """Let a site have a log group, a bucket whose versions expire, and a vault."""
    backstage.client("logs", region).create_log_group(logGroupName=f"/holdfast/we1/{site}/own")
    keep_logs(region, site, 30)
    s3 = backstage.client("s3", region)
    where = {"LocationConstraint": region}
    s3.create_bucket(Bucket=f"files-{site}", CreateBucketConfiguration=where)
    rules = [
        {
            "ID": "replaced",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 200},
        },
        {
            "ID": "uploads",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
    ]
    s3.put_bucket_lifecycle_configuration(
        Bucket=f"files-{site}", LifecycleConfiguration={"Rules": rules}
    )
    with zone.world.instantly():
        backstage.client("backup", region).create_backup_vault(BackupVaultName=f"vault-{site}")
    return Safekeeping(
        vault=f"vault-{site}",
        buckets=(Bucket("public", f"files-{site}"),),
        log_groups=(LogGroup(f"/holdfast/we1/{site}/own", 30),),
    )


def keep_logs(region: str, site: str, days: int) -> None:
    logs = backstage.client("logs", region)
    logs.put_retention_policy(logGroupName=f"/holdfast/we1/{site}/own", retentionInDays=days)


@pytest.fixture
def kept(new_zone: Callable[..., Iterator[Zone]]) -> Iterator[Zone]:
    """A zone of one database with everything that AWS deletes by itself."""
    entered = new_zone(("orders",))
    zone = next(entered)
    sites = {
        name: replace(site, safekeeping=built(zone, str(name), site.region))
        for name, site in zone.manifest.sites.items()
    }
    yield replace(zone, manifest=replace(zone.manifest, sites=sites))
    entered.close()


def state(zone: Zone) -> State:
    """Return how AWS keeps things now, in both regions."""
    found: State = {"orders": zone.instance("we1-orders-home-1").backup_retention_period}
    for site, region in (("home", HOME), ("away", AWAY)):
        groups = backstage.client("logs", region).describe_log_groups()["logGroups"]
        found[f"logs {site}"] = groups[0]["retentionInDays"]
        s3 = backstage.client("s3", region)
        rules = s3.get_bucket_lifecycle_configuration(Bucket=f"files-{site}")["Rules"]
        found[f"rules {site}"] = {row["ID"]: row["Status"] for row in rules}
        holds = backstage.client("backup", region).list_legal_holds()["LegalHolds"]
        found[f"legal {site}"] = any(row["Status"] in {"CREATING", "ACTIVE"} for row in holds)
    return found


def expected(days: int, logs: int, replaced: str, *, legal: bool) -> State:
    found: State = {"orders": days}
    for site in ("home", "away"):
        found[f"logs {site}"] = logs
        found[f"rules {site}"] = {"replaced": replaced, "uploads": "Enabled"}
        found[f"legal {site}"] = legal
    return found


NORMAL = expected(7, 30, "Enabled", legal=False)
RAISED = expected(35, 90, "Disabled", legal=True)


def run(zone: Zone, held: Standing | None = None) -> None:
    """Make things so by the holds as they are, and let AWS come to an end with it."""
    found = standing.read(zone.cloud, zone.manifest) if held is None else held
    done = raising.apply(zone.cloud, zone.manifest, found)
    assert [one for one in done if not one.well] == []
    zone.world.clock.sleep(900)


def hold(zone: Zone, name: str) -> None:
    standing.place(zone.cloud, zone.manifest, Hold(name, "disk full", zone.now))


def memory(zone: Zone) -> dict[str, str]:
    return {one.name: one.was for one in standing.read(zone.cloud, zone.manifest).raised}


def test_everything_is_raised_while_a_hold_is_on_and_as_it_was_after_its_grace(kept: Zone) -> None:
    assert state(kept) == NORMAL
    run(kept)
    assert state(kept) == NORMAL
    hold(kept, "INC-7")
    run(kept)
    assert state(kept) == RAISED
    hold(kept, "INC-8")
    run(kept)
    assert state(kept) == RAISED
    assert memory(kept)["rds:we1-orders-home-1"] == "7"
    for name in ("INC-7", "INC-8"):
        standing.release(kept.cloud, kept.manifest, name, by="ana", reason="replaced")
    run(kept)
    assert state(kept) == RAISED
    kept.world.clock.sleep(GRACE.total_seconds())
    run(kept)
    run(kept)
    assert state(kept) == NORMAL
    assert memory(kept) == {}


def test_what_a_deployment_sets_meanwhile_is_raised_again_and_is_what_is_put_back(
    kept: Zone,
) -> None:
    hold(kept, "INC-7")
    run(kept)
    keep_logs(HOME, "home", 30)  # as it was: a refresh undid it
    keep_logs(AWAY, "away", 60)  # a new setting
    run(kept)
    assert (state(kept)["logs home"], state(kept)["logs away"]) == (90, 90)
    assert memory(kept)["logs:/holdfast/we1/away/own"] == "60"
    run(kept, Standing())
    assert (state(kept)["logs home"], state(kept)["logs away"]) == (30, 60)


def test_what_somebody_made_longer_than_a_hold_does_is_left_alone(kept: Zone) -> None:
    hold(kept, "INC-7")
    run(kept)
    keep_logs(HOME, "home", 365)
    run(kept)
    run(kept, Standing())
    assert state(kept)["logs home"] == 365
    assert memory(kept) == {}


def legal_holds() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = backstage.client("backup", HOME).list_legal_holds()["LegalHolds"]
    return found


def test_a_legal_hold_is_renewed_each_day_and_there_is_never_a_moment_without(kept: Zone) -> None:
    hold(kept, "INC-7")
    for turn in range(4):
        assert all(one.well for one in legal.apply(kept.cloud, kept.manifest, held=True))
        # What is only being made holds nothing yet: the day before's has to stay until it does.
        found = [one["Status"] for one in legal_holds()]
        assert "ACTIVE" in found or turn == 0
        run(kept)
        kept.world.clock.sleep(timedelta(days=1).total_seconds() / 2)
    titles = [row["Title"] for row in legal_holds() if row["Status"] == "ACTIVE"]
    assert titles == [f"holdfast we1 home {kept.now:%Y-%m}-04"]


def dying_after(monkeypatch: pytest.MonkeyPatch, number: int) -> list[int]:
    """Let the process die once AWS has made its so-many-th change; count them."""
    made, change = [0], Door.change

    def dying(door: Door, *named: Any, **arguments: Any) -> Any:  # noqa: ANN401 - as the door's
        made[0] += 1
        reply = change(door, *named, **arguments)
        if made[0] == number:
            raise Killed
        return reply

    monkeypatch.setattr(Door, "change", dying)
    return made


@pytest.mark.parametrize(("verb", "end"), [("raise", RAISED), ("put back", NORMAL)])
def test_whoever_dies_after_any_change_leaves_what_the_next_run_ends(
    kept: Zone, monkeypatch: pytest.MonkeyPatch, verb: str, end: State
) -> None:
    held = Standing((Hold("INC-7", "disk full", kept.now),))
    wanted, before = (held, Standing()) if verb == "raise" else (Standing(), held)
    for number in count(1):
        run(kept, before)
        with monkeypatch.context() as patch:
            made = dying_after(patch, number)
            with contextlib.suppress(Killed):
                raising.apply(kept.cloud, kept.manifest, wanted)
        if made[0] < number:
            break
        kept.world.clock.sleep(60)
        run(kept, wanted)
        assert state(kept) == end
        assert memory(kept).get("rds:we1-orders-home-1") == ("7" if verb == "raise" else None)
        assert memory(kept).get("s3:files-home") == ("replaced" if verb == "raise" else None)
    # A value is remembered and raised, or put back and forgotten; and each vault has a legal hold.
    assert number > 2 * (1 + 2 + 2) + 2
