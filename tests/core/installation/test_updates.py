"""Asking for updates, against a server on this computer."""

from __future__ import annotations

import json
import threading

import pytest

from desktop_app import __version__
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, DownloadError, UsageError
from desktop_app.core.installation.updates import LONGEST_NOTES, MAX_BYTES, UpdateAnswer, check_for_updates
from tests.servers import respond


def publishing(serve, **published):
    body = json.dumps(published).encode()
    server = serve(lambda request: respond(request, body))
    return server, f"{server.url}/latest.json"


def test_a_newer_version(serve):
    server, url = publishing(serve, version="1.10.0", notes="- More.\n", page="https://example.org/get")
    answer = check_for_updates(url, installed="1.9.3")
    assert answer == UpdateAnswer("1.9.3", "1.10.0", "- More.", "https://example.org/get")
    assert answer.newer
    assert answer.sentence == "Sightline 1.10.0 is available; this is 1.9.3."
    ((method, path, headers),) = server.requests
    assert (method, path) == ("GET", "/latest.json")
    assert headers["user-agent"] == f"Sightline/{__version__}"
    assert "cookie" not in headers


@pytest.mark.parametrize(
    ("installed", "published", "sentence"),
    [
        ("0.1.0", "0.1.0", "This is the newest version, 0.1.0."),
        ("0.1", "0.1.0", "This is the newest version, 0.1."),
        ("0.2.0", "0.1.9", "This version, 0.2.0, is newer than the published one, 0.1.9."),
        ("1.0.0", "1.0.0rc1", "This version, 1.0.0, is newer than the published one, 1.0.0rc1."),
    ],
)
def test_no_newer_version(serve, installed, published, sentence):
    _server, url = publishing(serve, version=published)
    answer = check_for_updates(url, installed=installed)
    assert not answer.newer
    assert answer.sentence == sentence


def test_a_page_that_is_not_encrypted_is_not_offered(serve):
    for page in ("http://example.org/get", "file:///no_such_file", "javascript:void(0)", "https://[", "get"):
        _server, url = publishing(serve, version="9.0", page=page)
        assert check_for_updates(url).page == ""


def test_long_notes_are_cut(serve):
    _server, url = publishing(serve, version="9.0", notes="x" * (LONGEST_NOTES + 1))
    assert len(check_for_updates(url).notes) == LONGEST_NOTES


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"<html>",
        b'{"version": 2}',
        b'{"version": "latest"}',
        b'{"version": "%s"}' % (b"1" * 60),
    ],
)
def test_what_names_no_version(serve, body):
    server = serve(lambda request: respond(request, body))
    with pytest.raises(DownloadError, match="names no version"):
        check_for_updates(server.url)


def test_nothing_there(serve):
    server = serve(lambda request: respond(request, status=404))
    with pytest.raises(DownloadError, match=r"Nothing is published at .*: the server answered 404"):
        check_for_updates(server.url)


def test_too_much(serve):
    server = serve(lambda request: respond(request, b" " * (MAX_BYTES + 1)))
    with pytest.raises(DownloadError, match="too large"):
        check_for_updates(server.url)


@pytest.mark.parametrize(
    "url", ["", "http://example.org/latest.json", "file:///latest.json", "https://", "https://["]
)
def test_only_encrypted_addresses(url):
    with pytest.raises(UsageError, match="does not begin with https://"):
        check_for_updates(url)


def test_redirects_are_followed_but_not_in_circles(serve):
    def handle(request):
        if request.path == "/latest.json":
            respond(request, status=302, headers={"Location": "/there.json"})
        elif request.path == "/there.json":
            respond(request, b'{"version": "9.0"}')
        else:
            respond(request, status=302, headers={"Location": "/round"})

    server = serve(handle)
    assert check_for_updates(f"{server.url}/latest.json").newest == "9.0"
    with pytest.raises(DownloadError, match="redirects more than 5 times"):
        check_for_updates(f"{server.url}/round")


def test_nobody_answers(serve):
    server = serve(respond)
    server.close()
    with pytest.raises(DownloadError, match=r"latest\.json cannot be reached") as caught:
        check_for_updates(f"{server.url}/latest.json")
    assert caught.value.advice == "Check the connection and try again."


def test_a_slow_server(serve, monkeypatch):
    monkeypatch.setattr("desktop_app.core.installation.updates.TIMEOUTS", (5.0, 0.05))
    done = threading.Event()
    server = serve(lambda _request: done.wait(60))
    with pytest.raises(DownloadError, match="takes too long"):
        check_for_updates(server.url)
    done.set()


def test_cancelling(serve):
    source = CancelSource()
    source.cancel()
    _server, url = publishing(serve, version="9.0")
    with pytest.raises(Cancelled):
        check_for_updates(url, cancel=source.token)
