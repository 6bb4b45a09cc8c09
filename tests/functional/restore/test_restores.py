"""Restores of a simulated zone: of one point anywhere, and by command: died half-way, swapped."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest

from backup import catalogue, restore, standing
from backup.points import Reach
from backup.restore import Place, Restoration
from backup.restore_run import Phase, Progress
from backup.restore_source import Source, of_point, of_reach
from cli import backup_options, backup_restore
from cli.backup_restore_progress import showing
from cli.main import main
from cli.output import Format
from cli.zone_session import ZoneSession
from cloud.door import Door
from cloud.effects import Effect
from continuity.errors import PermanentError, Refusal, TemporaryError
from failover.aws import surroundings
from failover.find_manifest import Found
from simulator.faults import Fault, FaultKind

Zone = Any  # the fixture of conftest.py, which no test can import
Run = Callable[..., tuple[int, str, str]]
ANA = "arn:aws:sts::123456789012:assumed-role/holdfast-sa1-restore/ana"
PATIENCE_S = 12 * 3600.0
SCRATCH, HOME = "sa1-catalogue-scratch", "sa1-catalogue-home-1"


class Terminal(StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


class Killed(BaseException):
    """The process is gone: no handler of ours may see it."""


@pytest.fixture
def run(zone: Zone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    outside: Any = SimpleNamespace()
    around = surroundings(zone.manifest, zone.cloud, outside)
    session = ZoneSession(around, Found(zone.manifest, "at hand"), ANA, zone.cloud)
    monkeypatch.setattr(backup_options, "opened", lambda *_: session)

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(["backup", "restore", "sa1", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def answered(run: Run, *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - parsed JSON
    found, out, err = run(*arguments, "--format", "json")
    assert found == code, err
    return json.loads(out)


def tags(zone: Zone, identifier: str) -> dict[str, str]:
    return {one["Key"]: one["Value"] for one in zone.instance(identifier).tags}


def held(zone: Zone, identifier: str) -> bool:
    found = standing.read(zone.cloud, zone.manifest).holds
    return f"restore-{identifier}" in {one.identifier for one in found}


def kill_at(monkeypatch: pytest.MonkeyPatch, number: int, *, after: bool) -> list[str]:
    """Let the process die at its so-many-th change, before or after AWS made it."""
    made: list[str] = []
    change = Door.change

    def killed(door: Door, service: str, operation: str, /, **arguments: Any) -> Any:  # noqa: ANN401
        made.append(operation)
        if len(made) != number:
            return change(door, service, operation, **arguments)
        if after:
            change(door, service, operation, **arguments)
        raise Killed

    monkeypatch.setattr(Door, "change", killed)
    return made


def test_a_plan_names_the_source_every_setting_and_changes_nothing(zone: Zone, run: Run) -> None:
    before = set(zone.instances())
    code, out, _ = run("accounts", "--point", "sa1-accounts-20260302-0300", "--swap")
    assert code == 0
    for told in (
        "from     sa1-accounts-20260302-0300 (snapshot): it is the point that was asked for",
        "the data is older than the zone's objective by",
        "is read from S3 on first touch",
        "restore-sa1-accounts-home-restored: nothing of the zone is deleted",
        "deletion protection  yes",
        "sa1-accounts-20260303-0300",
        "then it takes the name sa1-accounts-home-1; the database is away for about 2 min:",
        "LOST: what was written since 2026-03-02 03:00:00 UTC",
        "import it before the next `pulumi up`",
        "nothing was done: --apply --accept-data-loss accounts --reason TEXT does it",
    ):
        assert told in out, told
    newest = answered(run, "accounts")
    assert newest["source"]["age_s"] < 301
    assert newest["expected"]["in_time"]
    away = answered(run, "accounts", "--site", "away")
    assert away["source"]["kind"] == "replicated automated backups"
    assert away["settings"]["subnet_group"] == zone.away.subnet_group
    assert set(zone.instances()) == before
    assert not held(zone, "sa1-accounts-home-restored")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("accounts", "--at", "2026-01-01T00:00Z"), "reach from 2026-02-28 12:00:00 UTC to"),
        (("accounts", "--point", "sa1-nothing"), "has no point sa1-nothing; what can be restored"),
        (("nothing",), "there is no 'nothing'; sa1 has accounts, orders, catalogue"),
        (("accounts", "--as", "we1-x"), "must begin with sa1-"),
        (("accounts", "--as", "sa1--x"), "is no identifier"),
        (("accounts", "--as", "sa1-orders-away-1"), "is a declared database's own name"),
        (("accounts", "--at", "03:00", "--point", "x"), "is not taken together with --point"),
        (("nothing", "--point", "sa1-no"), "no database of sa1 has sa1-no"),
    ],
)
def test_what_cannot_be_restored_is_told(run: Run, arguments: tuple[str, ...], told: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert told in err


def test_all_that_is_wrong_with_the_options_is_named_in_one_error(run: Run) -> None:
    err = run("nothing", "--point", "sa1-no", "--at", "25:00", "--as", "we1-x")[2]
    paths = [line.split(":")[0].strip() for line in err.splitlines() if line.startswith("  ")]
    assert paths == ["DATABASE", "--point", "--at", "--at", "--as"]
    err = run("accounts", "--point", "sa1-no", "--as", "we1-x")[2]
    assert "--as: we1-x must begin with sa1-" in err
    assert "--point: accounts has no point sa1-no" in err
    assert "--refuted: needs --point" in run("accounts", "--refuted", "--as", "we1-x")[2]


def test_a_restore_beside_the_database_is_as_asked_and_ends_its_hold(zone: Zone, run: Run) -> None:
    point = ("catalogue", "--point", "sa1-catalogue-20260302-0300", "--as", "sa1-catalogue-old")
    code, out, err = run(*point, "--apply")
    assert code == 0, err
    assert "hold: the hold restore-sa1-catalogue-old is placed" in err
    assert "restore: sa1-catalogue-old is creating (about " in err
    assert "check: sa1-catalogue-old is available, as asked for" in err
    assert "sa1-catalogue-old holds catalogue as of 2026-03-02 03:00:00 UTC, after" in out
    made = zone.instance("sa1-catalogue-old")
    assert (made.status, made.multi_az, made.deletion_protection) == ("available", True, True)
    assert "holdfast:database" not in tags(zone, "sa1-catalogue-old")
    assert zone.rows("sa1-catalogue-old") < zone.rows("sa1-catalogue-home-1")
    assert not held(zone, "sa1-catalogue-old")
    assert "which is there already" in run(*point)[1]
    assert "no time: all of it is done" in run(*point)[1]
    code, _, err = run(*point, "--apply")
    assert (code, "left" in err) == (0, False)
    code, _, err = run("catalogue", "--point", "sa1-catalogue-20260301-0300", "--as",
                       "sa1-catalogue-old", "--apply")  # fmt: skip
    assert code == 5
    assert "was restored before (restore/catalogue/sa1-catalogue-20260302-0300)" in err


def test_a_swap_that_dies_at_every_change_ends_as_one_that_never_died(
    zone: Zone, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run dies at its second to fourth change, made or not, until one has none left."""
    home, restored = "sa1-orders-home-1", "sa1-orders-home-restored"
    resource, rows = zone.instance(home).dbi_resource_id, zone.rows(home)
    for _ in range(3):
        zone.write(home)
        zone.world.clock.sleep(300)
    asked = ("orders", "--swap", "--apply")
    code, _, err = run(*asked)
    assert code == 5
    assert "is not in what takes its place. Accept that with --accept-data-loss orders" in err
    asked = (*asked, "--accept-data-loss", "orders", "--reason", "rows were deleted")
    changes: list[str] = []
    for turn in range(40):
        with monkeypatch.context() as patch:
            made = kill_at(patch, 2 + turn % 3, after=turn % 2 == 0)
            try:
                code, out, err = run(*asked)
            except Killed:
                changes += made
                continue
        break
    assert code == 0, err
    assert "sa1-orders-home-1 holds orders as of" in out
    [aside] = [name for name in zone.instances() if "-aside-" in name]
    assert f"to do: {aside} costs as much as before" in out
    old, new = zone.instance(aside), zone.instance(home)
    assert (old.dbi_resource_id, new.dbi_resource_id != resource) == (resource, True)
    assert (old.deletion_protection, old.status, new.status) == (True, "available", "available")
    assert old.vpc_security_group_ids == [zone.home.application_security_group]
    assert tags(zone, aside)["holdfast:set-aside"].startswith("orders restore/orders/2026-03-")
    assert "holdfast:database" not in tags(zone, aside)
    assert tags(zone, home)["holdfast:database"] == "orders"
    assert rows < zone.rows(home) <= zone.rows(aside) == rows + 3
    assert restored not in zone.instances()
    assert not held(zone, restored)
    assert changes.count("RestoreDBInstanceToPointInTime") <= 2
    code, _, err = run(*asked)
    assert code == 5
    assert "that is done" in err
    _moments_belong_to_whoever_was_the_database(zone)


