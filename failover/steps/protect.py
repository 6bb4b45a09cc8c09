"""Step: what was promoted or restored must be as safe as the old primary was.

Built by `failover.region_loss`. Usually the promotion or the restore brought everything
along and one look ends this step; it never holds the opening up for long.
"""

from dataclasses import dataclass

from continuity.manifest import Database, Manifest
from continuity.permissions import DESCRIBE_DATABASES, MODIFY_DATABASE, REBOOT_DATABASE
from failover import estimates, whereabouts
from failover.observation import Instance, Look, Observation
from failover.ports import Hands
from failover.run import Run
from failover.step import Step


@dataclass(frozen=True, kw_only=True)
class Protect(Step):
    """Backups on, deletion protection on, the right parameter group in effect."""

    target: Database
    identifier: str
    parameter_group: str

    def named(self, seen: Run) -> frozenset[str]:
        """Look at the instance that the database is back as."""
        return frozenset({self._now(seen)})

    def done(self, seen: Observation) -> bool:
        """Answer from the instance."""
        instance = seen.instance(self._now(seen.run))
        return instance is not None and self._set(instance) and instance.parameters_in_sync

    def do(self, hands: Hands, seen: Observation) -> None:
        """Set what is not set; a parameter group takes effect with a restart."""
        instance = seen.instance(self._now(seen.run))
        if instance is None or not self._set(instance):
            hands.protect(self.target, self._now(seen.run))
        elif not instance.parameters_in_sync:
            hands.reboot(self._now(seen.run))

    def pause_s(self, seen: Observation) -> float | None:
        """Wait while the instance is busy."""
        instance = seen.instance(self._now(seen.run))
        return None if instance is not None and instance.status == "available" else self.poll_s

    def _now(self, run: Run) -> str:
        return whereabouts.identifier(run, self.target.name, self.identifier)

    def _set(self, instance: Instance) -> bool:
        return (
            instance.retention_days >= max(1, self.target.backup_retention_days)
            and instance.deletion_protection
            and instance.parameter_group == self.parameter_group
        )


def protect(manifest: Manifest, database: Database, needs: frozenset[str]) -> Step:
    """Return the step for one database that is back; `needs` names its first source."""
    member = database.members[manifest.standby]
    return Protect(
        name=f"protect-{database.name}",
        what=f"give {member.identifier} backups, deletion protection and its parameter group",
        needs=needs,
        site=manifest.standby,
        estimate=estimates.PROTECT,
        deadline_s=300,
        permissions=(DESCRIBE_DATABASES, MODIFY_DATABASE, REBOOT_DATABASE),
        looks=frozenset({Look.INSTANCES}),
        database=database.name,
        best_effort=True,
        target=database,
        identifier=member.identifier,
        parameter_group=member.parameter_group,
    )
