"""Mails as their recipients find them: from the calls that SES took. Pure.

`drill.telling` and a served world put them between what people read elsewhere. SES is the
simulated AWS's own, so that mails need no service beside it: a region that is lost sends none.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from simulator.call_log import Call
from simulator.channels.seen import Seen

Content = Mapping[str, Any]
"""`Content` of SESv2's SendEmail, as `cloud.email` writes it."""

SERVICE = "email"
_SENT = "sesv2.SendEmail"
_KEY = "X-Holdfast-Message"


def mails(calls: Iterable[Call], domain: str = "") -> Iterator[Seen]:
    """Yield the mails that left, also those of which only the answer was lost.

    With a `domain` only those that come from there.
    """
    for call in calls:
        if call.name == _SENT and call.effect and domain in _from(call):
            content = cast("Content", call.parameters["Content"])["Simple"]
            subject, body = content["Subject"]["Data"], content["Body"]["Text"]["Data"]
            headers = {one["Name"]: one["Value"] for one in content["Headers"]}
            yield Seen(call.at, SERVICE, "mail", headers[_KEY], f"{subject}\n{body}".strip())


def _from(call: Call) -> str:
    return str(call.parameters.get("FromEmailAddress", ""))
