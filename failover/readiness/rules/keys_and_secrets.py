"""Can the standby read its own data? Its key, and its copies of the databases' passwords."""

from collections.abc import Iterator

from continuity.manifest import Database
from continuity.zone import SiteName
from failover.readiness.finding import Finding, blocks
from failover.readiness.picture import Picture

_ENABLED, _IN_SYNC = "Enabled", "InSync"


def keys(picture: Picture) -> Iterator[Finding]:
    """Judge the key of each site: with a key that is off, nothing at rest can be read."""
    for name in SiteName:
        state = picture.site(name).key.value
        if state is not None and state != _ENABLED:
            yield blocks(
                "key-not-usable",
                name,
                f"the key {picture.manifest.sites[name].key_arn} is {state}",
                "Cancel its deletion or enable it now: replicas have no recoverable state "
                "without their key.",
            )


def secrets(picture: Picture) -> Iterator[Finding]:
    """Judge each database's password: the standby's copy must be there, and the current one."""
    for database in picture.manifest.databases:
        yield from _secret(picture, database)


def _secret(picture: Picture, database: Database) -> Iterator[Finding]:
    here = picture.standby.secrets[database.name].value
    there = picture.serving.secrets[database.name].value
    if here is None:
        return
    region = picture.standby_site.region
    if here.deleted or not here.version:
        why = "is marked for deletion" if here.deleted else "has no current version"
        yield blocks(
            "secret-unusable",
            database.name,
            f"the password's secret in {region} {why}",
            "Restore the secret or put a value into it: tasks there cannot start without it.",
        )
        return
    state = here.replicas.get(region) or (there.replicas.get(region) if there else None)
    if state not in (None, _IN_SYNC):
        yield blocks(
            "secret-not-replicated",
            database.name,
            f"the password's replication to {region} is {state}",
            "Correct what Secrets Manager names (often the key), then replicate the secret again.",
        )
    elif there is not None and here.version != there.version:
        yield blocks(
            "secret-out-of-date",
            database.name,
            f"the password in {region} is another version than where the zone serves",
            "Replicate the secret again: the platform there would be refused by its databases.",
        )
