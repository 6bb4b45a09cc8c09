"""A hosted world on a port of this machine: AWS, the zones' platforms, the control interface.

`holdfast simulator` runs it. Every request is a thread, but each takes a turn in the world: moto
is made for one at a time. Nothing is ever bound to an address that others can reach.
"""

import logging
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from simulator.loopback import demand_loopback
from simulator.serving import aws
from simulator.serving.control import Control, ReadFault
from simulator.serving.hosted import HostedWorld
from simulator.serving.internet import Internet
from simulator.serving.reply import Asking, NoReply, Reply, problem
from simulator.serving.wire import Unreadable

PREFIX = "/_simulator/"
"""Bucket names have no underscore, so no request to S3 begins like this."""

_INTERNET = "internet/"

Answer = Callable[[Asking], Reply]

_log = logging.getLogger(__name__)


@contextmanager
def serving(hosted: HostedWorld, read_fault: ReadFault, host: str, port: int) -> Iterator[str]:
    """Serve a world while the block lasts; gives the endpoint, `http://127.0.0.1:4766`.

    Raises:
        Refusal: the host is not loopback.
        OSError: the port is taken.
    """
    demand_loopback(host)
    with _Server((host, port), _router(hosted, read_fault), hosted.clock.now) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        hosted.start()
        thread.start()
        try:
            yield f"http://{host}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _router(hosted: HostedWorld, read_fault: ReadFault) -> Answer:
    control = Control(hosted, read_fault)
    internet = Internet(hosted.outside)

    def answer(asking: Asking) -> Reply:
        with hosted.clock.turn():
            if not asking.target.startswith(PREFIX):
                return aws.answer(asking)
            rest = asking.target.removeprefix(PREFIX)
            if rest.startswith(_INTERNET):
                return internet.answer(asking, rest.removeprefix(_INTERNET))
            return control.answer(asking, rest)

    return answer


class _Server(ThreadingHTTPServer):
    """One thread a connection; none of them outlives the process."""

    daemon_threads = True
    block_on_close = False

    def __init__(
        self, address: tuple[str, int], answer: Answer, now: Callable[[], datetime]
    ) -> None:
        super().__init__(address, _Handler)
        self.answer = answer
        self.now = now

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that hung up, and everything of a defect."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            _log.exception("a request from %s failed", client_address)
        del request


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 for the server's answer."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def respond(self) -> None:
        """Read one request, let it be answered, and send that."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {key.title(): value for key, value in self.headers.items()}
        try:
            reply = self.server.answer(Asking(self.command, self.path, headers, body))
        except NoReply:
            self._break_off()
            return
        except Unreadable as error:
            reply = problem(str(error))
        self._send(reply)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = respond  # noqa: N815 - http.server's names

    def log_message(self, *_: object) -> None:
        """Keep the terminal for what people should read."""

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        # AWS dates its replies, and `cloud.aws_time` believes it: the world's time, not ours.
        self.send_header("Date", format_datetime(self.server.now(), usegmt=True))
        for key, value in reply.headers.items():
            self.send_header(key, value)
        if "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def _break_off(self) -> None:
        """Reset the connection: what a client gets of a region that is gone."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
