import contextlib
import socket
import threading
from unittest.mock import patch

import pytest

from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, LinkError, LinkTimeout
from desktop_app.core.images.links import fetch as links
from desktop_app.core.images.links.fetch import MAX_BYTES, fetch_link
from tests.core.images.attacks import (
    ANOTHER_PUBLIC_ADDRESS,
    PUBLIC_ADDRESS,
    REFUSED,
    Network,
    random_private_link,
)
from tests.core.images.samples import valid_files
from tests.servers import respond
from tests.torture import links as promise

PHOTO = valid_files()["JPEG"]


def fetch(url, **options):
    return fetch_link(url, allow_private_hosts=True, **options)


def refusal(url, **options):
    with pytest.raises(LinkError) as caught:
        fetch(url, **options)
    assert str(caught.value).endswith((".", ".)"))
    assert caught.value.advice
    return str(caught.value)


@pytest.fixture
def photo_server(serve):
    return serve(lambda request: respond(request, PHOTO))


def test_a_picture(photo_server):
    assert fetch(f"{photo_server.url}/a%20b.jpg?size=large&x=\u00e4#part") == PHOTO

    method, path, headers = photo_server.requests[0]
    assert (method, path) == ("GET", "/a%20b.jpg?size=large&x=%C3%A4")
    assert headers["accept-encoding"] == "identity"
    assert headers["host"] == f"127.0.0.1:{photo_server.port}"
    assert "cookie" not in headers
    assert "authorization" not in headers


def test_a_picture_without_length_and_in_chunks(serve):
    def answer(request):
        request.protocol_version = "HTTP/1.1"
        request.send_response(200)
        if request.path == "/chunks":
            request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        if request.path == "/chunks":
            request.wfile.write(b"".join(b"1\r\n%c\r\n" % byte for byte in PHOTO) + b"0\r\n\r\n")
        else:
            request.wfile.write(PHOTO)
            request.close_connection = True

    server = serve(answer)

    assert fetch(f"{server.url}/chunks") == fetch(f"{server.url}/plain") == PHOTO


@pytest.mark.parametrize("link", REFUSED)
def test_attacks_are_refused_without_a_connection(link, photo_server):
    with Network(photo_server.port) as network, pytest.raises(LinkError) as caught:
        fetch_link(link)

    assert network.connections == []
    assert str(caught.value)
    assert caught.value.advice


def test_random_spellings_of_private_addresses(photo_server):
    with Network(photo_server.port) as network:
        for seed in range(200):
            with pytest.raises(LinkError):
                fetch_link(random_private_link(seed))

    assert network.connections == []


def test_the_promise_at_small_size():
    assert "0 private connections" in promise.run(len(REFUSED) + 50)


def test_the_connection_goes_to_the_checked_address(photo_server):
    with Network(photo_server.port) as network:
        assert fetch_link("http://public.test/a.jpg") == PHOTO

    assert network.questions == ["public.test"]
    assert network.connections == [PUBLIC_ADDRESS]
    assert photo_server.requests[0][2]["host"] == "public.test"


def test_a_name_that_changes_its_address_gains_nothing(photo_server):
    with Network(photo_server.port) as network:
        assert fetch_link("http://rebinding.test/") == PHOTO
        assert network.questions == ["rebinding.test"]
        assert network.connections == [PUBLIC_ADDRESS]
        with pytest.raises(LinkError, match="private network"):
            fetch_link("http://rebinding.test/")
        assert network.connections == [PUBLIC_ADDRESS]


def test_a_redirect_to_a_name_that_changed_is_checked_again(serve):
    server = serve(
        lambda request: respond(request, status=302, headers={"Location": "http://rebinding.test/2"})
    )

    with Network(server.port) as network, pytest.raises(LinkError, match="private network"):
        fetch_link("http://rebinding.test/1")

    assert network.questions == ["rebinding.test", "rebinding.test"]
    assert network.connections == [PUBLIC_ADDRESS]


def test_another_address_is_tried_when_the_first_is_dead(photo_server):
    tried = []

    def first_is_dead(family, address, patience):
        tried.append(address[0])
        if len(tried) == 1:
            raise ConnectionRefusedError
        return connect(family, address, patience)

    with Network(photo_server.port) as network:
        connect = links.wire.connect
        with patch.object(links.wire, "connect", first_is_dead):
            assert fetch_link("http://both.test/") == PHOTO

    assert set(tried) == {PUBLIC_ADDRESS, ANOTHER_PUBLIC_ADDRESS}
    assert network.questions == ["both.test"]


def test_five_redirects_are_followed_and_no_more(serve):
    def answer(request):
        left = int(request.path.strip("/"))
        if left:
            respond(request, status=(301, 302, 303, 307, 308)[left % 5], headers={"Location": f"{left - 1}"})
        else:
            respond(request, PHOTO)

    server = serve(answer)

    assert fetch(f"{server.url}/5") == PHOTO
    assert "more than 5 times" in refusal(f"{server.url}/6")


