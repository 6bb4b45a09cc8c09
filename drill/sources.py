"""What each database really came back from: told from what AWS did, not from the journal.

`drill.verdict` asks. The newest promotion or restore of an instance counts: what was promoted
before may have failed and stepped aside.
"""

from drill.facts import Facts
from failover.case import SourceKind
from simulator.timings import Takes

SOURCES = {
    Takes.PROMOTE_REPLICA: str(SourceKind.REPLICA),
    Takes.RESTORE_TO_TIME: str(SourceKind.POINT_IN_TIME),
    Takes.RESTORE_SNAPSHOT: str(SourceKind.SNAPSHOT),
}


def sources(facts: Facts) -> dict[str, str]:
    """Return the source of each database of which AWS promoted or restored an instance."""
    by_target = {
        one.target: SOURCES[Takes(one.kind)] for one in facts.operations if one.kind in SOURCES
    }
    found = {}
    for database in facts.manifest.databases:
        for member in database.members.values():
            for name in (member.identifier, member.arn):
                if name in by_target:
                    found[database.name] = by_target[name]
    return found
