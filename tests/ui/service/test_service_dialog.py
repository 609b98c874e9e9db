from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.service.activity import RequestError
from desktop_app.core.service.options import ServiceOptions
from desktop_app.core.service.server import ServiceSnapshot
from desktop_app.ui.service.service_dialog import ServiceDialog
from desktop_app.workers.service.label_service_status import LabelServiceStatus, Listening, ServiceState
from tests.ui.fakes import OPENVINO, TENSORFLOW, FakeLibrary, entry, missing_vgg19

ADDRESS = "http://127.0.0.1:5432"
NETWORK_ADDRESS = "http://192.0.2.7:5432"
CURL = f"curl -F image=@picture.jpg {ADDRESS}/api/v1/classify_image"
READY = ServiceSnapshot(ADDRESS, "everyday", True, 1234, 1200, ())


class FakeLabelService(QObject):
    """Notes what is asked of it; `become` plays the worker's part."""

    changed = Signal(object)

    def __init__(self):
        super().__init__()
        self.status = LabelServiceStatus()
        self.options = ServiceOptions()
        self.calls = []

    def start(self, options):
        self.options = options
        self.calls.append(("start", options))
        self.become(LabelServiceStatus(ServiceState.STARTING))

    def stop(self):
        self.calls.append(("stop",))
        self.become(self.status.becoming(ServiceState.STOPPING))

    def become(self, status):
        self.status = status
        self.changed.emit(status)

    def listen(self, network_address="", **snapshot):
        listening = Listening(ADDRESS, network_address, 5432, CURL, "Everyday")
        self.become(LabelServiceStatus(ServiceState.ON, listening, replace(READY, **snapshot)))


@pytest.fixture
def service(qapp):
    return FakeLabelService()


@pytest.fixture
def models(qapp):
    return FakeLibrary(entry(), missing_vgg19(), entry("animals", "Animals"))


@pytest.fixture
def make(qtbot, service, models, light):
    def make(model_id="animals"):
        dialog = ServiceDialog(service, models, model_id)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


@pytest.fixture
def dialog(make):
    return make()


def texts(dialog):
    return "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


def errors(dialog):
    """What is shown: time, status, sentence; without the points where a line may break."""
    return [
        tuple(cell.text().replace("\N{ZERO WIDTH SPACE}", "") for cell in row)
        for row in dialog._figures._rows
        if row[0].isVisible()
    ]


def press(dialog, name):
    [found] = [
        each
        for each in dialog.findChildren(QPushButton)
        if name in {each.text(), each.accessibleName()} and each.isVisible()
    ]
    found.click()


def others(dialog):
    return dialog._settings._others


def test_off_at_first(dialog, service):
    assert not dialog._switch.isChecked()
    assert "The local API is off." in texts(dialog)
    assert not dialog._asking.isVisible()
    assert service.calls == []


def test_the_switch(qtbot, dialog, service):
    qtbot.keyClick(dialog._switch, Qt.Key.Key_Space)
    assert service.calls == [("start", ServiceOptions(model_id="animals"))]
    assert dialog._switch.isChecked()
    service.listen()
    assert dialog._switch.isChecked()
    dialog._switch.click()
    assert service.calls[-1] == ("stop",)
    assert not dialog._switch.isChecked()
    assert "stopping" in texts(dialog)
    dialog._switch.click()  # at once on again, with what was chosen
    assert service.calls[-1] == ("start", ServiceOptions(model_id="animals"))


def test_only_models_that_can_be_used_are_offered(dialog):
    picker = dialog._settings._model
    assert [picker.itemText(place) for place in range(picker.count())] == ["Everyday", "Animals"]
    assert dialog._settings.model_id == "animals"


@pytest.mark.parametrize("model_id", ["", "gone"])
def test_an_unknown_model_leaves_the_first(make, model_id):
    assert make(model_id)._settings.model_id == "everyday"


def test_a_choice_outlasts_a_new_list(dialog, models):
    picker = dialog._settings._model
    picker.setCurrentIndex(0)
    picker.activated.emit(0)
    models.change(entry("birds", "Birds"), entry())
    assert dialog._settings.model_id == "everyday"


def test_before_the_models_are_listed_it_cannot_be_switched_on(service, qtbot, light):
    models = FakeLibrary()
    dialog = ServiceDialog(service, models, "everyday")
    qtbot.addWidget(dialog)
    assert not dialog._switch.isEnabled()
    models.change(entry())
    assert dialog._switch.isEnabled()


def test_other_computers_need_a_token_that_is_shown(dialog, service):
    assert "Only programs on this computer" in texts(dialog)
    others(dialog).click()
    assert "Nothing is encrypted" in texts(dialog)
    dialog._switch.click()
    options = service.calls[-1][1]
    assert options.host == "0.0.0.0"
    assert len(options.token) == 24
    service.listen(NETWORK_ADDRESS)
    assert dialog._token.text() == options.token
    assert dialog._network_address.text() == NETWORK_ADDRESS
    press(dialog, "Copy: Token")
    assert QGuiApplication.clipboard().text() == options.token
    dialog._switch.click()
    service.become(LabelServiceStatus())
    dialog._switch.click()
    assert service.calls[-1][1].token == options.token


