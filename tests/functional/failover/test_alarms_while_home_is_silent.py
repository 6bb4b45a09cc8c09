"""One region's silence hides no alarm of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from continuity import naming
from continuity.zone import SiteName
from simulator import backstage

if TYPE_CHECKING:
    from tests.functional.failover.conftest import Rehearsal


def test_the_standbys_alarms_are_read_while_the_serving_region_is_silent(
    rehearsal: Rehearsal,
) -> None:
    manifest = rehearsal.manifest
    name = naming.in_site(manifest.zone, SiteName.AWAY, "lag")
    away = backstage.client("cloudwatch", manifest.standby_site.region)
    with rehearsal.world.instantly():
        away.put_metric_alarm(
            AlarmName=name,
            MetricName="ReplicaLag",
            Namespace="AWS/RDS",
            ComparisonOperator="GreaterThanThreshold",
            EvaluationPeriods=1,
            Period=60,
            Statistic="Maximum",
            Threshold=1,
            TreatMissingData="breaching",
        )
    rehearsal.world.clock.sleep(600)
    rehearsal.lose_home()
    rehearsal.world.clock.sleep(1)
    found = rehearsal.around.sight.alarms()
    assert found[SiteName.AWAY].gone_off == (name,)
    assert "cannot be reached" in found[SiteName.HOME].error
