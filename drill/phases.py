"""Where the time of a recovery went: the engine's phases, and before them what nobody noticed.

`drill.verdict` lists them. The engine's clock starts at its first suspicion, the clients' with
their first failure: what lies between is shown as `notice`.
"""

from drill.facts import Facts
from failover import timeline
from failover.timeline import Phase


def phases(facts: Facts) -> tuple[Phase, ...]:
    """Return the phases in order, each with its seconds."""
    engine = tuple(timeline.phases(facts.journal))
    return (*_notice(facts), *engine)


def _notice(facts: Facts) -> tuple[Phase, ...]:
    if not facts.journal or facts.outage is None:
        return ()
    seconds = (facts.journal[0].at - facts.outage.began).total_seconds()
    return (Phase("notice", max(0.0, seconds)),)
