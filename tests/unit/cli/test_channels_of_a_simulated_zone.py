"""Beside a simulator nothing leaves this machine, whatever tokens lie in the environment."""

import pytest

from cli.zone_channels import ThisMachine
from continuity.channels import Channels, Pagerduty
from incident.channels.http import NoAnswer, Request
from simulator.channels.server import moved, serving
from simulator.channels.services import Services
from simulator.clock import VirtualClock
from simulator.world import START


@pytest.mark.parametrize("url", ["https://slack.com/api/chat.postMessage", "http://192.0.2.1/"])
def test_a_simulated_zone_speaks_to_nobody_outside(url: str) -> None:
    with pytest.raises(NoAnswer, match="servers of this machine only"):
        ThisMachine().send(Request("POST", url, {}))


def test_servers_of_this_machine_answer() -> None:
    channels = Channels(pagerduty=Pagerduty(("SEV1",)))
    with serving(Services(VirtualClock(START), channels)) as address:
        found = moved(channels, address).pagerduty
        assert found is not None
        assert ThisMachine().send(Request("POST", f"{found.endpoint}/v2/enqueue", {})).status == 400
