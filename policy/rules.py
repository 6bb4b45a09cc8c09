"""Every rule of the pack, by concern. Who adds one adds it to its module's `RULES`."""

from policy import (
    access,
    completeness,
    databases,
    encryption,
    least_privilege,
    losing,
    parity,
    placement,
    recovery_points,
    tagging,
    transport,
)
from policy.rule import Rule

CONCERNS = {
    "Databases": databases.RULES,
    "Recovery points": recovery_points.RULES,
    "Both sites alike": parity.RULES,
    "What must not go": losing.RULES,
    "Access": access.RULES,
    "Least privilege": least_privilege.RULES,
    "Encryption at rest": encryption.RULES,
    "Encryption on the way": transport.RULES,
    "Tags": tagging.RULES,
    "Places": placement.RULES,
    "Whole zones": completeness.RULES,
}
"""The rules under the headings of docs/guide/policy.md."""

RULES: tuple[Rule, ...] = tuple(rule for rules in CONCERNS.values() for rule in rules)
