"""What `holdfast plan-document` answers about one zone: the plan, or in what a file is not it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from incident.documents.document import Document, Part
from incident.documents.pages import markdown
from incident.plan.comparison import Difference, differences
from incident.plan.values import ContinuityPlan
from incident.plan.whole import digest, document

_ABSENT = Difference("(the whole document)", "is missing")


@dataclass(frozen=True)
class Answer:
    """One zone's plan. `differences` is None where nobody asked for them, empty for none."""

    zone: str
    document: Document
    text: str
    path: Path
    named: Path
    differences: tuple[Difference, ...] | None


def answer(plan: ContinuityPlan, path: Path, named: Path, *, check: bool) -> Answer:
    """Return the plan of a zone; with `check` also in what the file at `path` differs from it."""
    made = document(plan)
    text = markdown(made)
    found = _compared(path, text) if check else None
    return Answer(plan.manifest.zone, made, text, path, named, found)


def as_text(one: Answer) -> str:
    """Return the plan as Markdown, or what a check found."""
    if one.differences is None:
        return one.text
    if not one.differences:
        return f"{one.named} is what code and config say.\n"
    lines = [f"{one.named} is not what code and config say now:"]
    for found in one.differences:
        lines.append(f"  {found.chapter}: {found.what}")
        lines += [f"    {line}" for line in found.lines]
    lines.append(f"-> holdfast plan-document {one.zone} --write")
    return "\n".join(lines) + "\n"


def as_json(one: Answer) -> dict[str, object]:
    """Return the plan as JSON types, or what a check found."""
    head: dict[str, object] = {"zone": one.zone, "file": str(one.named), "digest": _digest(one)}
    if one.differences is not None:
        found = [asdict(difference) for difference in one.differences]
        return {**head, "current": not found, "differences": found}
    chapters = [
        {
            "key": chapter.key,
            "heading": chapter.heading,
            "parts": _parts(chapter.parts),
            "sections": [
                {"key": part.key, "heading": part.heading, "parts": _parts(part.parts)}
                for part in chapter.sections
            ],
        }
        for chapter in one.document.chapters
    ]
    return {**head, "title": one.document.title, "chapters": chapters}


def _parts(parts: Sequence[Part]) -> list[dict[str, object]]:
    return [{"kind": part.kind, **asdict(part)} for part in parts]


def _digest(one: Answer) -> str:
    *chapters, _ = one.document.chapters
    return digest(tuple(chapters))


def _compared(path: Path, now: str) -> tuple[Difference, ...]:
    try:
        committed = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return (_ABSENT,)
    return differences(committed, now)
