"""The two plans of a planned move: there with nothing lost, and back to how it was.

`failover.answers` names them. The standby grows before clients are taken off, so that they wait for
as little as possible. Until `fence` everything can be taken back, and is where anything fails
(`failover.planned`). Built of the steps of a region loss wherever they do the same. Pure.
"""

from dataclasses import replace

from continuity.manifest import Manifest
from continuity.manifest_json import digest
from failover.case import Case
from failover.fallback import RENEWED
from failover.plan import Plan
from failover.step import Step
from failover.steps import hold
from failover.steps.drain import drain
from failover.steps.fence import fence_proven
from failover.steps.latch import close, open_standby
from failover.steps.point import point
from failover.steps.promote import promote
from failover.steps.protect import protect
from failover.steps.quiet import quiet, wake
from failover.steps.ready import ready
from failover.steps.rearm import rearms
from failover.steps.renew import renew
from failover.steps.reopen import reopen
from failover.steps.revoke import revocations
from failover.steps.scale import scale
from failover.steps.settle import settle
from failover.steps.verify import verify, verify_outside
from failover.steps.verify_served import verify_served


def planned_move(manifest: Manifest, case: Case, detect_s: float = 0.0) -> Plan:
    """Return the plan that moves a healthy zone: nothing is promoted before nothing lags."""
    del case, detect_s
    held = hold.hold(manifest)
    looked = ready(manifest, _after(held))
    scaled = replace(scale(manifest, _after(looked)), gated=True)
    closed = replace(close(manifest, _after(scaled)), gated=True)
    drained = replace(drain(manifest, closed.name), needs=_after(closed))
    quieted = quiet(manifest, _after(drained))
    ordered = sorted(manifest.databases, key=lambda each: (each.priority, each.name))
    settled = [settle(manifest, each, _after(quieted)) for each in ordered]
    fenced = fence_proven(manifest, _after(*settled))
    revoked = revocations(manifest, _after(fenced))
    moved = [
        promote(manifest, each, _after(fenced), proof=proof.name)
        for each, proof in zip(ordered, settled, strict=True)
    ]
    kept = [
        protect(manifest, each, _after(back)) for each, back in zip(ordered, moved, strict=True)
    ]
    pointed = point(manifest, _after(*moved))
    renewed = renew(manifest, _after(pointed))
    proven = [
        verify(manifest, each, _after(back)) for each, back in zip(ordered, moved, strict=True)
    ]
    opened = open_standby(manifest, _after(*proven, *revoked) | {scaled.name, RENEWED})
    last = verify_outside(manifest, _after(opened))
    before = (held, looked, scaled, closed, drained, quieted, *settled, fenced, *revoked)
    after = (*moved, *kept, pointed, renewed, *proven, opened, last)
    steps = (*before, *after, *rearms(manifest, _after(last)))
    return Plan("planned move", manifest.zone, digest(manifest), 0.0, steps, planned=True)


def take_back(manifest: Manifest, case: Case, detect_s: float = 0.0) -> Plan:
    """Return the plan that lets clients into the site again that never stopped being the right one.

    Nothing in it waits for approval: all of it brings back what people know to be well.
    """
    del case, detect_s
    woken = wake(manifest)
    reopened = reopen(manifest, _after(woken))
    last = verify_served(manifest, _after(reopened))
    steps = (woken, reopened, last)
    return Plan("take the move back", manifest.zone, digest(manifest), 0.0, steps, planned=True)


def _after(*steps: Step) -> frozenset[str]:
    return frozenset(step.name for step in steps)
