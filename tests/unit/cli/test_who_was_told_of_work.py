"""What `holdfast maintenance announce` says of its channels, and how it ends."""

from datetime import UTC, datetime

import pytest

from cli.exit_codes import ExitCode
from cli.incident_messages import Delivered
from cli.maintenance_told import answer
from cli.output import Format
from incident.channels.channel import Message, Moment
from incident.messages.due import Due
from incident.messages.ledger import Failure
from incident.messages.outbox import Result

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MESSAGE = Message("n:announced", "n", "we1", "", Moment.MAINTENANCE, "Planned maintenance", "", NOW)
DUE = Due("email", MESSAGE, 1, "", NOW)
SILENT = Result(DUE, failure=Failure("SES is silent.", 10.0, lasting=False))


@pytest.mark.parametrize(
    ("told", "lines", "code"),
    [
        (Delivered(), [], ExitCode.OK),
        (Delivered((Result(DUE),)), ["Told email: Planned maintenance"], ExitCode.OK),
        (
            Delivered((SILENT,)),
            ["Not told email; say it again later: SES is silent."],
            ExitCode.FAILED,
        ),
        (
            Delivered(trouble="Somebody else is telling slack."),
            ["Somebody else is telling slack. Say it again in a minute."],
            ExitCode.FAILED,
        ),
    ],
)
def test_a_notice_is_shown_with_whom_it_has_reached(
    told: Delivered, lines: list[str], code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(({}, ("we1-away-notice-0001", "announced")), told, Format.TEXT) is code
    assert capsys.readouterr().out.splitlines() == ["  we1-away-notice-0001  announced", *lines]
