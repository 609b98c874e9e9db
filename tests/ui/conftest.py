"""The window with services that tests drive by hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from desktop_app.core.settings import SettingsStore
from desktop_app.ui.common.style.theme import Theme
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.services import Services
from tests.ui.fake_batch import FakeBatch
from tests.ui.fake_exports import FakeExports
from tests.ui.fake_similar import FakeSimilar
from tests.ui.fake_training import FakeTraining
from tests.ui.fakes import (
    CPU,
    FakeAbout,
    FakeDevices,
    FakeLabelService,
    FakeLibrary,
    FakeNotifier,
    FakeSession,
    entry,
    missing_vgg19,
)


@pytest.fixture(autouse=True)
def no_widgets_of_earlier_tests(qapp):
    """Delete what pytest-qt has only marked for deletion: every theme change would restyle it again.

    A window that a test forgot slows down all tests after it, the most by a second each.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMainWindow)]
    assert not left, "a test before this one left its window: qtbot.addWidget or deleteLater takes it away"


@pytest.fixture
def session(qapp):
    return FakeSession()


@pytest.fixture
def library(qapp):
    return FakeLibrary(entry(), missing_vgg19())


@pytest.fixture
def devices(qapp):
    return FakeDevices(CPU)


@pytest.fixture
def training(qapp):
    return FakeTraining()


@pytest.fixture
def batch(qapp):
    return FakeBatch()


@pytest.fixture
def label_service(qapp):
    return FakeLabelService()


@pytest.fixture
def about(qapp):
    return FakeAbout()


@pytest.fixture
def similar(qapp):
    return FakeSimilar()


@pytest.fixture
def exports(qapp):
    return FakeExports()


@pytest.fixture
def store(tmp_path):
    return SettingsStore(tmp_path / "settings.json")


@pytest.fixture
def light(qapp):
    """The light theme, for widgets that are tested on their own."""
    theme = Theme(qapp)
    theme.apply("light")
    yield theme
    theme.deleteLater()


@pytest.fixture
def services(session, library, devices, training, batch, label_service, about, similar, exports):
    return Services(session, library, devices, training, batch, label_service, about, similar, exports)


@pytest.fixture
def notifier(qapp):
    return FakeNotifier()


@pytest.fixture
def window(qtbot, services, store, notifier):
    result = MainWindow(services, store, notifier)
    qtbot.addWidget(result)
    result.resize(1120, 720)
    result.show()
    return result


@pytest.fixture
def pane(window):
    return window._classify
