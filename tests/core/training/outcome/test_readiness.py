"""A trained model is made ready for OpenVINO; what fails there costs neither the model nor the run."""

from __future__ import annotations

import pytest

from desktop_app.core.classify import loader
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.engine.compiled import openvino_version
from desktop_app.core.inference.engine_record import read_record
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.outcome import readiness
from desktop_app.core.training.records.events import Preparing, Warned
from tests.core.training.tiny import make_data, stores_in, tiny_config

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

COMPARING = "Comparing OpenVINO with TensorFlow"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return make_data(tmp_path_factory.mktemp("data"))


def train(folder, data, on_event=lambda _event: None, control=None, **changes):
    runs, library = stores_in(folder)
    config = tiny_config(data, name="mine", epochs=1, **changes)
    token = (control or TrainingControl()).token
    return fit.train(config, on_event, token, runs=runs, library=library), library, runs


def test_a_trained_model_is_answered_without_tensorflow(data, tmp_path, monkeypatch):
    events = []
    result, library, _runs = train(tmp_path, data, events.append)
    entry = library.get(result.model_id)
    record = read_record(entry, openvino_version())
    assert record.proofs[0].holds
    assert record.proofs[0].pictures == 32 + 6, "all validation pictures"
    assert entry.card.proofs == record.proofs
    assert {event.message for event in events if isinstance(event, Preparing)} >= {COMPARING}
    assert not [event for event in events if isinstance(event, Warned) and "OpenVINO" in event.message]
    monkeypatch.setattr(loader, "load_engine", lambda: pytest.fail("TensorFlow was asked for"))
    assert load_classifier(result.model_id, library).by.engine == "openvino"


def test_without_other_pictures_those_of_the_training_are_taken(data, tmp_path):
    result, library, _runs = train(tmp_path, data, validation_split=0.0, test_split=0.0)
    (proof, *_more) = library.get(result.model_id).card.proofs
    assert proof.pictures == 32 + 24


def test_what_fails_is_told_and_the_model_stays(data, tmp_path, monkeypatch):
    def fail(*_arguments, **_options):
        raise RuntimeError("a defect")

    events = []
    with monkeypatch.context() as patch:
        patch.setattr(readiness, "make_ready", fail)
        result, library, runs = train(tmp_path, data, events.append)
    assert result.status == "finished"
    assert result.evaluation is not None
    warnings = [event.message for event in events if isinstance(event, Warned)]
    assert "The model is made ready for OpenVINO at its first use: see log.txt." in warnings
    assert "a defect" in runs.get(result.run_id).folder.joinpath("log.txt").read_text()
    assert load_classifier(result.model_id, library).by.engine == "openvino"


def stop_at_the_comparison(act):
    def look(event):
        if isinstance(event, Preparing) and event.message == COMPARING:
            act()

    return look


def test_closing_the_window_then_ends_a_run_that_is_complete(data, tmp_path):
    control = TrainingControl()
    result, library, runs = train(tmp_path, data, stop_at_the_comparison(control.interrupt), control)
    assert (result.status, result.evaluation is not None) == ("finished", True)
    assert runs.get(result.run_id).record.state == "finished"
    entry = library.get(result.model_id)
    assert read_record(entry, openvino_version()) is None
    assert entry.card.bank is None or entry.card.bank.rows


def test_cancelling_then_discards_the_run(data, tmp_path):
    control = TrainingControl()
    result, library, runs = train(tmp_path, data, stop_at_the_comparison(control.cancel), control)
    assert (result.status, result.model_id) == ("cancelled", None)
    assert list(library.installed.iterdir()) == []
    assert runs.list() == ()


def test_where_a_gpu_answers_nothing_is_done(data, tmp_path, monkeypatch):
    monkeypatch.setattr(readiness, "gpu_expected", lambda: True)
    result, library, _runs = train(tmp_path, data)
    assert read_record(library.get(result.model_id), openvino_version()) is None
