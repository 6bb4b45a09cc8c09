"""Where the time of a recovery went: the engine's phases, and what lies before and after them.

`drill.verdict` lists them. The engine's clock starts at its first suspicion, the clients' with
their first failure: what lies between is `notice`. The engine ends when one fresh client is
served, the outage when the last one has forgotten its old answer: what lies between is `arrive`.
"""

from drill.facts import Facts
from failover import timeline
from failover.run import Run
from failover.timeline import Phase


def phases(facts: Facts) -> tuple[Phase, ...]:
    """Return the phases in order, each with its seconds."""
    engine = tuple(timeline.phases(facts.journal))
    return (*_notice(facts), *engine, *_arrive(facts))


def _notice(facts: Facts) -> tuple[Phase, ...]:
    if not facts.journal or facts.outage is None:
        return ()
    began = Run("", facts.journal).suspected_at or facts.journal[0].at
    seconds = (began - facts.outage.began).total_seconds()
    return (Phase("notice", max(0.0, seconds)),)


def _arrive(facts: Facts) -> tuple[Phase, ...]:
    if not facts.journal or facts.outage is None or facts.outage.ended is None:
        return ()
    end = Run("", facts.journal).end or facts.journal[-1]
    seconds = (facts.outage.ended - end.at).total_seconds()
    return (Phase("arrive", seconds),) if seconds > 0 else ()
