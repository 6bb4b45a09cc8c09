"""All simulated services of a zone together, what troubles them, and two ways to reach them.

A drill hands `Services.wire` to `incident.channels.opening.channels_of`, with `Services.environ`;
`server.serving` stands before them where real connections on loopback are wanted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from continuity.channels import Channels
from continuity.channels import Service as Name
from continuity.clock import Clock
from incident.channels.http import NoAnswer, Reply, Request
from incident.channels.opening import variable
from simulator.channels.asked import Service
from simulator.channels.jira import Jira
from simulator.channels.pagerduty import Pagerduty
from simulator.channels.seen import Eyes
from simulator.channels.slack import Slack
from simulator.channels.status_page import StatusPage
from simulator.channels.webhook import Webhook
from simulator.serving.reply import NOT_FOUND, Asking, NoReply, in_json
from simulator.serving.reply import Reply as Answer

TOKENS: Mapping[Name, str] = {
    Name.SLACK: "xoxb-simulated-slack",
    Name.STATUS_PAGE: "simulated-status-page",
    Name.PAGERDUTY: "simulated-pagerduty-integration0",
    Name.WEBHOOK: "simulated-webhook",
    Name.JIRA: "simulated-jira",
}
"""They open nothing. PagerDuty's keys have 32 characters."""
_ANSWERS_S, _SILENT_S = 0.2, 4.0


@dataclass(frozen=True)
class Trouble:
    """What happens to the next `times` requests to a service.

    `answer` is sent instead of the service's own; None means that nobody answers. `after` says that
    the service did what it was asked all the same, so that only its answer is lost.
    """

    answer: Answer | None = None
    times: int = 1
    after: bool = False


class Services:
    """The services that `channels` configures; `eyes` has what people saw of all of them."""

    def __init__(self, clock: Clock, channels: Channels) -> None:
        self.clock = clock
        self.eyes = Eyes(clock)
        self.by_name = _made(self.eyes, channels)
        self._troubles: dict[Name, list[Trouble]] = {}
        self._bases = {getattr(channels, name).endpoint: name for name in self.by_name}

    @property
    def environ(self) -> dict[str, str]:
        """Return the environment by which channels know their tokens."""
        return {variable(name): TOKENS[name] for name in self.by_name}

    @property
    def wire(self) -> "Wire":
        """Return what reaches the services at their configured addresses without a connection."""
        return Wire(self)

    def trouble(self, name: Name, trouble: Trouble) -> None:
        """Let something happen to the next requests to a service, after what was said before."""
        self._troubles.setdefault(name, []).extend([trouble] * trouble.times)

    def at(self, url: str) -> tuple[Name, str] | None:
        """Return which service an address belongs to, and the target below its base."""
        for base, name in self._bases.items():
            if url == base or url.startswith((f"{base}/", f"{base}?")):
                return name, url.removeprefix(base)
        return None

    def answer(self, name: Name, asking: Asking) -> Answer:
        """Answer a request to a service.

        Raises:
            NoReply: it is in trouble and says nothing.
        """
        troubles = self._troubles.get(name)
        trouble = troubles.pop(0) if troubles else None
        if trouble is None:
            return self.by_name[name].answer(asking)
        if trouble.after:
            self.by_name[name].answer(asking)
        if trouble.answer is None:
            raise NoReply
        return trouble.answer


def limited(seconds: int, status: int = 429) -> Answer:
    """Return the answer of a service that wants to be told less often."""
    reply = in_json({"ok": False, "error": "ratelimited"}, status)
    return Answer(status, reply.body, {**reply.headers, "Retry-After": str(seconds)})


class Wire:
    """Reaches the services within the process; an answer takes time on their clock."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def send(self, request: Request) -> Reply:
        """Ask once."""
        found = self._services.at(request.url)
        if found is None:
            raise NoAnswer(f"nothing is simulated at {urlsplit(request.url).netloc}", sent=False)
        name, target = found
        headers = {key.title(): value for key, value in request.headers.items()}
        try:
            answer = self._services.answer(
                name, Asking(request.method, target, headers, request.body)
            )
        except NoReply:
            self._services.clock.sleep(_SILENT_S)
            raise NoAnswer("no answer in time", sent=True) from None
        self._services.clock.sleep(_ANSWERS_S)
        lower = {key.lower(): value for key, value in answer.headers.items()}
        return Reply(answer.status, lower, answer.body)


def nowhere() -> Answer:
    """Return the answer of an address at which nothing is."""
    return Answer(NOT_FOUND)


def _made(eyes: Eyes, found: Channels) -> dict[Name, Service]:
    made: dict[Name, Service] = {}
    if found.slack:
        made[Name.SLACK] = Slack(eyes, TOKENS[Name.SLACK], found.slack.channel)
    if found.status_page:
        page, components = found.status_page.page, found.status_page.components
        key = TOKENS[Name.STATUS_PAGE]
        made[Name.STATUS_PAGE] = StatusPage(eyes, key, page, components)
    if found.pagerduty:
        made[Name.PAGERDUTY] = Pagerduty(eyes)
    if found.webhook:
        made[Name.WEBHOOK] = Webhook(eyes, TOKENS[Name.WEBHOOK])
    if found.jira:
        jira, token = found.jira, TOKENS[Name.JIRA]
        made[Name.JIRA] = Jira(eyes, jira.account, token, jira.project)
    return made
