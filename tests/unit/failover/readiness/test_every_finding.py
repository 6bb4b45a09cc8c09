"""A test per finding: one thing of a ready zone is broken, and exactly that is said of it."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from continuity import addresses, manifest_json, naming
from continuity.addresses import AddressFile
from continuity.permissions import PROMOTE_REPLICA
from continuity.zone import SiteName
from failover.observation import LagPoint, Reading
from failover.readiness import rules
from failover.readiness.finding import Severity
from failover.readiness.judge import judge
from failover.readiness.picture import (
    Copy,
    CopyKind,
    Drill,
    Held,
    Instance,
    Picture,
    Proof,
    Quota,
    Record,
    Replication,
    Scaling,
    SitePicture,
    Table,
)

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
REPLICA, PRIMARY = "we1-orders-away-1", "we1-orders-home-1"
Break = Callable[[Picture], Picture]


def read(value: Any) -> Reading[Any]:  # noqa: ANN401 - whatever was read
    return Reading(NOW, value, None)


def with_part(picture: Any, path: str, value: Any) -> Any:  # noqa: ANN401 - any part of a picture
    """Return a picture with another part; paths read `standby.secrets.orders`."""
    head, _, rest = path.partition(".")
    if isinstance(picture, Mapping):
        return {**picture, head: with_part(picture[head], rest, value) if rest else value}
    return replace(
        picture, **{head: with_part(getattr(picture, head), rest, value) if rest else value}
    )


def put(path: str, value: object) -> Break:
    """Break by having read something else."""
    return lambda picture: with_part(picture, path, read(value))


def change_value(path: str, at: str | None = None, **changes: object) -> Break:
    """Break by having read the same with other fields."""

    def broken(picture: Picture) -> Picture:
        part: Any = picture
        for name in path.split("."):
            part = part[name] if isinstance(part, Mapping) else getattr(part, name)
        value = part.value
        if at is None:
            return with_part(picture, path, read(replace(value, **changes)))
        found = {**value, at: replace(value[at], **changes)}
        return with_part(picture, path, read(found))

    return broken


def replica(**changes: object) -> Break:
    return change_value("standby.instances", REPLICA, **changes)


def without(path: str, key: str) -> Break:
    def broken(picture: Picture) -> Picture:
        side: SitePicture = getattr(picture, path)
        value: Mapping[str, Instance] = side.instances.value or {}
        left = {name: one for name, one in value.items() if name != key}
        return with_part(picture, f"{path}.instances", read(left))

    return broken


def lag(*points: LagPoint) -> Break:
    def broken(picture: Picture) -> Picture:
        lags = {**(picture.target.lags.value or {}), REPLICA: points}
        return with_part(picture, "target.lags", read(lags))

    return broken


def orders_copies(*copies: Copy) -> Break:
    def broken(picture: Picture) -> Picture:
        others = [
            one for one in picture.target.copies.value or () if "orders" not in one.identifier
        ]
        return with_part(picture, "target.copies", read((*others, *copies)))

    return broken


def copy(**changes: Any) -> Copy:  # noqa: ANN401 - any field
    newest = NOW - timedelta(minutes=4)
    found = Copy(CopyKind.BACKUPS, "ab-orders", PRIMARY, "replicating", newest, "key-away", 7)
    return replace(found, **changes)


def records(*changed: Record, gone: str = "") -> Break:
    def broken(picture: Picture) -> Picture:
        kept = {one for one in picture.records.value or () if not gone or one.target != gone}
        return with_part(picture, "records", read(frozenset({*kept, *changed})))

    return broken


def settings(label: str, **changes: object) -> Break:
    def broken(picture: Picture) -> Picture:
        check = picture.checks[label].value
        assert check is not None
        return with_part(
            picture,
            f"checks.{label}",
            read(replace(check, settings=replace(check.settings, **changes))),
        )

    return broken


def both(*breaks: Break) -> Break:
    def broken(picture: Picture) -> Picture:
        for one in breaks:
            picture = one(picture)
        return picture

    return broken


def without_task_size(picture: Picture) -> Picture:
    manifest = picture.manifest
    sites = {
        name: replace(site, hosting=replace(site.hosting, cpu=0))
        for name, site in manifest.sites.items()
    }
    return as_copied(replace(picture, manifest=replace(manifest, sites=sites)))


def as_copied(picture: Picture) -> Picture:
    """Let both sites hold the manifest of the picture."""
    digest = manifest_json.digest(picture.manifest)
    both_hold = both(put("standby.manifest_copy", digest), put("serving.manifest_copy", digest))
    return both_hold(picture)


ELSEWHERE = AddressFile(
    addresses.text(
        {"orders": "we1-orders-away-1-by-we1-0001.rds", "billing": "we1-billing-away-1.rds"}
    )
)
REGION, NAME = "eu-central-1", "we1.example.com"
ROOM = {"DBInstances": Quota(2, 40), "ManualSnapshots": Quota(0, 100)}
NO_DATABASES = {**ROOM, "DBInstances": Quota(39, 40)}
NO_SNAPSHOTS = {**ROOM, "ManualSnapshots": Quota(99, 100)}
ASKING = Record(NAME, "PRIMARY", "home.lb", "home-not-closed", evaluates_target=True)
STRANGE = Record(NAME, "", "elsewhere.example.net", "")
FAILED = {REGION: "Failed"}
BLOCKS, DEGRADES, NOTE = Severity.BLOCKS, Severity.DEGRADES, Severity.NOTE
STOPPED = (Replication("error", normal=False, message="could not receive data"),)

CASES: dict[str, tuple[Break, str, Severity, str]] = {
    "tasks look for a database beside its name": (
        put("standby.addresses", ELSEWHERE), "address-differs", DEGRADES, "orders away"),
    "the replica is gone": (without("standby", REPLICA), "replica-missing", BLOCKS, "orders"),
    "the replica is modified": (replica(status="modifying"), "replica-busy", DEGRADES, "orders"),
    "the replica's disk is full": (
        replica(status="storage-full"), "replica-unavailable", BLOCKS, "orders"),
    "the replica has a status nobody knows": (
        replica(status="levitating"), "replica-unavailable", BLOCKS, "orders"),
    "the replica was promoted": (replica(source=None), "replica-standalone", BLOCKS, "orders"),
    "the replica follows another": (
        replica(source="arn:x"), "replica-of-another", BLOCKS, "orders"),
    "RDS says nothing of the link": (
        replica(replication=()), "replication-unknown", BLOCKS, "orders"),
    "the link is broken": (replica(replication=STOPPED), "replication-broken", BLOCKS, "orders"),
    "no lag was measured": (lag(), "lag-unknown", BLOCKS, "orders"),
    "the lag is -1": (lag(LagPoint(NOW, None)), "lag-unknown", BLOCKS, "orders"),
    "the lag is of long ago": (
        lag(LagPoint(NOW - timedelta(minutes=6), 1.0)), "lag-unknown", BLOCKS, "orders"),
    "the lag is above the objective": (
        lag(LagPoint(NOW, 301.0)), "lag-above-objective", BLOCKS, "orders"),
    "the primary is gone": (without("serving", PRIMARY), "primary-missing", BLOCKS, "orders"),
    "backups are kept too short": (
        orders_copies(copy(retention_days=6)), "backups-kept-too-short", DEGRADES, "orders"),
    "the newest copy is too old": (
        orders_copies(copy(newest=NOW - timedelta(minutes=6))), "copy-too-old", BLOCKS, "orders"),
    "the copy has the other site's key": (
        orders_copies(copy(key="key-home")), "no-usable-copy", BLOCKS, "orders"),
    "the copy holds no moment yet": (
        orders_copies(copy(newest=None)), "no-usable-copy", BLOCKS, "orders"),
    "the standby runs another minor version": (
        replica(engine_version="16.3"), "version-differs", DEGRADES, "orders"),
    "the standby runs another major version": (
        replica(engine_version="15.8"), "version-differs", BLOCKS, "orders"),
    "the standby is of another class": (
        replica(instance_class="db.t4g.micro"), "class-differs", DEGRADES, "orders"),
    "the standby is smaller": (replica(storage_gb=99), "storage-smaller", DEGRADES, "orders"),
    "the standby has the default group": (
        replica(parameter_group="default.postgres16"),
        "parameter-group-differs", DEGRADES, "orders"),
    "the group waits for a restart": (
        replica(parameter_status="pending-reboot"), "parameters-not-applied", DEGRADES, "orders"),
    "the replica has another key": (
        replica(key="other"), "instance-key-differs", DEGRADES, "orders"),
    "a parameter differs": (
        put("standby.parameters.orders", {"rds.force_ssl": "0"}),
        "parameters-differ", DEGRADES, "orders"),
    "the class is not offered": (
        put("target.offers.orders", frozenset()), "class-not-offered", DEGRADES, "orders"),
    "Multi-AZ is not offered": (
        put("target.offers.orders", frozenset({"single-az"})),
        "multi-az-not-offered", DEGRADES, "orders"),
    "the serving key is disabled": (
        put("serving.key", "Disabled"), "key-not-usable", BLOCKS, "home"),
    "the password is to be deleted": (
        change_value("standby.secrets.orders", deleted=True), "secret-unusable", BLOCKS, "orders"),
    "the password has no value": (
        change_value("standby.secrets.orders", version=""), "secret-unusable", BLOCKS, "orders"),
    "the password is not replicated": (
        change_value("standby.secrets.orders", replicas=FAILED),
        "secret-not-replicated", BLOCKS, "orders"),
    "only the serving site tells of the failed copy": (
        both(change_value("standby.secrets.orders", replicas={}),
             change_value("serving.secrets.orders", replicas=FAILED)),
        "secret-not-replicated", BLOCKS, "orders"),
    "the password is an older one": (
        change_value("standby.secrets.orders", version="v0"),
        "secret-out-of-date", BLOCKS, "orders"),
    "the image is missing": (put("target.image", False), "image-missing", BLOCKS, "away"),
    "there is no service": (put("standby.service", None), "service-missing", BLOCKS, "away"),
    "the service is being deleted": (
        change_value("standby.service", status="DRAINING"), "service-missing", BLOCKS, "away"),
    "the standby's tasks do not run": (
        change_value("standby.service", running=3), "standby-not-warm", DEGRADES, "away"),
    "the standby has another release": (
        change_value("standby.service", task_definition="td:9"),
        "release-differs", DEGRADES, "away"),
    "nothing scales": (put("standby.scaling", None), "scaling-missing", DEGRADES, "away"),
    "the serving bounds differ": (
        put("serving.scaling", Scaling(1, 8)), "scaling-bounds-differ", DEGRADES, "home"),
    "the standby is out of its bounds": (
        put("standby.scaling", Scaling(5, 6)), "scaling-bounds-differ", DEGRADES, "away"),
    "a fence is shut": (
        put("target.admits_application", False), "databases-fenced", BLOCKS, "away"),
    "no room for databases": (
        put("target.database_quotas", NO_DATABASES),
        "database-quota-short", DEGRADES, REGION),
    "no room for snapshots": (
        put("target.database_quotas", NO_SNAPSHOTS),
        "database-quota-short", DEGRADES, REGION),
    "a quota is not told": (
        put("target.database_quotas", {"DBInstances": Quota(2, 40)}),
        "quota-unknown", BLOCKS, REGION),
    "cores for serving, not for its peak": (
        put("target.container_quota", 7.0), "container-quota-short", DEGRADES, REGION),
    "no cores for serving": (
        put("target.container_quota", 3.0), "container-quota-short", BLOCKS, REGION),
    "a task's size is not told": (without_task_size, "task-size-unknown", BLOCKS, "away"),
    "a latch is thrown": (
        put("standby.latches", frozenset({"warrant/home", "closed/home"})),
        "latch-thrown", BLOCKS, "away"),
    "a latch was left behind": (
        put("serving.latches", frozenset({"warrant/away", "open/home"})),
        "latch-left-behind", DEGRADES, "home"),
    "a stranger wrote to a latch": (
        put("standby.latches", frozenset({"warrant/home", "readme"})),
        "latch-strange-object", NOTE, "away"),
    "a check is not inverted": (
        settings("home not closed", inverted=False), "health-check-differs", BLOCKS, "home"),
    "a check is disabled": (
        settings("away opened", disabled=True), "health-check-differs", BLOCKS, "away"),
    "nobody reports on a check": (
        change_value("checks.away opened", found=()), "health-check-silent", BLOCKS, "away"),
    "a checker finds the object": (
        change_value("checks.home not closed", found=(False, True)),
        "health-check-tripped", BLOCKS, "home"),
    "a warrant is not there": (
        change_value("checks.home warranted by the witness", found=(False, False)),
        "warrant-missing", DEGRADES, "home"),
    "a warrant is watched elsewhere": (
        settings("home warranted by the standby", path="/other"),
        "warrant-check-differs", BLOCKS, "home"),
    "a calculated check needs too few": (
        change_value("calculated.home serves", threshold=2),
        "serves-check-differs", BLOCKS, "home"),
    "a calculated check asks fewer": (
        change_value("calculated.home serves", children=()),
        "serves-check-differs", BLOCKS, "home"),
    "a calculated check is turned round": (
        change_value("calculated.home serves", inverted=True),
        "serves-check-differs", BLOCKS, "home"),
    "what the record asks is no calculated check": (
        change_value("calculated.home serves", kind="HTTPS"),
        "serves-check-differs", BLOCKS, "home"),
    "a warrant's check does not read it": (
        settings("home warranted by the witness", search=""),
        "warrant-check-differs", BLOCKS, "home"),
    "no room to rebuild replicas": (
        put("left_quotas", {"DBInstances": Quota(39, 40)}),
        "rebuilding-quota-short", DEGRADES, "eu-west-1"),
    "no room to turn backups round": (
        put("left_backups", 19), "replicated-backups-short", DEGRADES, "eu-west-1"),
    "a record is gone": (records(gone="away.page"), "record-differs", BLOCKS, f"standby.{NAME}"),
    "a record asks its target": (
        records(ASKING, gone="home.lb"),
        "record-differs", BLOCKS, NAME),
    "a record is nobody's": (
        records(STRANGE),
        "record-undeclared", BLOCKS, NAME),
    "a table is being made": (
        put("target.tables.lease", Table("CREATING", recoverable=True)),
        "table-not-active", BLOCKS, "lease"),
    "a table cannot be restored": (
        put("target.tables.journal", Table("ACTIVE", recoverable=False)),
        "table-not-recoverable", DEGRADES, "journal"),
    "a run is under way": (
        put("target.lease", Held("ana", "we1-7")), "run-under-way", NOTE, "we1-7"),
    "recovery points are held": (
        put("target.holds", ("legal (litigation)",)), "recovery-points-held", NOTE, "we1"),
    "nobody ever drilled": (put("target.drill", None), "drill-missing", DEGRADES, "we1"),
    "the last drill was long ago": (
        put("target.drill", Drill(NOW - timedelta(days=366), "region-loss")),
        "drill-too-old", DEGRADES, "we1"),
    "the yearly drill is near": (
        put("target.drill", Drill(NOW - timedelta(days=336), "region-loss")),
        "drill-due", NOTE, "we1"),
    "the databases changed since the drill": (
        put("target.drill", Drill(NOW, "region-loss", {"databases": "0", "names": "0"})),
        "drill-outdated", DEGRADES, "we1"),
    "nothing was ever tried": (
        put("target.proofs", (Proof("orders", None),)), "proof-missing", DEGRADES, "orders"),
    "nothing was tried lately": (
        put("target.proofs", (Proof("orders", NOW - timedelta(days=15)),)),
        "proof-too-old", DEGRADES, "orders"),
    "what was tried is wrong": (
        put("target.proofs", (Proof("orders", NOW, "orders-1: newest: found no row"),)),
        "proof-refuted", DEGRADES, "orders"),
    "copies come too seldom": (
        orders_copies(
            copy(),
            copy(kind=CopyKind.SNAPSHOT, identifier="orders-1", status="available",
                 newest=NOW - timedelta(minutes=3))),
        "copies-too-seldom", DEGRADES, "orders"),
    "what was left does not say so": (
        put("tagged.home", {"we1-orders-home-0": naming.tags("we1", SiteName.HOME, "orders")}),
        "left-unmarked", NOTE, "we1-orders-home-0"),
    "a database of the zone says that it was left": (
        put("tagged.home", {PRIMARY: {naming.TAG_FENCED: "x"}}),
        "declared-but-fenced", DEGRADES, PRIMARY),
    "a restore took a name": (
        put("tagged.home", {PRIMARY: {naming.TAG_RESTORED_BY: "restore/x/y"}}),
        "name-swapped", DEGRADES, PRIMARY),
    "we are elsewhere": (put("account", "999999999999"), "account-differs", BLOCKS, "we1"),
    "the role lacks a permission": (
        put("denied.databases", (PROMOTE_REPLICA,)), "permission-missing", BLOCKS, "databases"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_broken_is_found_and_nothing_else(ready: Picture, case: str) -> None:
    broken, name, severity, subject = CASES[case]
    found = judge(broken(ready))
    said = [(one.name, one.severity, one.subject) for one in found.findings]
    assert said == [(name, severity, subject)]
    assert found.ready == (severity is not BLOCKS)
    assert all(one.what and one.next_step for one in found.findings)


def test_a_zone_against_which_nothing_stands_is_ready(ready: Picture) -> None:
    found = judge(ready)
    assert (found.findings, found.ready, found.zone, found.region) == (
        (),
        True,
        "we1",
        "eu-central-1",
    )


def every_reading() -> list[str]:
    return [
        "account", "standby.instances", "standby.parameters.orders", "standby.secrets.orders",
        "standby.key", "standby.latches", "standby.manifest_copy", "standby.service",
        "standby.scaling", "serving.instances", "serving.parameters.orders",
        "standby.addresses", "serving.addresses",
        "serving.secrets.orders", "serving.key", "serving.latches", "serving.manifest_copy",
        "serving.service", "serving.scaling", "target.lags", "target.copies",
        "target.offers.orders", "target.database_quotas", "target.container_quota", "target.image",
        "target.admits_application", "target.tables.lease", "target.lease", "target.holds",
        "target.drill", "target.proofs", "records", "checks.away opened", "denied.databases",
        "calculated.home serves", "left_quotas", "left_backups", "directions.home.duties",
        "directions.away.lag_alarms", "directions.home.files", "directions.away.vaults",
        "directions.home.images", "tagged.home", "directions.away.file_system",
    ]  # fmt: skip


@pytest.mark.parametrize("path", every_reading())
def test_what_cannot_be_read_is_never_a_pass(ready: Picture, path: str) -> None:
    broken: Picture = with_part(ready, path, Reading(NOW, None, "AWS does not answer."))
    found = judge(broken)
    unread = [one for one in found.findings if one.name == "unreadable"]
    subject = path.replace("_", " ").replace(".", " ")
    assert [(one.subject, one.what) for one in unread] == [(subject, "AWS does not answer.")]
    assert not found.ready


def test_what_nobody_asked_is_never_a_pass(ready: Picture) -> None:
    assert not judge(with_part(ready, "target.lags", Reading())).ready


def named_in(source: str) -> set[str]:
    """Return the names of findings that a file of rules can make."""
    makers = {"blocks", "degrades", "note", "finding"}
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id in makers
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_finding_that_there_is_has_a_test() -> None:
    here = Path(__file__).parent
    folder = Path(rules.__path__[0])
    there_are = {name for file in folder.glob("*.py") for name in named_in(file.read_text())}
    tested = {name for _, name, _, _ in CASES.values()}
    others = ("test_findings_together.py", "test_reversal.py")
    elsewhere = "unreadable".join((here / name).read_text() for name in others)
    assert len(there_are) > 40
    assert [name for name in sorted(there_are - tested) if name not in elsewhere] == []
