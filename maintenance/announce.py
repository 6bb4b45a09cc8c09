"""What may be said of work on a zone: announced, withdrawn. Pure, from the board to what is noted.

`cli.maintenance_command` writes it through `maintenance.notices`. What is so already is not written
again, so that a command that was cut off is simply repeated.
"""

from datetime import datetime

from continuity.errors import InvalidInput, Problem, Refusal
from continuity.incidents import Kind
from maintenance.board import Board, Said
from maintenance.guard import Rules, objections
from maintenance.notice import Notice, Work


def announce(board: Board, work: Work, now: datetime, rules: Rules) -> Said | Notice:
    """Return what announces work; the notice itself where the same stands already.

    Raises:
        Refusal: it is outside the window, or comes too late.
    """
    same = (one for one in board.notices if one.work == work and one.withdrawn_at is None)
    standing = next(same, None)
    if standing is not None:
        return standing
    against = objections(work, now, rules)
    if against:
        raise Refusal(f"This cannot be announced: {'; '.join(against)}.", _lift(work, now, rules))
    hours = f"{rules.local(work.starts)} to {rules.local(work.ends)}"
    urgent = " (emergency)" if work.emergency else ""
    return Said(Kind.ANNOUNCED, f"Work from {hours}{urgent}: {work.what}", data=work.facts)


def withdraw(board: Board, wanted: str, reason: str) -> Said | Notice:
    """Return what withdraws a notice; the notice itself where it is withdrawn.

    Raises:
        InvalidInput: there is none of that id; the error names those that there are.
    """
    found = next((one for one in board.notices if one.id == wanted), None)
    if found is None:
        ids = ", ".join(one.id for one in board.notices) or "none yet"
        problem = Problem("NOTICE", f"there is no {wanted!r}; notices are {ids}")
        raise InvalidInput("The notice", [problem])
    if found.withdrawn_at is not None:
        return found
    return Said(Kind.WITHDRAWN, f"Withdrawn: {reason}", found.id, {"reason": reason})


def _lift(work: Work, now: datetime, rules: Rules) -> str:
    opening = rules.opening(now, emergency=work.emergency)
    if opening is None:
        return "No window of the coming weeks can be announced any more: plan for a later one."
    urgent = "" if work.emergency else ", or say `--emergency` for a patch that cannot wait"
    return f"The first window that can be announced opens at {rules.local(opening)}{urgent}."
