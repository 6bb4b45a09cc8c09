"""What a permission of the vocabulary may touch, as ARNs of one zone.

`stacks.permissions` grants with it. Everything that has a deterministic name is narrowed by that
name, so that a rebuilt database or a new task definition needs no change of a policy: IAM is
changed through us-east-1, which may be what was lost.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from continuity import naming
from continuity.permissions import RESTORE_SNAPSHOT, Permission, Scope
from continuity.zone import SiteName
from stacks.application_roles import repository, secret
from stacks.file_readers import READER, SCRATCH_READER
from stacks.logs import ARCHIVE
from stacks.place import Place
from stacks.policy_document import Statement, allow, document


@dataclass(frozen=True)
class SiteScope:
    """One site with what AWS named there: its key's ARN and its databases' security group.

    `domain` is the zone's, in whose name mails are sent.
    """

    place: Place
    key_arn: str
    database_group: str
    domain: str = "none.invalid"


def policy(permissions: Iterable[Permission], sites: Iterable[SiteScope]) -> str:
    """Return the policy that grants exactly these permissions, one statement per scope.

    What is restored from must be the zone's own, by its name or by its tag.
    """
    places = tuple(sites)
    actions: dict[Scope, set[str]] = {}
    for permission in permissions:
        actions.setdefault(permission.scope, set()).add(permission.action)
    return document(
        *(
            {
                **allow(sorted(actions[scope]), resources(scope, places), **_conditions(scope)),
                "Sid": _sid(scope),
            }
            for scope in sorted(actions)
        ),
        *_tagged(actions.get(Scope.RESTORES, set()), places),
    )


def _conditions(scope: Scope) -> Mapping[str, object]:
    """Return what ARNs cannot say: a new file system is one that is of no zone yet."""
    if scope not in {Scope.NEW_FILE_SYSTEMS, Scope.NEW_ACCESS_POINTS}:
        return {}
    return {"Condition": {"Null": {f"aws:ResourceTag/{naming.TAG_ZONE}": "true"}}}


def _tagged(actions: set[str], sites: Iterable[SiteScope]) -> Iterator[Statement]:
    """Yield what allows restoring snapshots whose name says nothing, but whose tag says whose.

    Service authorization reference, "Amazon RDS": RestoreDBInstanceFromDBSnapshot judges a
    snapshot by its ARN and by aws:ResourceTag.
    """
    restoring = sorted(actions & {RESTORE_SNAPSHOT.action})
    if restoring:
        places = [site.place for site in sites]
        own = {"StringEquals": {f"aws:ResourceTag/{naming.TAG_ZONE}": places[0].zone}}
        named = [place.arn("rds", "snapshot:*") for place in places]
        yield {**allow(restoring, named, Condition=own), "Sid": "TaggedSnapshots"}


def resources(scope: Scope, sites: Iterable[SiteScope]) -> list[str]:
    """Return the ARNs of a scope in all sites; `*` only where AWS knows nothing narrower."""
    if scope is Scope.ANY:
        return ["*"]
    # What is global, such as a health check, is named alike by both sites.
    return list(dict.fromkeys(arn for site in sites for arn in _in_site(site)[scope]))


def _sid(scope: Scope) -> str:
    return scope.title().replace("-", "")


def _in_site(site: SiteScope) -> Mapping[Scope, tuple[str, ...]]:
    place = site.place
    zone, here = place.zone, place.site
    platform = place.name("platform")
    latch = _bucket(place, "latch")
    return {
        # Changing an instance's parameter group is asked of both.
        Scope.DATABASES: (place.arn("rds", f"db:{zone}-*"), place.arn("rds", f"pg:{zone}-*")),
        **_looked_at(place),
        Scope.SNAPSHOTS: (
            place.arn("rds", f"snapshot:{zone}-*"),
            place.arn("rds", f"snapshot:rds:{zone}-*"),
        ),
        Scope.RESTORES: _restores(place),
        **_tried(place),
        Scope.SERVICES: (place.arn("ecs", f"service/{platform}/{platform}"),),
        Scope.CLUSTERS: (place.arn("ecs", f"cluster/{platform}"),),
        # AWS makes up the last part of a scalable target's ARN.
        Scope.SCALABLE_TARGETS: (place.arn("application-autoscaling", "scalable-target/*"),),
        Scope.DATABASE_SECURITY_GROUPS: (
            place.arn("ec2", f"security-group/{site.database_group}"),
        ),
        Scope.LEASE_TABLES: (_table(place, "lease"),),
        Scope.JOURNAL_TABLES: (_table(place, "journal"),),
        Scope.INCIDENT_TABLES: (_table(place, "incidents"),),
        Scope.LATCH_BUCKETS: (latch,),
        Scope.LATCH_OBJECTS: tuple(
            f"{latch}/{key}" for key in (*latch_keys(here), warrant_key(here))
        ),
        Scope.LATCH_SWITCHES: tuple(f"{latch}/{key}" for key in latch_keys(here)),
        Scope.WITNESS_OBJECTS: (
            f"arn:aws:s3:::{naming.witness_bucket(place.account, zone)}/{naming.warrant_key('*')}",
        ),
        Scope.MANIFEST_OBJECTS: (f"{_bucket(place, 'manifest')}/{naming.MANIFEST_KEY}",),
        Scope.ADDRESS_OBJECTS: (f"{_bucket(place, 'addresses')}/{naming.ADDRESSES_KEY}",),
        **_sealed(site),
        Scope.REPOSITORIES: (place.arn("ecr", f"repository/{repository(zone)}"),),
        **_files(place),
        **_everywhere(place),
    }


def _files(place: Place) -> Mapping[Scope, tuple[str, ...]]:
    """Return where files and their points lie, and the few places where a restore may write."""
    kept = tuple(_bucket(place, purpose) for purpose in naming.FILES)
    scratch, restored = _bucket(place, "scratch"), _bucket(place, "restored-*")
    role = naming.role(place.zone, "backup-service")
    return {
        Scope.VAULTS: (place.arn("backup", f"backup-vault:{place.name('*')}"),),
        # AWS makes up the names of points; whose they are the vault's own policy decides.
        Scope.VAULT_POINTS: (place.arn("backup", "recovery-point:*"),),
        Scope.FILE_BUCKETS: (*kept, scratch, restored),
        Scope.FILE_OBJECTS: tuple(f"{one}/*" for one in (*kept, scratch, restored)),
        Scope.RESTORED_BUCKETS: (restored,),
        Scope.RESTORED_OBJECTS: (
            *(f"{one}/{naming.RESTORED}*" for one in kept),
            f"{restored}/*",
        ),
        Scope.SCRATCH_OBJECTS: (f"{scratch}/*",),
        # AWS makes up the identifiers of plans and of file systems.
        Scope.BACKUP_PLANS: (place.arn("backup", "backup-plan:*"),),
        Scope.FILE_SYSTEMS: (place.arn("elasticfilesystem", "file-system/*"),),
        Scope.NEW_FILE_SYSTEMS: (place.arn("elasticfilesystem", "file-system/*"),),
        Scope.SCHEDULES: (place.arn("scheduler", f"schedule/{place.name('backup')}/*"),),
        Scope.SERVICE_ROLE: (f"arn:aws:iam::{place.account}:role/{role}",),
        **_kept(place),
    }


def _kept(place: Place) -> Mapping[Scope, tuple[str, ...]]:
    """Return what a hold makes keep longer, and where it is told of."""
    return {
        Scope.LOG_GROUPS: (
            place.arn("logs", f"log-group:{place.log_groups}/*"),
            place.arn("logs", f"log-group:/aws/rds/instance/{place.zone}-*"),
        ),
        Scope.KEPT_BUCKETS: tuple(_bucket(place, purpose) for purpose in (*naming.FILES, ARCHIVE)),
        # AWS makes up the names of legal holds.
        Scope.LEGAL_HOLDS: (place.arn("backup", "legal-hold:*"),),
        Scope.TOPICS: (place.arn("sns", place.name("alerts")),),
    }


def _sealed(site: SiteScope) -> Mapping[Scope, tuple[str, ...]]:
    """Return keys and secrets, the tokens of channels among them, and what mails are sent by."""
    place = site.place
    secrets = naming.channel_secret(place.zone, "*")
    mail = f"configuration-set/{place.name(naming.MAIL)}"
    return {
        Scope.KEYS: (site.key_arn,),
        Scope.SECRETS: (place.arn("secretsmanager", f"secret:{secret(place.zone, '*')}"),),
        Scope.CHANNEL_SECRETS: (place.arn("secretsmanager", f"secret:{secrets}"),),
        Scope.MAIL: (place.arn("ses", f"identity/{site.domain}"), place.arn("ses", mail)),
    }


def _looked_at(place: Place) -> Mapping[Scope, tuple[str, ...]]:
    """Return what is looked at as a whole: a sweep names nothing, so that AWS asks for all."""
    kinds = ("db", "snapshot", "auto-backup")
    return {
        Scope.ALL_POINTS: tuple(place.arn("rds", f"{kind}:*") for kind in kinds),
        Scope.ALARMS: (place.arn("cloudwatch", "alarm:*"),),
        Scope.QUOTAS: (place.arn("servicequotas", "fargate/*"),),
    }


def _tried(place: Place) -> Mapping[Scope, tuple[str, ...]]:
    return {
        Scope.SCRATCH: (place.arn("rds", f"db:{naming.scratch_prefix(place.zone)}*"),),
        Scope.PROBERS: (place.arn("lambda", f"function:{place.name('prober')}"),),
        Scope.READERS: tuple(
            place.arn("lambda", f"function:{place.name(one)}") for one in (READER, SCRATCH_READER)
        ),
        Scope.SCRATCH_READERS: (place.arn("lambda", f"function:{place.name(SCRATCH_READER)}"),),
        # AWS makes up all of these names.
        Scope.NEW_ACCESS_POINTS: (place.arn("elasticfilesystem", "access-point/*"),),
        Scope.NETWORK_INTERFACES: (place.arn("ec2", "network-interface/*"),),
        Scope.MOUNTED_IN: tuple(
            place.arn("ec2", f"{kind}/*")
            for kind in ("network-interface", "security-group", "subnet")
        ),
    }


def _everywhere(place: Place) -> Mapping[Scope, tuple[str, ...]]:
    return {
        # Route 53 makes up the names of both, and knows no account in them.
        Scope.HOSTED_ZONES: ("arn:aws:route53:::hostedzone/*",),
        Scope.HEALTH_CHECKS: ("arn:aws:route53:::healthcheck/*",),
        Scope.ROLES: (f"arn:aws:iam::{place.account}:role/{naming.role(place.zone, '*')}",),
        Scope.PLATFORM_ROLES: tuple(
            f"arn:aws:iam::{place.account}:role/{naming.role(place.zone, purpose)}"
            for purpose in naming.PLATFORM_ROLES
        ),
    }


def _restores(place: Place) -> tuple[str, ...]:
    """Return what a restore reads, makes and names. AWS makes up the names of backups."""
    kinds = ("db", "pg", "subgrp", "snapshot", "snapshot:rds")
    own = tuple(place.arn("rds", f"{kind}:{place.zone}-*") for kind in kinds)
    anybodys = ("og:default:*", "auto-backup:*")
    return (*own, *(place.arn("rds", name) for name in anybodys))


def warrant_key(site: SiteName) -> str:
    """Return the object by which a site's latch warrants that the other one may serve."""
    return naming.warrant_key(site.other)


def latch_keys(site: SiteName) -> tuple[str, str]:
    """Return the two objects of a site's latch bucket that are only there once they were put."""
    return naming.closed_key(site.other), naming.open_key(site)


def _bucket(place: Place, purpose: str) -> str:
    return f"arn:aws:s3:::{place.bucket(purpose)}"


def _table(place: Place, purpose: str) -> str:
    return place.arn("dynamodb", f"table/{naming.table(place.zone, place.site, purpose)}")