def test_a_redirect_with_letters_that_are_not_ascii(serve):
    def answer(request):
        if request.path == "/":
            request.wfile.write("HTTP/1.0 302 Found\r\nLocation: /k\u00e4se bild.jpg\r\n\r\n".encode())
        else:
            respond(request, PHOTO)

    server = serve(answer)

    assert fetch(server.url) == PHOTO
    assert server.requests[1][1] == "/k%C3%A4se%20bild.jpg"


@pytest.mark.parametrize("status", [401, 403, 404, 410, 418, 429, 500, 503, 206, 204])
def test_other_answers_are_explained(serve, status):
    server = serve(lambda request: respond(request, PHOTO, status=status))

    assert f"(The server answered {status}.)" in refusal(server.url)


def test_a_redirect_to_nowhere(serve):
    assert "answered 302" in refusal(serve(lambda request: respond(request, status=302)).url)


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "image/jpeg", None])
def test_a_web_page_instead_of_a_picture(serve, kind):
    page = b"<!DOCTYPE html><html><body>" + b"x" * 200_000
    server = serve(lambda request: respond(request, page, headers={"Content-Type": kind} if kind else {}))

    assert refusal(server.url) == "The link leads to a web page, not to a picture."


def test_a_picture_that_is_called_a_web_page(serve):
    server = serve(lambda request: respond(request, PHOTO, headers={"Content-Type": "text/html"}))

    assert fetch(server.url) == PHOTO


def test_too_large_by_its_own_word(serve):
    server = serve(lambda request: respond(request, PHOTO, headers={"Content-Length": str(MAX_BYTES + 1)}))

    assert "larger than 32 MB" in refusal(server.url)


def test_an_endless_body_is_cut_off(serve):
    sent = []

    def answer(request):
        request.send_response(200)
        request.end_headers()
        with contextlib.suppress(ConnectionError):
            while True:
                sent.append(request.wfile.write(PHOTO.ljust(1 << 20, b"\0")))

    assert "larger than 32 MB" in refusal(serve(answer).url)
    assert sum(sent) < 3 * MAX_BYTES


def test_a_packed_answer_is_refused(serve):
    server = serve(lambda request: respond(request, PHOTO, headers={"Content-Encoding": "gzip"}))

    assert "packs its answer" in refusal(server.url)


def test_an_incomplete_body(serve):
    server = serve(lambda request: respond(request, PHOTO, headers={"Content-Length": str(len(PHOTO) + 5)}))

    assert "connection was lost" in refusal(server.url)


def test_an_empty_body(serve):
    assert "sent nothing" in refusal(serve(respond).url)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n",
    ],
)
def test_nonsense_is_refused(serve, answer):
    assert refusal(serve(lambda request: request.wfile.write(answer)).url)


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert "No connection to 127.0.0.1" in refusal(f"http://127.0.0.1:{port}/")


def drip(gate, beginning):
    """A handler that sends a beginning, then nothing until the test is over."""

    def answer(request):
        request.wfile.write(beginning)
        request.wfile.flush()
        gate.wait(20)

    return answer


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\n\r\n" + PHOTO[:100]])
def test_a_server_that_stops_answering(serve, monkeypatch, beginning):
    gate = threading.Event()
    server = serve(drip(gate, beginning))
    monkeypatch.setattr(links, "TOTAL_SECONDS", 0.3)

    with pytest.raises(LinkTimeout, match="too long"):
        fetch(server.url)
    gate.set()


def test_a_server_that_drips(serve, monkeypatch):
    over = threading.Event()

    def answer(request):
        request.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" + PHOTO[:20])
        with contextlib.suppress(ConnectionError):
            while not over.wait(0.02):
                request.wfile.write(b"\0")

    server = serve(answer)
    monkeypatch.setattr(links, "TOTAL_SECONDS", 0.4)

    with pytest.raises(LinkTimeout):
        fetch(server.url)
    over.set()


def test_a_server_that_does_not_accept(monkeypatch):
    monkeypatch.setattr(links, "CONNECT_SECONDS", 0.2)
    with socket.socket() as server, contextlib.ExitStack() as clients:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(3):  # fill the queue of those who wait to be accepted
            client = clients.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())

        with pytest.raises(LinkTimeout):
            fetch(f"http://127.0.0.1:{server.getsockname()[1]}/")


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\n\r\n" + PHOTO[:100]])
def test_cancelling_while_the_server_keeps_silent(serve, beginning):
    gate, cancel = threading.Event(), CancelSource()
    server = serve(drip(gate, beginning))
    canceller = threading.Timer(0.2, cancel.cancel)
    canceller.start()

    with pytest.raises(Cancelled):
        fetch(server.url, cancel=cancel.token)
    gate.set()
    canceller.join()


def test_proxies_of_the_environment_are_not_used(photo_server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert fetch(photo_server.url) == PHOTO


def test_an_international_name_is_resolved_in_its_ascii_form(photo_server):
    with Network(photo_server.port) as network, pytest.raises(LinkError, match="cannot be found"):
        fetch_link("http://b\u00fccher.invalid/")

    assert network.questions == ["xn--bcher-kva.invalid"]


def test_the_refusal_says_how_to_allow_it(photo_server):
    with pytest.raises(LinkError, match="private network") as caught:
        fetch_link(photo_server.url)

    assert "--allow-private-hosts" in caught.value.advice
    assert photo_server.requests == []
