"""Takes the picture: every look once, side by side, and never raises.

`cli.check_command` and tests call `take`. What cannot be read becomes a reading with its error, and
what the manifest does not name is an error too: nobody looked.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cloud.door import Cloud
from continuity import naming
from continuity.errors import HoldfastError, PermanentError
from continuity.grants import FAILOVER
from continuity.manifest import Manifest
from continuity.zone import SiteName
from failover.observation import Reading
from failover.readiness.directions import Directions
from failover.readiness.looks import databases, directions, permissions, proofs, site, traffic
from failover.readiness.picture import (
    Picture,
    SitePicture,
    StandbyPicture,
    check_names,
    serves_name,
    warrant_names,
)

Answers = Mapping[str, Reading[Any]]
"""Readings by the path of their question."""

_UNNAMED = (
    "The manifest does not name it: it was written by an older program. Deploy the zone again, "
    "then check with the manifest that this writes."
)


def take(cloud: Cloud, manifest: Manifest) -> Picture:
    """Return one picture of the zone, from all looks side by side."""
    return _Camera(cloud, manifest).picture()


class _Camera:
    """Collects the looks first, so that all of them run side by side, then puts them together."""

    def __init__(self, cloud: Cloud, manifest: Manifest) -> None:
        self._cloud = cloud
        self._manifest = manifest
        self._asked: list[tuple[str, Callable[[], object]]] = []

    def picture(self) -> Picture:
        """Ask everything and return the picture."""
        manifest = self._manifest
        self._ask_everything()
        found = self._cloud.workers.run(
            [partial(self._reading, question) for _, question in self._asked]
        )
        answers = dict(zip((name for name, _ in self._asked), found, strict=True))
        return Picture(
            now=self._cloud.clock.now(),
            manifest=manifest,
            account=answers["account"],
            standby=_site_picture(_below(answers, manifest.standby)),
            serving=_site_picture(_below(answers, manifest.active)),
            target=_standby_picture(_below(answers, "target")),
            records=answers["records"],
            checks=_below(answers, "checks"),
            denied=_below(answers, "denied"),
            calculated=_below(answers, "calculated"),
            left_quotas=answers["left_quotas"],
            left_backups=answers["left_backups"],
            directions={site: _directions(_below(answers, f"towards/{site}")) for site in SiteName},
            tagged={site: answers[f"{site}/tagged"] for site in SiteName},
        )

    def _ask_everything(self) -> None:
        for name in SiteName:
            self._ask_site(name)
        self._ask_target()
        self._ask_left()
        self._ask_traffic()
        self._ask_permissions()
        for name in SiteName:
            self._ask_directions(name)

    def _ask(self, name: str, look: Callable[..., object], *given: object) -> None:
        """Note a question; one whose subject the manifest leaves empty is answered by that."""
        self._asked.append((name, _unnamed if "" in given else partial(look, *given)))

    def _ask_site(self, name: SiteName) -> None:
        manifest, here = self._manifest, self._manifest.sites[name]
        door = self._cloud.at(here.region)
        members = {each.name: each.members[name] for each in manifest.databases}
        identifiers = [member.identifier for member in members.values()]
        self._ask(f"{name}/instances", databases.instances, door, identifiers)
        self._ask(f"{name}/tagged", databases.tagged, door, manifest.zone)
        for database, member in members.items():
            group, secret = member.parameter_group, member.secret_arn
            self._ask(f"{name}/parameters/{database}", databases.parameters, door, group)
            self._ask(f"{name}/secrets/{database}", site.secret, door, secret)
        self._ask(f"{name}/key", site.key, door, here.key_arn)
        self._ask(f"{name}/latches", site.latch, door, here.latch.bucket)
        self._ask(f"{name}/manifest_copy", site.manifest_copy, door, here, manifest.zone)
        bucket, key = here.hosting.addresses_bucket, here.hosting.addresses_key
        self._ask(f"{name}/addresses", site.told, door, bucket, key)
        self._ask(f"{name}/service", site.service, door, here.hosting)
        self._ask(f"{name}/scaling", site.scaling, door, here.hosting)

    def _ask_target(self) -> None:
        manifest, here = self._manifest, self._manifest.standby_site
        door = self._cloud.at(here.region)
        every = [
            member.identifier for each in manifest.databases for member in each.members.values()
        ]
        replicas = [each.members[manifest.standby].identifier for each in manifest.databases]
        self._ask("target/lags", databases.lags, door, replicas)
        self._ask("target/copies", databases.copies, door, every)
        for each in manifest.databases:
            wanted = each.members[manifest.standby].instance_class
            self._ask(f"target/offers/{each.name}", databases.offers, door, each, wanted)
        self._ask("target/database_quotas", databases.quotas, door)
        self._ask("target/container_quota", site.container_quota, door)
        self._ask("target/image", site.image, door, here.hosting.image)
        self._ask("target/admits_application", site.admits_application, door, here)
        for table in (here.lease_table, here.journal_table):
            self._ask(f"target/tables/{table}", site.table, door, table)
        self._ask("target/lease", site.lease, door, here.lease_table)
        self._ask("target/holds", site.holds, door, here.lease_table)
        self._ask("target/drill", site.last_drill, door, here.lease_table)
        self._ask("target/proofs", proofs.proofs, door, here.lease_table, manifest)

    def _ask_left(self) -> None:
        """Ask the region that a failover leaves: redundancy is rebuilt there afterwards."""
        door = self._cloud.at(self._manifest.serving_site.region)
        self._ask("left_quotas", databases.quotas, door)
        self._ask("left_backups", databases.replicated_backups, door)

    def _ask_directions(self, name: SiteName) -> None:
        """Ask what a site does for the other one; names are those that the program gives."""
        manifest, here = self._manifest, self._manifest.sites[name]
        door, kept, zone = self._cloud.at(here.region), here.safekeeping, manifest.zone
        at, group = f"towards/{name}", naming.in_site(zone, name, "backup")
        self._ask(f"{at}/duties", directions.duties, door, group, kept.schedules or "")
        names = [each.name for each in manifest.databases]
        self._ask(f"{at}/lag_alarms", directions.lag_alarms, door, zone, name, names)
        buckets = {one.purpose: one.name for one in kept.buckets}
        self._ask(f"{at}/files", directions.files, door, buckets or "")
        plan = naming.in_site(zone, name, "files")
        self._ask(f"{at}/vaults", directions.vaults, door, plan)
        repository = here.hosting.image.partition("@")[0].partition("/")[2]
        self._ask(f"{at}/images", directions.images, door, repository)
        if kept.file_system:
            self._ask(f"{at}/file_system", directions.file_system, door, kept.file_system)

    def _ask_traffic(self) -> None:
        manifest = self._manifest
        door = self._cloud.at(manifest.standby_site.region)
        names = manifest.traffic
        self._ask("records", traffic.records, door, names.hosted_zone_id, names.name)
        for name, here in manifest.sites.items():
            not_closed, opened = check_names(name)
            self._ask(f"checks/{not_closed}", traffic.health_check, door, here.not_closed_check)
            self._ask(f"checks/{opened}", traffic.health_check, door, here.open_check)
        if manifest.witness is not None:
            here = manifest.serving_site
            for label, check in zip(
                warrant_names(manifest.active),
                (here.warrant_check, here.witness_check),
                strict=True,
            ):
                self._ask(f"checks/{label}", traffic.health_check, door, check)
            serves = f"calculated/{serves_name(manifest.active)}"
            self._ask(serves, traffic.calculated, door, here.serves_check)

    def _ask_permissions(self) -> None:
        manifest = self._manifest
        door = self._cloud.at(manifest.standby_site.region)
        self._ask("account", permissions.account, door)
        role = permissions.failover_role(manifest)
        for scope in sorted({permission.scope for permission in FAILOVER}):
            wanted = [one for one in FAILOVER if one.scope is scope]
            touched = permissions.touched(manifest, scope)
            if touched:  # asking about nothing would be asking about everything
                self._ask(f"denied/{scope}", permissions.denied, door, role, wanted, touched)

    def _reading(self, question: Callable[[], object]) -> Reading[Any]:
        at = self._cloud.clock.now()
        try:
            return Reading(at, question(), None)
        except HoldfastError as error:
            return Reading(at, None, str(error))
        except (LookupError, TypeError, ValueError) as error:
            # AWS answered in a form that no look expects: as good as no answer.
            return Reading(at, None, f"The answer has an unknown form: {error!r}.")


def _below(answers: Answers, name: str) -> Answers:
    """Return the answers below a path, by what follows it."""
    prefix = f"{name}/"
    return {
        path.removeprefix(prefix): reading
        for path, reading in answers.items()
        if path.startswith(prefix)
    }


def _directions(answers: Answers) -> Directions:
    return Directions(**answers)


def _unnamed() -> object:
    raise PermanentError(_UNNAMED)


def _site_picture(answers: Answers) -> SitePicture:
    return SitePicture(
        instances=answers["instances"],
        parameters=_below(answers, "parameters"),
        secrets=_below(answers, "secrets"),
        key=answers["key"],
        latches=answers["latches"],
        manifest_copy=answers["manifest_copy"],
        addresses=answers["addresses"],
        service=answers["service"],
        scaling=answers["scaling"],
    )


def _standby_picture(answers: Answers) -> StandbyPicture:
    return StandbyPicture(
        lags=answers["lags"],
        copies=answers["copies"],
        offers=_below(answers, "offers"),
        database_quotas=answers["database_quotas"],
        container_quota=answers["container_quota"],
        image=answers["image"],
        admits_application=answers["admits_application"],
        tables=_below(answers, "tables"),
        lease=answers["lease"],
        holds=answers["holds"],
        drill=answers["drill"],
        proofs=answers["proofs"],
    )
