"""The simulated services behind real connections: a server on loopback, one address for each.

Tests of channels use it, and drills whose scenario wants real connections (`drill.told`). All other
drills use `Services.wire`, which takes no time of this machine.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from continuity.channels import Channels
from continuity.channels import Service as Name
from simulator.channels.services import Services, nowhere
from simulator.loopback import LOOPBACK
from simulator.serving.reply import Asking, NoReply, Reply


@contextmanager
def serving(services: Services) -> Iterator[str]:
    """Serve while the block lasts; gives the address below which each service has its own name."""
    with _Server(services) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{server.server_port}"
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


def moved(channels: Channels, address: str) -> Channels:
    """Return the same channels with every endpoint on that server."""
    known = {
        name: replace(getattr(channels, name), endpoint=f"{address}/{name}")
        for name in channels.used
        if name is not Name.EMAIL
    }
    return replace(channels, **known)


class _Server(ThreadingHTTPServer):
    """One thread a connection; who waits for an answer that does not come waits until the end."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, services: Services) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.services = services
        self.closing = threading.Event()
        self.turn = threading.Lock()


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 for the services."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def respond(self) -> None:
        """Read one request, and answer it or say nothing for ever."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name, _, rest = self.path.removeprefix("/").partition("/")
        headers = {key.title(): value for key, value in self.headers.items()}
        asking = Asking(self.command, f"/{rest}", headers, body)
        try:
            self._send(self._answer(name, asking))
        except NoReply:
            self.server.closing.wait()
            self.close_connection = True

    do_GET = do_POST = do_PATCH = do_PUT = respond  # noqa: N815 - http.server's names

    def log_message(self, *_: object) -> None:
        """Keep the terminal for what people should read."""

    def _answer(self, name: str, asking: Asking) -> Reply:
        if name not in set(self.server.services.by_name):
            return nowhere()
        with self.server.turn:
            return self.server.services.answer(Name(name), asking)

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for key, value in reply.headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)
