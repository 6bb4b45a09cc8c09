import socket

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session

from simulator.guard import NetworkBlocked, guarded, is_loopback, loopback_only


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", None])
def test_this_machine_is_loopback(host: str | None) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "rds.eu-west-1.amazonaws.com", "0.0.0.0", "::2"])  # noqa: S104 - refused, not bound
def test_everything_else_is_not(host: str) -> None:
    assert not is_loopback(host)


def request(url: str) -> AWSPreparedRequest:
    return AWSPreparedRequest("GET", url, HTTPHeaders(), None, False)


def test_botocore_may_not_send_to_the_internet() -> None:
    with guarded(), pytest.raises(NetworkBlocked, match=r"api\.aws"):
        URLLib3Session().send(request("https://arc-region-switch.us-east-1.api.aws/plans"))


def test_a_socket_may_not_connect_to_the_internet() -> None:
    with loopback_only(), socket.socket() as plug:
        for connect in (plug.connect, plug.connect_ex):
            with pytest.raises(NetworkBlocked, match=r"192\.0\.2\.1"):
                connect(("192.0.2.1", 443))


def test_a_foreign_name_may_not_be_resolved() -> None:
    with loopback_only(), pytest.raises(NetworkBlocked, match=r"example\.com"):
        socket.getaddrinfo("example.com", 443)


def test_a_socket_may_connect_to_this_machine() -> None:
    with loopback_only(), socket.socket() as server, socket.socket() as plug:
        server.bind(("127.0.0.1", 0))
        server.listen()
        plug.connect(server.getsockname())
        assert plug.getpeername() == server.getsockname()


def test_every_test_runs_behind_the_guard() -> None:
    with socket.socket() as plug, pytest.raises(NetworkBlocked):
        plug.connect(("192.0.2.1", 443))
