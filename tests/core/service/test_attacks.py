"""Links that try to lead the service astray: each is refused with the status beside it."""

import contextlib
import gzip
import json
import threading

import pytest

from desktop_app.core.images.links import fetch as links
from tests.core.images.attacks import REDIRECTS, REFUSED, Network
from tests.core.service.running import picture
from tests.core.service.test_app import CLASSIFY, raw, refused
from tests.servers import respond

GREEN = picture()

ATTACKS = {
    "loopback": ("http://127.0.0.1:{port}/", 400, "private network"),
    "localhost": ("http://localhost:{port}/", 400, "private network"),
    "any address": ("http://0.0.0.0:{port}/", 400, "private network"),
    "version 6 loopback": ("http://[::1]:{port}/", 400, "private network"),
    "version 4 inside version 6": ("http://[::ffff:127.0.0.1]:{port}/", 400, "private network"),
    "the same in hexadecimal": ("http://[::ffff:7f00:1]:{port}/", 400, "private network"),
    "decimal host": ("http://2130706433:{port}/", 400, "private network"),
    "octal host": ("http://0177.0.0.1:{port}/", 400, "private network"),
    "hexadecimal host": ("http://0x7f000001:{port}/", 400, "private network"),
    "short host": ("http://127.1:{port}/", 400, "private network"),
    "cloud metadata": ("http://169.254.169.254/", 400, "private network"),
    "a name for loopback": ("http://loopback.test:{port}/", 400, "private network"),
    "a name with a good and a bad address": ("http://mixed.test:{port}/", 400, "private network"),
    "file": ("file:///no_such_file", 400, "Only links"),
    "gopher": ("gopher://127.0.0.1:{port}/", 400, "Only links"),
    "data": ("data:image/png;base64,AAAA", 400, "not a picture"),
    "user info": ("http://public.test@127.0.0.1:{port}/", 400, "unclear"),
    "user info and password": ("http://public.test:80@127.0.0.1:{port}/", 400, "unclear"),
    "user info and backslash": ("http://127.0.0.1:{port}\\@public.test/", 400, "unclear"),
    "line break": ("http://public.test/\r\nHost: 127.0.0.1", 400, "unclear"),
    "redirect to loopback": ("http://public.test/to-loopback", 400, "private network"),
    "redirect to a file": ("http://public.test/to-file", 400, "Only links"),
    "endless redirects": ("http://public.test/around", 400, "more than 5 times"),
    "endless body": ("http://public.test/endless", 400, "larger than 32 MB"),
    "a length that is too large": ("http://public.test/long", 400, "larger than 32 MB"),
    "slow body": ("http://public.test/slow", 504, "too long"),
    "silence": ("http://public.test/silent", 504, "too long"),
    "packed body": ("http://public.test/packed", 400, "packs its answer"),
    "packed file": ("http://public.test/picture.gz", 400, "not a picture"),
    "a web page": ("http://public.test/page", 400, "web page"),
}
"""Name: the link, the status, and words of the sentence."""

PACKED = gzip.compress(GREEN)


@pytest.fixture
def attacker(serve):
    """A server on a public address that does what the path says; `requests` lists what reached it."""
    over = threading.Event()

    def silent(request, beginning=b""):
        request.wfile.write(beginning)
        over.wait(60)

    def endless(request):
        request.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while not over.is_set():
                request.wfile.write(GREEN.ljust(1 << 20, b"\0"))

    def slow(request):
        request.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" + GREEN[:20])
        with contextlib.suppress(ConnectionError):
            while not over.wait(0.02):
                request.wfile.write(b"\0")

    answers = {
        "/to-loopback": lambda r: respond(
            r, status=302, headers={"Location": f"http://127.0.0.1:{server.port}/secret"}
        ),
        "/to-file": lambda r: respond(r, status=302, headers={"Location": "file:///no_such_file"}),
        "/around": lambda r: respond(r, status=302, headers={"Location": "/around"}),
        "/long": lambda r: respond(r, GREEN, headers={"Content-Length": "99999999999"}),
        "/endless": endless,
        "/slow": slow,
        "/silent": silent,
        "/packed": lambda r: respond(r, PACKED, headers={"Content-Encoding": "gzip"}),
        "/picture.gz": lambda r: respond(r, PACKED),
        "/page": lambda r: respond(r, b"<!DOCTYPE html><html><body></body></html>"),
    }
    server = serve(lambda request: answers.get(request.path, lambda r: respond(r, GREEN))(request))
    yield server
    over.set()


def ask(client, url):
    return client.post(CLASSIFY, data=json.dumps({"url": url}), content_type="application/json")


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack(client, attacker, monkeypatch, name):
    url, status, part = ATTACKS[name]
    if status == 504:
        monkeypatch.setattr(links, "TOTAL_SECONDS", 0.4)
    with Network(attacker.port) as network:
        assert part in refused(ask(client, url.format(port=attacker.port)), status)
    assert "/secret" not in [path for _method, path, _headers in attacker.requests]
    if "public.test/" not in url:
        assert attacker.requests == network.connections == []


def test_who_asks_is_told_what_helps(client, attacker):
    with Network(attacker.port):
        answer = ask(client, f"http://127.0.0.1:{attacker.port}/").get_json()
    assert answer["advice"].startswith("Send the picture itself")
    assert "Preferences" not in answer["advice"]


def test_a_name_that_changes_its_address_between_check_and_use(client, attacker):
    with Network(attacker.port) as network:
        assert (
            ask(client, "http://rebinding.test/").status_code == 200
        )  # at its public address, looked up once
        assert network.questions == ["rebinding.test"]
        refused(ask(client, "http://rebinding.test/"), 400)
        assert len(network.connections) == 1


def test_every_known_refused_link(client, attacker):
    with Network(attacker.port) as network:
        for link in REFUSED:
            refused(ask(client, link), 400)
    assert network.connections == []


@pytest.mark.parametrize("target", REDIRECTS)
def test_every_known_redirect(client, serve, target):
    paths = []

    def answer(request):
        paths.append(request.path)
        respond(request, status=302, headers={"Location": target.format(port=server.port)})

    server = serve(answer)
    with Network(server.port):
        refused(ask(client, "http://public.test/"), 400)
    assert "/secret" not in paths


def test_the_service_still_answers_afterwards(client, attacker):
    with Network(attacker.port):
        for url, status, _part in ATTACKS.values():
            if status == 400 and "endless" not in url:
                ask(client, url.format(port=attacker.port))
        assert ask(client, "http://public.test/a.png").json["message"] == "green"
    assert client.post(CLASSIFY, **raw()).status_code == 200
