from __future__ import annotations

from dataclasses import replace

import h5py
import numpy as np
import pytest

from desktop_app.core.foundation.errors import DownloadError, StorageError
from desktop_app.core.library.download.transfer import Transfer
from desktop_app.core.library.download.vgg19_weights import BACKBONE_ID
from desktop_app.core.library.store import Library
from desktop_app.core.library.vgg19.backbone import weights_file
from desktop_app.core.library.vgg19.install import WrongChecksum
from desktop_app.core.training.outcome.estimate import EstimateRequest, estimate
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.trial.messages import TrialInput
from desktop_app.workers.library.library import LibraryService
from desktop_app.workers.library.wishes import Wishes
from tests.core.library.small_vgg19 import small_layout, write_small
from tests.small_backbone import mirror, narrow, weights
from tests.tiny_model import COLOURS, colour_network, install_colour_model

__all__ = ["mirror", "narrow", "small_layout", "weights"]

TIMEOUT = 20_000


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")


@pytest.fixture
def service(qtbot, library):
    service = LibraryService(library)
    yield service
    assert service.shutdown(60)


def ids(service):
    return [entry.model_id for entry in service.models()]


def test_lists_vgg19_even_without_its_weights(qtbot, service):
    with qtbot.waitSignal(service.models_changed, timeout=TIMEOUT):
        service.refresh()
    assert ids(service) == ["vgg19"]
    assert service.models()[0].problem


def test_leftovers_are_cleared_before_the_first_list_only(qtbot, service, library):
    leftover = library.installed / ".sightline-killed.new"
    for there in (False, True):
        leftover.mkdir(parents=True)
        with qtbot.waitSignal(service.models_changed, timeout=TIMEOUT):
            service.refresh()
        assert leftover.exists() is there


def test_leftovers_that_cannot_be_cleared_keep_no_model_from_the_list(qtbot, service, monkeypatch):
    def fail(_library):
        raise StorageError("The folder is closed.", "Open it.")

    monkeypatch.setattr(Library, "sweep", fail)
    said = []
    service.operation_ended.connect(lambda words, _wanted: said.append(words))
    with qtbot.waitSignal(service.models_changed, timeout=TIMEOUT):
        service.refresh()
    assert said == ["The folder is closed. Open it."]
    assert ids(service) == ["vgg19"]


@pytest.mark.engine
def test_a_removed_model_comes_back_by_undo(qtbot, service, library):
    install_colour_model(library)
    with qtbot.waitSignals([service.undo_available, service.operation_ended], timeout=TIMEOUT):
        service.remove("colours")
    qtbot.waitUntil(lambda: ids(service) == ["vgg19"], timeout=TIMEOUT)
    with qtbot.waitSignal(service.undo_available, timeout=TIMEOUT) as offered:
        service.undo_remove()
    assert offered.args == [""]
    qtbot.waitUntil(lambda: "colours" in ids(service), timeout=TIMEOUT)


@pytest.mark.engine
def test_an_emptied_trash_offers_no_undo(qtbot, service, library):
    install_colour_model(library)
    with qtbot.waitSignal(service.undo_available, timeout=TIMEOUT):
        service.remove("colours")
    with qtbot.waitSignal(service.undo_available, timeout=TIMEOUT) as offered:
        service.empty_trash()
    assert offered.args == [""]
    assert library.trashed() == []


@pytest.mark.engine
def test_a_model_without_labels_asks_for_them_and_is_then_imported(qtbot, service, tmp_path):
    path = tmp_path / "mine.keras"
    colour_network().save(path)
    with qtbot.waitSignal(service.labels_needed, timeout=TIMEOUT) as asked:
        service.import_model(path, Wishes())
    assert (asked.args[0].path, asked.args[0].outputs) == (path, 3)
    with qtbot.waitSignal(service.operation_ended, timeout=TIMEOUT) as ended:
        service.import_model(path, Wishes(labels=COLOURS))
    assert ended.args[1], ended.args[0]
    qtbot.waitUntil(lambda: "mine" in ids(service), timeout=TIMEOUT)


