"""What `holdfast change check` says: to people, to programs, and as a comment on a change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from maintenance.guard import Verdict
from maintenance.impact import Effect, Impact, noticed

_MARKS = {Effect.SERVICE: "!", Effect.REDUNDANCY: "-"}


@dataclass(frozen=True)
class Checked:
    """A change that was judged: as of when (the zone's clock), and what could not be read."""

    zone: str
    at: str
    impacts: Sequence[Impact]
    verdict: Verdict
    unread: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """Return the answer in one sentence."""
        if not noticed(self.impacts):
            return f"{self.zone}: allowed at any time, clients do not notice it"
        if not self.verdict.allowed:
            return f"{self.zone}: REFUSED at {self.at}, clients would notice it"
        notice = "" if self.verdict.notice is None else f" under {self.verdict.notice.id}"
        return f"{self.zone}: allowed at {self.at}{notice}, clients notice it"


def as_text(found: Checked) -> str:
    """Return the judgement for a terminal: service first, then what only protects."""
    lines = [found.headline]
    lines += [f"  {_MARKS[one.effect]} {_told(one)}" for one in found.impacts]
    lines += [f"  {one}" for one in _because(found)]
    return "\n".join(lines) + "\n"


def as_markdown(found: Checked) -> str:
    """Return the same for a comment on a pull request."""
    lines = [f"### {found.headline}", ""]
    lines += [f"> {one}" for one in _because(found)]
    lines += [""] if len(lines) > 2 else []  # noqa: PLR2004 - a heading and its empty line
    if found.impacts:
        lines += ["| effect | resource | why |", "|---|---|---|"]
        lines += [f"| {one.effect} | `{one.planned.name}` | {one.why} |" for one in found.impacts]
    return "\n".join(lines).rstrip("\n") + "\n"


def as_json(found: Checked) -> dict[str, object]:
    """Return keys that stay."""
    verdict = found.verdict
    return {
        "zone": found.zone,
        "at": found.at,
        "allowed": verdict.allowed,
        "notice": None if verdict.notice is None else verdict.notice.id,
        "reasons": list(verdict.reasons),
        "lift": verdict.lift,
        "unread": list(found.unread),
        "impacts": [
            {
                "urn": one.planned.urn,
                "type": one.planned.type,
                "name": one.planned.name,
                "operation": str(one.planned.doing),
                "effect": str(one.effect),
                "why": one.why,
            }
            for one in found.impacts
        ],
    }


def _told(one: Impact) -> str:
    return f"{one.planned.name}  {one.why}"


def _because(found: Checked) -> Iterator[str]:
    yield from (f"{one[:1].upper()}{one[1:]}." for one in found.verdict.reasons)
    yield from found.unread
    if found.verdict.lift:
        yield found.verdict.lift
