import http.client
import socket
import ssl
import threading
from pathlib import Path

import pytest

from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled, LinkError, LinkTimeout
from desktop_app.core.images.links import fetch as links
from desktop_app.core.images.links.fetch import fetch_link
from desktop_app.core.images.links.wire import Patience, Wire, connect
from tests.core.images.attacks import PUBLIC_ADDRESS, Network
from tests.core.images.samples import valid_files

CERTIFICATE = Path(__file__).with_name("test_certificate.pem")
"""Self-signed for public.test, with its key; it protects nothing."""

PHOTO = valid_files()["JPEG"]


@pytest.fixture
def tls_port():
    """A TLS server that responds to one request with a photo."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    names = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)

    def serve():
        try:
            client, _address = listener.accept()
            with client, context.wrap_socket(client, server_side=True) as secure:
                secure.recv(4096)
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PHOTO) + PHOTO)
        except OSError:  # the client hangs up when it does not like the certificate
            return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert set(names) <= {"public.test", "both.test"}


@pytest.fixture
def trusted(monkeypatch):
    """Trust the test certificate, and nothing else."""
    context = ssl.create_default_context(cafile=str(CERTIFICATE))
    monkeypatch.setattr(links, "_tls_context", lambda: context)


def test_https_checks_the_certificate_against_the_name(tls_port, trusted):
    with Network(tls_port) as network:
        assert fetch_link("https://public.test/a.jpg") == PHOTO

    assert network.connections == [PUBLIC_ADDRESS]


def test_a_certificate_for_another_name_is_refused(tls_port, trusted):
    with Network(tls_port), pytest.raises(LinkError, match=r"both\.test cannot prove that it is both\.test"):
        fetch_link("https://both.test/a.jpg")


def test_a_certificate_that_nobody_vouches_for_is_refused(tls_port):
    with Network(tls_port), pytest.raises(LinkError, match="cannot prove"):
        fetch_link("https://public.test/a.jpg")


def test_a_server_without_tls(serve):
    server = serve(lambda request: None)

    with Network(server.port), pytest.raises(LinkError, match="No secure connection"):
        fetch_link("https://public.test/a.jpg")


def test_a_silent_tls_handshake_times_out(monkeypatch):
    monkeypatch.setattr(links, "TOTAL_SECONDS", 0.3)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        Network(silent.getsockname()[1]),
        pytest.raises(LinkTimeout),
    ):
        fetch_link("https://public.test/a.jpg")


def test_patience_ends():
    with pytest.raises(LinkTimeout):
        Patience(0, NEVER).check()
    with pytest.raises(LinkTimeout):
        Patience(0, NEVER).at_most(100).check()
    with pytest.raises(LinkTimeout):
        Patience(100, NEVER).at_most(0).check()
    Patience(100, NEVER).at_most(100).check()


def test_patience_is_cancelled():
    cancel = CancelSource()
    patience = Patience(100, cancel.token).at_most(50)
    cancel.cancel()

    with pytest.raises(Cancelled):
        patience.keep_trying(lambda: pytest.fail("tried after cancelling"))


def test_an_operation_is_repeated_until_it_does_not_time_out():
    answers = iter([TimeoutError, TimeoutError, 7])

    def operation():
        answer = next(answers)
        if answer is TimeoutError:
            raise answer
        return answer

    assert Patience(100, NEVER).keep_trying(operation) == 7


def test_much_is_sent_in_parts():
    near, far = socket.socketpair()
    wire, data = Wire(near, Patience(10, NEVER)), bytes(5_000_000)
    received = bytearray()

    def read():
        while len(received) < len(data):
            received.extend(far.recv(1 << 16))

    reader = threading.Thread(target=read)
    reader.start()
    wire.sendall(data)
    reader.join()
    wire.hang_up()
    far.close()

    assert received == data


def test_closing_leaves_the_stream_open_as_http_client_expects():
    near, far = socket.socketpair()
    wire = Wire(near, Patience(10, NEVER))
    far.sendall(b"HTTP/1.0 200 OK\r\n\r\nbody")
    far.shutdown(socket.SHUT_WR)
    connection = http.client.HTTPConnection("public.test")
    connection.sock = wire

    connection.request("GET", "/")
    answer = connection.getresponse()

    assert answer.read() == b"body"
    wire.hang_up()
    far.close()
    assert near.fileno() == -1


def test_a_refused_connection_leaves_nothing_open():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()

    with pytest.raises(OSError, match="refused"):
        connect(socket.AF_INET, address, Patience(10, NEVER))


def test_an_unreachable_address():
    with pytest.raises(OSError, match=r".+"):
        connect(socket.AF_INET, ("255.255.255.255", 80), Patience(0.5, NEVER))
