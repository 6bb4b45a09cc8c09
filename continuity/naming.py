"""Names and tags that deploy time and run time must agree on without asking each other.

`stacks` declares with them, IAM policies are narrowed by them, and the simulated world finds
its databases by the tags. Every function is pure and total over valid zone and database names.
"""

from datetime import UTC, datetime

from continuity.zone import SiteName

TAG_ZONE = "holdfast:zone"
TAG_SITE = "holdfast:site"
TAG_DATABASE = "holdfast:database"
TAG_BACKUP = "holdfast:backup"
"""What carries it with the value `daily` gets a recovery point of AWS Backup every day."""
TAG_RESTORED_BY = "holdfast:restored-by"
"""On an instance that was restored: by which run and step, or by which verb from what, such as
`we1-0001/restore-orders-snapshot` and `restore/orders/we1-orders-2026-03-03`."""
BY_RESTORE = "restore"
"""The verb of whoever restored a database without a run (`holdfast backup restore`)."""


def restored_without_run(mark: str) -> bool:
    """Say whether a value of `TAG_RESTORED_BY`, or an empty one, names that verb."""
    return mark.startswith(f"{BY_RESTORE}/")


def tags(zone: str, site: SiteName | None = None, database: str | None = None) -> dict[str, str]:
    """Return the tags of a resource of a zone, of one of its sites, of one of its databases."""
    found = {TAG_ZONE: zone, TAG_SITE: site, TAG_DATABASE: database}
    return {key: str(value) for key, value in found.items() if value is not None}


def in_site(zone: str, site: SiteName, *parts: str) -> str:
    """Return `we1-home-platform`: a name inside one site."""
    return "-".join((zone, site, *parts))


def instance(zone: str, database: str, site: SiteName, incarnation: int) -> str:
    """Return `we1-orders-home-1`: a database instance; a rebuilt one counts up."""
    return f"{zone}-{database}-{site}-{incarnation}"


def run_in(run: str, site: SiteName) -> str:
    """Return `we1-0001@away`: each site counts its own runs, and a move back begins at one again.

    `site` is where the run's lease and journal lie: the site that stood by.
    """
    return f"{run}@{site}"


TAG_RESTORED_TO = "holdfast:restored-to"
"""On an instance that `holdfast backup restore` made: the moment of its data."""
TAG_SWAP = "holdfast:swap"
"""On a restored instance that takes a database's name: the name under which the old one is kept.
It is written before anything is renamed, so that whoever goes on uses the same one."""
TAG_SET_ASIDE = "holdfast:set-aside"
"""On an instance that lost its name to a restored one: which database it was."""


TAG_FENCED = "holdfast:fenced"
"""On an instance that a failover left behind: by which run, and when it was marked so. It is no
database of the zone any more, and nothing of the zone may reach it."""


def fenced(by: str, at: datetime) -> str:
    """Return `we1-0001@away 2026-03-03T10:00:00Z`: the value of the tag, `by` as `run_in` says."""
    return f"{by} {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def restored(zone: str, database: str, site: SiteName) -> str:
    """Return `we1-orders-home-restored`: what a restore is called unless somebody says."""
    return f"{zone}-{database}-{site}-restored"


LONGEST_IDENTIFIER = 63
"""Of a database instance (RDS API reference, DBInstanceIdentifier)."""


def aside(identifier: str, run: str, ending: str = "") -> str:
    """Return `we1-orders-away-1-aside-we1-0001`: where a run moves an instance out of its way."""
    suffix = f"-aside-{run}{ending}"
    return identifier[: LONGEST_IDENTIFIER - len(suffix)].rstrip("-") + suffix


ASIDE_AT = "%Y%m%dt%H%M%S"


def aside_at(identifier: str) -> datetime | None:
    """Return when a swap of names set an instance aside, in UTC, as its name says it."""
    _, found, suffix = identifier.rpartition("-aside-")
    try:
        return datetime.strptime(suffix, ASIDE_AT).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def is_aside(identifier: str, of: str) -> bool:
    """Say whether an identifier is what `aside` made of another one."""
    kept, found, _ = identifier.partition("-aside-")
    cut = len(identifier) == LONGEST_IDENTIFIER and of.startswith(kept)
    return bool(found) and (kept == of or cut)


def beside(identifier: str, run: str, ending: str = "") -> str:
    """Return `we1-orders-away-1-by-we1-0001`: what a run restores while the own name is taken."""
    suffix = f"-by-{run}{ending}"
    return identifier[: LONGEST_IDENTIFIER - len(suffix)].rstrip("-") + suffix


def is_beside(name: str, identifier: str) -> bool:
    """Say whether a name is one that `beside` gives to some run's restore of an instance."""
    beginning, found, _ = name.rpartition("-by-")
    return bool(found and beginning) and identifier.startswith(beginning)


