"""What tells that recovery points grow old: one alarm for each series that a site should have.

`stacks.safekeeping` makes one per site. The numbers come from `backup.measures`, which runs in both
sites at night only. So an alarm looks back over a day and asks for one good number: a night on
which nothing was measured is as bad as one on which the newest point was too old. Every alarm is
declared in both sites and for both roles; only of the files of the site that stands by, which are
copied nowhere, the other site expects nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pulumi

from continuity import backup_metrics
from stacks.alarm import ABOVE, Limit, Metric, Watch, alarm
from stacks.place import Place

_HOUR_S = 3600
_NIGHTLY_H = 26
"""Hours that may pass between two good numbers of what is measured once a night: a day, one more
when clocks go back, one to spare."""
_HOURLY_H = 24
"""The same for databases: the last good number of a night comes near its end, the first of the next
once that night's point is there and was copied, an hour or two after its begin."""
_DAILY = timedelta(hours=24)
"""Points are daily: an objective below that is kept by replication and point-in-time recovery."""


@dataclass(frozen=True)
class FreshnessAlarmsArgs:
    """`databases` and `files` are the names of the series, `rpo` the objective of both.

    `silent` are files of which no copy comes here.
    """

    place: Place
    topic: pulumi.Input[str]
    databases: Sequence[str]
    files: Sequence[str]
    silent: Sequence[str]
    rpo: timedelta


class FreshnessAlarms(pulumi.ComponentResource):
    """Produces the alarms on the age of a site's newest recovery points."""

    def __init__(
        self, name: str, args: FreshnessAlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:FreshnessAlarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for watch in _watches(args):
            alarm(args.place, args.topic, watch, child)
        self.register_outputs({})


def _watches(args: FreshnessAlarmsArgs) -> Iterator[Watch]:
    oldest = max(args.rpo, _DAILY)
    hours = {
        **dict.fromkeys(args.databases, _HOURLY_H),
        **dict.fromkeys((*args.files, *args.silent), _NIGHTLY_H),
    }
    whose = {backup_metrics.ZONE: args.place.zone}
    for series, periods in hours.items():
        yield Watch(
            f"{series}-stale",
            f"No recovery point of {series} younger than {oldest} was seen here for a day",
            Metric(
                backup_metrics.NAMESPACE,
                backup_metrics.AGE,
                {**whose, backup_metrics.SERIES: series},
                "Minimum",
            ),
            Limit(
                ABOVE,
                oldest.total_seconds(),
                _HOUR_S,
                periods,
                "notBreaching" if series in args.silent else "breaching",
            ),
        )
