"""The zone as its clients see it, over HTTPS: `continuity.outside.Outside` for real runs.

The failover verifies with it before and after it lets traffic in. Every answer is short, bounded
and an answer: nothing raises, nothing is tried twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import urllib3  # noqa: TID251 - this is its home for clients of a zone

from continuity.naming import HOLDING_MARK
from continuity.outside import Served, Written

_HEALTH = "/continuity/health"
_MOST = 64 * 1024
_GOOD = 200
_FAILURES = (urllib3.exceptions.HTTPError, OSError, ValueError)
"""ValueError: a name that IDNA cannot encode, or an answer that is not what was promised."""


@dataclass(frozen=True)
class _Answer:
    status: int
    text: str

    @property
    def body(self) -> Mapping[str, object]:
        """Return the JSON object; raise ValueError if it is none."""
        found = json.loads(self.text)
        if self.status != _GOOD or not isinstance(found, dict):
            raise ValueError(f"answered {self.status}")
        return found


class HttpsOutside:
    """A client on the internet. `authorities` is a file of certificates to trust instead.

    `scheme` and `port` are for tests on loopback; clients of a zone always come over HTTPS. A
    `gateway` (`127.0.0.1:4766/path`) stands for the whole internet: what would go to an address
    is asked of it at `path/ADDRESS/...`, as a served simulation wants it.
    """

    def __init__(
        self,
        *,
        scheme: str = "https",
        port: int = 443,
        authorities: str | None = None,
        timeout: urllib3.Timeout | None = None,
        gateway: str | None = None,
    ) -> None:
        self._scheme = scheme
        self._port = port
        self._authorities = authorities
        self._timeout = timeout or urllib3.Timeout(connect=2.0, read=3.0)
        self._gateway = gateway

    def served_by(self, name: str) -> Served:
        """Resolve the zone's public name afresh and say who answers."""
        try:
            answer = self._ask("GET", name, name, _HEALTH)
            if HOLDING_MARK in answer.text:
                return Served.HOLDING_PAGE
            return Served(str(answer.body["site"]))
        except (*_FAILURES, KeyError):
            return Served.NOBODY

    def answers(self, address: str, name: str) -> bool:
        """Say whether the platform behind one load balancer answers for the zone's name."""
        try:
            return "site" in self._ask("GET", address, name, _HEALTH).body
        except _FAILURES:
            return False

    def write(self, address: str, name: str, database: str) -> Written:
        """Write and read one row of a database through the platform behind an address."""
        path = f"/continuity/databases/{quote(database, safe='')}"
        try:
            newest = self._ask("POST", address, name, path).body["newest_before"]
            before = None if newest is None else datetime.fromisoformat(str(newest))
        except KeyError:
            return Written(ok=False, newest_before=None, reason="the answer names no newest row")
        except _FAILURES as error:
            return Written(ok=False, newest_before=None, reason=str(error))
        return Written(ok=True, newest_before=before)

    def _ask(self, method: str, address: str, name: str, path: str) -> _Answer:
        """Ask the machine at an address as if it were found by name, certificate included."""
        with self._pool(address, name) as pool:
            reply = pool.request(
                method,
                self._path(address, path),
                headers={"Host": name, "User-Agent": "holdfast", "Connection": "close"},
                retries=False,
                redirect=False,
                preload_content=False,
            )
            text = reply.read(_MOST).decode("utf-8", errors="replace")
            reply.close()
        return _Answer(reply.status, text)

    def _path(self, address: str, path: str) -> str:
        return (
            path if self._gateway is None else f"/{self._gateway.partition('/')[2]}/{address}{path}"
        )

    def _pool(self, address: str, name: str) -> urllib3.HTTPConnectionPool:
        if self._gateway is not None:
            host, _, port = self._gateway.partition("/")[0].rpartition(":")
            return urllib3.HTTPConnectionPool(host, int(port), timeout=self._timeout)
        if self._scheme == "http":
            return urllib3.HTTPConnectionPool(address, self._port, timeout=self._timeout)
        return urllib3.HTTPSConnectionPool(
            address,
            self._port,
            timeout=self._timeout,
            cert_reqs="CERT_REQUIRED",
            ca_certs=self._authorities,
            server_hostname=name,
            assert_hostname=name,
        )