def bucket(account: str, zone: str, site: SiteName, purpose: str) -> str:
    """Return `holdfast-123456789012-we1-away-latch`: bucket names are global, accounts unique."""
    return f"holdfast-{account}-{zone}-{site}-{purpose}"


def table(zone: str, site: SiteName, purpose: str) -> str:
    """Return `holdfast-we1-away-journal`."""
    return f"holdfast-{zone}-{site}-{purpose}"


def role(zone: str, purpose: str) -> str:
    """Return `holdfast-we1-failover`: IAM is global, so a role has no site."""
    return f"holdfast-{zone}-{purpose}"


PLATFORM_ROLES = ("application", "execution")
"""What the roles are for that the platform's tasks run as, and are started by."""


def closed_key(serving: SiteName) -> str:
    """Return the latch object that takes a site's traffic to the holding page."""
    return f"closed/{serving}"


def open_key(standby: SiteName) -> str:
    """Return the latch object that lets a standby site answer."""
    return f"open/{standby}"


def warrant_key(serving: str) -> str:
    """Return the object that warrants that a site may serve; it lies in two other regions."""
    return f"warrant/{serving}"


def witness_bucket(account: str, zone: str) -> str:
    """Return `holdfast-123456789012-we1-witness-latch`: the latch of no site."""
    return f"holdfast-{account}-{zone}-witness-latch"


WARRANTED = "holdfast: this site may serve"
"""What a warrant says, and health checkers search it for; whatever else it says revokes it."""
MANIFEST_KEY = "manifest.json"
ADDRESSES_KEY = "databases.env"
"""What tells a site's tasks where its databases are (`continuity.addresses`)."""
HOLDING_MARK = '<meta name="holdfast" content="holding">'
"""What tells the holding page from the platform: a load balancer's fixed answer has no headers."""

TAG_POINT = "holdfast:recovery-point"
"""What carries it was captured or copied by Holdfast, and is Holdfast's to delete; the value is
the local day of the capture."""
TAG_INCIDENT = "holdfast:incident"
"""Taken while a hold was on; the value names it. Such a point counts once it is verified."""
TAG_VERIFIED = "holdfast:verified"
"""A restore of this point was tested; the value is the moment of the test."""
TAG_REFUTED = "holdfast:refuted"
"""A restore of this point was tested and its content is wrong; the value is when, and which checks
were not met."""
TAG_SCRATCH = "holdfast:scratch"
"""What carries it was restored to be looked at and thrown away; the value is the zone."""
TAG_EXPIRES = "holdfast:expires"
"""When whatever carries it should be gone at the latest: for people who look after costs."""
TAG_HOLD = "holdfast:hold"
"""What carries it must not be deleted by anybody; the value names the holds."""


def snapshot(zone: str, database: str, day: str, attempt: int = 1) -> str:
    """Return `we1-orders-2026-03-03`: the same on every repeat; a failed one is followed by `-2`.

    A copy has its source's name, in another region.
    """
    return "-".join((zone, database, day, *([str(attempt)] if attempt > 1 else ())))


READ_AT = "/mnt/files"
"""Where the functions that read file systems mount them."""
FILES = ("public", "private", "configuration")
"""What a zone keeps files for: a bucket of each in each site."""
RESTORED = "restored/"
"""Where restored files lie in a bucket of files, and nothing else: run time writes nowhere else."""


def restored_bucket(account: str, zone: str, site: SiteName, name: str) -> str:
    """Return `holdfast-123456789012-we1-home-restored-NAME`: a bucket that a restore made."""
    return bucket(account, zone, site, f"restored-{name}")


LONGEST_TOKEN = 64
"""Of a file system's creation (EFS API reference, CreationToken)."""


def restored_files(zone: str, site: SiteName, name: str) -> str:
    """Return `holdfast-we1-home-restored-NAME`: the creation token of a restored file system."""
    return f"holdfast-{in_site(zone, site, 'restored', name)}"


def scratch(zone: str, resource: str, token: str) -> str:
    """Return `we1-scratch-orders-260303011507a1b2`: what a trial restores, unique by its token."""
    head = f"{scratch_prefix(zone)}{resource}"
    return f"{head[: LONGEST_IDENTIFIER - len(token) - 1].rstrip('-')}-{token}"


def scratch_prefix(zone: str) -> str:
    """Return `we1-scratch-`: how the names of all trials of a zone begin."""
    return f"{zone}-scratch-"


def schema(database: str) -> str:
    """Return the PostgreSQL database that a logical database is: `order_lines`."""
    return database.replace("-", "_")


MAIL = "mail"
"""What a site's configuration set for mails to subscribers is called in it."""


CHANNEL_SECRETS = "holdfast-channels/"
"""How the names of all tokens of channels begin."""


def channel_secret(zone: str, channel: str) -> str:
    """Return `holdfast-channels/we1/slack`: not below `holdfast/we1/`, which the platform reads."""
    return f"{CHANNEL_SECRETS}{zone}/{channel}"
