"""Senders of mail and their configuration sets.

`simulator.resources.table` gathers `HANDLERS`. What a configuration set says about suppression and
reputation is recorded only: no simulated mailbox bounces.
"""

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag_by_arn
from simulator.values import Properties

_TAGGED = "ResourceArn"


def _create_set(call: Call) -> Created:
    name = call.inputs["configurationSetName"]
    call.client("sesv2").create_configuration_set(ConfigurationSetName=name, Tags=call.tags())
    return name, {"arn": call.arn("ses", f"configuration-set/{name}")}


def _update(call: Call) -> Properties:
    retag_by_arn(call, "sesv2", _TAGGED)
    return {}


def _delete_set(call: Call) -> None:
    call.client("sesv2").delete_configuration_set(ConfigurationSetName=call.id)


def _create_identity(call: Call) -> Created:
    names = {"emailIdentity": "EmailIdentity", "configurationSetName": "ConfigurationSetName"}
    name = call.inputs["emailIdentity"]
    made = call.client("sesv2").create_email_identity(**call.arguments(names), Tags=call.tags())
    found = made["DkimAttributes"]
    dkim = {
        "status": found["Status"],
        "tokens": found.get("Tokens", []),
        "signingAttributesOrigin": found["SigningAttributesOrigin"],
    }
    outputs = {
        "arn": call.arn("ses", f"identity/{name}"),
        "identityType": made["IdentityType"],
        "verifiedForSendingStatus": made["VerifiedForSendingStatus"],
        "dkimSigningAttributes": dkim,
    }
    return name, outputs


def _delete_identity(call: Call) -> None:
    call.client("sesv2").delete_email_identity(EmailIdentity=call.id)


HANDLERS = {
    "aws:sesv2/configurationSet:ConfigurationSet": Handler(
        create=_create_set,
        update=_update,
        delete=_delete_set,
        applied=words("configurationSetName tags"),
        recorded=words("suppressionOptions reputationOptions"),
        replace_on=words("configurationSetName"),
        named_by="configurationSetName",
    ),
    "aws:sesv2/emailIdentity:EmailIdentity": Handler(
        create=_create_identity,
        update=_update,
        delete=_delete_identity,
        applied=words("emailIdentity configurationSetName tags"),
        replace_on=words("emailIdentity configurationSetName"),
        named_by="emailIdentity",
    ),
}
