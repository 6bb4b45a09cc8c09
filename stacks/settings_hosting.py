"""The platform of a zone, read and checked: image, size and counts.

`stacks.settings` calls `read_hosting`; `stacks.hosting` declares it in both sites.
"""

import re
from dataclasses import dataclass

from continuity.reading import Reader

_DIGEST = r"sha256:[0-9a-f]{64}"
_GB = 1024
_FARGATE: dict[int, tuple[int, ...]] = {
    256: (512, _GB, 2 * _GB),
    512: tuple(range(_GB, 4 * _GB + 1, _GB)),
    1024: tuple(range(2 * _GB, 8 * _GB + 1, _GB)),
    2048: tuple(range(4 * _GB, 16 * _GB + 1, _GB)),
    4096: tuple(range(8 * _GB, 30 * _GB + 1, _GB)),
    8192: tuple(range(16 * _GB, 60 * _GB + 1, 4 * _GB)),
    16384: tuple(range(32 * _GB, 120 * _GB + 1, 8 * _GB)),
}
"""Memory in MB that Fargate sells with each size of CPU (Amazon ECS, task size)."""


@dataclass(frozen=True)
class Counts:
    """How many tasks run: what autoscaling starts from and stays within."""

    minimum: int
    desired: int
    maximum: int


@dataclass(frozen=True)
class HostingSettings:
    """The platform: `image` is a digest, `cpu` in 1/1024 cores, `memory` in MB."""

    image: str
    cpu: int
    memory: int
    port: int
    serving: Counts
    standby: Counts


def read_hosting(reader: Reader) -> HostingSettings:
    """Read the platform, in a size that Fargate sells."""
    hosting = HostingSettings(
        image=_image(reader),
        cpu=reader.integer("cpu"),
        memory=reader.integer("memory"),
        port=reader.integer("port", low=1024, high=65535),
        serving=_counts(reader.section("serving"), least=1),
        standby=_counts(reader.section("standby"), least=0),
    )
    _check_size(reader, hosting)
    reader.finish()
    return hosting


def _image(reader: Reader) -> str:
    image = reader.text("image")
    if image and re.fullmatch(_DIGEST, image) is None:
        reader.note(
            "image",
            "must be a digest, sha256: and 64 hexadecimal digits: a tag may name another image "
            "by the time the standby starts it",
        )
    return image


def _counts(reader: Reader, least: int) -> Counts:
    counts = Counts(
        minimum=reader.integer("minimum", low=least),
        desired=reader.integer("desired"),
        maximum=reader.integer("maximum", low=1),
    )
    reader.finish()
    given = all(reader.has(key) for key in ("minimum", "desired", "maximum"))
    if given and not counts.minimum <= counts.desired <= counts.maximum:
        reader.note(
            "desired",
            f"{counts.desired} is not within {counts.minimum} to {counts.maximum}, "
            "the minimum and the maximum",
        )
    return counts


def _check_size(reader: Reader, hosting: HostingSettings) -> None:
    if not (reader.has("cpu") and reader.has("memory")):
        return
    memories = _FARGATE.get(hosting.cpu)
    if memories is None:
        known = ", ".join(str(size) for size in _FARGATE)
        reader.note("cpu", f"{hosting.cpu} is no size of Fargate; valid: {known}")
    elif hosting.memory not in memories:
        known = ", ".join(str(size) for size in memories)
        reader.note(
            "memory", f"Fargate has no {hosting.memory} for cpu {hosting.cpu}; valid: {known}"
        )
