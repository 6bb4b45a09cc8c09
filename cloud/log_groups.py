"""For how many days log groups keep what they receive: looked at, and changed.

`backup.raising` keeps logs longer while a hold is on. CloudWatch takes only certain numbers.
"""

from collections.abc import Iterable

from cloud.door import Door
from cloud.paging import pages
from cloud.permitted import permitted
from continuity.permissions import DESCRIBE_LOG_GROUPS, KEEP_LOGS


@permitted(DESCRIBE_LOG_GROUPS)
def retentions(door: Door, names: Iterable[str]) -> dict[str, int | None]:
    """Return the days of the groups that exist, None for one that keeps for ever.

    Groups beside each other are one question: `/holdfast/we1/home/platform` and its neighbours.
    """
    wanted = set(names)
    found: dict[str, int | None] = {}
    for prefix in sorted({name.rpartition("/")[0] for name in wanted}):
        for page in pages(
            door,
            "logs",
            "DescribeLogGroups",
            ("nextToken", "nextToken"),
            logGroupNamePrefix=f"{prefix}/",
        ):
            rows = {row["logGroupName"]: row.get("retentionInDays") for row in page["logGroups"]}
            found.update({name: days for name, days in rows.items() if name in wanted})
    return found


@permitted(KEEP_LOGS)
def keep(door: Door, name: str, days: int) -> None:
    """Let a group keep what it receives for so many days, one of the numbers that AWS takes."""
    door.change("logs", "PutRetentionPolicy", logGroupName=name, retentionInDays=days)
