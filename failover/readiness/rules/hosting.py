"""Would the platform come up? Its image, service, bounds of scaling, and way to the databases."""

from collections.abc import Iterator

from continuity.zone import SiteName
from failover.readiness.finding import Finding, blocks, degrades
from failover.readiness.picture import Picture, Scaling


def image(picture: Picture) -> Iterator[Finding]:
    """Judge whether the standby's own registry holds the image: the other one may be lost."""
    if picture.target.image.value is False:
        hosting = picture.standby_site.hosting
        yield blocks(
            "image-missing",
            picture.manifest.standby,
            f"{hosting.image} is not in the registry of {picture.standby_site.region}",
            "Push the image again: a registry copies only what was pushed after its replication "
            "was set up.",
        )


def services(picture: Picture) -> Iterator[Finding]:
    """Judge the platform's service in the standby site."""
    reading, hosting = picture.standby.service, picture.standby_site.hosting
    if reading.error is not None:
        return
    service, subject = reading.value, picture.manifest.standby
    if service is None or service.status != "ACTIVE":
        yield blocks(
            "service-missing",
            subject,
            f"the service {hosting.service} is {service.status if service else 'not there'}",
            "Deploy the zone: a failover raises a service, it does not make one.",
        )
        return
    if service.running < max(1, service.desired):
        yield degrades(
            "standby-not-warm",
            subject,
            f"{service.running} of {service.desired} tasks run in the standby: nothing proves that "
            "they could",
            "See why tasks do not start there (events of the service), or raise the minimum; where "
            f"a fence outlived a deployment: `holdfast reconcile {picture.manifest.zone} --apply`.",
        )
    if service.task_definition != hosting.task_definition:
        yield degrades(
            "release-differs",
            subject,
            f"the standby runs {_short(service.task_definition)}, the manifest says "
            f"{_short(hosting.task_definition)}",
            "Release to both sites, through the program.",
        )


def scaling(picture: Picture) -> Iterator[Finding]:
    """Judge the bounds of autoscaling: it takes away what lies outside of them."""
    for name in SiteName:
        reading = picture.site(name).scaling
        if reading.error is not None:
            continue
        if reading.value is None:
            yield degrades(
                "scaling-missing",
                name,
                f"{picture.manifest.sites[name].hosting.service} does not scale by itself",
                "Deploy the zone, so that the service has a scalable target.",
            )
        elif name is picture.manifest.active:
            yield from _serving_bounds(picture, reading.value)
        else:
            yield from _standby_bounds(picture, reading.value)


def fence(picture: Picture) -> Iterator[Finding]:
    """Judge whether a fence was left shut in the site that a failover moves to."""
    if picture.target.admits_application.value is False:
        yield blocks(
            "databases-fenced",
            picture.manifest.standby,
            "the databases of the standby do not admit its own application: a fence is shut",
            "Reconcile the zone after the last failover, which opens it again.",
        )


def _serving_bounds(picture: Picture, found: Scaling) -> Iterator[Finding]:
    hosting = picture.manifest.serving_site.hosting
    wanted = Scaling(hosting.serving_minimum, hosting.serving_maximum)
    if found != wanted:
        yield degrades(
            "scaling-bounds-differ",
            picture.manifest.active,
            f"the serving site scales within {found.minimum} to {found.maximum} tasks, the "
            f"manifest says {wanted.minimum} to {wanted.maximum}",
            "Deploy the zone, or write the new bounds into its settings: the standby is raised "
            "to what the manifest says.",
        )


def _standby_bounds(picture: Picture, found: Scaling) -> Iterator[Finding]:
    service = picture.standby.service.value
    if service is not None and not found.minimum <= service.desired <= found.maximum:
        yield degrades(
            "scaling-bounds-differ",
            picture.manifest.standby,
            f"the standby should run {service.desired} tasks, its bounds are {found.minimum} to "
            f"{found.maximum}",
            "Deploy the zone, so that the standby's bounds are those of its settings.",
        )


def _short(task_definition: str) -> str:
    return task_definition.rpartition("/")[2] or "nothing"
