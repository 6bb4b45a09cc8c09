"""The words for customers, held against everything that a zone's file calls its parts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from incident.messages.words import WHAT_CUSTOMERS_LACK

PROJECT = Path(__file__).parents[4]
TEMPLATES = sorted((PROJECT / "incident/messages/templates").glob("*.customers.j2"))
ZONES = sorted((PROJECT / "stacks").glob("Pulumi.*.yaml"))
OURS = {"database", "replica", "region", "instance", "host", "primary", "snapshot", "failover"}
SITES = {"away"}  # `home` is a word that people use


def names() -> Iterator[str]:
    for file in ZONES:
        zone: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))["config"]["holdfast:zone"]
        yield from (one["name"] for one in zone["databases"])
        yield from (one["class"] for one in zone["databases"])
        yield from (site["region"] for site in zone["sites"].values())


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w.-]+", re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text).lower()))


def test_there_are_names_and_words_to_compare() -> None:
    assert len(set(names())) > 10
    assert len(TEMPLATES) > 8


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_for_customers_holds_an_internal_name(template: Path) -> None:
    text = template.read_text("utf-8")
    assert words(text) & (set(names()) | OURS | SITES) == set()
    used = set(re.findall(r"(\w+)\.\w+ ?[}|%]", text))
    assert used <= {"public"}, "nothing but what is public reaches customers"


def test_what_customers_lack_is_said_without_an_internal_name() -> None:
    assert words(" ".join(WHAT_CUSTOMERS_LACK.values())) & (set(names()) | OURS | SITES) == set()
