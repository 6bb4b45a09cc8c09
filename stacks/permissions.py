"""Who may do what at run time: the roles of failover, backup and readiness.

`stacks.zone` makes it once per zone, IAM being global. The policies are not written but computed
from the permissions that the vocabulary lists; `stacks.application_roles` has the platform's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from continuity import naming
from continuity.grants import BACKUP, FAILOVER, READINESS, RESTORE, RETIRE
from continuity.incidents import INCIDENT, INCIDENT_FUNCTION
from continuity.permissions import Permission
from continuity.zone import SiteName
from stacks.place import Place
from stacks.policy_document import trust_passed, trust_people
from stacks.scopes import SiteScope, policy

_LONGEST_SESSION_S = 12 * 60 * 60  # what IAM allows at most: a run must not outlive its credentials


@dataclass(frozen=True)
class SitePermissions:
    """One site, and what AWS named there that a policy must name."""

    place: Place
    key_arn: pulumi.Input[str]
    database_group: pulumi.Input[str]


@dataclass(frozen=True)
class PermissionsArgs:
    """`sites` by name; `domain` is what mails of the zone are sent from."""

    zone: str
    account: str
    domain: str
    sites: Mapping[SiteName, SitePermissions]


class Permissions(pulumi.ComponentResource):
    """Produces roles that people take, one for each kind of work; and two functions'.

    People sign in with a second factor. Backups and alarms have functions, so that nobody has to
    remember them; readiness looks and changes nothing.
    """

    failover_role: pulumi.Output[str]
    backup_role: pulumi.Output[str]
    readiness_role: pulumi.Output[str]
    restore_role: pulumi.Output[str]
    incident_role: pulumi.Output[str]
    incident_function_role: pulumi.Output[str]

    def __init__(
        self, name: str, args: PermissionsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:stacks:Permissions", name, None, opts)
        self._name, self._args = name, args
        self.failover_role = self._people("failover", "Moves the zone to its other site")
        self.backup_role = self._role(
            "backup",
            "Takes, copies and gives up recovery points",
            assume_role_policy=trust_passed("lambda.amazonaws.com"),
        ).name
        self.readiness_role = self._role(
            "readiness",
            "Looks whether a failover would work now",
            assume_role_policy=trust_people(args.account),
        ).name
        self.restore_role = self._people(
            "restore", "Restores databases beside the others, and swaps their names"
        )
        self.incident_role = self._people(
            "incident", "Keeps the record of incidents, and changes nothing else"
        )
        self.incident_function_role = self._role(
            "incident-function",
            "Puts alarms on record and tells people",
            assume_role_policy=trust_passed("lambda.amazonaws.com"),
        ).name
        self._grant_all()
        self.register_outputs(
            {
                "failover_role": self.failover_role,
                "backup_role": self.backup_role,
                "readiness_role": self.readiness_role,
                "restore_role": self.restore_role,
                "incident_role": self.incident_role,
                "incident_function_role": self.incident_function_role,
            }
        )

    def _grant_all(self) -> None:
        self._grant("failover", self.failover_role, FAILOVER)
        self._grant("backup", self.backup_role, BACKUP)
        self._grant("readiness", self.readiness_role, READINESS)
        self._grant("restore", self.restore_role, RESTORE)
        self._grant("incident", self.incident_role, INCIDENT)
        deleting = "Deletes what a failover left behind, once it is approved"
        self._grant("retire", self._people("retire", deleting), RETIRE)
        self._grant("incident-function", self.incident_function_role, INCIDENT_FUNCTION)

    def _people(self, purpose: str, description: str) -> pulumi.Output[str]:
        """Declare a role that people take for as long as an outage may last."""
        name: pulumi.Output[str] = self._role(
            purpose,
            description,
            assume_role_policy=trust_people(self._args.account),
            max_session_duration=_LONGEST_SESSION_S,
        ).name
        return name

    def _role(self, purpose: str, description: str, **settings: object) -> aws.iam.Role:
        return aws.iam.Role(
            f"{self._name}-{purpose}",
            name=naming.role(self._args.zone, purpose),
            description=f"{description}: {self._args.zone}",
            tags=naming.tags(self._args.zone),
            opts=pulumi.ResourceOptions(parent=self),
            **settings,
        )

    def _grant(
        self, purpose: str, role: pulumi.Output[str], permissions: Iterable[Permission]
    ) -> None:
        found = (_scope(site, self._args.domain) for site in self._args.sites.values())
        scopes = pulumi.Output.all(*found)
        aws.iam.RolePolicy(
            f"{self._name}-{purpose}-policy",
            name=naming.role(self._args.zone, purpose),
            role=role,
            policy=scopes.apply(lambda sites: policy(permissions, sites)),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _scope(site: SitePermissions, domain: str) -> pulumi.Output[SiteScope]:
    found = pulumi.Output.all(site.key_arn, site.database_group)
    return found.apply(lambda pair: SiteScope(site.place, pair[0], pair[1], domain))