@pytest.mark.engine
def test_a_model_whose_outputs_may_mean_several_things_is_asked_about(qtbot, service, tmp_path):
    path = tmp_path / "mine.keras"
    colour_network(final="sigmoid").save(path)
    with qtbot.waitSignal(service.meaning_needed, timeout=TIMEOUT) as asked:
        service.import_model(path, Wishes())
    question = asked.args[0]
    assert (question.outputs, question.tasks[0]) == (3, "multi-label")
    with qtbot.waitSignal(service.labels_needed, timeout=TIMEOUT) as asked:
        service.import_model(path, Wishes(task="regression"))
    assert (asked.args[0].outputs, asked.args[0].task) == (3, "regression")
    with qtbot.waitSignal(service.operation_ended, timeout=TIMEOUT) as ended:
        service.import_model(path, Wishes(labels=COLOURS, task="regression", units=("EUR", "", "kg")))
    assert ended.args[1], ended.args[0]
    qtbot.waitUntil(lambda: "mine" in ids(service), timeout=TIMEOUT)
    card = service.models()[-1].card
    assert (card.task, card.units) == ("regression", ("EUR", "", "kg"))


@pytest.mark.engine
@pytest.mark.parametrize("task", ["regression", "embedding"])
def test_the_pixels_of_amounts_and_features_are_asked_for_without_classes(qtbot, service, tmp_path, task):
    import keras

    path = tmp_path / "mine.keras"
    keras.Sequential([keras.Input((8, 8, 3)), keras.layers.GlobalAveragePooling2D()]).save(path)
    labels = COLOURS if task == "regression" else None
    with qtbot.waitSignal(service.pixels_needed, timeout=TIMEOUT) as asked:
        service.import_model(path, Wishes(labels=labels, task=task, units=("EUR",) if labels else ()))
    question = asked.args[0]
    assert (question.card.task, question.subject.task) == (task, task)
    with qtbot.waitSignal(service.operation_ended, timeout=TIMEOUT) as ended:
        service.import_model(path, replace(question.wishes, given=question.given))
    assert ended.args[1], ended.args[0]
    qtbot.waitUntil(lambda: "mine" in ids(service), timeout=TIMEOUT)
    assert service.models()[-1].card.task == task


@pytest.mark.engine
def test_a_model_that_does_not_tell_its_pixels_asks_and_they_can_be_changed(qtbot, service, tmp_path):
    import keras

    path = tmp_path / "mine.keras"
    keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.GlobalAveragePooling2D(), keras.layers.Softmax()]
    ).save(path)
    with qtbot.waitSignal(service.labels_needed, timeout=TIMEOUT) as asked:
        service.import_model(path, Wishes())
    needed = asked.args[0]
    assert (needed.outputs, needed.decided, needed.given.preprocessing) == (3, False, "unit")
    wishes = Wishes(labels=COLOURS)
    with qtbot.waitSignal(service.pixels_needed, timeout=TIMEOUT) as asked:
        service.import_model(path, wishes)
    question = asked.args[0]
    assert (question.wishes, question.model_id) == (wishes, "")
    given = replace(question.given, preprocessing="symmetric", fit="crop", crop_share=0.5, resample="keras")
    with qtbot.waitSignal(service.operation_ended, timeout=TIMEOUT) as ended:
        service.import_model(path, replace(wishes, given=given))
    assert ended.args[1], ended.args[0]
    qtbot.waitUntil(lambda: "mine" in ids(service), timeout=TIMEOUT)
    assert TrialInput.of(service.models()[-1].card.input) == given
    with qtbot.waitSignal(service.pixels_needed, timeout=TIMEOUT) as asked:
        service.ask_input("mine")
    question = asked.args[0]
    assert (question.model_id, question.given, question.path.name) == ("mine", given, "model.keras")
    forgotten = []
    service.model_forgotten.connect(forgotten.append)
    with qtbot.waitSignal(service.input_changed, timeout=TIMEOUT) as changed:
        service.set_input("mine", replace(given, preprocessing="none"))
    assert changed.args == ["mine"] == forgotten
    assert service.models()[-1].card.input.preprocessing == "none"


@pytest.mark.engine
def test_only_models_from_elsewhere_can_be_asked_about(qtbot, service, library):
    install_colour_model(library)
    with qtbot.waitSignal(service.operation_ended, timeout=TIMEOUT) as ended:
        service.ask_input("colours")
    assert ended.args[0].startswith("Colours does not come from elsewhere: its pixels are known.")
    assert not ended.args[1]


