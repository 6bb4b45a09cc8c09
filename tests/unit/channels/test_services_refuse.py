"""What every refusal becomes: temporary or permanent, what to do, and no secret in any of it."""

import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from continuity.channels import Service
from continuity.errors import PermanentError, TemporaryError
from incident.channels.channel import Message, Moment
from incident.channels.secrets import Secret
from incident.channels.web import retry_after
from simulator.channels.services import TOKENS, Trouble, limited
from simulator.serving.reply import Reply, in_json

City = Any  # the fixture of conftest.py, which no test can import
Say = Callable[..., Message]

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert not [token for token in TOKENS.values() if token in caplog.text]


def page(say: Say) -> Message:
    return say(moment=Moment.PAGE, person="first on call")


def first(service: Service, say: Say) -> Message:
    return page(say) if service is Service.PAGERDUTY else say()


def refusal(city: City, service: Service, say: Say, **environ: str) -> Exception:
    channel = city.channels(**environ)[service]
    with pytest.raises((TemporaryError, PermanentError)) as caught:
        channel.deliver(first(service, say), "")
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(channel))
    assert not [token for token in TOKENS.values() if token in shown]
    return caught.value


@pytest.mark.parametrize("status", [429, 420])
def test_a_service_that_limits_is_tried_when_it_says(
    city: City, service: Service, say: Say, status: int
) -> None:
    city.services.trouble(service, Trouble(limited(77, status)))
    error = refusal(city, service, say)
    assert isinstance(error, TemporaryError)
    assert error.delay == 77


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503])
def test_a_service_that_fails_is_tried_again(
    city: City, service: Service, say: Say, status: int
) -> None:
    city.services.trouble(service, Trouble(Reply(status, b"<html>bad gateway</html>")))
    error = refusal(city, service, say)
    assert isinstance(error, TemporaryError)
    assert str(status) in str(error)


def test_a_service_that_is_silent_costs_seconds_and_is_tried_again(
    city: City, service: Service, say: Say
) -> None:
    before = city.clock.monotonic()
    city.services.trouble(service, Trouble())
    error = refusal(city, service, say)
    assert isinstance(error, TemporaryError)
    assert "does not answer: no answer in time. It may have arrived all the same." in str(error)
    assert city.clock.monotonic() - before <= 6


def test_a_redirect_is_never_followed_with_our_credentials(
    city: City, service: Service, say: Say
) -> None:
    city.services.trouble(service, Trouble(Reply(302, b"", {"Location": "https://elsewhere"})))
    error = refusal(city, service, say)
    assert isinstance(error, PermanentError)
    assert "302" in str(error)


@pytest.mark.parametrize("status", [401, 403])
def test_credentials_that_are_refused_are_read_again_and_the_error_says_where(
    city: City, service: Service, say: Say, status: int
) -> None:
    city.services.trouble(service, Trouble(in_json({"message": "no"}, status)))
    error = refusal(city, service, say)
    assert isinstance(error, PermanentError)
    assert f"({status}: no). Store valid ones" in str(error)
    assert f"HOLDFAST_{service.upper()}_TOKEN" in str(error)


def test_what_a_service_repeats_of_our_token_is_not_shown(
    city: City, service: Service, say: Say
) -> None:
    echo = in_json({"message": f"you sent {TOKENS[service]}"}, 400)
    city.services.trouble(service, Trouble(echo))
    assert "you sent ***" in str(refusal(city, service, say))


def wrong_tokens() -> dict[Service, str]:
    return {
        Service.SLACK: "Slack refuses Holdfast's credentials (invalid_auth)",
        Service.STATUS_PAGE: "credentials (401: Could not authenticate)",
        Service.PAGERDUTY: "(400: Event object is invalid; [\"Length of 'routing_key' is incorrect "
        '(should be 32 characters)"])',
        Service.WEBHOOK: "(401: the signature does not match)",
        Service.JIRA: "Jira refuses Holdfast's credentials (401)",
    }


def test_each_service_says_in_its_own_way_that_a_token_is_wrong(
    city: City, service: Service, say: Say
) -> None:
    environ = {f"HOLDFAST_{service.upper()}_TOKEN": "another"}
    error = refusal(city, service, say, **environ)
    assert isinstance(error, PermanentError)
    assert wrong_tokens()[service] in str(error)


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        ({"error": "missing_scope", "needed": "channels:history"}, PermanentError,
         "missing_scope, needs channels:history"),
        ({"error": "channel_not_found"}, PermanentError, "Correct channels.slack in the zone's"),
        ({"error": "ratelimited"}, TemporaryError, "limits"),
        ({"error": "internal_error"}, TemporaryError, "internal_error"),
        ({}, PermanentError, "no error named"),
    ],
)  # fmt: skip
def test_slack_refuses_with_a_status_that_looks_well(
    city: City, say: Say, said: dict[str, str], kind: type[Exception], told: str
) -> None:
    city.services.trouble(Service.SLACK, Trouble(in_json({"ok": False, **said})))
    error = refusal(city, Service.SLACK, say)
    assert isinstance(error, kind)
    assert told in str(error)


def test_a_message_that_a_service_cannot_take_names_the_setting_to_correct(
    city: City, say: Say
) -> None:
    city.services.by_name[Service.STATUS_PAGE].components.clear()
    error = refusal(city, Service.STATUS_PAGE, say)
    assert str(error) == (
        "Statuspage does not take the message (422: ['Component ids are invalid']). Correct "
        "channels.status_page in the zone's file and deploy it."
    )


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("12", 12.0),
        ("Tue, 03 Mar 2026 09:01:00 GMT", 60.0),
        ("Tue, 03 Mar 2026 08:00:00 GMT", 1.0),
        ("soon", 30.0),
        ("", 30.0),
        ("nan", 1.0),
        ("-5", 1.0),
        ("inf", 3600.0),
    ],
)
def test_when_to_come_again_is_bounded(value: str, seconds: float) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_a_secret_is_read_once_until_it_is_refused() -> None:
    told = iter(["one\n", "two"])
    secret = Secret("somewhere", lambda: next(told))
    assert [secret.reveal(), secret.reveal()] == ["one", "one"]
    secret.forget()
    assert secret.reveal() == "two"
    assert "two" not in repr(secret)
