"""Topics call functions: in plain moto any, at once, by made-up names; else those that let them."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from moto.awslambda.models import LambdaFunction

from simulator import backstage
from simulator.guard import NetworkBlocked
from simulator.invocations import CODE, Surroundings
from simulator.world import World

REGION = "eu-west-1"


def subscribed(*, permitted: bool) -> str:
    """Declare a topic and a function that listens to it; return the topic's ARN."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as code:
        code.writestr("app.py", "def run(event, _): return 7\n")
    role = backstage.client("iam", REGION).create_role(
        RoleName="runs", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}'
    )["Role"]["Arn"]
    function = backstage.client("lambda", REGION)
    arn = function.create_function(
        FunctionName="it", Runtime="python3.13", Handler="app.run", Role=role,
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]  # fmt: skip
    sns = backstage.client("sns", REGION)
    topic = str(sns.create_topic(Name="alerts")["TopicArn"])
    if permitted:
        function.add_permission(
            FunctionName="it", StatementId="alerts", Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com", SourceArn=topic,
        )  # fmt: skip
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    return topic


def speak(topic: str) -> None:
    backstage.client("sns", REGION).publish(TopicArn=topic, Message="Mind the gap", Subject="Hear")


def test_plain_moto_calls_whoever_never_allowed_it_and_says_another_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(
        LambdaFunction, "invoke", lambda _self, body, *_: heard.append(json.loads(body))
    )
    with World(1, corrected=False):
        speak(subscribed(permitted=False))
        [record] = heard[0]["Records"]
    assert record["Sns"]["TopicArn"] == "arn:aws:sns:EXAMPLE"
    assert record["Sns"]["Timestamp"].startswith("1970")


def speak_to_a_web_address() -> None:
    sns = backstage.client("sns", REGION)
    topic = str(sns.create_topic(Name="alerts")["TopicArn"])
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://example.com/alerts")
    speak(topic)


def test_plain_moto_asks_web_addresses_over_the_internet() -> None:
    with World(1, corrected=False), pytest.raises(NetworkBlocked, match=r"example\.com"):
        speak_to_a_web_address()


def test_a_web_address_is_told_nothing() -> None:
    with World(1):
        speak_to_a_web_address()


@pytest.mark.parametrize("permitted", [True, False])
def test_a_topic_calls_a_function_that_lets_it_and_a_moment_later(permitted: bool) -> None:
    heard: list[Mapping[str, Any]] = []

    def run(_: Surroundings, event: Mapping[str, Any]) -> None:
        heard.append(event)

    with World(1) as world:
        topic = subscribed(permitted=permitted)
        CODE.give(world, run)
        speak(topic)
        assert heard == []
        world.clock.sleep(5)
    said = [one["Records"][0]["Sns"] for one in heard]
    assert [(one["TopicArn"], one["Message"]) for one in said] == [(topic, "Mind the gap")] * (
        permitted
    )
