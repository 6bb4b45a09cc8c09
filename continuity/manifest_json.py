"""The manifest as JSON: canonical text, a digest over it, and a reader that trusts nothing.

`stacks` writes with `dump`; run time reads with `load`, which names every problem at once.
"""

import hashlib
import json
from dataclasses import asdict
from datetime import time, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from continuity import channels, critical_functions, notice_period, proving, safekeeping
from continuity.errors import InvalidInput, Problem
from continuity.manifest import (
    VERSION,
    Database,
    Hosting,
    Latch,
    Manifest,
    Member,
    Site,
    Traffic,
    Witness,
)
from continuity.reading import Reader
from continuity.window import MaintenanceWindow
from continuity.zone import Objectives, Retention, SiteName, ZoneKind

_LONGEST_S = 10 * 365 * 24 * 3600
"""Ten years: no objective is longer, and any number of seconds below it is a length of time."""


def dump(manifest: Manifest) -> str:
    """Return canonical JSON with a `digest` over everything else: equal manifests, equal text."""
    body = _body(manifest)
    return json.dumps({**body, "digest": _digest(body)}, sort_keys=True, indent=2) + "\n"


def digest(manifest: Manifest) -> str:
    """Return the `sha256:...` that identifies exactly this manifest."""
    return _digest(_body(manifest))


def load(text: str, zone: str) -> Manifest:
    """Read a manifest that must belong to `zone`.

    Raises:
        InvalidInput: it is not JSON, its digest does not match what it says, it has another
            version or zone, or any field is missing, unknown or of the wrong kind.
    """
    subject = f"The recovery manifest of {zone}"
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(subject, [Problem("(top level)", f"is not JSON: {error}")]) from error
    reader = Reader(data)
    _check_identity(reader, data, zone)
    reader.check(subject)
    manifest = _manifest(reader)
    reader.finish()
    reader.check(subject)
    return manifest


def _check_identity(reader: Reader, data: Any, zone: str) -> None:  # noqa: ANN401 - parsed JSON
    version = reader.integer("version")
    if version != VERSION:
        reader.note("version", f"is {version}; this holdfast reads {VERSION}: update the older one")
    found = reader.text("zone")
    if found != zone:
        reader.note("zone", f"belongs to zone {found!r}, not {zone!r}: fetch the right manifest")
    stated = reader.text("digest")
    if isinstance(data, dict):
        actual = _digest({key: value for key, value in data.items() if key != "digest"})
        if stated != actual:
            reader.note("digest", f"does not match the content ({actual}): take the other site's")


def _digest(body: dict[str, Any]) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def _body(manifest: Manifest) -> dict[str, Any]:
    body = asdict(manifest)
    objectives = manifest.objectives
    body["objectives"] = {
        "rto_s": int(objectives.rto.total_seconds()),
        "rpo_s": int(objectives.rpo.total_seconds()),
    }
    window = manifest.window
    body["window"] = {
        "start": f"{window.start:%H:%M}",
        "end": f"{window.end:%H:%M}",
        "timezone": window.timezone,
    }
    body["databases"] = list(body["databases"])
    body["approver_roles"] = list(body["approver_roles"])
    body["functions"] = list(body["functions"])
    return body


def _manifest(reader: Reader) -> Manifest:
    sites = reader.section("sites")
    manifest = Manifest(
        zone=reader.text("zone"),
        kind=reader.choice("kind", ZoneKind),
        account=reader.text("account", pattern=r"\d{12}"),
        active=reader.choice("active", SiteName),
        approvers=reader.integer("approvers", low=1),
        objectives=_objectives(reader.section("objectives")),
        retention=_retention(reader.section("retention")),
        window=_window(reader.section("window")),
        traffic=_traffic(reader.section("traffic")),
        sites={name: _site(sites.section(name)) for name in SiteName},
        databases=tuple(_database(row) for row in reader.rows("databases")),
        witness=_witness(reader),
        approver_roles=reader.texts("approver_roles", ()),
        functions=tuple(
            critical_functions.read(row) for row in reader.rows("functions", optional=True)
        ),
        notice=_notice(reader),
        channels=channels.read(reader.section("channels"))
        if reader.has("channels")
        else channels.Channels(),
    )
    sites.finish()
    return manifest


def _objectives(reader: Reader) -> Objectives:
    objectives = Objectives(
        rto=timedelta(seconds=reader.integer("rto_s", low=1, high=_LONGEST_S)),
        rpo=timedelta(seconds=reader.integer("rpo_s", low=1, high=_LONGEST_S)),
    )
    reader.finish()
    return objectives


def _retention(reader: Reader) -> Retention:
    retention = Retention(
        daily=reader.integer("daily"),
        weekly=reader.integer("weekly"),
        monthly=reader.integer("monthly"),
    )
    reader.finish()
    return retention


