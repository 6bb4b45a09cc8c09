"""From a simulated world to the facts of a drill, before the world is left.

`drill.run` calls it once, at the end. What happened comes from the world's own truth; of the
engine only its journal is taken.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from continuity.journal import Entry
from continuity.manifest import Manifest
from drill.facts import DatabaseFacts, Facts
from drill.reading import misread
from simulator.call_log import Outcome
from simulator.channels.seen import Seen
from simulator.invariants import Violation
from simulator.outages import Outage
from simulator.truth import Report
from simulator.world import World


@dataclass(frozen=True)
class Findings:
    """What those who watched a drill have to say at its end."""

    report: Report
    violations: tuple[Violation, ...]
    journal: tuple[Entry, ...]
    said: tuple[str, ...]
    read: tuple[Seen, ...] = ()


def gather(world: World, manifest: Manifest, began: datetime, findings: Findings) -> Facts:
    """Return the facts from `began` to now."""
    report = findings.report
    calls = [call for call in world.calls if call.at >= began]
    return Facts(
        manifest=manifest,
        began=began,
        ended=world.clock.now(),
        outage=whole(report.outages, began),
        opened=_opened(world, manifest),
        served_by=report.served_by,
        databases=tuple(
            DatabaseFacts(one.name, one.writable, one.lost.seconds) for one in report.databases
        ),
        operations=tuple(one for one in world.operations if one.started >= began),
        violations=(
            *(str(one) for one in findings.violations),
            *misread(findings.read, manifest),
        ),
        api_calls=Counter(call.name for call in calls),
        journal=findings.journal,
        said=findings.said,
        read=findings.read,
        failed_calls=Counter(call.name for call in calls if call.outcome is not Outcome.OK),
    )


def whole(outages: Sequence[Outage], began: datetime) -> Outage | None:
    """Return one outage from the first failure to the last recovery: a relapse counts.

    What was over before `began` belongs to the world's own start.
    """
    ours = [one for one in outages if one.ended is None or one.ended > began]
    return Outage(ours[0].began, ours[-1].ended) if ours else None


def _opened(world: World, manifest: Manifest) -> datetime | None:
    """Return when the call that opened the standby's latch was sent."""
    key = manifest.standby_site.latch.open_key
    for call in world.calls:
        if call.name == "s3.PutObject" and call.effect and call.parameters.get("Key") == key:
            return call.at
    return None
