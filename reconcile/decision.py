"""What the role data of a zone must be after its last run, and why. Pure.

`reconcile.plan` asks. The journal says which instance each database became; the manifest, which is
that of the deployment before the run, says what the program declared until then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from continuity import naming
from continuity.errors import Refusal
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover import opening
from failover.run import Run
from failover.whereabouts import Place, places
from reconcile.role_data import RoleData, free_incarnation, named


@dataclass(frozen=True)
class Decision:
    """The new data, why, and what the run made of each database that it brought back.

    `moved` says that clients are led to the other site now. Where it is False and there are
    `places`, these instances were brought back for nothing. No place: nothing changed hands.
    """

    run: str
    data: RoleData
    reasons: tuple[str, ...]
    places: Mapping[str, Place]
    moved: bool


@dataclass(frozen=True)
class Ended:
    """The last run. `observed` is back although its journal does not say so.

    `left_answers` says whether the region is there that the run led away from, or meant to.
    """

    run: Run
    observed: Mapping[str, Place]
    left_answers: bool


def decide(ended: Ended | None, manifest: Manifest, now: RoleData) -> Decision:
    """Return what the data must be after the last run, or without one.

    Raises:
        Refusal: a run is open, or one ended with databases on both sides and no site that serves.
    """
    zone = manifest.zone
    if ended is None:
        return _unchanged("", now, f"{zone} was not failed over since it was last deployed")
    run = ended.run
    if run.end is None:
        raise Refusal(
            f"{run.name} is open: what {zone} will be is not known yet.",
            f"Wait for its end, or end it: holdfast failover abort {zone} --reason TEXT.",
        )
    known = {**ended.observed, **places(run)}
    back = {name: place for name, place in known.items() if _belongs(place, manifest)}
    if known and not back:
        return _unchanged(run.name, now, f"{run.name} is reconciled and deployed")
    if any(step.startswith(opening.OPEN) for step in run.done):
        return _moved(ended, manifest, now, back)
    return _stayed(ended, manifest, now, back)


def _belongs(place: Place, manifest: Manifest) -> bool:
    """Say whether a place is one of the instances that the manifest knows, or stands beside it."""
    declared = {
        one.name: one.members[manifest.standby].identifier for one in manifest.databases
    }.get(place.database)
    return declared is not None and declared in (place.identifier, place.beside)


def _unchanged(run: str, now: RoleData, why: str) -> Decision:
    return Decision(run, now, (f"{why}: the data stays as it is.",), {}, moved=False)


def _moved(ended: Ended, manifest: Manifest, now: RoleData, back: Mapping[str, Place]) -> Decision:
    """Let the site that was opened serve, and the one that was left be built anew."""
    run, left, taken = ended.run, manifest.active, manifest.standby
    used = {one.name: [one.members[left].identifier] for one in manifest.databases}
    number = free_incarnation(manifest.zone, left, manifest.sites[left].incarnation, used)
    incarnations = {left: number, taken: manifest.sites[taken].incarnation}
    serving = {name: {taken: found} for name, found in _declared(manifest, taken).items()}
    serving |= {name: {taken: place.identifier} for name, place in back.items()}
    data = RoleData(
        zone=manifest.zone,
        active=taken,
        incarnations=incarnations,
        works_from=_works_from(manifest, now, left_answers=ended.left_answers),
        instances=named(manifest.zone, incarnations, serving),
    )
    reasons = [
        f"{run.name} led the clients to {taken}: it serves.",
        f"{left} is built anew as its incarnation {number}: no old primary can ever follow.",
        *(f"{place.database} is {_told(place)} now." for place in back.values()),
    ]
    if data.works_from != now.works_from:
        reasons.append(f"{now.works_from} does not answer: Pulumi works from {data.works_from}.")
    return Decision(run.name, data, tuple(reasons), back, moved=True)


def _works_from(manifest: Manifest, now: RoleData, *, left_answers: bool) -> str:
    """Return from where Pulumi works: a region that answers. It is no resource's own region."""
    lost = not left_answers and now.works_from == manifest.serving_site.region
    return manifest.standby_site.region if lost else now.works_from


def _stayed(ended: Ended, manifest: Manifest, now: RoleData, back: Mapping[str, Place]) -> Decision:
    """Let the site serve that did: what the run brought back was for nothing."""
    run, serving, standby = ended.run, manifest.active, manifest.standby
    if not back:
        return _unchanged(run.name, now, f"{run.name} ({run.outcome}) brought nothing back")
    if not ended.left_answers:
        raise Refusal(
            f"{run.name} ended {run.outcome} with {', '.join(back)} back in {standby}, which is "
            f"not open, and {manifest.serving_site.region} does not answer: no site serves.",
            f"Finish the recovery first: holdfast failover start {manifest.zone}.",
        )
    incarnations = {site: manifest.sites[site].incarnation for site in SiteName}
    wanted = {name: {standby: found} for name, found in _declared(manifest, standby).items()}
    wanted |= {name: {standby: _anew(place, manifest)} for name, place in back.items()}
    known = {name: {**now.instances.get(name, {}), **sites} for name, sites in wanted.items()}
    data = replace(now, active=serving, instances=named(manifest.zone, incarnations, known))
    reasons = (
        f"{run.name} ended {run.outcome} before {standby} was opened: {serving} serves.",
        *(
            f"{name} was brought back in {standby} for nothing and can never follow again: its "
            f"replica is built anew as {wanted[name][standby]}."
            for name in back
        ),
        f"If the zone shall go on in {standby} instead, do not apply this: start another run.",
    )
    return Decision(run.name, data, reasons, back, moved=False)


def _declared(manifest: Manifest, site: SiteName) -> Mapping[str, str]:
    return {one.name: one.members[site].identifier for one in manifest.databases}


def _anew(place: Place, manifest: Manifest) -> str:
    """Return a name for the replica that one database needs again, the others keeping theirs."""
    standby = manifest.standby
    used = {place.database: [_declared(manifest, standby)[place.database], place.identifier]}
    present = manifest.standby_site.incarnation
    number = free_incarnation(manifest.zone, standby, present, used)
    return naming.instance(manifest.zone, place.database, standby, number)


def _told(place: Place) -> str:
    apart = f", beside {place.beside}" if place.beside else ""
    return f"{place.identifier} (from {place.source}{apart})"
