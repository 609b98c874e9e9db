"""The label service in the window: its menu, its dialog and its sign in the status line."""

from desktop_app.core.service.server import ServiceSnapshot
from desktop_app.workers.service.label_service_status import LabelServiceStatus, Listening, ServiceState


def test_the_label_service_is_in_the_menu_and_has_one_dialog(window, label_service):
    window._actions.label_service.trigger()
    dialog = window._service_dialog
    assert dialog.isVisible()
    assert not dialog.isModal()
    dialog.close()
    window._actions.label_service.trigger()
    assert window._service_dialog is dialog
    assert dialog.isVisible()
    dialog.close()


def test_the_status_line_tells_that_the_label_service_is_on(window, label_service):
    button = window._status._service
    assert not button.isVisible()
    listening = Listening("http://127.0.0.1:5432", "", 5432, "curl", "Everyday")
    snapshot = ServiceSnapshot(listening.address, "everyday", True, 0, 0, ())
    label_service.changed.emit(LabelServiceStatus(ServiceState.ON, listening, snapshot))
    assert button.isVisible()
    assert listening.address in button.toolTip()
    button.click()
    assert window._service_dialog.isVisible()
    window._service_dialog.close()
    label_service.changed.emit(LabelServiceStatus())
    assert not button.isVisible()
