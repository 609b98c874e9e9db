"""The service gets a request once it is ready, and its response is compared."""

from __future__ import annotations

import contextlib
import socket

import pytest

from desktop_app.core.health import service
from desktop_app.core.health.checks import CheckFailed
from desktop_app.core.health.service import ask_service


class FakeChild:
    """A service that listens on the given address, and records what happens to it."""

    def __init__(self, address="http://127.0.0.1:1"):
        self.address = address
        self.calls = []

    @contextlib.contextmanager
    def start(self, *words, output, **environment):
        self.calls.append((words, environment))
        yield self

    def wait_for(self, _pattern):
        return self.address

    def pause(self, _seconds):
        self.calls.append("pause")

    def stop(self):
        self.calls.append("stop")


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """`ask(*answers)` makes the service return these responses; returns the outcome and the service."""
    picture = tmp_path / "cat.jpg"
    picture.write_bytes(b"a picture")

    def ask(*answers):
        waiting, child = list(answers), FakeChild()
        monkeypatch.setattr(service, "_ask", lambda *_question: waiting.pop(0))
        return ask_service(tmp_path, picture, "everyday", "cat", start=child.start), child

    return ask


def test_a_model_that_cannot_be_loaded_is_not_waited_for(ask):
    broken = (503, {"error": "The model everyday could not be loaded.", "advice": "Look at the log."})
    with pytest.raises(CheckFailed, match="answered 503: The model everyday could not be loaded") as caught:
        ask(broken, broken)
    assert caught.value.advice == "Look at the log."


def test_it_is_asked_once_it_is_ready(ask):
    loading = (503, {"error": "The model everyday is being loaded."})
    sentence, child = ask(loading, loading, (200, {}), (200, {"message": "cat"}))
    assert sentence == "The local API answered a request over HTTP: cat.jpg shows 'cat'."
    words, environment = child.calls[0]
    assert words == ("serve", "--port", "0", "--model", "everyday")
    assert environment == {"SIGHTLINE_TOKEN": ""}  # or the user's own would be asked for
    assert child.calls[1:] == ["pause", "pause", "stop"]


def test_another_answer(ask):
    with pytest.raises(CheckFailed, match=r"predicted dog for cat\.jpg, not cat"):
        ask((200, {}), (200, {"message": "dog"}))


def test_a_refusal(ask):
    with pytest.raises(CheckFailed, match=r"answered 415: Not a picture\.") as caught:
        ask((200, {}), (415, {"error": "Not a picture.", "advice": "Send one."}))
    assert caught.value.advice == "Send one."


def test_nobody_answers(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    child = FakeChild(f"http://127.0.0.1:{port}")
    with pytest.raises(CheckFailed, match="did not answer as it should") as caught:
        ask_service(tmp_path, tmp_path / "cat.jpg", "everyday", "cat", start=child.start)
    assert "firewall" in caught.value.advice
