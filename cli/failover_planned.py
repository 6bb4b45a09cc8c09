"""What `holdfast failover start --planned` asks before it gives the order: `failover.whole`."""

import sys
from typing import TYPE_CHECKING

from continuity.errors import Refusal

if TYPE_CHECKING:
    from cli.zone_session import ZoneSession

_SHOWN = 3


def demand_whole(session: "ZoneSession") -> None:
    """Raise Refusal where anything stands against a planned move; tell what could not be read."""
    from failover import decisions, whole

    manifest = session.around.manifest
    found = whole.look(session.cloud, manifest, decisions.current(session.around))
    if found.objections:
        told = " ".join(found.objections[:_SHOWN])
        more = len(found.objections) - _SHOWN
        rest = f" And {more} more." if more > 0 else ""
        raise Refusal(
            f"{manifest.zone} is not moved as planned: {told}{rest}",
            f"`holdfast check {manifest.zone}` lists what blocks; mend it first.",
        )
    if found.unread:
        told = "; ".join(found.unread[:_SHOWN])
        sys.stderr.write(
            f"holdfast: {len(found.unread)} things could not be looked at, among them {told}. "
            f"Run `holdfast check {manifest.zone}` in the readiness role.\n"
        )