def _moments_belong_to_whoever_was_the_database(zone: Zone) -> None:
    zone.world.clock.sleep(3600)
    reaches = [
        one
        for one in catalogue.read(zone.cloud, zone.manifest).reaches
        if one.series.resource == "orders" and one.region == zone.home.region
    ]
    old, new = sorted(reaches, key=lambda one: one.instance, reverse=True)
    assert old.instance.startswith("sa1-orders-home-1-aside-")
    assert old.newest <= new.oldest
    assert new.newest - new.oldest > timedelta(minutes=30)


def test_while_the_other_region_is_lost_a_restore_holds_where_it_can(zone: Zone, run: Run) -> None:
    zone.world.faults.schedule(
        [Fault(FaultKind.REGION_LOST, region=zone.away.region, at_s=0.0, lasts_s=4 * 3600.0)],
        origin=zone.world.clock.monotonic(),
    )
    zone.world.clock.sleep(60)
    code, _, err = run("catalogue", "--as", "sa1-catalogue-alone", "--apply")
    assert code == 0, err
    assert "us-east-2 does not answer: look there later" in err
    assert zone.instance("sa1-catalogue-alone").status == "available"
    zone.world.clock.sleep(4 * 3600)
    assert not held(zone, "sa1-catalogue-alone")


def test_every_point_that_is_listed_can_be_named(zone: Zone, run: Run) -> None:
    found = catalogue.read(zone.cloud, zone.manifest).points
    here = [one for one in found if (one.series.resource, one.region) == ("accounts",
            zone.home.region)]  # fmt: skip
    assert len(here) > 3
    for one in here:
        assert answered(run, "accounts", "--point", one.identifier)["source"]["name"] == (
            one.identifier
        )


