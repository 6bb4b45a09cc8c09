"""Whom `holdfast maintenance announce` and `withdraw` have told, and how they say so.

A channel that is down does not undo a notice: the command ends with 1, and is said again.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.columns import columns
from cli.exit_codes import ExitCode
from cli.incident_messages import Delivered
from cli.output import Format, print_json
from continuity.errors import HoldfastError

if TYPE_CHECKING:
    from cli.zone_session import ZoneSession
    from incident.messages.outbox import Result
    from maintenance.notice import Notice
    from maintenance.notices import Notices

Shown = tuple[dict[str, object], tuple[str, ...]]
"""A notice for programs, and its row for people."""


def tell(session: "ZoneSession", board: "Notices", found: "Notice") -> Delivered:
    """Tell everybody who has not heard of a notice."""
    if not session.channels:
        return Delivered()
    from maintenance.tell import Herald

    try:
        told = Herald(board, session.channels, session.owner).tell(found.id)
    except HoldfastError as error:
        return Delivered(trouble=f"Nobody more was told: {error}")
    names = ", ".join(told.elsewhere)
    return Delivered(told.results, f"Somebody else is telling {names}." if names else "")


def answer(shown: Shown, told: Delivered, output_format: Format) -> ExitCode:
    """Write the notice, and a line for each channel; FAILED where somebody was not told."""
    document, row = shown
    if output_format is Format.JSON:
        messages: dict[str, object] = {"messages": told.as_json(), "trouble": told.trouble or None}
        print_json(document | messages)
    else:
        sys.stdout.write("\n".join([*columns([row]), *_lines(told)]) + "\n")
    failed = told.trouble or any(one.failure for one in told.results)
    return ExitCode.FAILED if failed else ExitCode.OK


def _lines(told: Delivered) -> Sequence[str]:
    lines = [_line(one) for one in told.results]
    return [*lines, f"{told.trouble} Say it again in a minute."] if told.trouble else lines


def _line(one: "Result") -> str:
    if one.failure is None:
        return f"Told {one.due.channel}: {one.due.message.title}"
    return f"Not told {one.due.channel}; say it again later: {one.failure.why}"
