"""ECS services: moto starts nothing, scales at once and takes what ECS refuses.

`simulator.task_counts` lets the counts follow; here moto's operations hand over to it.
"""

from collections.abc import Mapping
from typing import Any

from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend, Service, TaskDefinition
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.models import elbv2_backends

from simulator import deployments, inside, scaling, task_counts
from simulator.correction import Correction

_KEPT = {
    "deploymentConfiguration": "deployment_configuration",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
    "capacityProviderStrategy": "capacity_provider_strategy",
}
"""What moto forgets of a new service, and the attribute from which it would answer."""

_create_service = EC2ContainerServiceBackend.create_service
_respond_to_create = EC2ContainerServiceResponse.create_service
_delete_service = EC2ContainerServiceBackend.delete_service
_list_definitions = EC2ContainerServiceResponse.list_task_definitions
_validate_network = Service._validate_network


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    backend = EC2ContainerServiceBackend
    return [
        Correction(
            backend, "create_service", create_service,
            "tasks take time to start; name, target group and definition are checked",
        ),
        Correction(
            backend, "update_service", update_service,
            "tasks follow the desired count in time; new tasks are a deployment, of what is active",
        ),
        Correction(backend, "delete_service", delete_service, "a deleted service runs nothing"),
        Correction(
            EC2ContainerServiceResponse, "create_service", respond_to_create,
            "a service keeps its deployment configuration",
        ),
        Correction(
            EC2ContainerServiceResponse, "list_task_definitions", list_task_definitions,
            "the newest first, where that is asked for",
        ),
        Correction(
            Service, "_validate_network", validate_network,
            "awsvpc without security groups means the VPC's default group",
        ),
    ]  # fmt: skip


def create_service(
    self: EC2ContainerServiceBackend,
    cluster_str: str,
    service_name: str,
    *args: object,
    **kwargs: object,
) -> Service:
    """Create a service whose name is free and whose target groups have a load balancer."""
    cluster = self._get_cluster(cluster_str)
    existing = self.services.get(f"{cluster.name}:{service_name}")
    if existing is not None and existing.status != "INACTIVE":
        raise InvalidParameterException("Creation of service was not idempotent.")
    service = _create_service(self, cluster_str, service_name, *args, **kwargs)
    try:
        _check(self, service)
    except ECSException:
        task_counts.stop_all(service)
        del self.services[f"{cluster.name}:{service_name}"]
        raise
    task_counts.begin(service)
    return service


def _check(backend: EC2ContainerServiceBackend, service: Service) -> None:
    definition = _active(backend, service.task_definition)
    if definition.network_mode == "awsvpc" and not service.network_configuration:
        raise InvalidParameterException(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )
    groups = elbv2_backends[inside.ACCOUNT][backend.region_name].target_groups
    for row in service.load_balancers:
        arn = row.get("targetGroupArn")
        if arn is not None and (arn not in groups or not groups[arn].load_balancer_arns):
            raise InvalidParameterException(
                f"The target group with targetGroupArn {arn} does not have an associated load "
                "balancer."
            )


def _active(backend: EC2ContainerServiceBackend, definition: str) -> TaskDefinition:
    """Return a task definition that can be deployed, as one that was deregistered cannot.

    ECS API reference, DeregisterTaskDefinition ("you can't update an existing service to reference
    an INACTIVE task definition"), here without the ten minutes of grace that ECS may give.
    """
    found = backend.describe_task_definition(definition)
    if found.status != "ACTIVE":
        raise ECSException("ClientException", "TaskDefinition is inactive")
    return found


def respond_to_create(self: EC2ContainerServiceResponse) -> object:
    """Create a service and keep what moto leaves out."""
    answer = _respond_to_create(self)
    service = answer.result["service"]
    for parameter, attribute in _KEPT.items():
        value = self._get_param(parameter)
        if value is not None:
            setattr(service, attribute, value)
    return answer


def list_task_definitions(self: EC2ContainerServiceResponse) -> object:
    """List task definitions in the order that is asked for (ListTaskDefinitions, `sort`)."""
    answer = _list_definitions(self)
    if self._get_param("sort") == "DESC":
        answer.result["taskDefinitionArns"].reverse()
    return answer


def update_service(
    self: EC2ContainerServiceBackend, service_properties: Mapping[str, Any]
) -> Service:
    """Change a service; its tasks follow."""
    asked = dict(service_properties)
    service = self._get_service(asked.pop("cluster", None) or "default", asked.pop("service"))
    if service.status != "ACTIVE":
        raise ECSException("ServiceNotActiveException", "Service was not ACTIVE.")
    definition = asked.pop("task_definition", None)
    forced = bool(asked.pop("force_new_deployment", False))
    replaced = False
    if definition is not None:
        arn = _active(self, definition).arn
        replaced, service.task_definition = arn != service.task_definition, arn
    for name, value in asked.items():
        if value is not None:
            setattr(service, name, value)
    if forced or replaced:
        deployments.deploy(service)
    task_counts.follow(service)
    scaling.notice(service)
    return service


def delete_service(
    self: EC2ContainerServiceBackend, cluster_name: str, service_name: str, force: bool
) -> Service:
    """Delete a service, and its tasks with it."""
    service = self._get_service(cluster_name, service_name)
    if service.desired_count > 0 and not force:
        raise InvalidParameterException("The service cannot be stopped while it is scaled above 0.")
    task_counts.stop_all(service)
    return _delete_service(self, cluster_name, service_name, force)


def validate_network(
    self: Service, nc: dict[str, dict[str, list[str]]]
) -> dict[str, dict[str, list[str]]]:
    """Check subnets and security groups, of which there may be none."""
    given = nc["awsvpcConfiguration"]
    _validate_network(self, {"awsvpcConfiguration": {"securityGroups": [], **given}})
    return nc
