"""Looks at who we are, and at what the failover role really may do: IAM answers, not the program.

IAM's API lives in us-east-1: asked in peace, never during a failover.
"""

from collections.abc import Mapping, Sequence

from cloud import identity
from cloud.door import Door
from cloud.paging import pages
from cloud.permitted import permitted
from continuity import naming
from continuity.manifest import Hosting, Manifest, Site
from continuity.permissions import ASK_WHAT_ROLES_MAY, WHO_AM_I, Permission, Scope

_MARKER = ("Marker", "Marker")
_LISTED = ("db", "snapshot", "auto-backup")


@permitted(WHO_AM_I)
def account(door: Door) -> str:
    """Return the account that we are signed in to."""
    return identity.who_am_i(door).account


@permitted(ASK_WHAT_ROLES_MAY)
def denied(
    door: Door, role: str, wanted: Sequence[Permission], resources: Sequence[str]
) -> tuple[Permission, ...]:
    """Return those of the permissions that the role lacks on any of the resources."""
    by_action = {permission.action: permission for permission in wanted}
    lacking: dict[str, Permission] = {}
    for page in pages(
        door,
        "iam",
        "SimulatePrincipalPolicy",
        _MARKER,
        PolicySourceArn=role,
        ActionNames=sorted(by_action),
        ResourceArns=list(resources),
    ):
        for row in page["EvaluationResults"]:
            verdicts = [row["EvalDecision"]]
            verdicts += [
                one["EvalResourceDecision"] for one in row.get("ResourceSpecificResults", ())
            ]
            if any(verdict != "allowed" for verdict in verdicts):
                name = row["EvalActionName"]
                lacking[name] = by_action[name]
    return tuple(lacking[name] for name in sorted(lacking))


def failover_role(manifest: Manifest) -> str:
    """Return the ARN of the role that a failover of the zone acts as."""
    return f"arn:aws:iam::{manifest.account}:role/{naming.role(manifest.zone, 'failover')}"


def touched(manifest: Manifest, scope: Scope) -> tuple[str, ...]:
    """Return what of a scope a failover touches now, in the site that it moves to."""
    site = manifest.standby_site
    return _touched(manifest, site).get(scope, ("*",))


def _at_witness(manifest: Manifest) -> tuple[str, ...]:
    """Return the warrant that the witness keeps; a zone without a witness touches none."""
    if manifest.witness is None:
        return ()
    return (f"arn:aws:s3:::{manifest.witness.bucket}/{naming.warrant_key(manifest.active)}",)


def _tables(site: Site, table: str) -> Mapping[Scope, tuple[str, ...]]:
    """Return the site's tables; one that a manifest is too old to name is not asked about."""
    named = {
        Scope.LEASE_TABLES: site.lease_table,
        Scope.JOURNAL_TABLES: site.journal_table,
        Scope.INCIDENT_TABLES: site.incident_table,
    }
    return {scope: (f"{table}/{name}",) if name else () for scope, name in named.items()}


def _addresses(hosting: Hosting) -> tuple[str, ...]:
    return (f"arn:aws:s3:::{hosting.addresses_bucket}/{hosting.addresses_key}",)


def _looked_at(where: str) -> Mapping[Scope, tuple[str, ...]]:
    """Return one of each kind that sweeps ask for; `where` is a region and an account."""
    return {
        Scope.ALL_POINTS: tuple(f"arn:aws:rds:{where}:{kind}:any" for kind in _LISTED),
        Scope.ALARMS: (f"arn:aws:cloudwatch:{where}:alarm:any",),
    }


def _touched(manifest: Manifest, site: Site) -> Mapping[Scope, tuple[str, ...]]:
    members = [database.members[manifest.standby] for database in manifest.databases]

    def arn(service: str, resource: str) -> str:
        return f"arn:aws:{service}:{site.region}:{manifest.account}:{resource}"

    groups = sorted({member.parameter_group for member in members})
    hosting = site.hosting
    return {
        Scope.DATABASES: tuple(member.arn for member in members),
        **_looked_at(f"{site.region}:{manifest.account}"),
        # AWS makes up the names of backups.
        Scope.RESTORES: (
            *(member.arn for member in members),
            *(arn("rds", f"pg:{group}") for group in groups),
            arn("rds", f"subgrp:{site.subnet_group}"),
            arn("rds", "auto-backup:any"),
            arn("rds", f"snapshot:{manifest.zone}-any"),
        ),
        Scope.SERVICES: (arn("ecs", f"service/{hosting.cluster}/{hosting.service}"),),
        Scope.PLATFORM_ROLES: tuple(
            f"arn:aws:iam::{manifest.account}:role/{naming.role(manifest.zone, purpose)}"
            for purpose in naming.PLATFORM_ROLES
        ),
        Scope.SCALABLE_TARGETS: (arn("application-autoscaling", "scalable-target/any"),),
        Scope.DATABASE_SECURITY_GROUPS: tuple(
            f"arn:aws:ec2:{each.region}:{manifest.account}:security-group/"
            f"{each.database_security_group}"
            for each in manifest.sites.values()
        ),
        **_tables(site, arn("dynamodb", "table")),
        **_latch(site),
        Scope.PROBERS: _prober(site, arn("lambda", "function")),
        Scope.WITNESS_OBJECTS: _at_witness(manifest),
        Scope.MANIFEST_OBJECTS: (f"arn:aws:s3:::{site.manifest_bucket}/{site.manifest_key}",),
        Scope.ADDRESS_OBJECTS: _addresses(hosting),
        Scope.KEYS: (site.key_arn,),
        **_told(manifest, site.region),
    }


def _prober(site: Site, function: str) -> tuple[str, ...]:
    """Return the function that asks databases; a manifest that is too old names none."""
    return (f"{function}:{site.scratch.prober}",) if site.scratch.prober else ()


def _latch(site: Site) -> Mapping[Scope, tuple[str, ...]]:
    """Return the site's latch: the bucket, what closes and opens, and the warrant besides."""
    bucket, latch = f"arn:aws:s3:::{site.latch.bucket}", site.latch
    switches = tuple(f"{bucket}/{key}" for key in (latch.closed_key, latch.open_key))
    warrant = (f"{bucket}/{latch.warrant_key}",) if latch.warrant_key else ()
    return {
        Scope.LATCH_BUCKETS: (bucket,),
        Scope.LATCH_SWITCHES: switches,
        Scope.LATCH_OBJECTS: (*switches, *warrant),
    }


def _told(manifest: Manifest, region: str) -> Mapping[Scope, tuple[str, ...]]:
    """Return by what the zone's channels tell people; a zone without any touches none."""
    names = [naming.channel_secret(manifest.zone, one) for one in manifest.channels.keeping_secrets]
    secret = f"arn:aws:secretsmanager:{region}:{manifest.account}:secret"
    mail = f"arn:aws:ses:{region}:{manifest.account}"
    configured = f"configuration-set/{naming.in_site(manifest.zone, manifest.standby, naming.MAIL)}"
    sending = (f"{mail}:identity/{manifest.traffic.name}", f"{mail}:{configured}")
    return {
        Scope.CHANNEL_SECRETS: tuple(f"{secret}:{name}-any" for name in names),
        Scope.MAIL: sending if manifest.channels.email else (),
    }