def test_in_no_network(dialog, service):
    others(dialog).click()
    dialog._switch.click()
    service.listen("")
    assert "not on a network" in dialog._network_address.text()
    assert not dialog._network_address.isEnabled()


def test_what_one_needs_to_ask(dialog, service, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    service.listen()
    assert dialog._address.text() == ADDRESS
    assert not dialog._token.isVisible()
    assert not dialog._network_address.isVisible()
    press(dialog, "Copy: Address")
    assert QGuiApplication.clipboard().text() == ADDRESS
    press(dialog, "Copy: Command for a terminal")
    assert QGuiApplication.clipboard().text() == CURL
    press(dialog, "Open")
    assert opened == [ADDRESS]


def test_copying_is_answered_for_a_moment(qtbot, dialog, service):
    service.listen()
    dialog._address._fade.setInterval(0)
    press(dialog, "Copy: Address")
    assert dialog._address._copy.text() == "Copied"
    qtbot.waitUntil(lambda: dialog._address._copy.text() == "Copy")


def test_figures_and_errors(dialog, service):
    service.listen()
    assert "1,234" in texts(dialog)
    assert "1,200" in texts(dialog)
    assert "None so far." in texts(dialog)
    now = datetime.now(UTC)
    first = RequestError(now, 400, "It is not a picture.")
    second = RequestError(now, 404, "<b>No</b> such model.")
    service.listen(errors=(second, first))
    clock = f"{now.astimezone():%H:%M:%S}"
    assert errors(dialog) == [
        (clock, "404", "<b>No</b> such model."),
        (clock, "400", "It is not a picture."),
    ]
    assert "None so far." not in texts(dialog)
    service.listen(errors=(first,))
    assert len(errors(dialog)) == 1


def test_the_settings_are_kept_while_they_are_in_use(dialog, service):
    fields = (dialog._settings._model, dialog._settings._port, others(dialog))
    service.listen()
    assert not any(field.isEnabled() for field in fields)
    service.become(LabelServiceStatus())
    assert all(field.isEnabled() for field in fields)


def test_a_port_in_use(dialog, service):
    dialog._settings._port.setValue(6000)
    dialog._switch.click()
    assert service.calls[-1][1].port == 6000
    problem = Reason("Port 6000 is in use.")
    service.become(LabelServiceStatus(ServiceState.FAILED, problem=problem, port_taken=True))
    assert not dialog._switch.isChecked()
    assert "Port 6000 is in use." in texts(dialog)
    press(dialog, "Use a free port")
    assert dialog.focusWidget() is dialog._switch
    assert service.calls[-1] == ("start", ServiceOptions(port=0, model_id="animals"))
    service.listen()
    assert dialog._settings._port.text() == "5432"
    assert "Use a free port" not in [
        each.text() for each in dialog.findChildren(QPushButton) if each.isVisible()
    ]


def test_while_the_model_is_loaded(dialog, service):
    service.listen(ready=False)
    assert "loading Everyday" in texts(dialog)
    service.listen(ready=False, problem="It is damaged. Import it again.")
    assert "It is damaged. Import it again." in texts(dialog)


def test_the_model_is_removed_meanwhile(dialog, service, models):
    dialog._switch.click()
    service.listen()
    assert "removed" not in texts(dialog)
    models.change(entry())
    assert "has been removed" in texts(dialog)
    models.change(entry(), entry("animals", "Animals"))
    assert "removed" not in texts(dialog)


def test_opened_again_it_shows_what_runs(make, service):
    service.start(ServiceOptions(host="0.0.0.0", port=6000, model_id="everyday", token="t" * 24))
    service.listen(NETWORK_ADDRESS)
    dialog = make()
    assert dialog._switch.isChecked()
    assert "stays on" in texts(dialog)
    assert dialog._settings.model_id == "everyday"
    assert others(dialog).isChecked()
    assert dialog._token.text() == "t" * 24
    dialog.close()
    assert ("stop",) not in service.calls


def test_it_grows_with_what_it_shows(qtbot, dialog, service):
    before = dialog.height()
    service.listen()
    qtbot.waitUntil(lambda: dialog.height() > before)
    without_errors = dialog.height()
    service.listen(errors=[RequestError(datetime.now(UTC), 400, "It is not a picture. " * 9)] * 2)
    qtbot.waitUntil(lambda: dialog.height() > without_errors)
    qtbot.waitUntil(lambda: dialog._scroll.verticalScrollBar().maximum() == 0)
    grown = dialog.height()
    service.become(LabelServiceStatus())
    dialog.fit()
    assert dialog.height() == grown


def test_what_answers_is_said_once_the_model_is_loaded(dialog, service):
    service.listen()
    assert dialog._advice.text().startswith("It stays on")
    service.listen(by=OPENVINO)
    assert dialog._advice.text().startswith(
        "Everyday answers by OpenVINO float32 on CPU (2 cores). It stays on"
    )
    service.listen(by=TENSORFLOW)
    assert TENSORFLOW.reason in dialog._advice.text()
