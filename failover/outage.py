"""Since when clients are not served, where more than one run belongs to the same outage. Pure.

A recovery in place that fails is followed by a run that moves the zone, and clients wait for both.
`failover.engine` asks when it begins a run, `failover.outlook` before; `failover.run` counts by it.

The rule. A run that begins while nobody has seen the zone well since an earlier run's first failing
reading counts from that reading. Once a look finds clients served by the site that should serve
them, the earlier run's journal says so, and the next run counts from its own first reading. What a
person states (`--since`) takes the place of what is only concluded here.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from continuity.journal import EntryKind
from continuity.outside import Served
from failover import planned
from failover.diagnose import Diagnosis, Finding
from failover.draft import Draft
from failover.observation import Observation
from failover.run import OUTAGE_OF, OUTAGE_SINCE, Run

SAME = timedelta(hours=24)
"""A run that begins later is another outage although nobody watched in between. Assumption: nobody
leaves a zone down for a day without a run; whoever does states `--since`."""

WELL = "well"
"""Names the fact that ends an outage after its run had ended otherwise."""

_OVER = frozenset({"recovered", "cleared"})


def goes_on(last: Run) -> bool:
    """Say whether an ended run left an outage that nobody has seen to be over."""
    if last.end is None or last.outcome in _OVER or planned.left_alone(last):
        return False
    return not any(entry.data.get(WELL) for entry in last.of(EntryKind.VERDICT))


def since(last: Run, now: datetime) -> datetime | None:
    """Return the first failing reading of the outage that goes on after a run; None without one."""
    end = last.end
    if end is None or not goes_on(last) or now - end.at > SAME:
        return None
    return last.suspected_at


def over(last: Run, seen: Observation, finding: Finding) -> list[Draft]:
    """Return what an ended run's journal is to hold once clients are served again after it.

    The public name must have led to the serving site after that run's end: a site that answers
    behind a holding page serves nobody.
    """
    end, public = last.end, seen.public
    if end is None or not goes_on(last) or finding.diagnosis is not Diagnosis.HEALTHY:
        return []
    if public.at is None or public.at <= end.at:
        return []
    if public.value is not Served(seen.manifest.active.value):
        return []
    sentence = f"{seen.manifest.zone} is served again since {seen.now:%H:%M:%S} UTC at the latest."
    return [Draft(EntryKind.VERDICT, sentence, None, {WELL: True})]


def first_word(draft: Draft, finding: Finding, last: Run, failing_since: datetime | None) -> Draft:
    """Return a run's first reading with the outage that it belongs to.

    `failing_since` is a failing reading that could not be journaled when it was taken.
    """
    if finding.diagnosis is Diagnosis.HEALTHY or draft.at is None:
        return draft
    earlier = since(last, draft.at)
    moments = [one for one in (earlier, failing_since) if one is not None and one < draft.at]
    if not moments:
        return draft
    began = min(moments)
    named = last.name if began == earlier else ""
    whose = f"the first failing reading of {named}" if named else "which could not be journaled"
    told = f"It counts from {began:%Y-%m-%d %H:%M:%S} UTC, {whose}: nobody saw it well since."
    facts = {**draft.data, OUTAGE_SINCE: began.isoformat(), OUTAGE_OF: named}
    return replace(draft, sentence=f"{draft.sentence} {told}", data=facts)
