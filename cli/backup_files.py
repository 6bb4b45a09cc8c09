"""`holdfast backup restore-files`: files as they were at a moment, or as a recovery point has them.

`cli.backup_command` registers it. It shows what it would do, and does it with `--apply`; nothing is
ever overwritten.
"""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from cli import backup_options, failover_options
from cli.backup_options import Apply, answer
from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Zone
from cli.output import Format
from continuity.errors import HoldfastError, InvalidInput, Problem, Refusal, TemporaryError
from continuity.zone import SiteName

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from backup.restore_times import RestoreTimes
    from cli.zone_session import ZoneSession

T = TypeVar("T")

To = Annotated[
    str,
    typer.Option(
        metavar="PLACE",
        help="restored/NAME beside the files, s3://BUCKET, s3://BUCKET/NAME or efs://NAME.",
    ),
]
Bucket = Annotated[
    str,
    typer.Argument(
        metavar="BUCKET", help="public, private or configuration; or file-system, by point."
    ),
]
Under = Annotated[
    str,
    typer.Option(
        metavar="PREFIX",
        help="Only what is below it: files of a moment, or of a file system's point.",
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        metavar="MOMENT", help="As they were then: 2026-03-03T09:00+00:00, or 09:00 locally."
    ),
]


_WHY = "files are being restored"


@dataclass(frozen=True)
class _Wanted:
    """Which point of which bucket somebody wants; refuted ones for a reason only.

    `to` is where, and below which path of a file system.
    """

    bucket: str
    point: str
    to: tuple[str, str]
    refuted: bool
    reason: str

    def why(self, doubt: str, by: str) -> str:
        """Return why it is held; raise Refusal where a doubt is accepted without a reason."""
        if not doubt:
            return _WHY
        if not self.reason.strip():
            raise Refusal(
                f"{self.point} may be restored although it was refuted only for a reason that is "
                "kept.",
                "Give it with --reason TEXT.",
            )
        return f"{_WHY} from {self.point}, which {by} wants although {doubt}: {self.reason}"


def restore_files(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    bucket: Bucket,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    to: To,
    at: At = None,
    point: Annotated[
        str | None,
        typer.Option(metavar="POINT", help="As a recovery point has them; `list` names it."),
    ] = None,
    site: Annotated[
        SiteName | None,
        typer.Option(help="With --at: whose files; the serving site's unless given."),
    ] = None,
    under: Under = "",
    refuted: backup_options.RefutedOption = False,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why; it is kept with the hold.")
    ] = None,
    apply: Apply = False,
) -> ExitCode:
    """Bring files back into a new place; without --apply, show what that would do."""
    backup_options.demand_named(point, refuted)
    if point is None and at is not None:
        where = (site, bucket, to, under)
        return _by_moment(failover_options.opened(zone, manifest), at, where, output_format, apply)
    if point is not None and at is None:
        _demand_no_site(site)
        wanted = _Wanted(bucket, point, (to, under), refuted, reason or "")
        return _by_point(zone, manifest, wanted, output_format, apply)
    raise InvalidInput("The command", [Problem("--at, --point", "give exactly one of them")])


def _by_moment(
    session: "ZoneSession",
    at: str,
    where: tuple[SiteName | None, str, str, str],
    output_format: Format,
    apply: bool,
) -> ExitCode:
    from backup import files_plan
    from backup import files_restore as verb
    from cli.backup_files_text import plan_json, plan_text, progress_text

    declared, cloud = session.around.manifest, session.cloud
    site, bucket, to, under = where
    moment = _moment(at, declared.window.timezone, session)
    asked = files_plan.Asked(site or declared.active, bucket, moment, to, under)
    try:
        plan = files_plan.plan(cloud, declared, asked)
    except TemporaryError as error:
        other = f"--site {asked.site.other} restores the other site's copies of them, there."
        raise TemporaryError(f"{error} {other}") from error
    done = None
    if apply:
        work = partial(verb.apply, cloud, plan, lambda one: _say(progress_text(one)))
        done = _held(session, f"files-{bucket}", _WHY, work, lambda one: bool(one.failed))
    return answer(
        plan_json(plan, done), plan_text(plan, done), output_format, done.failed if done else ()
    )


def _by_point(
    zone: str, manifest: Path | None, wanted: _Wanted, output_format: Format, apply: bool
) -> ExitCode:
    from backup import files_point as verb
    from cli.backup_files_text import job_text, point_json, point_text

    seen = backup_options.looked(zone, manifest)
    bucket, refuted = wanted.bucket, wanted.refuted
    point = verb.find(seen.catalogue, seen.manifest, bucket, wanted.point, refuted=refuted)
    site = verb.site_of(seen.manifest, point)
    asked = verb.Asked(*wanted.to)
    plan = verb.plan(seen.cloud, seen.manifest, point, asked, _times(seen, site))
    job = None
    if apply:
        why = wanted.why(plan.doubt, seen.session.arn)
        work = partial(verb.apply, seen.cloud, plan, lambda one: _say(job_text(one)))
        job = _held(seen.session, f"files-{bucket}", why, work, lambda _: False)
    return answer(point_json(plan, job), point_text(plan, job), output_format, ())


def _times(seen: backup_options.Looked, site: SiteName) -> "RestoreTimes":
    """Return how long restores took; where nobody can say, nothing is known of it."""
    from backup import verify_loop
    from backup.restore_times import RestoreTimes

    try:
        return verify_loop.times(seen.cloud, seen.manifest, site)
    except HoldfastError:
        return RestoreTimes()


def _held(
    session: "ZoneSession", name: str, why: str, act: "Callable[[], T]", left: "Callable[[T], bool]"
) -> "T":
    """Act while nothing may be deleted; what stopped, or left something undone, stays held."""
    from backup import restore_hold
    from backup.hold_rules import Hold

    cloud, declared = session.cloud, session.around.manifest
    restore_hold.place(cloud, declared, Hold(name, why, cloud.clock.now()))
    release = partial(restore_hold.release, cloud, declared, name, by=session.arn)
    stays = (
        f"the hold {name} stays on: ask again, which goes on from here, or take it off with "
        f"`holdfast backup release {declared.zone} {name}`."
    )
    try:
        done = act()
    except (Refusal, InvalidInput):
        _say(release(reason="it was refused: nothing was begun"))
        raise
    except BaseException:
        _say(stays)
        raise
    _say(stays if left(done) else release(reason="the files are restored"))
    return done


def _moment(text: str, timezone: str, session: "ZoneSession") -> "datetime":
    from failover.moments import moment_of

    try:
        return moment_of(text, timezone, session.cloud.clock.now(), None)
    except ValueError as error:
        raise InvalidInput("The command", [Problem("--at", str(error))]) from error


def _demand_no_site(site: SiteName | None) -> None:
    if site is not None:
        problem = Problem("--site", "a point is restored where it lies; leave it out")
        raise InvalidInput("The command", [problem])


def _say(line: str) -> None:
    """Say how far it is on stderr: stdout carries the answer alone."""
    sys.stderr.write(f"holdfast: {line}\n")
