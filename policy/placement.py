"""Where things stand: in the zone's own regions, and never where a recovery could not reach them.

us-east-1 holds the control planes of IAM and Route 53; what a recovery reads or switches must not
be there. Nor may anything wait for Pulumi: its state lies outside both sites, and during an outage
nobody reads it (docs/decisions/0003).
"""

from collections.abc import Iterator

from policy.declared import Declared
from policy.rule import ResourceRule
from policy.stack import Resource

CONTROL_PLANE = "us-east-1"
_GLOBAL = ("aws:iam/", "aws:route53/")
_STATE = ("pulumi:pulumi:StackReference", "pulumi-nodejs:dynamic:Resource")
_ELSEWHERE = ("aws:cloudfront/", "aws:globalaccelerator/", "aws:wafv2/webAcl")
_ROUTED = "aws:route53/record:Record"


def _in_its_regions(resource: Resource, declared: Declared) -> Iterator[str]:
    if not resource.type.startswith("aws:") or resource.type.startswith(_GLOBAL):
        return
    if not resource.region:
        if resource.is_known("region"):
            yield "does not say its region, so that Pulumi's own decides; name that of its site."
    elif resource.region == CONTROL_PLANE:
        yield (
            f"stands in {CONTROL_PLANE}, whose loss takes the means to repair a zone with it; "
            "declare it in a site of the zone."
        )
    elif resource.region not in declared.places:
        places = ", ".join(sorted(declared.places))
        yield f"stands in {resource.region}, where the zone has nothing; use one of {places}."


def _reachable(resource: Resource, _: Declared) -> Iterator[str]:
    if resource.type.startswith(_STATE) or resource.type.endswith("StackReference"):
        yield (
            "reads the state of another stack, which may be out of reach when this one is needed; "
            "write the value into the zone's settings."
        )
    if resource.type.startswith(_ELSEWHERE):
        yield (
            f"is a {resource.type}, which is changed through {CONTROL_PLANE} only; "
            "a failover could not switch it."
        )


def _answers_by_itself(record: Resource, _: Declared) -> Iterator[str]:
    """Records are never changed by a run: health checks, asked in many regions, choose."""
    for alias in record.rows("aliases"):
        if record.get("failoverRoutingPolicies") is None and record.get("setIdentifier") is None:
            target = alias.get("name")
            yield (
                f"always leads to {target}, and changing it takes {CONTROL_PLANE}; give it a "
                "health check and a record that answers otherwise."
            )


RULES = (
    ResourceRule(
        "in-its-regions",
        "Everything regional stands in a site of the zone, or with its witness.",
        (),
        _in_its_regions,
    ),
    ResourceRule(
        "reachable-when-needed",
        "Nothing that a recovery needs is changed through us-east-1, or lies in Pulumi state.",
        (),
        _reachable,
    ),
    ResourceRule(
        "names-answer-by-themselves",
        "Names move by health checks: no record has to be changed in an outage.",
        (_ROUTED,),
        _answers_by_itself,
    ),
)
