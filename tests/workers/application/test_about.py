"""Licences and updates come from threads that start when they are first needed, and end."""

from __future__ import annotations

import json
import threading

import pytest

from desktop_app.core.foundation import paths
from desktop_app.workers.application.about import AboutService
from tests.servers import respond


@pytest.fixture
def service(qtbot):
    service = AboutService()
    yield service
    assert service.shutdown(60)


def test_nothing_runs_until_something_is_asked(service):
    assert not service._licences.isRunning()
    assert not service._updates.isRunning()


def test_the_list_and_then_a_text(qtbot, service):
    with qtbot.waitSignal(service.licences_listed, timeout=60_000) as listed:
        service.list_licences()
    (parts,) = listed.args
    assert parts[0].name == "Sightline"
    with qtbot.waitSignal(service.licence_read, timeout=60_000) as read:
        service.read_licence(parts[0])
    assert read.args[0] is parts[0]
    assert "Permission is hereby granted" in read.args[1]
    assert not service._updates.isRunning()


def test_a_missing_list_is_said(qtbot, service, monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    with qtbot.waitSignal(service.licences_failed, timeout=60_000) as failed:
        service.list_licences()
    assert failed.args[0].advice == "Reinstall Sightline."


def test_an_answer(qtbot, service, serve):
    server = serve(lambda request: respond(request, json.dumps({"version": "999.0"}).encode()))
    with qtbot.waitSignal(service.update_checked, timeout=60_000) as checked:
        service.check_for_updates(f"{server.url}/latest.json")
    assert checked.args[0].newer


def test_a_failure(qtbot, service, serve):
    server = serve(lambda request: respond(request, status=500))
    with qtbot.waitSignal(service.update_failed, timeout=60_000) as failed:
        service.check_for_updates(server.url)
    assert "500" in failed.args[0].text


def test_an_earlier_question_is_forgotten(qtbot, service, serve):
    asked, answer = threading.Event(), threading.Event()

    def handle(request):
        if request.path == "/slow":
            asked.set()
            answer.wait(60)
            respond(request, b'{"version": "1.0"}')
        else:
            respond(request, b'{"version": "2.0"}')

    server = serve(handle)
    told = []
    service.update_checked.connect(lambda found: told.append(found.newest))
    service.update_failed.connect(told.append)
    service.check_for_updates(f"{server.url}/slow")
    assert asked.wait(60)
    with qtbot.waitSignal(service.update_checked, timeout=60_000):
        service.check_for_updates(f"{server.url}/quick")
        answer.set()
    assert told == ["2.0"]


def test_nothing_is_told_after_cancelling(qtbot, service, serve):
    asked, answer = threading.Event(), threading.Event()

    def handle(request):
        asked.set()
        answer.wait(60)
        respond(request, b'{"version": "1.0"}')

    server = serve(handle)
    told = []
    service.update_checked.connect(told.append)
    service.update_failed.connect(told.append)
    service.check_for_updates(server.url)
    assert asked.wait(60)
    service.cancel_check()
    answer.set()
    assert service.shutdown(60)
    assert told == []
