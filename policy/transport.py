"""Encryption on the way: nobody speaks to a zone without TLS, nor to its data."""

from collections.abc import Iterator

from policy.access import BUCKET_POLICY
from policy.declared import Declared
from policy.documents import Statement, is_for_anybody, texts
from policy.rule import ResourceRule, StackRule, Wrong
from policy.stack import BUCKET, PARAMETER_GROUP, Resource, Stack

_LISTENER = "aws:lb/listener:Listener"
_MODERN = ("ELBSecurityPolicy-TLS13-1-2-", "ELBSecurityPolicy-TLS13-1-3-")
"""Predefined policies that accept TLS 1.2 with forward secrecy and newer only (Elastic Load
Balancing user guide, "Security policies"); `-Ext` among them accept older ciphers."""
_OLD_CIPHERS = "-Ext"
_HEALTH = "aws:route53/healthCheck:HealthCheck"


def _buckets(stack: Stack) -> Iterator[Wrong]:
    for bucket in stack.of(BUCKET):
        policies = stack.belonging(BUCKET_POLICY, "bucket", bucket)
        if any(not one.is_known("policy") for one in policies):
            continue
        if not any(_refuses_http(row) for one in policies for row in one.statements()):
            yield Wrong(
                "answers without TLS; give it a policy that denies everything where "
                "aws:SecureTransport is false.",
                bucket,
            )


def _refuses_http(statement: Statement) -> bool:
    condition = (statement.get("Condition") or {}).get("Bool") or {}
    return (
        statement.get("Effect") == "Deny"
        and is_for_anybody(statement)
        and "s3:*" in texts(statement.get("Action"))
        and texts(condition.get("aws:SecureTransport")) == ["false"]
    )


def _listeners(listener: Resource, _: Declared) -> Iterator[str]:
    if listener.text("protocol") == "HTTP":
        actions = listener.rows("defaultActions")
        to = [row for action in actions for row in _tables(action.get("redirect"))]
        if not to or any(row.get("protocol") != "HTTPS" for row in to):
            yield "answers clients without TLS; let its only action redirect them to HTTPS."
    elif listener.text("protocol") in ("HTTPS", "TLS"):
        policy = listener.text("sslPolicy")
        if listener.is_known("sslPolicy") and (
            not policy.startswith(_MODERN) or _OLD_CIPHERS in policy
        ):
            yield (
                f"accepts old TLS ({policy or 'the default of 2016'}); "
                "set ssl_policy to ELBSecurityPolicy-TLS13-1-2-2021-06."
            )


def _tables(value: object) -> list[dict[str, object]]:
    found = value if isinstance(value, list) else [value]
    return [row for row in found if isinstance(row, dict)]


def _databases(group: Resource, _: Declared) -> Iterator[str]:
    family, parameters = group.text("family"), group.rows("parameters")
    forced = {str(row.get("value")) for row in parameters if row.get("name") == "rds.force_ssl"}
    known = group.is_known("parameters")
    if known and family.startswith("postgres") and forced != {"1"}:
        yield "accepts connections without TLS; set the parameter rds.force_ssl to 1."


def _checks(check: Resource, _: Declared) -> Iterator[str]:
    """A forged answer to a health check would move traffic."""
    if check.text("type").startswith("HTTP") and not check.text("type").startswith("HTTPS"):
        yield "asks without TLS, and its answer moves traffic; set its type to HTTPS."


RULES = (
    StackRule("buckets-over-tls", "Every bucket refuses whoever comes without TLS.", _buckets),
    ResourceRule(
        "listeners-over-tls",
        "Load balancers redirect HTTP, and speak TLS 1.2 and newer only.",
        (_LISTENER,),
        _listeners,
    ),
    ResourceRule(
        "databases-over-tls",
        "PostgreSQL refuses connections without TLS.",
        (PARAMETER_GROUP,),
        _databases,
    ),
    ResourceRule("checks-over-tls", "Health checks ask over TLS.", (_HEALTH,), _checks),
)
