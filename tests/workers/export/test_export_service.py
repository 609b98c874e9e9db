"""Every export of the window ends in words, whatever happens; its lane and processes end with it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from desktop_app.core.export import exporting
from desktop_app.core.export.conversion.formats import EXPORT_FORMATS
from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.export.exporting import ExportResult
from desktop_app.core.export.listening import ExportProgress
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.library.exchange.importing import import_model
from desktop_app.core.library.store import Library
from desktop_app.core.training.runs.store import RunStore
from desktop_app.workers.export.export_service import ExportService
from desktop_app.workers.export.messages import ExportPhase, ExportRequest
from tests.core.library.test_store import card
from tests.tiny_model import install_colour_model
from tests.ui.fake_exports import report

TIMEOUT = 20_000


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    library.add(card("pets"), lambda path: path.write_bytes(b"weights"))
    return library


@pytest.fixture
def service(qapp, library, tmp_path):
    service = ExportService(library, RunStore(tmp_path / "runs", tmp_path / "trash"))
    service.seen = []
    service.changed.connect(service.seen.append)
    yield service
    assert service.shutdown(60)


def wish(tmp_path, form="onnx", precision="float32", model_id="pets"):
    return ExportRequest(model_id, "Pets", form, precision, tmp_path / f"pets.{form}.zip")


def wait_for(qtbot, service, phase):
    qtbot.waitUntil(lambda: service.status is not None and service.status.phase is phase, timeout=TIMEOUT)
    return service.status


@pytest.fixture
def exported(monkeypatch):
    """Stands in for the core; returns what its behaviour is set by."""

    class Core:
        precision = "float32"
        error = None
        waits = False
        kept = None
        started = threading.Event()

    core = Core()
    core.started.clear()

    def export_beside(library, model_id, path, *, form, precision, cancel, on_progress, keep):
        on_progress(ExportProgress("Asking OpenVINO…", 3, 32))
        core.started.set()
        if core.waits:
            assert cancel.wait(60)
            cancel.check()
        if core.error is not None:
            raise core.error
        found = report(precision)
        core.kept = keep(found)
        if not core.kept:
            raise Cancelled
        path.write_bytes(b"1234")
        return ExportResult(path, found)

    monkeypatch.setattr(exporting, "export_beside", export_beside)
    return core


def test_an_export_tells_where_it_is_and_what_was_found(qtbot, service, exported, tmp_path):
    service.start(wish(tmp_path))
    assert service.running
    done = wait_for(qtbot, service, ExportPhase.DONE)
    assert (done.size, done.report) == (4, report())
    assert not service.running
    assert [status.progress.done for status in service.seen[1:2]] == [3]
    service.forget()
    assert service.status is None


def test_a_failure_is_told_with_its_reason(qtbot, service, exported, tmp_path):
    exported.error = CannotExport("It cannot be written.", "Choose another.")
    service.start(wish(tmp_path))
    failed = wait_for(qtbot, service, ExportPhase.FAILED)
    assert failed.reason.sentence == "It cannot be written. Choose another."


def test_a_defect_is_told_and_seen(qtbot, service, exported, tmp_path):
    exported.error = RuntimeError("a defect")
    with qtbot.captureExceptions() as caught:
        service.start(wish(tmp_path))
        failed = wait_for(qtbot, service, ExportPhase.FAILED)
        qtbot.waitUntil(lambda: bool(caught), timeout=TIMEOUT)
    assert failed.reason.text == "The export failed: a defect."


def test_there_is_one_export_at_a_time_and_it_can_be_cancelled(qtbot, service, exported, tmp_path):
    exported.waits = True
    first = wish(tmp_path)
    service.start(first)
    service.start(wish(tmp_path, "litert"))
    assert service.status.request is first
    service.forget()
    assert service.status.request is first
    service.cancel()
    wait_for(qtbot, service, ExportPhase.STOPPED)
    assert list(tmp_path.glob("*.zip")) == []
    exported.waits = False
    service.start(wish(tmp_path))
    wait_for(qtbot, service, ExportPhase.DONE)


@pytest.mark.parametrize("wanted", [True, False])
def test_int8_waits_for_an_answer_before_anything_is_written(qtbot, service, exported, tmp_path, wanted):
    request = wish(tmp_path, precision="int8")
    service.start(request)
    asking = wait_for(qtbot, service, ExportPhase.ASKING)
    assert asking.report == report("int8")
    assert service.running
    assert not request.path.exists()
    service.keep(wanted)
    wait_for(qtbot, service, ExportPhase.DONE if wanted else ExportPhase.STOPPED)
    assert request.path.exists() is wanted


def test_the_end_of_the_window_ends_an_export(qtbot, library, exported, tmp_path):
    for precision, waits in (("float32", True), ("int8", False)):
        exported.waits = waits
        exported.started.clear()
        service = ExportService(library, None)
        service.start(wish(tmp_path, precision=precision))
        assert exported.started.wait(60)
        assert service.shutdown(60)
    assert list(tmp_path.glob("*.zip")) == []


def test_what_a_model_can_be_exported_as_is_found_out_during_an_export(qtbot, service, exported, tmp_path):
    exported.waits = True
    service.start(wish(tmp_path))
    with qtbot.waitSignal(service.offered, timeout=TIMEOUT) as offered:
        service.ask("pets")
    (offer,) = offered.args
    assert (offer.model_id, offer.forms, offer.problem) == ("pets", frozenset(EXPORT_FORMATS), None)
    assert offer.weights == len(b"weights")
    assert offer.measured_on.startswith("The loss of accuracy is not measured:")


def test_a_model_that_cannot_be_used_is_offered_as_nothing(qtbot, service):
    for model_id in ("nothing", "vgg19"):
        with qtbot.waitSignal(service.offered, timeout=TIMEOUT) as offered:
            service.ask(model_id)
        (offer,) = offered.args
        assert offer.forms == frozenset()
        assert offer.problem.sentence


def test_a_model_without_a_keras_network_is_offered_for_sightline_alone(qtbot, service, monkeypatch):
    from desktop_app.core.export import writing_step

    monkeypatch.setattr(writing_step, "_BUILT_FROM_KERAS", frozenset())
    with qtbot.waitSignal(service.offered, timeout=TIMEOUT) as offered:
        service.ask("pets")
    (offer,) = offered.args
    assert offer.forms == {"sightline"}
    assert "no other format can be" in offer.problem.text


@pytest.mark.engine
def test_a_copy_for_another_sightline_is_imported_with_its_labels(qtbot, service, library, engine, tmp_path):
    install_colour_model(library)
    path = tmp_path / "colours.sightline"
    service.start(ExportRequest("colours", "Colours", "sightline", "float32", path))
    done = wait_for(qtbot, service, ExportPhase.DONE)
    assert (done.report, done.size) == (None, path.stat().st_size)
    assert [entry.label for entry in import_model(library, path, cancel=NEVER).classes] == [
        "red",
        "green",
        "blue",
    ]


def test_a_folder_that_is_not_there_is_a_sentence(qtbot, service):
    service.start(ExportRequest("pets", "Pets", "onnx", "float32", Path("/nowhere/at/all/pets.zip")))
    failed = wait_for(qtbot, service, ExportPhase.FAILED)
    assert "/nowhere/at/all/pets.zip" in failed.reason.sentence
