"""E-mail to the subscribers of a zone, through SES in a region that is alive.

The region of the site that stands by is asked first, the other one where that one does not answer.
Subscribers do not see each other. SES offers no means against sending twice: where only its answer
was lost a mail is read twice, with the same `X-Holdfast-Message`. What this process has sent of a
message in parts of 50 is not repeated by it.
"""

from cloud import email as ses
from cloud.clients import Reach
from cloud.door import Cloud
from cloud.failures import Ambiguous, NotStarted, Unreachable
from cloud.permitted import permitted
from continuity import channels, naming
from continuity.manifest import Manifest
from continuity.permissions import SEND_MAIL
from continuity.zone import SiteName
from incident.channels.channel import ASIDE, Audience, Message, Receipt

_SUBJECT = 150


class Email:
    """Mails from `SENDER@` the zone's domain; mails have no reference."""

    name = str(channels.Service.EMAIL)
    audience = Audience.CUSTOMERS

    def __init__(self, config: channels.Email, cloud: Cloud, manifest: Manifest) -> None:
        self._config = config
        self._cloud = cloud
        self._manifest = manifest
        self._sent: set[tuple[str, int]] = set()

    @permitted(SEND_MAIL)
    def deliver(self, message: Message, reference: str) -> Receipt:
        """Send it to everybody, 50 at a time."""
        if message.moment not in ASIDE:
            for first in range(0, len(self._config.subscribers), ses.MOST):
                if (message.key, first) not in self._sent:
                    self._send(self._mail(message, first))
                    self._sent.add((message.key, first))
        return Receipt(reference)

    def _send(self, mail: ses.Mail) -> None:
        try:
            self._from(self._manifest.standby, mail)
        except (Ambiguous, NotStarted, Unreachable):
            self._from(self._manifest.active, mail)

    def _from(self, site: SiteName, mail: ses.Mail) -> None:
        door = self._cloud.at(self._manifest.sites[site].region, Reach.IMPAIRED)
        ses.send(door, naming.in_site(self._manifest.zone, site, naming.MAIL), mail)

    def _mail(self, message: Message, first: int) -> ses.Mail:
        known_as = self._manifest.channels.zone_name or self._manifest.traffic.name
        subject = " ".join(f"[{known_as}] {message.title}".split())
        return ses.Mail(
            sender=f"{self._config.sender}@{self._manifest.traffic.name}",
            recipients=self._config.subscribers[first : first + ses.MOST],
            subject=subject[:_SUBJECT],
            text=f"{message.text}\n",
            key=message.key,
            reply_to=self._config.reply_to,
        )