def test_on_a_terminal_a_bar_shows_how_far_it_is() -> None:
    stream = Terminal()
    at = datetime(2026, 3, 3, 12, tzinfo=UTC)
    with showing(stream, 1200.0, Format.TEXT) as show:
        show(Progress(Phase.RESTORE, "sa1-orders-x is creating", at, 600.0, 600.0))
    assert "restore: sa1-orders-x is creating" in stream.getvalue()
    assert "about 10 min left" in stream.getvalue()


def test_programs_read_one_object_a_line_for_each_change() -> None:
    stream = StringIO()
    at = datetime(2026, 3, 3, 12, tzinfo=UTC)
    with showing(stream, 1200.0, Format.JSON) as show:
        for elapsed in (0.0, 30.0):
            show(Progress(Phase.RESTORE, "creating", at, elapsed, 1200.0 - elapsed))
        show(Progress(Phase.CHECK, "available", at, 60.0, 0.0))
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(one["phase"], one["left_s"]) for one in told] == [("restore", 1200.0), ("check", 0.0)]


def test_no_names_are_swapped_while_a_failover_is_under_way(
    zone: Zone, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_restore, "open_run", lambda _: "sa1-0007")
    code, _, err = run("accounts", "--swap", "--apply", "--accept-data-loss", "accounts",
                       "--reason", "x")  # fmt: skip
    assert code == 5
    assert "No names are swapped while sa1-0007 is under way in sa1. Let it end, or abort" in err
    assert "sa1-accounts-home-restored" not in zone.instances()


