"""What each database really came back from: told from what AWS did, not from the journal.

`drill.verdict` asks. The newest promotion or restore of an instance counts: what was promoted
before may have failed and stepped aside.
"""

from continuity import naming
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
    found = {}
    for operation in facts.operations:
        database = _database(facts, operation.target) if operation.kind in SOURCES else None
        if database is not None:
            found[database] = SOURCES[Takes(operation.kind)]
    return found


def _database(facts: Facts, target: str) -> str | None:
    """Return the database whose instance an operation was about, or stood beside."""
    for database in facts.manifest.databases:
        for member in database.members.values():
            names = (member.identifier, member.arn)
            if target in names or any(naming.is_beside(target, name) for name in names):
                return database.name
    return None
