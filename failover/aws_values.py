"""What AWS answered, in the failover's own words: `failover.aws` reads, this translates."""

from cloud import databases, services
from cloud.door import Door
from continuity import naming
from continuity.manifest import Hosting
from failover.observation import Deployment, Event, Instance, Service


def family(task_definition: str) -> str:
    """Return `we1-home-platform` of `arn:...:task-definition/we1-home-platform:7`."""
    return task_definition.rpartition("/")[2].partition(":")[0]


def service(door: Door, hosting: Hosting, minimum: int) -> Service:
    """Describe a service; what does not exist runs nothing."""
    found = services.describe(door, hosting.cluster, hosting.service)
    if found is None:
        return Service(0, 0, minimum)
    deployments = [
        Deployment(
            one.task_definition,
            one.status == "PRIMARY",
            one.rollout,
            one.running,
            one.failed,
            one.created_at,
        )
        for one in found.deployments
    ]
    events = [Event(one.at, one.message) for one in found.events]
    return Service(found.running, found.desired, minimum, tuple(deployments), tuple(events))


def instance(state: databases.InstanceState) -> Instance:
    """Return a database instance in the words of the failover."""
    return Instance(
        status=state.status,
        source=state.source,
        retention_days=state.retention_days,
        backup_window=state.backup_window,
        deletion_protection=state.deletion_protection,
        parameter_group=state.parameter_group,
        parameters_in_sync=state.parameter_status == "in-sync",
        restored_by=state.tags.get(naming.TAG_RESTORED_BY, ""),
        storage_operation=state.storage_operation,
        replication=", ".join(_trouble(one) for one in state.replication if not one.normal),
        created_at=state.created_at,
        resource=state.resource,
        address=state.address or "",
    )


def _trouble(link: databases.ReplicationInfo) -> str:
    return f"{link.status}: {link.message}" if link.message else link.status
