"""What a trial leaves on the point itself: proven or refuted, on it and on its copies.

`backup.verify` calls it once the evidence is kept. A copy holds the content of its source, so the
word on the one is true of the other; where the tag is, the catalogue, restores and failovers see it
without asking anybody.
"""

from collections.abc import Iterator
from datetime import datetime

from backup.evidence import Evidence, Verdict
from backup.outcome import Done
from backup.points import Kind
from cloud import snapshots
from cloud.door import Cloud
from cloud.permitted import permitted
from cloud.snapshots import Snapshot
from continuity import naming
from continuity.errors import HoldfastError
from continuity.manifest import Manifest
from continuity.permissions import DESCRIBE_SNAPSHOTS, TAG_SNAPSHOT, UNTAG_SNAPSHOT

_LONGEST = 256
"""Characters of a tag's value (RDS guide, "Tagging Amazon RDS resources"); it takes no commas."""


@permitted(DESCRIBE_SNAPSHOTS, TAG_SNAPSHOT, UNTAG_SNAPSHOT)
def apply(cloud: Cloud, manifest: Manifest, evidence: Evidence) -> tuple[Done, ...]:
    """Mark the point in every region that answers; return what could not be marked."""
    if evidence.verdict is Verdict.UNPROVEN or evidence.series.kind is not Kind.DATABASE:
        return ()  # AWS Backup lists no tags: `backup.verify_words` tells the catalogue
    regions = sorted({site.region for site in manifest.sites.values()})
    return tuple(failed for region in regions for failed in _mark(cloud, region, evidence))


def _mark(cloud: Cloud, region: str, evidence: Evidence) -> Iterator[Done]:
    door = cloud.at(region)
    try:
        found = snapshots.look(door, evidence.point)
        if found is None or found.taken_at != evidence.taken_at:
            return  # another point bears the name there, or none
        snapshots.mark(door, found.arn, words(evidence))
        for key in _outdated(found, evidence):
            snapshots.unmark(door, found.arn, key)
    except HoldfastError as error:
        sentence = f"it could not be marked as {evidence.verdict}: {error}"
        yield Done(evidence.point, region, well=False, sentence=sentence)


def words(evidence: Evidence) -> dict[str, str]:
    """Return what a point is told to be, as tags; nothing where it could not be tried."""
    if evidence.verdict is Verdict.UNPROVEN:
        return {}
    moment = _text(evidence.ended)
    if evidence.verdict is Verdict.PROVEN:
        return {naming.TAG_VERIFIED: moment}
    wrong = " ".join(one.name for one in evidence.results if one.met is False)
    return {naming.TAG_REFUTED: f"{moment} {wrong}"[:_LONGEST]}


def _outdated(found: Snapshot, evidence: Evidence) -> tuple[str, ...]:
    proven = evidence.verdict is Verdict.PROVEN
    old = naming.TAG_REFUTED if proven else naming.TAG_VERIFIED
    return (old,) if old in found.tags else ()


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
