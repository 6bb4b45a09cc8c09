"""A preview for people: plain text for a terminal, Markdown for a comment on a pull request.

`cli.preview_command` prints it. Both say first what must not be missed: databases that would go.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy.rule import Finding
    from simulator.changes import Change, PropertyChange
    from simulator.preview import ZonePreview

_SIGNS = {"create": "+", "update": "~", "replace": "±", "delete": "-", "retain": "="}
_VERBS = {
    "create": "to create",
    "update": "to update",
    "replace": "to replace",
    "delete": "to delete",
    "retain": "to leave in AWS",
    "same": "unchanged",
}
_LONGEST = 60


def as_text(preview: "ZonePreview") -> str:
    """Return the preview of one zone: counts, warnings, then operations by component."""
    lines = [f"{preview.zone}: {counted(preview.counts)}"]
    lines += [f"  !!! {sentence}" for sentence in warnings(preview)]
    lines += [f"  {_weight(one)} {one}  [{one.rule}]" for one in by_weight(preview.findings)]
    for component, changes in by_component(preview):
        lines.append(f"  {component}")
        for change in changes:
            lines.append(
                f"    {_SIGNS[change.operation]} {change.name}  {change.type}{_mark(change)}"
            )
            lines += [f"        {row}" for row in differences(change)]
    return "\n".join(lines) + "\n"


def as_markdown(preview: "ZonePreview") -> str:
    """Return the same for a comment: warnings in the open, operations folded away."""
    lines = [f"### {preview.zone}", "", counted(preview.counts), ""]
    for sentence in warnings(preview):
        lines += ["> [!CAUTION]", f"> **{sentence}**", ""]
    if preview.findings:
        rows = [f"- {_weight(one)} `{one.rule}`: {one}" for one in by_weight(preview.findings)]
        lines += ["#### Policy", "", *rows, ""]
    for component, changes in by_component(preview):
        listed = list(changes)
        lines += [f"<details><summary>{component} ({len(listed)})</summary>", ""]
        for change in listed:
            lines.append(f"- {change.operation} `{change.name}` ({change.type}){_mark(change)}")
            lines += [f"    - `{row}`" for row in differences(change)]
        lines += ["", "</details>", ""]
    return "\n".join(lines)


def counted(counts: Mapping[str, int]) -> str:
    """Return `3 to create, 1 to replace, 12 unchanged`; what does not occur is left out."""
    found = [f"{counts[key]} {verb}" for key, verb in _VERBS.items() if counts.get(key)]
    return ", ".join(found) or "nothing is declared"


def warnings(preview: "ZonePreview") -> list[str]:
    """Return the sentences that a reviewer must not miss."""
    lost = [
        f"{change.operation.upper()}S THE DATABASE {change.name}{_because(change)}"
        for change in preview.lost_databases
    ]
    return [*lost, *preview.refusals]


def by_weight(findings: "Iterable[Finding]") -> "list[Finding]":
    """Return the findings, those first that stop a deployment."""
    return sorted(findings, key=lambda finding: not finding.is_mandatory)


def _weight(finding: "Finding") -> str:
    return "excused" if finding.excused else str(finding.level)


def by_component(preview: "ZonePreview") -> "Iterator[tuple[str, Iterator[Change]]]":
    """Return the changes under the component that makes them, in order of registration."""
    order: dict[str, int] = {}
    for change in preview.changes:
        order.setdefault(change.parent, len(order))
    changes = sorted(preview.changes, key=lambda change: order[change.parent])
    for parent, group in groupby(changes, key=lambda change: change.parent):
        yield component_of(parent), group


def component_of(urn: str) -> str:
    """Return `Database we1-orders` for the URN of a component."""
    _, _, kind, name = urn.split("::", 3)
    own = kind.rpartition("$")[2].rpartition(":")[2]
    return f"{own} {name}"


def differences(change: "Change") -> list[str]:
    """Return a line for every property that differs, values shortened."""
    return [_difference(one, change) for one in change.differences]


def _difference(one: "PropertyChange", change: "Change") -> str:
    forced = " (forces replacement)" if one.path in change.replacing else ""
    return f"{one.path}: {_short(one.before)} -> {_short(one.after)}{forced}"


def _short(value: str | None) -> str:
    if value is None:
        return "(none)"
    line = " ".join(value.replace("`", "'").split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _mark(change: "Change") -> str:
    from simulator.preview import loses_database

    return "  !!! DATABASE" if loses_database(change) else ""


def _because(change: "Change") -> str:
    return f": {', '.join(change.replacing)}" if change.replacing else ""
