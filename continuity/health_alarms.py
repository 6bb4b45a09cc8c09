"""The alarms that say whether a zone is healthy, by name: what is declared is what is asked.

`stacks.alarms` declares them in both sites; `backup.recovered` asks for how long all of them have
been quiet. Alarms about recovery points are not among them: one that tells of an old hold would
otherwise keep that hold on for ever.
"""

from collections.abc import Iterable
from enum import StrEnum

from continuity import naming
from continuity.zone import SiteName


class PlatformAlarm(StrEnum):
    """What a site's platform is watched for."""

    UNHEALTHY = "platform-unhealthy"
    TOO_FEW = "platform-too-few"


class DatabaseAlarm(StrEnum):
    """What a database instance is watched for."""

    LAG = "lag"
    STORAGE = "storage"
    SLOT_LAG = "slot-lag"
    TRANSACTION_LOGS = "transaction-logs"


def of_database(database: str, alarm: DatabaseAlarm) -> str:
    """Return `orders-lag`: a purpose within the site."""
    return f"{database}-{alarm}"


def names(zone: str, site: SiteName, databases: Iterable[str]) -> tuple[str, ...]:
    """Return the full names of a site's alarms: `we1-home-platform-unhealthy`, and so on."""
    purposes = [
        *map(str, PlatformAlarm),
        *(of_database(name, alarm) for name in databases for alarm in DatabaseAlarm),
    ]
    return tuple(naming.in_site(zone, site, purpose) for purpose in purposes)
