from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import requests

from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.service.options import ServiceOptions
from desktop_app.workers.service import label_service_status
from desktop_app.workers.service.label_service import LabelService
from desktop_app.workers.service.label_service_status import LabelServiceStatus, ServiceState
from tests.core.service.running import TOKEN, Loader, add_models, picture, refuses, wait_until

OPTIONS = ServiceOptions(port=0, model_id="colours", threads=6)
CLASSIFY = "/api/v1/classify_image"


@pytest.fixture
def loader():
    return Loader()


@pytest.fixture
def service(qapp, loader):
    result = LabelService(ModelPool(add_models("colours", "colours-2"), load=loader))
    yield result
    loader.gate.set()
    for classifier in loader.classifiers.values():
        classifier.gate.set()
    assert result.shutdown(60)


def ask(service, address="", token=""):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.post(
        (address or service.status.listening.address) + CLASSIFY,
        files={"image": picture()},
        headers=headers,
        timeout=60,
    )


def becomes(qtbot, service, state):
    qtbot.waitUntil(lambda: service.status.state is state)


def is_ready(service):
    return service.status.snapshot is not None and service.status.snapshot.ready


@pytest.fixture
def on(qtbot, service):
    service.start(OPTIONS)
    qtbot.waitUntil(lambda: is_ready(service))
    return service


def test_off_by_default(service, loader):
    assert service.status == LabelServiceStatus()
    assert not service.running
    assert service.status.sentence == service.status.curl_line == ""
    service.stop()
    assert loader.loaded == []


def test_answers_while_on(qtbot, on):
    assert on.status.state is ServiceState.ON
    assert on.status.sentence == f"The local API is on: {on.status.listening.address}"
    assert on.status.curl_line.endswith(f" {on.status.listening.address}{CLASSIFY}")
    assert ask(on).json()["message"] == "green"
    qtbot.waitUntil(lambda: on.status.snapshot.pictures == 1)
    assert on.status.snapshot.requests == 1
    assert on.options == replace(OPTIONS, port=on.status.listening.port)


def test_errors_arrive(qtbot, on):
    requests.post(
        on.status.listening.address + CLASSIFY,
        data=picture(),
        params={"top": 0},
        headers={"Content-Type": "image/png"},
        timeout=60,
    )
    qtbot.waitUntil(lambda: bool(on.status.snapshot.errors))
    assert on.status.snapshot.errors[0].status == 422


def test_changes_are_told_once(qtbot, on):
    told = []
    on.changed.connect(told.append)
    for _ in range(3):
        on._on_look()
    assert told == []
    ask(on)
    qtbot.waitUntil(lambda: bool(told) and told[-1].snapshot.pictures == 1)
    assert told[-1] == on.status


def test_tells_that_the_model_is_being_loaded(qtbot, service, loader):
    loader.gate.clear()
    service.start(OPTIONS)
    assert service.status.sentence == "The local API is starting…"
    assert service.running
    becomes(qtbot, service, ServiceState.ON)
    assert service.status.sentence == "The local API is loading Colours…"
    assert ask(service).status_code == 503
    loader.gate.set()
    qtbot.waitUntil(lambda: is_ready(service))


def test_off_again(qtbot, on):
    address = on.status.listening.address
    on.stop()
    assert on.status.state is ServiceState.STOPPING
    assert on.status.sentence == "The local API is stopping…"
    becomes(qtbot, on, ServiceState.OFF)
    with pytest.raises(requests.ConnectionError):
        ask(on, address)


def test_on_and_off_and_on_at_once(qtbot, service, loader):
    for _ in range(3):
        service.start(OPTIONS)
        service.stop()
        assert service.status.state is ServiceState.STOPPING
    service.start(replace(OPTIONS, model_id="colours-2"))
    service.start(OPTIONS)  # is on already
    qtbot.waitUntil(lambda: is_ready(service))
    assert ask(service).json()["model"] == "colours-2"
    service.stop()
    becomes(qtbot, service, ServiceState.OFF)


def test_the_same_port_again(qtbot, on):
    options = on.options
    on.stop()
    on.start(options)
    assert on.status.state is ServiceState.STARTING
    qtbot.waitUntil(lambda: is_ready(on))
    assert on.options.port == options.port
    assert ask(on).status_code == 200


def test_a_request_in_flight_is_answered(qtbot, on, loader):
    classifier = loader.classifiers["colours"]
    classifier.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, on)
        assert classifier.running.wait(60)
        on.stop()
        assert on.status.state is ServiceState.STOPPING
        classifier.gate.set()
        assert answer.result(60).json()["message"] == "green"
    becomes(qtbot, on, ServiceState.OFF)


