"""A small zone, and resources as Pulumi's engine shows them: camelCase, plain JSON types."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from continuity.zone import Retention, SiteName, ZoneKind
from policy.declared import Declared
from policy.judge import findings
from policy.rule import Rule
from policy.rules import RULES
from policy.stack import Resource, Stack

Judged = Callable[..., list[str]]


@pytest.fixture
def declared() -> Declared:
    return Declared(
        zone="t1",
        kind=ZoneKind.PRODUCTION,
        active=SiteName.HOME,
        regions={SiteName.HOME: "eu-west-1", SiteName.AWAY: "eu-central-1"},
        witness="eu-north-1",
        rpo=timedelta(hours=24),
        retention=Retention(daily=5, weekly=4, monthly=3),
        databases={"orders": 14},
    )


def rule(name: str) -> Rule:
    [found] = [one for one in RULES if one.name == name]
    return found


@pytest.fixture
def judged(declared: Declared) -> Judged:
    """Return what one rule, by name, says of some resources."""

    def judge(name: str, *resources: Resource) -> list[str]:
        return [str(one) for one in findings(rule(name), Stack(declared, resources))]

    return judge
