"""The project's ledger of exercises: drills and verified restores are appended to it.

`cli.drill_record` and `cli.backup_verify` call it for `--ledger`. The continuity plans tell what it
holds, so the next step is to write them anew.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.project import project_root
from continuity import ledger
from continuity.errors import PermanentError
from continuity.significant import digests
from continuity.wording import seconds_text

if TYPE_CHECKING:
    from backup.evidence import Evidence
    from continuity.manifest import Manifest

Ledger = Annotated[
    bool,
    typer.Option("--ledger", help="Append what came of it to the ledger beside the zones' plans."),
]


def append(exercises: Sequence[ledger.Exercise]) -> None:
    """Append exercises, passed or not.

    Raises:
        InvalidInput: what is there already cannot be read; nothing is added.
        PermanentError: the file cannot be written.
    """
    if not exercises:
        return
    path = project_root() / ledger.PLACE
    try:
        before = path.read_text("utf-8") if path.exists() else ""
        ledger.read(before)
        ended = "" if before.endswith("\n") or not before else "\n"
        with path.open("a", encoding="utf-8") as file:
            file.write(ended + "".join(map(ledger.line, exercises)))
    except (OSError, UnicodeDecodeError) as error:
        raise PermanentError(f"{path} cannot be written: {error}. Mend that.") from error
    zones = " ".join(dict.fromkeys(one.zone for one in exercises))
    sys.stderr.write(
        f"holdfast: kept in {ledger.PLACE}: now `holdfast plan-document {zones} --write`\n"
    )


def of_trials(manifest: "Manifest", ended: "Sequence[Evidence]") -> tuple[ledger.Exercise, ...]:
    """Return the trials of recovery points that ended, each as an exercise."""
    return tuple(_of_trial(manifest, one) for one in ended)


def _of_trial(manifest: "Manifest", one: "Evidence") -> ledger.Exercise:
    took = "" if one.restore_s is None else f", there after {seconds_text(one.restore_s)}"
    why = f": {one.why}" if one.why else ""
    return ledger.Exercise(
        at=one.ended,
        zone=manifest.zone,
        what=f"restore: {one.series}, {one.point} in {one.region}",
        result=f"{one.verdict}{took}{why}",
        passed=one.verdict == "proven",
        kind=ledger.Kind.RESTORE,
        recovery_s=one.restore_s,
        digests=digests(manifest),
    )
