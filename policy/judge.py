"""Runs every rule over a stack: what `simulator.judging` and tests call.

`policy.crossguard` runs the same rules one by one, as Pulumi's engine asks for them.
"""

from collections.abc import Iterator

from policy import excuses, frozen
from policy.declared import Declared
from policy.excuses import StatedException
from policy.frozen import OpenRun
from policy.rule import Finding, Level, ResourceRule, Rule, StackRule
from policy.rules import RULES
from policy.stack import Resource, Stack

NAMES = (*(rule.name for rule in RULES), frozen.RULE, excuses.UNUSED)


def judge(
    stack: Stack,
    stated: tuple[StatedException, ...] = (),
    open_runs: tuple[OpenRun, ...] = (),
) -> tuple[Finding, ...]:
    """Return what is wrong with a stack, rule by rule, each in order of registration."""
    found = (*_frozen(stack, open_runs), *(one for rule in RULES for one in findings(rule, stack)))
    return tuple(excuses.excused(stack.declared.zone, found, stated))


def stated_exceptions() -> tuple[StatedException, ...]:
    """Return the exceptions that stand beside the rules.

    Raises:
        InvalidInput: the file is wrong; names every problem.
    """
    return excuses.read(excuses.FILE.read_text(encoding="utf-8"), NAMES)


def findings(rule: Rule, stack: Stack) -> Iterator[Finding]:
    """Yield what one rule finds in a stack."""
    if isinstance(rule, StackRule):
        yield from of_stack(rule, stack)
        return
    for resource in stack.resources:
        yield from of_resource(rule, resource, stack.declared)


def of_resource(rule: ResourceRule, resource: Resource, declared: Declared) -> Iterator[Finding]:
    """Yield what one rule finds in one resource."""
    if rule.concerns(resource):
        for sentence in rule.judge(resource, declared):
            yield Finding(rule.name, rule.level, resource.name, resource.urn, sentence)


def of_stack(rule: StackRule, stack: Stack) -> Iterator[Finding]:
    """Yield what one rule of the whole stack finds."""
    for wrong in rule.judge(stack):
        name, urn = (wrong.about.name, wrong.about.urn) if wrong.about else ("", "")
        yield Finding(rule.name, rule.level, name, urn, wrong.sentence)


def _frozen(stack: Stack, open_runs: tuple[OpenRun, ...]) -> Iterator[Finding]:
    kinds = frozenset(operation.kind for operation in stack.operations) or frozenset({"update"})
    for sentence in frozen.frozen(stack.declared.zone, open_runs, kinds):
        yield Finding(frozen.RULE, Level.MANDATORY, "", "", sentence)
