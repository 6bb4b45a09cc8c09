"""Alarms, and the topics that they speak into.

`simulator.resources.table` gathers `HANDLERS`.
"""

from simulator.resources.handler import Call, Created, Handler, words
from simulator.resources.tagging import retag
from simulator.values import Properties

_ALARM = {
    "name": "AlarmName",
    "alarmDescription": "AlarmDescription",
    "namespace": "Namespace",
    "metricName": "MetricName",
    "statistic": "Statistic",
    "comparisonOperator": "ComparisonOperator",
    "threshold": "Threshold",
    "period": "Period",
    "evaluationPeriods": "EvaluationPeriods",
    "datapointsToAlarm": "DatapointsToAlarm",
    "treatMissingData": "TreatMissingData",
    "alarmActions": "AlarmActions",
    "okActions": "OKActions",
}


def _put_alarm(call: Call) -> Created:
    cloudwatch, name = call.client("cloudwatch"), call.inputs["name"]
    given = call.inputs.get("dimensions", {})
    dimensions = [{"Name": key, "Value": value} for key, value in sorted(given.items())]
    cloudwatch.put_metric_alarm(**call.arguments(_ALARM), Dimensions=dimensions, Tags=call.tags())
    return name, {"arn": call.arn("cloudwatch", f"alarm:{name}")}


def _update_alarm(call: Call) -> Properties:
    cloudwatch, arn = call.client("cloudwatch"), call.outputs["arn"]
    if call.changed - {"tags"}:
        _put_alarm(call)
    retag(
        call,
        lambda tags: cloudwatch.tag_resource(ResourceARN=arn, Tags=tags),
        lambda keys: cloudwatch.untag_resource(ResourceARN=arn, TagKeys=keys),
    )
    return {}


def _delete_alarm(call: Call) -> None:
    call.client("cloudwatch").delete_alarms(AlarmNames=[call.id])


_TOPIC = {"kmsMasterKeyId": "KmsMasterKeyId", "policy": "Policy", "displayName": "DisplayName"}


def _create_topic(call: Call) -> Created:
    made = call.client("sns").create_topic(
        Name=call.inputs["name"], Attributes=call.arguments(_TOPIC), Tags=call.tags()
    )
    return made["TopicArn"], {"arn": made["TopicArn"]}


def _update_topic(call: Call) -> Properties:
    sns = call.client("sns")
    for attribute, value in call.changes(_TOPIC).items():
        sns.set_topic_attributes(TopicArn=call.id, AttributeName=attribute, AttributeValue=value)
    retag(
        call,
        lambda tags: sns.tag_resource(ResourceArn=call.id, Tags=tags),
        lambda keys: sns.untag_resource(ResourceArn=call.id, TagKeys=keys),
    )
    return {}


def _delete_topic(call: Call) -> None:
    call.client("sns").delete_topic(TopicArn=call.id)


HANDLERS = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": Handler(
        create=_put_alarm,
        update=_update_alarm,
        delete=_delete_alarm,
        applied=frozenset(_ALARM) | words("dimensions tags"),
        replace_on=words("name"),
        named_by="name",
    ),
    "aws:sns/topic:Topic": Handler(
        create=_create_topic,
        update=_update_topic,
        delete=_delete_topic,
        applied=frozenset(_TOPIC) | words("name tags"),
        replace_on=words("name"),
        named_by="name",
    ),
}
