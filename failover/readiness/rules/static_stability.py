"""Would every recovery work while the serving region and every global control plane are down?

`failover.static_stability` proves it from the calls that steps declare, and `failover.decide` holds
a plan back that fails: known here long before, and with the manifest as it is deployed.
"""

from collections.abc import Iterator

from failover.answers import ANSWERS
from failover.case import Case
from failover.diagnose import Diagnosis
from failover.plan import Plan
from failover.readiness.finding import Finding, blocks
from failover.readiness.picture import Picture
from failover.static_stability import weaknesses


def static_stability(picture: Picture) -> Iterator[Finding]:
    """Judge the plan of each recovery that a diagnosis can begin; each weakness is said once."""
    manifest = picture.manifest
    found: dict[str, str] = {}
    for plan in _plans(picture):
        for sentence in weaknesses(plan, manifest):
            found.setdefault(sentence, plan.name)
    for sentence, plan_name in found.items():
        yield blocks(
            "plan-not-statically-stable",
            plan_name,
            sentence,
            "Have the call made by the deployment, or in the standby's region; until then run "
            "a version of holdfast whose steps do without it. No such plan is begun on the day.",
        )


def _plans(picture: Picture) -> Iterator[Plan]:
    """Yield the plan of each diagnosis that has a recovery, the same plan once."""
    corrupted = dict.fromkeys((each.name for each in picture.manifest.databases), picture.now)
    seen: set[str] = set()
    for diagnosis, answer in ANSWERS.items():
        if answer.recovery is None:
            continue
        damaged = corrupted if diagnosis is Diagnosis.DATABASE_CORRUPTED else {}
        plan = answer.recovery.build(picture.manifest, Case(diagnosis, damaged), 0.0)
        if plan.hash not in seen:
            seen.add(plan.hash)
            yield plan
