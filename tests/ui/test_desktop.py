"""The app starts with the threads that it needs, and no others."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.store import Library
from desktop_app.core.settings import SettingsStore
from desktop_app.core.training.runs.store import RunStore
from desktop_app.ui.desktop import Desktop
from desktop_app.ui.later_parts import MODULES
from desktop_app.workers.classify.messages import Item, ItemState, ModelPhase, ModelStatus
from desktop_app.workers.threads.thread import WorkerThread

TIMEOUT = 60_000

NEEDED = {
    "devices": "The status bar says what the app computes on.",
    "library": "The models are listed, to choose the one that answers.",
    "inference": "That model is loaded, so that the first picture need not wait.",
    "runs": "A training that was interrupted is spoken of.",
    "batch rows": "So is a job that was interrupted.",
}


@pytest.fixture
def desktop(qtbot, tmp_path):
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    runs = RunStore(tmp_path / "runs", tmp_path / "trash-runs")
    desktop = Desktop(library, SettingsStore(tmp_path / "settings.json"), runs)
    yield desktop
    desktop.window.close()
    assert desktop.shutdown(60)
    desktop.window.deleteLater()


def test_only_threads_that_are_needed_run_once_the_window_is_shown(qtbot, desktop):
    lists = [
        desktop.devices.status_changed,
        desktop.library.models_changed,
        desktop.training.runs_changed,
        desktop.batch.jobs_changed,
    ]
    with qtbot.waitSignals(lists, timeout=TIMEOUT):
        desktop.open([])
    qtbot.waitUntil(lambda: desktop.session.model_status.reason is not None, timeout=TIMEOUT)
    running = {thread.objectName() for thread in desktop.findChildren(WorkerThread) if thread.isRunning()}
    assert running == set(NEEDED)


def test_what_is_not_painted_is_made_once_the_window_has_been_painted(qtbot, desktop):
    made = desktop._services.made
    assert made() == [desktop.session, desktop.library, desktop.devices]
    with qtbot.waitSignal(desktop.painted, timeout=TIMEOUT):
        desktop.open([])
    qtbot.waitUntil(lambda: len(made()) > 3, timeout=TIMEOUT)
    assert desktop.training in made()
    assert desktop.batch in made()


def test_who_asks_for_a_later_part_gets_all_of_them_at_once(desktop):
    desktop.window.show_pane(1)
    made = desktop._services.made()
    assert {desktop.training, desktop.batch} < set(made)
    assert desktop._services.similar in made


@pytest.fixture
def begun(desktop, monkeypatch):
    """What says how often the later parts were begun, in a painted window that loads no model."""
    calls = []
    monkeypatch.setattr(desktop.library, "refresh", lambda: None)
    monkeypatch.setattr(desktop.devices, "start", lambda: None)
    monkeypatch.setattr(desktop._imports, "begin", lambda: calls.append("begun"))
    desktop._on_painted()
    return calls


def set_phase(desktop, phase):
    desktop.session._set_status(ModelStatus("m", "M", phase))


def test_later_parts_wait_for_the_answer_to_the_first_picture_and_come_once(desktop, begun, tmp_path):
    source = FileSource(tmp_path / "cat.png")
    desktop.session.add([source])
    set_phase(desktop, ModelPhase.LOADING)
    set_phase(desktop, ModelPhase.READY)
    desktop.session.item_changed.emit(Item(1, source))
    assert not begun
    desktop.session.item_changed.emit(Item(1, source, ItemState.FAILED))
    desktop.session.item_changed.emit(Item(2, source, ItemState.FAILED))
    assert begun == ["begun"]


@pytest.mark.parametrize("phase", [ModelPhase.READY, ModelPhase.FAILED])
def test_without_pictures_later_parts_wait_for_the_model(desktop, begun, phase):
    set_phase(desktop, ModelPhase.LOADING)
    assert not begun
    set_phase(desktop, phase)
    assert begun == ["begun"]


def test_later_parts_come_at_once_when_no_answer_is_to_be_expected(desktop, begun, tmp_path):
    desktop.session.add([FileSource(tmp_path / "cat.png")])
    set_phase(desktop, ModelPhase.FAILED)
    assert begun == ["begun"]


def test_all_modules_of_the_later_parts_are_imported_beforehand():
    program = f"""
import importlib, sys
import desktop_app.ui.desktop
for module in {MODULES!r}:
    importlib.import_module(module)
from PySide6.QtWidgets import QApplication
from pathlib import Path
import tempfile
from desktop_app.core.library.store import Library
from desktop_app.core.settings import SettingsStore
application = QApplication([])
with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    store = SettingsStore(folder / "settings.json")
    desktop = desktop_app.ui.desktop.Desktop(Library(folder, folder / "m", folder / "t"), store)
    before = set(sys.modules)
    desktop.window.whole_services()
print([name for name in set(sys.modules) - before if name.startswith("desktop_app")])
desktop.shutdown(60)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.split("\n")[0] == "[]"


def test_a_window_closes_without_a_question_before_its_later_parts_are_there(desktop):
    desktop.window.show()
    desktop.window.close()
    assert not desktop.window.isVisible()
