import json
import re
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.service import limits, web_server
from desktop_app.core.service.options import PortTaken, ServiceError, ServiceOptions
from desktop_app.core.service.server import LabelServer
from tests.core.service.running import TOKEN, add_models, picture, refuses, service, wait_until

CLASSIFY = "/api/v1/classify_image"
GREEN = picture()


def ask(session, server, **options):
    options = {"data": GREEN, "headers": {"Content-Type": "image/png"}} | options
    return session.post(server.address + CLASSIFY, timeout=60, **options)


def talk(server, data, *, end=True):
    """Send bytes and read until the service closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), 60) as connection:
        connection.sendall(data)
        if end:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def body_of(answer):
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def test_a_picture(running, session):
    assert ask(session, running).json()["message"] == "green"
    assert (
        session.post(running.address + CLASSIFY, files={"image": GREEN}, timeout=60).json()["message"]
        == "green"
    )


def test_the_default_model_is_loaded_without_being_asked(running, session, loader):
    assert running.snapshot().ready
    assert loader.loaded == ["colours"]
    assert session.get(f"{running.address}/readyz", timeout=60).status_code == 200


def test_a_default_model_that_cannot_be_loaded(loader, session, caplog):
    loader.error = ModelError("The file is damaged.", "Import it again.")
    with service(loader) as server:
        wait_until(lambda: "The file is damaged. Import it again." in caplog.text)
        assert session.get(f"{server.address}/readyz", timeout=60).json()["error"] == "The file is damaged."
        assert session.get(f"{server.address}/healthz", timeout=60).status_code == 200


def test_the_service_lives_while_its_model_is_loaded(loader, session):
    loader.gate.clear()
    with service(loader) as server:
        assert loader.loading.wait(60)
        assert session.get(f"{server.address}/healthz", timeout=60).status_code == 200
        response = ask(session, server)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
        loader.gate.set()


def test_requests_that_arrive_together_share_a_run(running, session, loader):
    classifier = loader.classifiers["colours"]
    classifier.gate.clear()
    with ThreadPoolExecutor(8) as pool:

        def post():
            return pool.submit(requests.post, running.address + CLASSIFY, files={"image": GREEN})

        answers = [post()]
        assert classifier.running.wait(60)  # or the second one might still share the first one's run
        answers += [post() for _ in range(7)]
        wait_until(lambda: running.models.waiting() == 7)
        assert "sightline_waiting_pictures 7.0" in session.get(f"{running.address}/metrics", timeout=60).text
        classifier.gate.set()
        assert [answer.result(60).json()["message"] for answer in answers] == ["green"] * 8
    assert classifier.batches == [1, 7]
    assert (running.snapshot().requests, running.snapshot().pictures) == (9, 8)


def test_more_requests_than_places(running, session, loader):
    classifier = loader.classifiers["colours"]
    classifier.gate.clear()
    with ThreadPoolExecutor(20) as pool:
        answers = [
            pool.submit(requests.post, running.address + CLASSIFY, files={"image": GREEN}) for _ in range(20)
        ]
        limit = running.answering.pictures_limit.limit
        wait_until(lambda: len(running.snapshot().errors) == 20 - limit)
        assert session.get(f"{running.address}/healthz", timeout=60).status_code == 200
        classifier.gate.set()
        statuses = [answer.result(60).status_code for answer in answers]
    assert statuses.count(200) == limit == 8
    assert statuses.count(429) == 20 - limit


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * limits.MAX_HEADER_BYTES + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: 66683051\r\n\r\n", 413),
        (b"GET / HTTP/1.0\r\n\r\n", 421),
    ],
)
def test_what_is_no_proper_request(running, request_, status):
    answer = talk(running, request_)
    assert re.match(rb"HTTP/1\.[01] %d " % status, answer)
    assert body_of(answer)["error"].endswith(".")
    assert b"waitress" not in answer.lower()


def test_a_body_that_is_too_large_is_refused_and_the_answer_arrives(running, session):
    """Clients that send everything before they listen get the response too."""
    response = ask(session, running, data=bytes(limits.MAX_BODY_BYTES + 1))
    assert response.status_code == 413
    assert response.json()["advice"]
    response = ask(session, running, data=(bytes(1_000_000) for _ in range(52)))
    assert response.status_code == 413
    assert ask(session, running).status_code == 200


def test_a_body_without_a_length(running, session):
    assert ask(session, running, data=iter([GREEN[:50], GREEN[50:]])).json()["message"] == "green"


@pytest.mark.parametrize(
    "beginning", [b"POST / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"]
)
def test_a_request_that_never_ends(monkeypatch, loader, beginning):
    monkeypatch.setitem(web_server.SETTINGS, "cleanup_interval", 0)
    monkeypatch.setattr(web_server, "REQUEST_SECONDS", 0.2)
    with service(loader) as server:
        assert talk(server, beginning, end=False) == b""


def test_errors_are_remembered(running, session):
    ask(session, running, data=b"nothing")
    [error] = running.snapshot().errors
    assert error.status == 400
    assert "not a picture" in error.sentence


def test_a_client_that_hangs_up(running, session):
    with socket.create_connection(("127.0.0.1", running.port), 60) as connection:
        connection.sendall(b"POST /api/v1/classify_image HTTP/1.1\r\nContent-Length: 1000\r\n\r\nabc")
    assert ask(session, running).status_code == 200


def test_closing_finishes_what_is_in_flight(loader, session, monkeypatch):
    monkeypatch.setattr(limits, "DRAIN_SECONDS", 60.0)
    with service(loader) as server:
        wait_until(lambda: server.snapshot().ready)
        classifier = loader.classifiers["colours"]
        classifier.gate.clear()
        with ThreadPoolExecutor(3) as pool:
            answers = [
                pool.submit(requests.post, server.address + CLASSIFY, files={"image": GREEN})
                for _ in range(3)
            ]
            wait_until(lambda: server.answering.pictures_limit.taken == 3)
            server.close()
            wait_until(lambda: refuses(server.port))
            classifier.gate.set()
            assert [answer.result(60).status_code for answer in answers] == [200] * 3
        server.thread.join(60)
        assert server.results == [True]
        server.close()


def test_closing_does_not_wait_for_slow_links(loader, serve, monkeypatch):
    asked, over = threading.Event(), threading.Event()

    def silent(_request):
        asked.set()
        over.wait(60)

    monkeypatch.setattr(limits, "LINK_DRAIN_SECONDS", 0.1)
    with service(loader, allow_private_hosts=True) as server, ThreadPoolExecutor(1) as pool:
        wait_until(lambda: server.snapshot().ready)
        url = serve(silent).url
        answer = pool.submit(requests.post, server.address + CLASSIFY, json={"url": url})
        assert asked.wait(60)
        server.close()
        response = answer.result(60)
        over.set()
    assert response.status_code == 503
    assert response.json()["error"] == "The service is stopping."


def test_closing_with_idle_and_half_open_connections(loader, monkeypatch):
    monkeypatch.setattr(limits, "DRAIN_SECONDS", 0.2)
    with (
        service(loader) as server,
        socket.create_connection(("127.0.0.1", server.port), 60),
        socket.create_connection(("127.0.0.1", server.port), 60) as half,
    ):
        half.sendall(b"POST / HTTP/1.1\r\n")
        wait_until(lambda: server.snapshot().ready)
        server.close()
        server.thread.join(60)
        assert server.results == [True]


def test_closed_before_it_ran():
    with LabelServer(ModelPool(add_models("colours")), ServiceOptions(port=0, threads=6)) as server:
        server.listen()
    assert refuses(int(server._address.rpartition(":")[2]))


def test_a_port_in_use(running):
    other = LabelServer(ModelPool(add_models("colours-4")), ServiceOptions(port=running.port))
    with pytest.raises(PortTaken, match=f"port {running.port}: .*in use") as caught:
        other.listen()
    assert "--port" in caught.value.advice


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid", "\udc80", "x" * 300])
def test_an_address_that_is_not_ours(host, loader):
    server = LabelServer(ModelPool(add_models()), ServiceOptions(host=host, port=0, open_to_all=True))
    with pytest.raises(ServiceError, match="cannot listen"):
        server.listen()


def test_the_address_of_version_6(loader, session):
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")
    with service(loader, host="::1") as server:
        assert server.address == f"http://[::1]:{server.port}"
        assert ask(session, server).status_code == 200


def test_the_curl_line(running):
    assert running.curl_line() == f"curl -F image=@picture.jpg {running.address}{CLASSIFY}"
    with_token = LabelServer(ModelPool(add_models()), ServiceOptions(token=TOKEN))
    assert TOKEN not in with_token.curl_line()
    assert "$SIGHTLINE_TOKEN" in with_token.curl_line()
    assert with_token.curl_line("http://192.0.2.1:80", show_token=True) == (
        f'curl -H "Authorization: Bearer {TOKEN}" -F image=@picture.jpg http://192.0.2.1:80{CLASSIFY}'
    )


def test_closing_with_little_patience_leaves_a_hanging_request_behind(loader):
    with service(loader) as server:
        wait_until(lambda: server.snapshot().ready)
        classifier = loader.classifiers["colours"]
        classifier.gate.clear()
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(requests.post, server.address + CLASSIFY, files={"image": GREEN})
            assert classifier.running.wait(60)
            server.close(0.0)
            with pytest.raises(requests.ConnectionError):
                answer.result(60)
        server.thread.join(60)
        assert server.results == [False]
        assert not server.ended
        classifier.gate.set()
        wait_until(lambda: server.ended)


def test_a_model_that_cannot_be_loaded_is_told(loader, caplog):
    loader.error = ModelError("It is damaged.", "Import it again.")
    with service(loader) as server:
        wait_until(lambda: server.snapshot().problem)
        assert server.snapshot().problem == "It is damaged. Import it again."
        assert not server.snapshot().ready
