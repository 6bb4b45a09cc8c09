"""The recoveries that leave no region: a bad release is taken back, missing tasks are asked for.

`failover.answers` names them. Everything in these plans can be undone, so no approval is waited
for. Lease, journal and hold are the standby site's, as in a move. Pure.
"""

from continuity.manifest import Manifest
from continuity.manifest_json import digest
from failover.case import Case
from failover.plan import Plan
from failover.step import Step
from failover.steps import hold, redeploy_serving, restart_serving
from failover.steps.verify_served import verify_served


def redeploy(manifest: Manifest, case: Case, detect_s: float) -> Plan:
    """Return the plan that deploys `case.release` in the serving site.

    A plan that is only shown beforehand knows no release but the one that the program deployed.
    """
    release = case.release or manifest.serving_site.hosting.task_definition
    held = hold.hold(manifest)
    deployed = redeploy_serving.redeploy(manifest, release, frozenset({held.name}))
    return _plan("redeploy in place", manifest, detect_s, (held, deployed))


def restart(manifest: Manifest, case: Case, detect_s: float) -> Plan:
    """Return the plan that asks for the serving site's tasks again."""
    del case
    held = hold.hold(manifest)
    asked = restart_serving.restart(manifest, frozenset({held.name}))
    return _plan("restart in place", manifest, detect_s, (held, asked))


def _plan(name: str, manifest: Manifest, detect_s: float, steps: tuple[Step, ...]) -> Plan:
    last = verify_served(manifest, frozenset({steps[-1].name}))
    return Plan(name, manifest.zone, digest(manifest), detect_s, (*steps, last))
