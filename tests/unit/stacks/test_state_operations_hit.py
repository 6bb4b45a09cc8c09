"""Every URN that reconciling tells the engine's state is one that the program makes."""

from collections.abc import Callable

from continuity.zone import SiteName
from reconcile.urns import Urns
from simulator.program import Outcome

GROUP = "/aws/rds/instance/ops-tickets-away-1/postgresql"


def test_every_urn_is_one_of_the_programs_own(preview: Callable[..., Outcome]) -> None:
    urns = Urns("ops")
    groups = urns.log_groups(SiteName.AWAY)
    named = urns.log_group_name(SiteName.AWAY, GROUP)
    assert {
        urns.database("tickets"),
        urns.instance("tickets", "ops-tickets-away-1"),
        *urns.scaling(SiteName.AWAY),
        groups,
        urns.below(groups, "aws:cloudwatch/logGroup:LogGroup", named),
    } <= {one.urn for one in preview("ops").resources}
