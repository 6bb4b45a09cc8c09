"""Does every instance say what it is? What a failover left says that it was, the zone's own not."""

from collections.abc import Iterator, Mapping

from continuity import naming
from continuity.zone import SiteName
from failover import leftovers
from failover.readiness.finding import Finding, degrades, note
from failover.readiness.picture import Picture


def left(picture: Picture) -> Iterator[Finding]:
    """Judge the tags of all instances of both sites that carry the zone's name."""
    for site, reading in picture.tagged.items():
        for identifier, tags in sorted((reading.value or {}).items()):
            yield from _judged(picture, site, identifier, tags)


def _judged(
    picture: Picture, site: SiteName, identifier: str, tags: Mapping[str, str]
) -> Iterator[Finding]:
    manifest, said = picture.manifest, tags.get(naming.TAG_FENCED)
    declared = leftovers.declared(manifest)
    if said is not None and identifier in declared:
        yield degrades(
            "declared-but-fenced",
            identifier,
            f"it carries {naming.TAG_FENCED} = {said}, and the program declares it",
            f"Where the zone was just reconciled, deploy it; if it serves again: `holdfast "
            f"reconcile {manifest.zone} --apply` takes the tag off.",
        )
    restored_by = tags.get(naming.TAG_RESTORED_BY, "")
    if identifier in declared and naming.restored_without_run(restored_by):
        yield degrades(
            "name-swapped",
            identifier,
            "a restore took this name, and the program knows it as the instance before",
            f"Tell the engine's state before the next deployment: `holdfast reconcile "
            f"{manifest.zone}` shows how.",
        )
    if said is None and leftovers.is_left(manifest, site, identifier, tags, declared):
        yield note(
            "left-unmarked",
            identifier,
            f"a failover left it, and it does not say so ({naming.TAG_FENCED})",
            f"`holdfast reconcile {manifest.zone} --apply` marks it, `holdfast failover retire "
            f"{manifest.zone}` deletes it once nothing needs it.",
        )