def test_the_end_answers_what_is_in_flight(on, loader):
    classifier, port = loader.classifiers["colours"], on.status.listening.port
    classifier.gate.clear()

    def go_on_once_it_ends():
        wait_until(lambda: refuses(port))
        classifier.gate.set()

    with ThreadPoolExecutor(2) as pool:
        answer = pool.submit(ask, on)
        assert classifier.running.wait(60)
        going_on = pool.submit(go_on_once_it_ends)
        assert on.shutdown(60)
        going_on.result(60)
        assert answer.result(60).json()["message"] == "green"


@pytest.mark.parametrize("stopped_before", [False, True])
def test_the_end_does_not_wait_for_a_request_that_hangs(qtbot, on, loader, stopped_before):
    classifier = loader.classifiers["colours"]
    classifier.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, on)
        assert classifier.running.wait(60)
        if stopped_before:
            on.stop()
        assert not on.shutdown(1.0)
        qtbot.waitUntil(lambda: not on._lane.isRunning())  # only the one that hangs is left
        with pytest.raises(requests.ConnectionError):
            answer.result(60)
        classifier.gate.set()
    on.start(OPTIONS)
    assert not on.running
    wait_until(lambda: on.shutdown(0))


def test_off_while_the_model_is_loaded(qtbot, service, loader):
    loader.gate.clear()
    service.start(OPTIONS)
    assert loader.loading.wait(60)
    service.stop()
    becomes(qtbot, service, ServiceState.OFF)
    assert not service.shutdown(0.2)
    loader.gate.set()
    wait_until(lambda: service.shutdown(0))


def test_a_port_in_use(qtbot, service):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        service.start(replace(OPTIONS, port=port))
        becomes(qtbot, service, ServiceState.FAILED)
    assert service.status.port_taken
    assert service.status.problem.text == f"Port {port} is in use by another program."
    assert "off" in service.status.sentence
    assert not service.running
    service.start(OPTIONS)
    qtbot.waitUntil(lambda: is_ready(service))


def test_a_model_that_is_not_there(qtbot, service):
    service.start(replace(OPTIONS, model_id="nothing"))
    becomes(qtbot, service, ServiceState.FAILED)
    assert "nothing" in service.status.problem.text
    assert service.status.problem.advice
    assert not service.status.port_taken


def test_a_model_that_cannot_be_loaded(qtbot, service, loader, caplog):
    loader.error = ModelError("It is damaged.", "Import it again.")
    service.start(OPTIONS)
    qtbot.waitUntil(lambda: bool(service.status.model_problem))
    assert service.status.model_problem == "It is damaged. Import it again."
    assert service.status.sentence == "The local API cannot classify: Colours is not loaded."


def test_a_model_that_is_removed_meanwhile(qtbot, on):
    add_models().remove("colours")
    assert ask(on).status_code == 404
    qtbot.waitUntil(lambda: bool(on.status.snapshot.errors))
    assert on.status.snapshot.errors[0].status == 404


def test_an_address_that_is_not_ours(qtbot, service):
    service.start(replace(OPTIONS, host="192.0.2.1", token=TOKEN))
    becomes(qtbot, service, ServiceState.FAILED)
    assert "192.0.2.1" in service.status.problem.text
    assert "--port" not in service.status.problem.advice


def test_for_other_computers(qtbot, service, monkeypatch):
    monkeypatch.setattr(label_service_status, "own_address", lambda: "192.0.2.7")
    service.start(replace(OPTIONS, host="0.0.0.0", token=TOKEN))
    qtbot.waitUntil(lambda: is_ready(service))
    listening = service.status.listening
    assert listening.address == f"http://127.0.0.1:{listening.port}"
    assert listening.network_address == f"http://192.0.2.7:{listening.port}"
    assert TOKEN in listening.curl_line
    assert listening.network_address in listening.curl_line
    assert ask(service).status_code == 401
    assert ask(service, token=TOKEN).status_code == 200


def test_without_a_network(qtbot, service, monkeypatch):
    monkeypatch.setattr(label_service_status, "own_address", lambda: "")
    service.start(replace(OPTIONS, host="0.0.0.0", token=TOKEN))
    becomes(qtbot, service, ServiceState.ON)
    assert service.status.listening.network_address == ""
    assert service.status.listening.address in service.status.curl_line


def test_own_address_is_none_that_others_cannot_reach():
    assert label_service_status.own_address() not in {"127.0.0.1", "0.0.0.0"}
