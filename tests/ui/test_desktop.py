"""The app starts with the threads that it needs, and no others."""

from __future__ import annotations

import pytest

from desktop_app.core.library.store import Library
from desktop_app.core.settings import SettingsStore
from desktop_app.core.training.runs.store import RunStore
from desktop_app.ui.desktop import Desktop
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
