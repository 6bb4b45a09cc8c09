"""Who listens to a topic, and who may call a function.

`simulator.resources.table` gathers `HANDLERS`. What a topic says to a function is delivered by
`corrections.sns`, which asks the function's own policy.
"""

from simulator.resources.handler import Call, Created, Handler

_SUBSCRIPTION = {"topic": "TopicArn", "protocol": "Protocol", "endpoint": "Endpoint"}
_PERMISSION = {
    "function": "FunctionName",
    "statementId": "StatementId",
    "action": "Action",
    "principal": "Principal",
    "sourceArn": "SourceArn",
    "sourceAccount": "SourceAccount",
}


def _subscribe(call: Call) -> Created:
    made = call.client("sns").subscribe(**call.arguments(_SUBSCRIPTION), ReturnSubscriptionArn=True)
    return made["SubscriptionArn"], {"arn": made["SubscriptionArn"]}


def _unsubscribe(call: Call) -> None:
    call.client("sns").unsubscribe(SubscriptionArn=call.id)


def _permit(call: Call) -> Created:
    call.client("lambda").add_permission(**call.arguments(_PERMISSION))
    return call.inputs["statementId"], {}


def _withdraw(call: Call) -> None:
    call.client("lambda").remove_permission(
        FunctionName=call.inputs["function"], StatementId=call.id
    )


HANDLERS = {
    "aws:sns/topicSubscription:TopicSubscription": Handler(
        create=_subscribe, delete=_unsubscribe, applied=frozenset(_SUBSCRIPTION)
    ),
    "aws:lambda/permission:Permission": Handler(
        create=_permit,
        delete=_withdraw,
        applied=frozenset(_PERMISSION),
        named_by="statementId",
    ),
}
