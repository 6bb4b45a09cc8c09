"""`holdfast failover retire`: what a failover left behind, and its deletion.

`cli.failover_command` registers it. `failover.retiring` looks, keeps approvals and acts.
"""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import ExitCode
from cli.failover_options import Answer, ManifestFile, Yes, Zone, demand_yes, opened
from cli.output import Format, print_json
from continuity.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failover.retirement import Old, Retirement


def retire(  # noqa: PLR0913 - one parameter an option
    zone: Zone,
    manifest: ManifestFile = None,
    output_format: Answer = Format.TEXT,
    *,
    approve: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="Approve exactly this plan, as it is named here."),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Delete what was approved, after final snapshots.")
    ] = False,
    yes: Yes = False,
) -> ExitCode:
    """Show the old instances that a failover left, and what stands against deleting them."""
    if apply and approve:
        message = "either --approve or --apply: one person says yes, then somebody acts"
        raise InvalidInput("The command", [Problem("--approve", message)])
    if apply or approve:
        demand_yes(output_format, yes=yes)
    session = opened(zone, manifest)
    from failover import decisions, retiring

    cloud, known = session.cloud, session.around.manifest
    if approve:
        return _answer(retiring.approve(cloud, known, session.arn, approve), (), output_format)
    found = retiring.plan(cloud, known)
    if found.olds:
        last = decisions.current(session.around)
        found = replace(found, objections=retiring.against(cloud, known, last, found.olds))
    if not apply or not found.olds:
        _answer(found, (), output_format)
        return ExitCode.REFUSED if found.objections else ExitCode.OK
    done = []
    for sentence in retiring.act(cloud, known, found):
        done.append(sentence)
        sys.stderr.write(f"{sentence}\n")
    return _answer(found, done, output_format)


def _answer(found: "Retirement", done: "Sequence[str]", output_format: Format) -> ExitCode:
    if output_format is Format.JSON:
        print_json(
            {
                "zone": found.zone,
                "plan": found.hash,
                "instances": [
                    {
                        "region": one.region,
                        "identifier": one.identifier,
                        "status": one.status,
                        "fenced": one.fenced or None,
                    }
                    for one in found.olds
                ],
                "objections": list(found.objections),
                "approved_by": list(found.approved_by),
                "approvers": found.needed,
                "done": list(done),
            }
        )
    elif not done:
        sys.stdout.write(as_text(found))
    return ExitCode.OK


def as_text(found: "Retirement") -> str:
    """Return the plan for people."""
    if not found.olds:
        return f"Nothing of {found.zone} is left to retire.\n"
    lines = [
        f"{one.identifier} in {one.region} ({one.status}, {_said(one)}) would be deleted after "
        f"{one.snapshot}."
        for one in found.olds
    ]
    lines += [f"against it: {one}" for one in found.objections]
    names = ", ".join(found.approved_by) or "nobody"
    lines.append(f"plan {found.hash}, approved by {names}; {found.needed} must.")
    return "".join(f"{line}\n" for line in lines)


def _said(one: "Old") -> str:
    """Say what an instance says of itself."""
    return f"left by {one.fenced}" if one.fenced else "unmarked"
