"""What the guide says of the policy pack is what the pack says of itself."""

import re
from pathlib import Path

from policy import excuses, frozen
from policy.rule import Level
from policy.rules import CONCERNS, RULES

PAGE = (Path(__file__).parents[2] / "docs/guide/policy.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([\w-]+)` \| (.+) \|$", re.MULTILINE)


def sections() -> dict[str, list[tuple[str, str]]]:
    """Return the rows of each section that has any, by its heading."""
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)[1:]
    found = {name: ROW.findall(text) for name, text in zip(parts[::2], parts[1::2], strict=True)}
    return {name: rows for name, rows in found.items() if rows}


def test_the_page_has_every_rule_under_its_concern_and_no_other() -> None:
    assert sections() == {
        concern: [(rule.name, rule.says) for rule in rules] for concern, rules in CONCERNS.items()
    }


def test_the_page_tells_of_the_rules_that_are_no_functions() -> None:
    assert f"`{excuses.UNUSED}`" in PAGE
    assert f"`{frozen.RULE}`: {frozen.SAYS}" in PAGE
    assert frozen.OPEN_RUNS in PAGE


def test_a_rule_that_does_not_stop_a_deployment_would_be_said_to_be_one() -> None:
    advisory = [rule.name for rule in RULES if rule.level is Level.ADVISORY]
    assert [name for name in advisory if f"`{name}` is advice" not in PAGE] == []
