"""What a report on a run says that people read."""

from collections.abc import Callable
from typing import Any

from incident.messages.lines import lines

Stage = Any  # the fixture's class lives in conftest


def test_a_report_tells_each_message_once_and_what_did_not_arrive(
    staged: Callable[..., Stage],
) -> None:
    stage = staged()
    channel = next(iter(stage.inboxes))
    stage.told()
    told = lines(stage.record.known[0])
    assert [one.at for one in told] == sorted(one.at for one in told)
    heard = {name: len(inbox.got) for name, inbox in stage.inboxes.items()}
    assert {name: sum(one.where == name for one in told) for name in heard} == heard
    assert "resolved" in {one.state for one in told if one.where == channel}