def test_a_foreign_hdf5_file_is_refused_as_the_command_does(qtbot, service, tmp_path):
    path = tmp_path / "keras_model.h5"
    with h5py.File(path, "w") as file:
        file["model_weights/dense/kernel"] = np.ones((3, 2), "f4")
    said = []
    service.operation_ended.connect(lambda *words: said.append(words))
    with qtbot.waitSignal(service.import_failed, timeout=TIMEOUT) as failed:
        service.import_file(path)
    (reason,) = failed.args
    assert said == [(reason.sentence, False)]
    assert reason.text.startswith("keras_model.h5 is refused: it is an HDF5 file")
    assert ".keras" in reason.advice


@pytest.mark.usefixtures("small_layout")
def test_weights_laid_out_as_vgg19_ask_whether_to_use_them(qtbot, service, tmp_path):
    path = write_small(tmp_path / "mine.h5")
    with qtbot.waitSignal(service.wrong_checksum, timeout=TIMEOUT) as asked:
        service.import_file(path)
    assert asked.args[0] == path


def test_what_cannot_be_done_is_said(qtbot, service, tmp_path):
    for act in (
        lambda: service.remove("nothing"),
        lambda: service.import_model(tmp_path / "gone.keras", Wishes()),
    ):
        with qtbot.waitSignal(service.operation_ended, timeout=TIMEOUT) as ended:
            act()
        assert ended.args[1] is False
        assert ended.args[0].endswith(".")


def test_a_wrong_checksum_asks(qtbot, service, monkeypatch, tmp_path):
    def refuse(library, path, **options):
        if not options["unverified"]:
            raise WrongChecksum(path, "0" * 32, "1" * 32)

    monkeypatch.setattr("desktop_app.core.library.vgg19.install.import_vgg19", refuse)
    with qtbot.waitSignal(service.wrong_checksum, timeout=TIMEOUT) as asked:
        service.import_vgg19(tmp_path / "weights.h5")
    assert asked.args[0] == tmp_path / "weights.h5"
    with qtbot.waitSignal(service.operation_ended, timeout=TIMEOUT) as ended:
        service.import_vgg19(tmp_path / "weights.h5", unverified=True)
    assert ended.args == ["Imported VGG19.", True]


def test_a_download_tells_its_progress_and_its_end(qtbot, service, monkeypatch):
    def install(library, *, on_progress, cancel):
        on_progress(Transfer(100, 400, 50.0, 6.0))

    monkeypatch.setattr("desktop_app.core.library.vgg19.install.install_vgg19", install)
    told = []
    service.transfer_progressed.connect(told.append)
    with qtbot.waitSignal(service.transfer_ended, timeout=TIMEOUT) as ended:
        service.download("vgg19")
        assert service.downloading() == {"vgg19"}
    assert told[0].message == "Downloading VGG19: connecting…"
    assert told[1].done == 100
    assert told[1].message.startswith("Downloading VGG19: ")
    assert ended.args == ["vgg19", "VGG19 is ready.", True]
    assert service.downloading() == set()


def test_after_a_download_the_engines_are_compared(qtbot, service, monkeypatch):
    def compare(_library, model_id, *, cancel, on_progress, beside):
        assert (model_id, cancel.cancelled, beside) == ("vgg19", False, True)
        on_progress(8, 32)

    monkeypatch.setattr(
        "desktop_app.core.library.vgg19.install.install_vgg19", lambda library, *, on_progress, cancel: None
    )
    monkeypatch.setattr("desktop_app.core.classify.readying.make_ready_now", compare)
    told = []
    service.transfer_progressed.connect(told.append)
    with qtbot.waitSignal(service.transfer_ended, timeout=TIMEOUT) as ended:
        service.download("vgg19")
    assert [progress.message for progress in told[1:]] == [
        "VGG19: comparing OpenVINO with TensorFlow…",
        "VGG19: comparing OpenVINO with TensorFlow: 8 of 32 pictures",
    ]
    assert (told[-1].done, told[-1].total) == (8, 32)
    assert ended.args == ["vgg19", "VGG19 is ready.", True]


