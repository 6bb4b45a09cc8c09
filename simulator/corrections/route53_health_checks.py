"""Route 53's health checks: moto asks nobody, counts no versions and loses alarms.

`simulator.health_checks` does the asking; here checks begin, change and end. Sources: the API
reference of CreateHealthCheck (caller references), UpdateHealthCheck (versions) and
DeleteHealthCheck ("does not prevent you from deleting a health check" that records use).
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.route53.exceptions import InvalidInput, NoSuchHealthCheck, Route53ClientError
from moto.route53.models import HealthCheck, Route53Backend
from moto.route53.responses import Route53

from simulator import health_checks
from simulator.correction import Correction
from simulator.world import current

_HTTPS_PORT = 443
MOST_CHILDREN = 256
"""Of one calculated check (API reference of HealthCheckConfig, `ChildHealthChecks`)."""
_CHECKERS = ("us-east-1", "eu-west-1", "ap-southeast-1")
"""Three of the places that health checkers ask from; they agree in this world."""

_MEANINGS = {
    0: "No answer",
    200: "OK",
    301: "Moved Permanently",
    403: "Forbidden",
    404: "Not Found",
}

_CHANGEABLE = {
    "IPAddress": "ip_address",
    "Port": "port",
    "ResourcePath": "resource_path",
    "FullyQualifiedDomainName": "fqdn",
    "SearchString": "search_string",
    "FailureThreshold": "failure_threshold",
    "Inverted": "inverted",
    "Disabled": "disabled",
    "HealthThreshold": "health_threshold",
    "ChildHealthChecks": "children",
    "EnableSNI": "enable_sni",
    "Regions": "regions",
    "AlarmIdentifier": "alarm_identifier",
    "InsufficientDataHealthStatus": "insufficient_data_health_status",
}

_create_health_check = Route53.create_health_check
_delete_health_check = Route53Backend.delete_health_check
_config = HealthCheck.health_check_config


def corrections() -> list[Correction]:
    """Return what this module corrects."""
    return [
        Correction(
            Route53, "create_health_check", create_health_check,
            "a caller reference makes one check only; checkers begin to ask",
        ),
        Correction(
            Route53, "update_health_check", update_health_check,
            "each update counts the version up, and one made for another version is refused",
        ),
        Correction(
            Route53Backend, "delete_health_check", delete_health_check,
            "an unknown check is NoSuchHealthCheck; one that records use is deleted all the same",
        ),
        Correction(
            Route53, "get_health_check_status", get_health_check_status,
            "the checkers say what they saw",
        ),
        Correction(
            HealthCheck, "health_check_config", property(config),
            "a check of an alarm names its alarm",
        ),
    ]  # fmt: skip


def create_health_check(self: Route53) -> ActionResult:
    """Create a check, or return the one that this reference and these settings have made."""
    reference, wanted = self._get_param("CallerReference"), self._get_param("HealthCheckConfig")
    used = _references(self.backend)
    if reference in used:
        return _repeated(self.backend, reference, wanted)
    if wanted["Type"] not in health_checks.SIMULATED:
        raise InvalidInput(f"Health checks of type {wanted['Type']} are not simulated.")
    _validate(self.backend, wanted)
    answer = _create_health_check(self)
    check = answer.result["HealthCheck"]
    check.alarm_identifier = wanted.get("AlarmIdentifier")
    check.insufficient_data_health_status = wanted.get("InsufficientDataHealthStatus")
    if wanted["Type"].startswith("HTTPS") and wanted.get("Port") is None:
        check.port = _HTTPS_PORT
    used[reference] = (check.id, dict(wanted))
    health_checks.watch(current(), check)
    return answer


def _validate(backend: Route53Backend, wanted: dict[str, Any]) -> None:
    """Refuse what Route 53 refuses: unknown or too many children, no text to search for."""
    children = wanted.get("ChildHealthChecks") or []
    if len(children) > MOST_CHILDREN:
        raise InvalidInput(f"A calculated health check has at most {MOST_CHILDREN} children.")
    for child in children:
        if child not in backend.health_checks:
            raise InvalidInput(f"The health check {child} does not exist.")
    if wanted["Type"] in health_checks.TEXT_TYPES and not wanted.get("SearchString"):
        raise InvalidInput(f"A health check of type {wanted['Type']} needs a SearchString.")


def _repeated(backend: Route53Backend, reference: str, wanted: dict[str, Any]) -> ActionResult:
    check_id, settings = _references(backend)[reference]
    if check_id in backend.health_checks and settings == wanted:
        return ActionResult({"HealthCheck": backend.health_checks[check_id]})
    raise Route53ClientError(
        "HealthCheckAlreadyExists",
        f"The CallerReference '{reference}' has already been used with another health check.",
    )


def _references(backend: Route53Backend) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the references in use, deleted checks' included, with what they were used for."""
    if not hasattr(backend, "references"):
        backend.references = {}
    found: dict[str, tuple[str, dict[str, Any]]] = backend.references
    return found


def update_health_check(self: Route53) -> ActionResult:
    """Change what the request names, and nothing else."""
    asked = self._get_params()
    check = self.backend.get_health_check(asked["HealthCheckId"])
    version = asked.get("HealthCheckVersion")
    if version is not None and int(version) != check.health_check_version:
        raise Route53ClientError(
            "HealthCheckVersionMismatch",
            f"The health check {check.id} has version {check.health_check_version}, not {version}.",
        )
    for name, attribute in _CHANGEABLE.items():
        if asked.get(name) is not None:
            setattr(check, attribute, asked[name])
    for name in asked.get("ResetElements") or []:
        setattr(check, _CHANGEABLE[name], None)
    check.health_check_version += 1
    return ActionResult({"HealthCheck": check})


def delete_health_check(self: Route53Backend, health_check_id: str) -> None:
    """Delete a check, in use or not."""
    check = self.health_checks.get(health_check_id)
    if check is None:
        raise NoSuchHealthCheck(health_check_id)
    health_checks.unwatch(check)
    _delete_health_check(self, health_check_id)


def get_health_check_status(self: Route53) -> ActionResult:
    """Return what checkers saw last; nothing for checks that have no endpoint."""
    check = self.backend.get_health_check(self._get_param("HealthCheckId"))
    watch = check.watch
    seen = []
    if watch.code is not None and watch.asked is not None:
        success = 0 < watch.code < health_checks.FIRST_FAILURE and not watch.unmatched
        said = "search string not found" if watch.unmatched else _MEANINGS[watch.code]
        verdict = "Success" if success else "Failure"
        text = f"{verdict}: HTTP Status Code {watch.code}, {said}"
        report = {"Status": text, "CheckedTime": watch.asked}
        seen = [{"Region": place, "StatusReport": report} for place in _CHECKERS]
    return ActionResult({"HealthCheckObservations": seen})


def config(self: HealthCheck) -> dict[str, Any]:
    """Return a check's settings, the alarm among them."""
    found: dict[str, Any] = _config.fget(self)
    alarm = getattr(self, "alarm_identifier", None)
    if alarm is not None:
        status = self.insufficient_data_health_status
        found |= {"AlarmIdentifier": alarm, "InsufficientDataHealthStatus": status}
    return found