def _window(reader: Reader) -> MaintenanceWindow:
    hour = r"([01]\d|2[0-3]):[0-5]\d"
    start, end = reader.text("start", pattern=hour), reader.text("end", pattern=hour)
    timezone = reader.text("timezone")
    if timezone not in _timezones():
        reader.note("timezone", f"{timezone!r} is no IANA time zone")
    reader.finish()
    return MaintenanceWindow(_time(start), _time(end), timezone)


@cache
def _timezones() -> frozenset[str]:
    """Return the names of all time zones; reading them from disk takes longer than a manifest."""
    return frozenset(available_timezones())


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return time()


def _traffic(reader: Reader) -> Traffic:
    traffic = Traffic(
        name=reader.text("name"),
        hosted_zone_id=reader.text("hosted_zone_id"),
        ttl_s=reader.integer("ttl_s", low=1),
        check_interval_s=reader.integer("check_interval_s", low=1),
        failure_threshold=reader.integer("failure_threshold", low=1),
    )
    reader.finish()
    return traffic


def _site(reader: Reader) -> Site:
    site = Site(
        region=reader.text("region"),
        incarnation=reader.integer("incarnation", low=1),
        key_arn=reader.text("key_arn"),
        vpc_id=reader.text("vpc_id"),
        application_security_group=reader.text("application_security_group"),
        database_security_group=reader.text("database_security_group"),
        subnet_group=reader.text("subnet_group"),
        hosting=_hosting(reader.section("hosting")),
        latch=_latch(reader.section("latch")),
        lease_table=reader.text("lease_table"),
        journal_table=reader.text("journal_table"),
        manifest_bucket=reader.text("manifest_bucket"),
        manifest_key=reader.text("manifest_key"),
        not_closed_check=reader.text("not_closed_check", ""),
        open_check=reader.text("open_check", ""),
        serves_check=reader.text("serves_check", ""),
        warrant_check=reader.text("warrant_check", ""),
        witness_check=reader.text("witness_check", ""),
        safekeeping=_safekeeping(reader),
        scratch=_scratch(reader),
        incident_table=reader.text("incident_table", ""),
    )
    reader.finish()
    return site


def _witness(reader: Reader) -> Witness | None:
    if not reader.has("witness"):
        return None
    section = reader.section("witness")
    witness = Witness(region=section.text("region"), bucket=section.text("bucket"))
    section.finish()
    return witness


def _notice(reader: Reader) -> notice_period.NoticePeriod:
    if not reader.has("notice"):
        return notice_period.NoticePeriod()
    return notice_period.read(reader.section("notice"))


def _safekeeping(reader: Reader) -> safekeeping.Safekeeping:
    if not reader.has("safekeeping"):
        return safekeeping.Safekeeping()
    return safekeeping.read(reader.section("safekeeping"))


def _scratch(reader: Reader) -> proving.ScratchPlace:
    if not reader.has("scratch"):
        return proving.ScratchPlace()
    return proving.read_place(reader.section("scratch"))


def _hosting(reader: Reader) -> Hosting:
    hosting = Hosting(
        cluster=reader.text("cluster"),
        service=reader.text("service"),
        task_definition=reader.text("task_definition"),
        image=reader.text("image"),
        load_balancer=reader.text("load_balancer"),
        holding_page=reader.text("holding_page"),
        scalable_target=reader.text("scalable_target"),
        serving_minimum=reader.integer("serving_minimum"),
        serving_desired=reader.integer("serving_desired"),
        serving_maximum=reader.integer("serving_maximum"),
        cpu=reader.integer("cpu", 0),
        addresses_bucket=reader.text("addresses_bucket", ""),
        addresses_key=reader.text("addresses_key", ""),
    )
    reader.finish()
    return hosting


def _latch(reader: Reader) -> Latch:
    latch = Latch(
        bucket=reader.text("bucket"),
        closed_key=reader.text("closed_key"),
        open_key=reader.text("open_key"),
        warrant_key=reader.text("warrant_key", ""),
    )
    reader.finish()
    return latch


def _database(reader: Reader) -> Database:
    members = reader.section("members")
    database = Database(
        name=reader.text("name"),
        priority=reader.integer("priority", low=1),
        engine=reader.text("engine"),
        engine_version=reader.text("engine_version"),
        port=reader.integer("port", low=1, high=65535),
        storage_gb=reader.integer("storage_gb", low=1),
        backup_retention_days=reader.integer("backup_retention_days", low=0, high=35),
        backup_window=reader.text("backup_window"),
        members={name: _member(members.section(name)) for name in SiteName},
        checks=tuple(proving.read_check(row) for row in reader.rows("checks", optional=True)),
    )
    members.finish()
    reader.finish()
    return database


def _member(reader: Reader) -> Member:
    member = Member(
        identifier=reader.text("identifier"),
        arn=reader.text("arn"),
        address=reader.text("address"),
        parameter_group=reader.text("parameter_group"),
        instance_class=reader.text("instance_class"),
        multi_az=reader.flag("multi_az"),
        secret_arn=reader.text("secret_arn", ""),
    )
    reader.finish()
    return member
