"""What the commands of `holdfast backup` share: options, and what they read first."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.failover_options import opened
from cli.output import Format, print_json
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from backup.hold_rules import Standing
    from backup.outcome import Done
    from backup.points import Catalogue
    from cli.zone_session import ZoneSession
    from cloud.door import Cloud
    from continuity.manifest import Manifest

Apply = Annotated[bool, typer.Option("--apply", help="Act. Without it the plan is shown.")]

SeriesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--series",
        metavar="SERIES",
        help="Only this database, bucket or file system; repeatable.",
    ),
]

RefutedOption = Annotated[
    bool,
    typer.Option(
        "--refuted",
        help="With --point: restore it although a trial found its content wrong; needs --reason.",
    ),
]


@dataclass(frozen=True)
class Looked:
    """A zone's recovery points and holds as they are now, and the way to AWS."""

    session: "ZoneSession"
    catalogue: "Catalogue"
    standing: "Standing"

    @property
    def cloud(self) -> "Cloud":
        """Return the door to AWS."""
        return self.session.cloud

    @property
    def manifest(self) -> "Manifest":
        """Return the zone's manifest."""
        return self.session.around.manifest


def looked(zone: str, manifest: Path | None, series: "Iterable[str]" = ()) -> Looked:
    """Open a zone and read its recovery points and holds.

    Raises:
        InvalidInput: the zone has no such series; nothing was read.
    """
    session = opened(zone, manifest)
    from backup import catalogue, standing

    declared = session.around.manifest
    demand_series(declared, series)
    return Looked(
        session,
        catalogue.read(session.cloud, declared),
        standing.read(session.cloud, declared),
    )


def demand_named(point: str | None, refuted: bool) -> None:
    """Raise InvalidInput where somebody wants a refuted point, and does not say which."""
    if problems := nameless(point, refuted):
        raise InvalidInput("The command", problems)


def nameless(point: str | None, refuted: bool) -> tuple[Problem, ...]:
    """Return what is wrong where somebody wants a refuted point, and does not say which."""
    if not refuted or point:
        return ()
    return (Problem("--refuted", "needs --point: which one of them, only a person can say"),)


def demand_series(manifest: "Manifest", series: "Iterable[str]") -> None:
    """Raise InvalidInput where somebody names a series that the zone has not."""
    from backup import declared

    known = [one.resource for one in declared.every(manifest)]
    unknown = sorted(set(series) - set(known))
    if unknown:
        message = f"there is no {', '.join(unknown)}; there are {', '.join(known)}"
        raise InvalidInput("The command", [Problem("--series", message)])


def open_run(session: "ZoneSession") -> str:
    """Return the failover of the zone that has not ended, empty where there is none."""
    from failover import decisions

    run = decisions.current(session.around)
    return run.name if run is not None and run.entries and run.outcome is None else ""


def answer(
    found: "Mapping[str, object]", text: str, output_format: Format, done: "Sequence[Done]"
) -> ExitCode:
    """Print one answer; the exit code says whether everything that was done went well."""
    if output_format is Format.JSON:
        print_json(found)
    else:
        sys.stdout.write(text)
    return ExitCode.OK if all(one.well for one in done) else ExitCode.FAILED