@pytest.fixture
def source(zone: Zone) -> Source:
    points = catalogue.read(zone.cloud, zone.manifest).points
    return of_point(next(one for one in points if one.identifier == "sa1-catalogue-20260302-0300"))


def own(zone: Zone) -> Reach:
    reaches = catalogue.read(zone.cloud, zone.manifest).reaches
    return next(one for one in reaches if one.instance == HOME and not one.received)


def scratch(zone: Zone, source: Source, identifier: str = SCRATCH) -> Restoration:
    return restore.scratch(zone.manifest, source, Place(*zone.place()), identifier, "verify")


def test_a_point_is_restored_once_and_taken_away_again(zone: Zone, source: Source) -> None:
    one = scratch(zone, source)
    looks: list[object] = []
    assert restore.begin(zone.cloud, one) is Effect.MADE
    assert restore.begin(zone.cloud, one) is Effect.ALREADY
    state = restore.wait(zone.cloud, one, PATIENCE_S, looks.append)
    assert state.status == "available"
    assert len(looks) > 5
    assert not state.deletion_protection
    assert (state.subnet_group, state.security_groups) == zone.place()
    assert one.mark == "verify/catalogue/sa1-catalogue-20260302-0300"
    restore.discard(zone.cloud, one, PATIENCE_S)
    assert zone.instance(SCRATCH) is None
    restore.discard(zone.cloud, one, PATIENCE_S)


def test_a_name_that_bears_something_else_is_refused_and_left_alone(
    zone: Zone, source: Source
) -> None:
    one = scratch(zone, source, HOME)
    for verb in (
        lambda: restore.begin(zone.cloud, one),
        lambda: restore.discard(zone.cloud, one, PATIENCE_S),
    ):
        with pytest.raises(Refusal, match="nothing is overwritten"):
            verb()
    assert zone.instance(HOME).status == "available"


def test_any_moment_of_the_own_backups_holds_the_rows_of_that_moment(zone: Zone) -> None:
    before = zone.rows(HOME)
    for _ in range(3):
        zone.write(HOME)
        zone.world.clock.sleep(600)
    assert not own(zone).unusable
    one = scratch(
        zone, of_reach(own(zone), zone.now - timedelta(minutes=15)), "sa1-catalogue-moment"
    )
    restore.begin(zone.cloud, one)
    restore.wait(zone.cloud, one, PATIENCE_S, lambda _: None)
    assert (zone.rows("sa1-catalogue-moment"), zone.rows(HOME)) == (before + 2, before + 3)


def test_waiting_ends_where_nothing_helps_and_where_patience_ends(
    zone: Zone, source: Source
) -> None:
    one = scratch(zone, source, "sa1-catalogue-stuck")
    restore.begin(zone.cloud, one)
    with pytest.raises(TemporaryError, match="run the same command again"):
        restore.wait(zone.cloud, one, 60.0, lambda _: None)
    zone.instance("sa1-catalogue-stuck").status = "incompatible-restore"
    with pytest.raises(PermanentError, match="no waiting ends that"):
        restore.wait(zone.cloud, one, 60.0, lambda _: None)
