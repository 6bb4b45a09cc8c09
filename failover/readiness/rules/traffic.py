"""Would traffic move? Latch objects, the health checks that watch them, and the records."""

from collections.abc import Iterable, Iterator

from continuity.manifest import Manifest, Site
from continuity.zone import SiteName
from failover.readiness.finding import Finding, blocks, degrades, note
from failover.readiness.picture import CheckSettings, Picture, Record, check_names


def latches(picture: Picture) -> Iterator[Finding]:
    """Judge the objects: any in the standby's latch moves traffic, any elsewhere waits to."""
    manifest = picture.manifest
    for name in SiteName:
        latch, found = manifest.sites[name].latch, picture.site(name).latches.value
        if found is None:
            continue
        thrown = sorted(found & {latch.closed_key, latch.open_key})
        if thrown and name is manifest.standby:
            yield blocks(
                "latch-thrown",
                name,
                f"{', '.join(thrown)} lies in {latch.bucket}: traffic has left the serving site",
                "Finish the failover that put it there, or reconcile the zone: `holdfast reconcile "
                f"{manifest.zone} --apply` takes away what an earlier one left.",
            )
        elif thrown:
            yield degrades(
                "latch-left-behind",
                name,
                f"{', '.join(thrown)} is left in {latch.bucket} from an earlier failover",
                "Nobody watches it now. After the next failover `holdfast reconcile "
                f"{manifest.zone} --apply` takes it away; a deployment before that would close the "
                "site at once, and lead clients to the one that was left.",
            )
        strange = sorted(found - {latch.closed_key, latch.open_key, latch.warrant_key})
        if strange:
            yield note(
                "latch-strange-object",
                name,
                f"{latch.bucket} holds {', '.join(strange)}, which no health check watches",
                "Find out who wrote there; only the failover role should be able to.",
            )


def health_checks(picture: Picture) -> Iterator[Finding]:
    """Judge whether the checks in force watch the right objects, and see what is there."""
    for name, label, wanted in _wanted_checks(picture.manifest):
        check = picture.checks[label].value
        if check is None:
            continue
        if check.settings != wanted:
            yield blocks(
                "health-check-differs",
                name,
                f"the check '{label}' is not as declared: {_differing(check.settings, wanted)}",
                "Deploy the zone: with this check a latch would not move traffic as planned.",
            )
        elif not check.found:
            yield blocks(
                "health-check-silent",
                name,
                f"no checker reports on '{label}'",
                "Look at the check in Route 53; what nobody watches moves nothing.",
            )
        elif any(check.found) and _in_force(picture, label):
            yield blocks(
                "health-check-tripped",
                name,
                f"{sum(check.found)} of {len(check.found)} checkers of '{label}' find its object",
                "Look at the latch: traffic has left the serving site, or is about to.",
            )


def records(picture: Picture) -> Iterator[Finding]:
    """Judge the four records: they never change, and a failover relies on each."""
    found = picture.records.value
    if found is None:
        return
    wanted = frozenset(_wanted_records(picture.manifest))
    for record in sorted(wanted - found):
        near = [one for one in found if (one.name, one.role) == (record.name, record.role)]
        seen = f"it is {_said(near[0])}" if near else "it is not there"
        yield blocks(
            "record-differs",
            record.name,
            f"the {record.role.lower()} record should be {_said(record)}; {seen}",
            "Deploy the zone now: records cannot be relied on to change during a disaster.",
        )
    for record in sorted(found - wanted):
        if (record.name, record.role) not in {(one.name, one.role) for one in wanted}:
            yield blocks(
                "record-undeclared",
                record.name,
                f"a record that nobody declared answers too: {_said(record)}",
                "Remove it: clients would follow it whatever the latches say.",
            )


def _wanted_checks(manifest: Manifest) -> Iterator[tuple[SiteName, str, CheckSettings]]:
    for name in SiteName:
        not_closed, opened = check_names(name)
        watcher = manifest.sites[name.other]
        yield name, not_closed, _settings(manifest, name.other, watcher.latch.closed_key)
        yield name, opened, _settings(manifest, name, manifest.sites[name].latch.open_key)


def _settings(manifest: Manifest, watcher: SiteName, key: str) -> CheckSettings:
    site = manifest.sites[watcher]
    return CheckSettings(
        host=f"{site.latch.bucket}.s3.{site.region}.amazonaws.com",
        path=f"/{key}",
        inverted=key == site.latch.closed_key,
        interval_s=manifest.traffic.check_interval_s,
        threshold=manifest.traffic.failure_threshold,
    )


def _in_force(picture: Picture, label: str) -> bool:
    """Say whether a record asks this check now: the serving site's first, the standby's second."""
    manifest = picture.manifest
    return label in (check_names(manifest.active)[0], check_names(manifest.standby)[1])


def _wanted_records(manifest: Manifest) -> Iterable[Record]:
    name, serving, standby = manifest.traffic.name, manifest.serving_site, manifest.standby_site
    inner = f"standby.{name}"
    return (
        _record(name, "PRIMARY", serving.hosting.load_balancer, _decides(serving)),
        _record(name, "SECONDARY", inner, ""),
        _record(inner, "PRIMARY", standby.hosting.load_balancer, standby.open_check),
        _record(inner, "SECONDARY", standby.hosting.holding_page, ""),
    )


def _decides(serving: Site) -> str:
    """Return the check that the serving site's record asks: one of several, or the only one."""
    return serving.serves_check or serving.not_closed_check


def _record(name: str, role: str, target: str, check: str) -> Record:
    return Record(name.lower(), role, target.lower(), check)


def _said(record: Record) -> str:
    watched = f"watched by {record.check}" if record.check else "watched by no check"
    asks = ", asking its target" if record.evaluates_target else ""
    return f"{record.role.lower() or 'plain'} to {record.target}, {watched}{asks}"


def _differing(found: CheckSettings, wanted: CheckSettings) -> str:
    pairs = [(key, value, getattr(wanted, key)) for key, value in vars(found).items()]
    return "; ".join(
        f"{key.replace('_', ' ')} is {seen}, should be {should}"
        for key, seen, should in pairs
        if seen != should
    )
