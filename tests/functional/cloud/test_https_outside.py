"""The zone as its clients see it, asked over real sockets on loopback."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple, Self

import pytest
import urllib3  # noqa: TID251 - the time limits of what is tested
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cloud.outside import HttpsOutside
from continuity.naming import HOLDING_MARK
from continuity.outside import Served, Written

LOOPBACK = "127.0.0.1"
ZONE = "we1.example.com"
AT = datetime(2026, 3, 3, 9, 0, 0, 125_000, tzinfo=UTC)


class Seen(NamedTuple):
    """One request as the platform saw it."""

    method: str
    path: str
    host: str | None


class Platform:
    """A platform that answers every request with one status and one body; status 0 is no answer."""

    def __init__(self) -> None:
        self.status = 200
        self.body = json.dumps({"site": "away"})
        self.seen: list[Seen] = []
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                platform.seen.append(Seen(self.command, self.path, self.headers["Host"]))
                if not platform.status:
                    return
                self.send_response(platform.status)
                self.send_header("Location", "https://elsewhere.example.com/")
                self.end_headers()
                self.wfile.write(platform.body.encode())

            do_GET = do_POST = answer  # noqa: N815 - the names http.server calls

            def log_message(self, *_: object) -> None:
                """Say nothing on the terminal."""

        self.server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self.server.daemon_threads = False
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def platform() -> Iterator[Platform]:
    with Platform() as platform:
        yield platform


@pytest.fixture
def outside(platform: Platform) -> HttpsOutside:
    return HttpsOutside(scheme="http", port=platform.port)


@pytest.mark.parametrize("site", ["home", "away"])
def test_the_site_that_answers_is_named(
    platform: Platform, outside: HttpsOutside, site: str
) -> None:
    platform.body = json.dumps({"site": site})
    assert outside.served_by(LOOPBACK) == Served(site)
    assert platform.seen == [Seen("GET", "/continuity/health", LOOPBACK)]


@pytest.mark.parametrize("status", [200, 503])
def test_the_holding_page_is_known_by_its_mark(
    platform: Platform, outside: HttpsOutside, status: int
) -> None:
    platform.status = status
    platform.body = f"<html><head>{HOLDING_MARK}</head>We are moving.</html>"
    assert outside.served_by(LOOPBACK) is Served.HOLDING_PAGE
    assert not outside.answers(LOOPBACK, ZONE)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, '{"site": "home"}'),
        (301, '{"site": "home"}'),
        (200, "welcome to nginx"),
        (200, "[]"),
        (200, "{}"),
        (200, '{"site": "holding page?"}'),
        (200, ""),
        (200, "\N{SNOWMAN}" * 70_000),
    ],
)
def test_an_answer_that_is_not_the_platforms_is_nobodys(
    platform: Platform, outside: HttpsOutside, status: int, body: str
) -> None:
    platform.status, platform.body = status, body
    assert outside.served_by(LOOPBACK) is Served.NOBODY
    assert len(platform.seen) == 1


def test_a_load_balancer_is_asked_for_the_zones_name(
    platform: Platform, outside: HttpsOutside
) -> None:
    assert outside.answers(LOOPBACK, ZONE)
    assert platform.seen == [Seen("GET", "/continuity/health", ZONE)]


@pytest.mark.parametrize("newest", [None, AT])
def test_a_written_row_says_how_old_the_newest_before_it_was(
    platform: Platform, outside: HttpsOutside, newest: datetime | None
) -> None:
    platform.body = json.dumps({"newest_before": newest and newest.isoformat()})
    assert outside.write(LOOPBACK, ZONE, "orders") == Written(ok=True, newest_before=newest)
    assert platform.seen == [Seen("POST", "/continuity/databases/orders", ZONE)]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (500, "{}", "answered 500"),
        (200, "{}", "names no newest row"),
        (200, '{"newest_before": "yesterday"}', "yesterday"),
        (200, "<html>", "Expecting value"),
    ],
)
def test_a_write_without_proof_is_not_ok_and_says_why(
    platform: Platform, outside: HttpsOutside, status: int, body: str, reason: str
) -> None:
    platform.status, platform.body = status, body
    written = outside.write(LOOPBACK, ZONE, "orders")
    assert not written.ok
    assert reason in written.reason
    assert len(platform.seen) == 1  # a write is never sent twice


def test_a_database_name_cannot_leave_its_path(platform: Platform, outside: HttpsOutside) -> None:
    outside.write(LOOPBACK, ZONE, "../health?x=1")
    assert platform.seen[0].path == "/continuity/databases/..%2Fhealth%3Fx%3D1"


def ask_everything(outside: HttpsOutside, address: str) -> None:
    assert outside.served_by(address) is Served.NOBODY
    assert not outside.answers(address, ZONE)
    assert not outside.write(address, ZONE, "orders").ok


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        ask_everything(HttpsOutside(port=taken.getsockname()[1]), LOOPBACK)


def test_somebody_listens_and_never_answers() -> None:
    with socket.socket() as silent:
        silent.bind((LOOPBACK, 0))
        silent.listen()
        timeout = urllib3.Timeout(connect=0.2, read=0.2)
        port = silent.getsockname()[1]
        ask_everything(HttpsOutside(scheme="http", port=port, timeout=timeout), LOOPBACK)


def test_a_request_that_is_cut_off_is_not_sent_again(
    platform: Platform, outside: HttpsOutside
) -> None:
    platform.status = 0  # the connection ends where the answer should begin
    assert not outside.write(LOOPBACK, ZONE, "orders").ok
    assert outside.served_by(LOOPBACK) is Served.NOBODY
    assert len(platform.seen) == 2


@pytest.mark.parametrize("name", ["", "a" * 64 + ".localhost", "no\x00name"])
def test_a_name_that_cannot_be_a_name_is_nobody(name: str) -> None:
    ask_everything(HttpsOutside(), name)


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a certificate for one name, which is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signed = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=40_000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "public.pem", folder / "private.pem"
    public.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Callable[[str], tuple[Platform, Path]]]:
    """Start a platform behind TLS with a certificate for a name."""
    running: list[Platform] = []

    def start(name: str) -> tuple[Platform, Path]:
        public, private = certificate(tmp_path, name)
        platform = Platform()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(public, private)
        platform.server.socket = context.wrap_socket(
            platform.server.socket, server_side=True, do_handshake_on_connect=False
        )
        platform.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        running.append(platform.__enter__())
        return platform, public

    yield start
    for platform in running:
        platform.__exit__()


def test_a_load_balancers_certificate_is_checked_for_the_zones_name(
    secure: Callable[[str], tuple[Platform, Path]],
) -> None:
    platform, authority = secure(ZONE)
    outside = HttpsOutside(port=platform.port, authorities=str(authority))
    assert outside.answers(LOOPBACK, ZONE)
    assert platform.seen == [Seen("GET", "/continuity/health", ZONE)]


def test_a_certificate_for_another_name_is_nobody(
    secure: Callable[[str], tuple[Platform, Path]],
) -> None:
    platform, authority = secure("elsewhere.example.com")
    outside = HttpsOutside(port=platform.port, authorities=str(authority))
    ask_everything(outside, LOOPBACK)
    assert platform.seen == []


def test_a_certificate_from_an_unknown_authority_is_nobody(
    secure: Callable[[str], tuple[Platform, Path]],
) -> None:
    platform, _ = secure(ZONE)
    ask_everything(HttpsOutside(port=platform.port), LOOPBACK)
    assert platform.seen == []
