"""The service with the fit itself: from a folder to a model, and on after the window was closed."""

from __future__ import annotations

import pytest

from desktop_app.core.datasets.decision import relabel
from desktop_app.core.library.store import Library
from desktop_app.core.training.outcome.estimate import EstimateRequest
from desktop_app.core.training.records.events import EpochEnded, Started
from desktop_app.workers.training.messages import AugmentationRequest
from desktop_app.workers.training.training_service import TrainingService
from tests.core.training.tiny import SIDE, make_data, stores_in, tiny_config

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

TIMEOUT = 60_000


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return make_data(tmp_path_factory.mktemp("data"))


@pytest.fixture
def make(qtbot, tmp_path):
    """Make a service; one after another, they share library and runs."""
    made = []

    def service():
        runs, library = stores_in(tmp_path)
        made.append(TrainingService(library, runs))
        made[-1].events = []
        made[-1].event_arrived.connect(made[-1].events.append)
        return made[-1], runs, library

    yield service
    ended = [service.shutdown(60) for service in made]
    assert all(ended)


def test_a_mislabeled_picture_is_found_and_corrected(qtbot, tmp_path):
    data = make_data(tmp_path / "data", count=16)
    moved = data / "class 0" / "moved.png"
    (data / "class 1" / "0.png").rename(moved)
    runs, _library = stores_in(tmp_path)
    service = TrainingService(Library.default(), runs)
    corrections = service.corrections
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT):
        service.open_data(data)
    with qtbot.waitSignal(corrections.search_ended, timeout=5 * TIMEOUT) as ended:
        corrections.search()
    [found] = [mistake for mistake in ended.args[0].found if mistake.path == moved]
    assert (found.given, found.suggested) == ("class 0", "class 1")
    with qtbot.waitSignal(corrections.corrected, timeout=TIMEOUT) as corrected:
        corrections.decide({moved: relabel(found.suggested)}, "1 picture relabeled")
    assert [entry.total for entry in corrected.args[0].classes] == [16, 16]
    assert service.shutdown(60)


def test_from_a_folder_to_a_model(qtbot, make, data):
    service, _runs, library = make()
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT) as scanned:
        service.open_data(data)
    report = scanned.args[0]
    paths = report.classes[0].samples
    config = tiny_config(data)
    with qtbot.waitSignal(service.augmentation_ready, timeout=TIMEOUT) as previewed:
        settings = config.hyperparameters.augmentation
        service.preview_augmentation(AugmentationRequest(paths, SIDE, 3, settings, 0))
    assert len(previewed.args[0].pictures) == len(paths)
    with qtbot.waitSignal(service.estimated, timeout=TIMEOUT) as estimated:
        service.estimate(EstimateRequest(config.recipe, config.hyperparameters, 2, len(report.examples)))
    assert estimated.args[0].seconds_per_epoch > 0
    service.start(config)
    qtbot.waitUntil(lambda: not service.running, timeout=TIMEOUT)
    started = next(event for event in service.events if isinstance(event, Started))
    assert started.parameters == estimated.args[0].parameters
    result = service.events[-1].result
    assert result.status == "finished"
    assert library.get(result.model_id).problem == ""
    qtbot.waitUntil(lambda: [run.record.state for run in service.runs] == ["finished"], timeout=TIMEOUT)


def test_a_fit_that_holds_when_the_window_closes_is_resumed_with_its_epochs(qtbot, make, data):
    service, runs, _library = make()
    service.event_arrived.connect(lambda event: isinstance(event, EpochEnded) and service.pause())
    service.start(tiny_config(data, epochs=1000))
    qtbot.waitUntil(lambda: service.paused, timeout=TIMEOUT)
    assert service.shutdown(60)
    (entry,) = runs.list()
    assert (entry.record.state, entry.resumable) == ("interrupted", True)
    done = len(entry.history)
    assert 1 <= done < 1000

    again, _runs, library = make()
    again.event_arrived.connect(lambda event: isinstance(event, EpochEnded) and again.stop())
    again.resume(entry.record.run_id)
    qtbot.waitUntil(lambda: not again.running, timeout=TIMEOUT)
    started = next(event for event in again.events if isinstance(event, Started))
    assert started.history == entry.history
    epochs = [event.metrics.epoch for event in again.events if isinstance(event, EpochEnded)]
    assert epochs[0] == done + 1
    result = again.events[-1].result
    assert result.status == "stopped"
    assert library.get(result.model_id).problem == ""


def test_a_cancelled_training_leaves_nothing(qtbot, make, data):
    service, runs, library = make()
    service.event_arrived.connect(lambda event: isinstance(event, Started) and service.cancel())
    service.start(tiny_config(data, epochs=1000))
    qtbot.waitUntil(lambda: not service.running, timeout=TIMEOUT)
    assert service.events[-1].result.status == "cancelled"
    assert runs.list() == ()
    assert not list(library.installed.glob("*"))


def test_data_that_cannot_be_trained_on_ends_in_words(qtbot, make, tmp_path):
    service, _runs, _library = make()
    service.start(tiny_config(tmp_path / "nowhere"))
    qtbot.waitUntil(lambda: not service.running, timeout=TIMEOUT)
    result = service.events[-1].result
    assert result.status == "failed"
    assert "nowhere" in result.reason.text
