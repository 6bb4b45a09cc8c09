"""The rules as a CrossGuard pack: what Pulumi's engine asks, answered by the same functions.

`policy/__main__.py` starts it. The engine asks about each resource before it touches AWS, with the
resource's inputs, and about the whole stack once the program has run, with outputs. It shows
policies no old state, no operation and not every option; `policy.losing` says what follows.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import pulumi
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from policy import declared, excuses, frozen, judge
from policy.declared import Declared
from policy.rule import Finding, Level, ResourceRule, Rule, StackRule
from policy.rules import RULES
from policy.stack import UNKNOWN, Resource, Stack

NAME = "holdfast"
EXCUSED = "exceptions-in-use"
_LEVELS = {
    Level.MANDATORY: EnforcementLevel.MANDATORY,
    Level.ADVISORY: EnforcementLevel.ADVISORY,
}


def start() -> None:
    """Serve the pack to the engine that started this process, until it ends it."""
    PolicyPack(NAME, policies(), EnforcementLevel.MANDATORY)


def policies() -> list[Policy]:
    """Return one policy per rule, the frozen rule first, and one that tells what is excused."""
    return [
        ResourceValidationPolicy(
            frozen.RULE, frozen.SAYS, _once(_frozen), EnforcementLevel.MANDATORY
        ),
        *(_policy(rule) for rule in RULES),
        StackValidationPolicy(
            EXCUSED,
            "Breaches that are stated in policy/exceptions.toml are told.",
            _tell_excused,
            EnforcementLevel.ADVISORY,
        ),
    ]


def _policy(rule: Rule) -> Policy:
    level = _LEVELS[rule.level]
    if isinstance(rule, StackRule):
        return StackValidationPolicy(rule.name, rule.says, _of_stack(rule), level)
    return ResourceValidationPolicy(rule.name, rule.says, _of_resource(rule), level)


def _of_resource(rule: ResourceRule) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if rule.types and args.resource_type not in rule.types:
            return
        zone = _zone()
        _report(judge.of_resource(rule, _asked(args), zone), zone, report)

    return validate


def _of_stack(rule: StackRule) -> Callable[[StackValidationArgs, ReportViolation], None]:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        zone = _zone()
        _report(judge.of_stack(rule, _stack(args, zone)), zone, report)

    return validate


def _report(findings: Iterable[Finding], zone: Declared, report: ReportViolation) -> None:
    for finding in findings:
        if not any(one.covers(zone.zone, finding) for one in _stated()):
            report(str(finding), finding.urn or None)


def _tell_excused(args: StackValidationArgs, report: ReportViolation) -> None:
    for finding in judge.judge(_stack(args, _zone()), _stated()):
        if finding.excused or finding.rule == excuses.UNUSED:
            report(str(finding), finding.urn or None)


def _frozen(_: ResourceValidationArgs, report: ReportViolation) -> None:
    runs = frozen.parse(os.environ.get(frozen.OPEN_RUNS, ""))
    for sentence in frozen.frozen(_zone().zone, runs, frozenset({"update"})):
        report(sentence, None)


def _once(
    validate: Callable[[ResourceValidationArgs, ReportViolation], None],
) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    """Ask at the first resource only, before which nothing was touched: one sentence is enough."""
    asked: list[str] = []

    def first(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if not asked or asked == [args.urn]:
            asked[:] = [args.urn]
            validate(args, report)

    return first


@cache
def _zone() -> Declared:
    """Read the zone from the stack's config, which the CLI hands to packs as to programs.

    Raises:
        InvalidInput: the config has no sound `holdfast:zone`.
    """
    text = pulumi.runtime.get_config_env().get(declared.KEY)
    return declared.read(pulumi.get_stack(), None if text is None else json.loads(text))


@cache
def _stated() -> tuple[excuses.StatedException, ...]:
    return judge.stated_exceptions()


def _stack(args: StackValidationArgs, zone: Declared) -> Stack:
    return Stack(zone, tuple(_shown(resource) for resource in args.resources))


def _asked(args: ResourceValidationArgs) -> Resource:
    return Resource(
        args.resource_type, args.name, args.urn, _table(args.props), bool(args.opts.protect)
    )


def _shown(resource: PolicyResource) -> Resource:
    return Resource(
        type=resource.resource_type,
        name=resource.name,
        urn=resource.urn,
        properties=_table(resource.props),
        protected=bool(resource.opts.protect),
        references={
            name: tuple(one.urn for one in sources)
            for name, sources in resource.property_dependencies.items()
        },
    )


def _table(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(properties, name) for name in properties}


def _value(holder: Any, key: Any) -> Any:  # noqa: ANN401 - a mapping or a list of anything
    """Return a value as rules read it.

    Pulumi's SDK raises where one is not known, and then leaves out the whole rule.
    """
    try:
        value = holder[key]
    except UnknownValueError:
        return UNKNOWN
    if isinstance(value, Mapping):
        return _table(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_value(value, place) for place in range(len(value))]
    return int(value) if isinstance(value, float) and value.is_integer() else value