def test_a_download_can_be_cancelled_and_fails_in_words(qtbot, service, monkeypatch):
    def wait(library, *, on_progress, cancel):
        assert cancel.wait(60)
        cancel.check()

    def fail(library, *, on_progress, cancel):
        raise DownloadError("The server answers with 404.", "Try later.")

    monkeypatch.setattr("desktop_app.core.library.vgg19.install.install_vgg19", wait)
    with qtbot.waitSignal(service.transfer_ended, timeout=TIMEOUT) as ended:
        service.download("vgg19")
        service.download("vgg19")
        service.cancel_download("vgg19")
    assert "What has arrived is kept." in ended.args[1]
    monkeypatch.setattr("desktop_app.core.library.vgg19.install.install_vgg19", fail)
    with qtbot.waitSignal(service.transfer_ended, timeout=TIMEOUT) as ended:
        service.download("vgg19")
    assert ended.args == ["vgg19", "The server answers with 404. Try later.", False]


def test_the_convolutions_are_fetched_stopped_and_fetched_further(qtbot, service, mirror):
    told, forgotten = [], []
    service.transfer_progressed.connect(told.append)
    service.model_forgotten.connect(forgotten.append)
    mirror.plan = ["cut"] * 6  # with pauses between
    with qtbot.waitSignal(service.transfer_ended, timeout=TIMEOUT) as ended:
        service.download(BACKBONE_ID)
        assert service.downloading() == {BACKBONE_ID}
        qtbot.waitUntil(lambda: told[-1].done > 0, timeout=TIMEOUT)
        service.cancel_download(BACKBONE_ID)
    assert ended.args == [
        BACKBONE_ID,
        "The download was stopped. What has arrived is kept.",
        False,
    ]
    assert weights_file() is None
    arrived = told[-1].done
    del mirror.plan[:], told[:]
    with qtbot.waitSignal(service.transfer_ended, timeout=TIMEOUT) as ended:
        service.download(BACKBONE_ID)
    assert ended.args == [BACKBONE_ID, "VGG19's convolutions are ready.", True]
    assert weights_file().read_bytes() == mirror.content
    assert told[0].message == "Downloading VGG19's convolutions: connecting…"
    assert min(report.done for report in told[1:]) >= arrived > 0
    assert {report.model_id for report in told} == {BACKBONE_ID}
    assert forgotten == []


def test_a_second_download_says_what_it_waits_for(qtbot, service, monkeypatch, mirror):
    def wait(library, *, on_progress, cancel):
        assert cancel.wait(60)
        cancel.check()

    monkeypatch.setattr("desktop_app.core.library.vgg19.install.install_vgg19", wait)
    told = []
    service.transfer_progressed.connect(told.append)
    service.download("vgg19")
    service.download(BACKBONE_ID)
    assert told[-1].message == "Downloading VGG19's convolutions: waiting for VGG19…"
    with qtbot.waitSignals([service.transfer_ended] * 2, timeout=TIMEOUT):
        service.cancel_download("vgg19")
    assert service.downloading() == set()
    assert weights_file() is not None


def test_a_failed_download_of_the_convolutions_is_told(qtbot, service, mirror):
    mirror.plan = ["missing"]
    with qtbot.waitSignal(service.transfer_ended, timeout=TIMEOUT) as ended:
        service.download(BACKBONE_ID)
    assert ended.args[2] is False
    assert "404" in ended.args[1]
    assert service.downloading() == set()


@pytest.mark.engine
def test_a_network_can_be_built_as_soon_as_its_convolutions_are_here(qtbot, service, mirror, engine):
    recipe = catalogue.get("vgg19-transfer")
    values = recipe.defaults(100, 2).changed({"input_size": 32, "units": 8})
    request = EstimateRequest(recipe.recipe_id, values, 2, 100)
    before = estimate(request, timed=False)
    assert before.needs_download
    assert BACKBONE_ID in before.problem.advice
    with qtbot.waitSignal(service.transfer_ended, timeout=TIMEOUT):
        service.download(BACKBONE_ID)
    after = estimate(request, timed=False)
    assert (after.problem, after.needs_download) == (None, False)
    assert after.parameters > 0
