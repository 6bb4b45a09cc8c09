"""Could a run take place? Manifest copies, lease and journal, holds, and the role that acts."""

from collections.abc import Iterator

from continuity import manifest_json
from continuity.zone import SiteName
from failover.readiness.finding import Finding, blocks, degrades, note
from failover.readiness.picture import Picture


def manifests(picture: Picture) -> Iterator[Finding]:
    """Judge the copies: a failover reads the standby's, and it must be the one in hand."""
    wanted = manifest_json.digest(picture.manifest)
    copies = {name: picture.site(name).manifest_copy.value for name in SiteName}
    if None not in copies.values() and len(set(copies.values())) > 1:
        yield blocks(
            "manifest-copies-differ",
            picture.manifest.zone,
            "the two sites hold different manifests: "
            + ", ".join(f"{name} {_short(digest)}" for name, digest in copies.items()),
            "Deploy the zone, which writes both; an interrupted deployment leaves them apart.",
        )
    for name, digest in copies.items():
        if digest not in (None, wanted):
            yield blocks(
                "manifest-not-current",
                name,
                f"its copy is {_short(digest)}, the manifest of this check {_short(wanted)}",
                "Check with the manifest of the last deployment, or deploy the zone.",
            )


def tables(picture: Picture) -> Iterator[Finding]:
    """Judge the tables that a run writes to before it may act."""
    for name, reading in picture.target.tables.items():
        table = reading.value
        if table is None:
            continue
        if table.status != "ACTIVE":
            yield blocks(
                "table-not-active",
                name,
                f"the table is {table.status}: a run could write no journal",
                "Wait until it is ACTIVE, or deploy the zone.",
            )
        if not table.recoverable:
            yield degrades(
                "table-not-recoverable",
                name,
                "point-in-time recovery is off: the record of a failover could be lost",
                "Deploy the zone, which turns it on.",
            )


def runs(picture: Picture) -> Iterator[Finding]:
    """Tell of a run that holds the zone, and of holds that keep recovery points."""
    held = picture.target.lease.value
    if held is not None and held.owner:
        yield note(
            "run-under-way",
            held.run,
            f"{held.owner} holds the zone's lease for the run {held.run}",
            "Look at the run before starting another; a lease that stands still may be taken over.",
        )
    for hold in picture.target.holds.value or ():
        yield note(
            "recovery-points-held",
            picture.manifest.zone,
            f"no recovery point is deleted: {hold}",
            "Release the hold once its reason is gone; storage grows until then.",
        )


def access(picture: Picture) -> Iterator[Finding]:
    """Judge the account that we look at, and what the failover role may not do."""
    account = picture.account.value
    if account not in (None, picture.manifest.account):
        yield blocks(
            "account-differs",
            picture.manifest.zone,
            f"we are signed in to {account}, the zone lives in {picture.manifest.account}",
            "Sign in to the zone's account, then check again.",
        )
    for scope, reading in picture.denied.items():
        if reading.value:
            actions = ", ".join(permission.action for permission in reading.value)
            yield blocks(
                "permission-missing",
                scope,
                f"the failover role may not {actions}",
                "Deploy the zone, which grants exactly what a failover needs; look for a boundary "
                "or an organisation's policy if it stays.",
            )


def _short(digest: str | None) -> str:
    return (digest or "")[:19]
