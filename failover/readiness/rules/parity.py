"""Do the two sites match? Versions, classes, sizes and parameters of every database's instances."""

from collections.abc import Iterator, Mapping

from continuity.manifest import Database
from failover.readiness.finding import Finding, blocks, degrades
from failover.readiness.picture import MULTI_AZ, Instance, Picture


def parity(picture: Picture) -> Iterator[Finding]:
    """Compare each database's instance in the standby with the serving one and the manifest."""
    standby = picture.standby.instances.value or {}
    serving = picture.serving.instances.value or {}
    for database in picture.manifest.databases:
        here = standby.get(database.members[picture.manifest.standby].identifier)
        there = serving.get(database.members[picture.manifest.active].identifier)
        if here is not None:
            yield from _group(picture, database, here)
            yield from _key(picture, database, here)
        if here is not None and there is not None:
            yield from _engine(database, here, there)
            yield from _size(database, here, there)
        yield from _contents(picture, database)
        yield from _offer(picture, database)


def primaries(picture: Picture) -> Iterator[Finding]:
    """Judge the serving site's instances: without a primary nothing is replicated or backed up."""
    serving = picture.serving.instances.value
    if serving is None:
        return
    for database in picture.manifest.databases:
        identifier = database.members[picture.manifest.active].identifier
        if identifier not in serving:
            yield blocks(
                "primary-missing",
                database.name,
                f"{identifier} does not exist in {picture.manifest.serving_site.region}",
                "If the manifest is out of date, deploy the zone; otherwise this is a disaster.",
            )


def _engine(database: Database, here: Instance, there: Instance) -> Iterator[Finding]:
    if here.engine_version == there.engine_version:
        return
    same_major = here.engine_version.split(".")[0] == there.engine_version.split(".")[0]
    finding = degrades if same_major else blocks
    yield finding(
        "version-differs",
        database.name,
        f"{here.identifier} runs {here.engine_version}, {there.identifier} {there.engine_version}",
        "Upgrade the replica first, then the primary, so that both run what the program says.",
    )


def _size(database: Database, here: Instance, there: Instance) -> Iterator[Finding]:
    if here.instance_class != there.instance_class:
        yield degrades(
            "class-differs",
            database.name,
            f"{here.identifier} is a {here.instance_class}, {there.identifier} a "
            f"{there.instance_class}",
            "Give both the class that the program says; a change after promotion costs a restart.",
        )
    if here.storage_gb < there.storage_gb:
        yield degrades(
            "storage-smaller",
            database.name,
            f"{here.identifier} has {here.storage_gb} GB, {there.identifier} {there.storage_gb} GB",
            "Enlarge the replica's storage to that of the primary.",
        )


def _group(picture: Picture, database: Database, here: Instance) -> Iterator[Finding]:
    wanted = database.members[picture.manifest.standby].parameter_group
    if here.parameter_group != wanted:
        yield degrades(
            "parameter-group-differs",
            database.name,
            f"{here.identifier} has the parameter group {here.parameter_group}, not {wanted}",
            "Deploy the zone and restart the replica: after a promotion it costs recovery time.",
        )
    elif here.parameter_status != "in-sync":
        yield degrades(
            "parameters-not-applied",
            database.name,
            f"{here.identifier} has not applied its parameters: "
            f"{here.parameter_status or 'RDS does not say'}",
            f"Restart {here.identifier} now; after a promotion it costs recovery time.",
        )


def _key(picture: Picture, database: Database, here: Instance) -> Iterator[Finding]:
    if here.key != picture.standby_site.key_arn:
        yield degrades(
            "instance-key-differs",
            database.name,
            f"{here.identifier} is encrypted with {here.key or 'nothing'}, not with the site's key",
            "Rebuild the replica under the site's own key.",
        )


def _contents(picture: Picture, database: Database) -> Iterator[Finding]:
    here = picture.standby.parameters[database.name].value
    there = picture.serving.parameters[database.name].value
    if here is None or there is None or here == there:
        return
    yield degrades(
        "parameters-differ",
        database.name,
        f"the parameter groups differ: {_differences(there, here)}",
        "Set the parameter in both groups, in the program and not by hand.",
    )


def _differences(serving: Mapping[str, str], standby: Mapping[str, str]) -> str:
    return "; ".join(
        f"{name} is {serving.get(name, 'the default')} where the zone serves, "
        f"{standby.get(name, 'the default')} where it stands by"
        for name in sorted({*serving, *standby})
        if serving.get(name) != standby.get(name)
    )


def _offer(picture: Picture, database: Database) -> Iterator[Finding]:
    offers = picture.target.offers[database.name].value
    if offers is None:
        return
    member = database.members[picture.manifest.standby]
    wanted = f"{database.engine} {database.engine_version} as {member.instance_class}"
    if not offers:
        yield degrades(
            "class-not-offered",
            database.name,
            f"{wanted} cannot be ordered in {picture.standby_site.region}: no restore, no rebuild",
            "Choose a class and version that both regions offer, in the program.",
        )
    elif member.multi_az and MULTI_AZ not in offers:
        yield degrades(
            "multi-az-not-offered",
            database.name,
            f"{wanted} cannot be Multi-AZ in {picture.standby_site.region}",
            "Choose a class that is offered with Multi-AZ in both regions, in the program.",
        )
