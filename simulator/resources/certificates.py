"""Certificates, and the wait until they are issued.

`simulator.resources.table` gathers `HANDLERS`.
"""

from typing import Any

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties


def _create(call: Call) -> Created:
    acm = call.client("acm")
    names = {"domainName": "DomainName", "validationMethod": "ValidationMethod"}
    tags = {"Tags": call.tags()} if call.tags() else {}
    arn = acm.request_certificate(**call.arguments(names), **tags)["CertificateArn"]
    certificate = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    options = [_option(row) for row in certificate["DomainValidationOptions"]]
    return arn, {"arn": arn, "status": certificate["Status"], "domainValidationOptions": options}


def _option(row: dict[str, Any]) -> dict[str, str]:
    record = row["ResourceRecord"]
    return {
        "domainName": row["DomainName"],
        "resourceRecordName": record["Name"],
        "resourceRecordType": record["Type"],
        "resourceRecordValue": record["Value"],
    }


def _update(call: Call) -> Properties:
    acm = call.client("acm")
    retag(
        call,
        lambda tags: acm.add_tags_to_certificate(CertificateArn=call.id, Tags=tags),
        lambda keys: acm.remove_tags_from_certificate(
            CertificateArn=call.id, Tags=[{"Key": key} for key in keys]
        ),
    )
    return {}


def _delete(call: Call) -> None:
    call.client("acm").delete_certificate(CertificateArn=call.id)


def _wait_until_issued(call: Call) -> Created:
    arn = call.inputs["certificateArn"]
    call.client("acm").get_waiter("certificate_validated").wait(CertificateArn=arn)
    return arn, {}


def _nothing_to_delete(_: Call) -> None:
    """A validation is a wait; there is no object behind it."""


HANDLERS = {
    "aws:acm/certificate:Certificate": Handler(
        create=_create,
        update=_update,
        delete=_delete,
        applied=words("domainName validationMethod tags"),
        replace_on=words("domainName validationMethod"),
    ),
    "aws:acm/certificateValidation:CertificateValidation": Handler(
        create=_wait_until_issued,
        delete=_nothing_to_delete,
        applied=words("certificateArn validationRecordFqdns"),
    ),
}
