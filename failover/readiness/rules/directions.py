"""Does everything point from the serving site to the standby? After roles changed it must turn.

Files are replicated both ways all the time; the rest has one direction. What other rules judge, the
sources of replicas and where traffic goes, `failover.readiness.reversal` puts beside it.
"""

from collections.abc import Callable, Iterator, Mapping

from continuity import naming
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover.readiness.directions import Directions, Silence
from failover.readiness.finding import Finding, degrades
from failover.readiness.picture import Picture

_AGAIN = "Deploy the zone: nothing points there by itself."
_EVERYWHERE, _ONLY_STANDBY = frozenset({"capture"}), frozenset({"prune", "verify"})


def directions(picture: Picture) -> Iterator[Finding]:
    """Judge what each site does for the other one; what cannot be read is judged elsewhere."""
    for site in SiteName:
        found = picture.directions.get(site, Directions())
        for reading, rule in _judged(found, picture.manifest, site):
            if reading is not None:
                yield from rule(reading)


def _judged(
    found: Directions, manifest: Manifest, site: SiteName
) -> Iterator[tuple[object, Callable[..., Iterator[Finding]]]]:
    def of(rule: Callable[..., Iterator[Finding]]) -> Callable[..., Iterator[Finding]]:
        return lambda value: rule(value, manifest, site)

    yield found.duties.value, of(_duties)
    yield found.lag_alarms.value, of(_lag_alarms)
    yield found.files.value, of(_files)
    yield found.vaults.value, of(_vaults)
    yield found.images.value, of(_images)
    if found.file_system is not None:
        yield found.file_system.value, of(_file_system)


def _duties(on: frozenset[str], manifest: Manifest, site: SiteName) -> Iterator[Finding]:
    wanted = _EVERYWHERE | (_ONLY_STANDBY if site is manifest.standby else frozenset())
    for duty in sorted(on ^ wanted):
        stands = "is on" if duty in on else "is off"
        yield degrades(
            "duty-in-the-wrong-site",
            site,
            f"the schedule of {duty} {stands} in {site}: both sites capture, the rest is done in "
            f"{manifest.standby}, which stands by",
            _AGAIN,
        )


def _lag_alarms(
    found: Mapping[str, Silence], manifest: Manifest, site: SiteName
) -> Iterator[Finding]:
    for database in manifest.databases:
        wanted = Silence(database.members[site].identifier, alarms=site is manifest.standby)
        seen = found.get(database.name)
        if seen == wanted:
            continue
        what = "is missing" if seen is None else f"watches {seen.instance}, {_meaning(seen)}"
        yield degrades(
            "alarm-points-wrong",
            database.name,
            f"the alarm on lag in {site} {what}; it should watch {wanted.instance}, "
            f"{_meaning(wanted)}",
            _AGAIN,
        )


def _meaning(alarm: Silence) -> str:
    return f"and {'goes off' if alarm.alarms else 'stays quiet'} without a number"


def _files(found: Mapping[str, str], manifest: Manifest, site: SiteName) -> Iterator[Finding]:
    for purpose, follower in found.items():
        wanted = naming.bucket(manifest.account, manifest.zone, site.other, purpose)
        if follower != wanted:
            yield degrades(
                "files-not-copied",
                site,
                f"{purpose} files of {site} go to {follower or 'no bucket'}, should go to {wanted}",
                _AGAIN,
            )


def _vaults(found: frozenset[str], manifest: Manifest, site: SiteName) -> Iterator[Finding]:
    serves = site is manifest.active
    wanted = {naming.in_site(manifest.zone, site.other, "vault")} if serves else set()
    names = {arn.rpartition(":")[2] for arn in found}
    if names != wanted:
        yield degrades(
            "points-copied-wrong",
            site,
            f"points of files of {site} are copied to {_list(names)}, should be to "
            f"{_list(wanted)}: what serves is copied, and nothing else",
            _AGAIN,
        )


def _images(found: frozenset[str], manifest: Manifest, site: SiteName) -> Iterator[Finding]:
    """A rule of an earlier direction does no harm: only what is pushed there would be copied."""
    region = manifest.sites[site.other].region
    if site is manifest.active and region not in found:
        yield degrades(
            "images-not-copied",
            site,
            f"what is pushed to the registry of {manifest.sites[site].region} is not copied to "
            f"{region}: the next release would be missing there",
            _AGAIN,
        )


def _file_system(found: str, manifest: Manifest, site: SiteName) -> Iterator[Finding]:
    follows = manifest.sites[site.other].safekeeping.file_system
    wanted = follows if site is manifest.active else ""
    if found != wanted:
        yield degrades(
            "file-system-points-wrong",
            site,
            f"the file system of {site} is followed by {found or 'nothing'}, should be by "
            f"{wanted or 'nothing'}",
            _AGAIN,
        )


def _list(names: "set[str] | frozenset[str]") -> str:
    return ", ".join(sorted(names)) or "nowhere"
