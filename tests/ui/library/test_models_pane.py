from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox, QPushButton

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.pixel_choices import Clue
from desktop_app.core.trial.messages import TrialAnswers
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.common.model_facts import facts
from desktop_app.ui.library.class_list_dialog import ClassListDialog
from desktop_app.ui.library.pixels.answer_cells import AnswerCell
from desktop_app.ui.library.pixels.pixels_dialog import PixelsDialog
from desktop_app.workers.classify.messages import ModelEntry
from desktop_app.workers.library.library_worker import LabelsNeeded, MeaningQuestion
from desktop_app.workers.library.pixels_question import PixelsQuestion
from desktop_app.workers.library.trials import TrialPictures
from desktop_app.workers.library.wishes import Wishes
from tests.ui.fakes import entry, missing_vgg19, progress
from tests.ui.panes import open_pane

FLOWERS = entry("flowers", "Flowers", origin="imported", verified=False)
BROKEN = ModelEntry("broken", "Broken", None, Path("/m"), problem="Its card is missing.")


@pytest.fixture
def models(window, library):
    library.change(entry(), missing_vgg19(), FLOWERS, BROKEN)
    return open_pane(window, "Models")


def texts(card):
    return {label.text() for label in card.findChildren(QLabel)}


def press(root, name):
    (found,) = [
        button
        for button in root.findChildren(QPushButton)
        if name in {button.text(), button.accessibleName()}
    ]
    found.click()


def test_each_model_has_a_card_in_order(models):
    assert list(models._cards) == ["everyday", "vgg19", "flowers", "broken"]
    assert "Built in" in texts(models._cards["everyday"])
    assert "Not installed" in texts(models._cards["vgg19"])
    assert "Imported" in texts(models._cards["flowers"])
    assert "Unverified: Sightline cannot tell who made this file." in texts(models._cards["flowers"])
    assert "Its card is missing." in texts(models._cards["broken"])


def test_what_computes_the_answers_is_shown_whole(window, library):
    proof = "OpenVINO, float32; checked against TensorFlow on 64 pictures: less than 0.1 points apart"
    library.change(
        replace(entry(), engine=proof, engine_bytes=3_300_000),
        replace(FLOWERS, engine="not made ready yet: at its first use", engine_bytes=700),
    )
    cards = open_pane(window, "Models")._cards
    (shown,) = [label for label in cards["everyday"].findChildren(QLabel) if label.text() == proof]
    assert shown.wordWrap()
    assert "Not made ready yet: at its first use" in texts(cards["flowers"])
    assert ("Size", "3.4 MB, plus 3.3 MB for OpenVINO") in facts(cards["everyday"].entry)
    assert ("Size", "3.4 MB") in facts(cards["flowers"].entry)


def test_the_model_that_answers_is_marked(models, session, qtbot):
    card = models._cards["flowers"]
    with qtbot.waitSignal(models.model_chosen):
        press(card, "Use Flowers")
    assert session.called("set_model") == [("flowers", None)]
    models.show_current("flowers")
    assert card._use.text() == "In use"
    assert not card._use.isEnabled()
    assert models._cards["everyday"]._use.isEnabled()


def test_a_download_from_the_card(models, library):
    card = models._cards["vgg19"]
    card._download.click()
    assert library.called("download") == [("vgg19",)]
    library.transfer_progressed.emit(progress(57_471_081))
    assert card._progress.value() == 100
    assert not card._download.isVisible()
    card._cancel.click()
    assert library.called("cancel_download") == [("vgg19",)]
    library.end_download("vgg19", "Stopped.", ok=False)
    assert card._download.isVisible()
    assert not card._progress.isVisible()
    assert card._failure.property("tone") == "muted"


def test_a_failed_download_says_why_on_the_card_until_the_next_try(models, library):
    card = models._cards["vgg19"]
    card._download.click()
    library.end_download("vgg19", "The server cannot be reached.", ok=False)
    assert card._failure.isVisible()
    assert card._failure.text() == "The server cannot be reached."
    assert card._failure.property("tone") == "danger"
    library.transfer_progressed.emit(progress(0))
    assert not card._failure.isVisible()


def test_an_import_shows_progress_that_cannot_be_cancelled(models, library):
    card = models._cards["vgg19"]
    library.transfer_progressed.emit(progress(1))
    assert card._progress.isVisible()
    assert not card._cancel.isVisible()
    library.operation_ended.emit("This is not a weights file.", False)
    assert not card._progress.isVisible()


def test_removing_can_be_undone(models, library):
    models._cards["flowers"].remove_requested.emit("flowers")
    assert library.called("remove") == [("flowers",)]
    library.undo_available.emit("Removed Flowers.")
    assert models._undo.isVisible()
    press(models._undo, "Undo")
    assert library.called("undo_remove") == [()]
    library.undo_available.emit("")
    assert not models._undo.isVisible()


def test_what_ships_cannot_be_removed(models):
    tips = {
        name: {b.accessibleName() for b in card.findChildren(object) if hasattr(b, "accessibleName")}
        for name, card in models._cards.items()
    }
    assert "Remove Everyday" not in tips["everyday"]
    assert "Remove Flowers" in tips["flowers"]
    assert "Remove Broken" in tips["broken"]


def test_exporting_is_asked_for(models, qtbot):
    with qtbot.waitSignal(models.export_requested) as asked:
        press(models._cards["flowers"], "Export Flowers")
    assert asked.args == ["flowers"]


def test_the_classes_can_be_read_and_filtered(models, window):
    press(models._cards["flowers"], "Show the classes of Flowers")
    dialog = window.findChild(ClassListDialog)
    assert dialog._count.text() == "10 of 10 classes"
    dialog._on_filter_changed("SHIP")
    assert dialog._count.text() == "1 of 10 classes"
    dialog.accept()


def test_cards_that_still_say_the_truth_stay(models, library):
    before = dict(models._cards)
    library.change(entry(), entry("vgg19", "VGG19 (ImageNet)", origin="downloaded"), FLOWERS)
    assert models._cards["flowers"] is before["flowers"]
    assert models._cards["vgg19"] is not before["vgg19"]
    assert list(models._cards) == ["everyday", "vgg19", "flowers"]


def test_columns_follow_the_width(models, window):
    assert models._grid._columns == 2
    window.resize(720, 600)
    QApplication.processEvents()
    assert models._grid._columns == 1


@pytest.mark.parametrize("name", ["/m/a.keras", "/m/a.sightline", "/m/w.H5"])
def test_importing_a_file_of_any_kind(models, window, library, monkeypatch, name):
    monkeypatch.setattr(FileDialog, "open_file", lambda *_: (name, ""))
    press(models, "Import…")
    assert library.called("import_file") == [(Path(name),)]


def test_a_model_without_labels_asks_for_them(models, library, monkeypatch):
    def type_names(dialog):
        dialog._names.setPlainText("cat\ndog")
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr("desktop_app.ui.library.labels_dialog.LabelsDialog.exec", type_names)
    library.labels_needed.emit(LabelsNeeded(Path("/m/a.keras"), 2))
    assert library.called("import_model") == [
        (Path("/m/a.keras"), Wishes(labels=("cat", "dog"), task="classification"))
    ]


def test_a_model_whose_outputs_may_mean_several_things_asks(models, library, monkeypatch):
    def choose(dialog):
        assert "Its file does not say. Each is a sigmoid." in texts(dialog)
        assert not dialog._ok.isEnabled()
        dialog.choose("multi-label")
        assert dialog._ok.isEnabled()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr("desktop_app.ui.library.meaning_dialog.MeaningDialog.exec", choose)
    question = MeaningQuestion(Path("/m/a.keras"), 3, ("multi-label", "classification"), "Each is a sigmoid.")
    library.meaning_needed.emit(question)
    assert library.called("import_model") == [(Path("/m/a.keras"), Wishes(task="multi-label"))]


def test_amounts_are_named_with_their_units_or_left_as_they_are(models, library, monkeypatch):
    def type_names(dialog):
        assert dialog._names.toPlainText() == "value 1\nvalue 2"
        assert dialog._ok.isEnabled()
        dialog._names.setPlainText("price, EUR\nage")
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr("desktop_app.ui.library.labels_dialog.AmountsDialog.exec", type_names)
    library.labels_needed.emit(LabelsNeeded(Path("/m/a.keras"), 2, "regression"))
    assert library.called("import_model") == [
        (Path("/m/a.keras"), Wishes(labels=("price", "age"), task="regression", units=("EUR", "")))
    ]


def pixels_question(model_id=""):
    clues = (Clue("symmetric", 3, "It is built like MobileNet."),)
    wishes = Wishes(labels=("cat", "dog"), name="Mine")
    return PixelsQuestion(Path("/m/a.keras"), FLOWERS.card, clues, wishes=wishes, model_id=model_id)


UNIT = replace(pixels_question().given, preprocessing="unit")


@pytest.mark.parametrize(("answer", "calls"), [(True, 1), (False, 0)])
def test_a_model_that_does_not_tell_its_pixels_asks(models, library, monkeypatch, answer, calls):
    def choose(dialog):
        dialog.choose("unit")
        return QDialog.DialogCode.Accepted if answer else QDialog.DialogCode.Rejected

    monkeypatch.setattr(PixelsDialog, "exec", choose)
    library.pixels_needed.emit(pixels_question())
    expected = (Path("/m/a.keras"), Wishes(labels=("cat", "dog"), name="Mine", given=UNIT))
    assert library.called("import_model") == [expected] * calls
    assert library.trials.closed == 1 - calls  # else the process waits for the next question
    library.operation_ended.emit("Imported.", True)
    assert library.trials.closed == 1 + (1 - calls)


def test_the_choices_are_tried_while_the_question_is_open(models, library, monkeypatch):
    def try_and_cancel(dialog):
        (request,) = library.trials.asked
        picture = np.zeros((20, 30, 3), np.uint8)
        library.trials.pictures_read.emit(TrialPictures((("a.jpg", picture),)))
        library.trials.answered.emit(TrialAnswers(request.ways[0], ((0, 0.5),)))
        assert any(cell.share.text() == "50.0%" for cell in dialog.findChildren(AnswerCell))
        library.operation_ended.emit("Something else has ended.", True)
        assert library.trials.closed == 0
        library.trials.failed.emit(Reason("b.jpg cannot be read."))
        assert dialog._state.text() == "b.jpg cannot be read."
        library.trials.ended.emit()
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(PixelsDialog, "exec", try_and_cancel)
    library.pixels_needed.emit(pixels_question())
    assert library.called("import_model") == []
    library.trials.failed.emit(Reason("Nobody hears this any more."))


def test_the_pixels_of_an_installed_model_are_changed(models, library, monkeypatch):
    press(models._cards["flowers"], "Change the pixels of Flowers")
    assert library.called("ask_input") == [("flowers",)]
    monkeypatch.setattr(
        PixelsDialog, "exec", lambda dialog: dialog.choose("unit") or QDialog.DialogCode.Accepted
    )
    library.pixels_needed.emit(pixels_question("flowers"))
    assert library.called("set_input") == [("flowers", UNIT)]
    assert library.called("import_model") == []


def test_only_models_from_elsewhere_offer_it(models):
    names = {button.accessibleName() for button in models.findChildren(QPushButton)}
    assert "Change the pixels of Flowers" in names
    assert "Change the pixels of Everyday" not in names


def drop(pane, *urls):
    mime = QMimeData()
    mime.setUrls([QUrl(url) for url in urls])
    drop = Qt.DropAction.CopyAction
    event = QDropEvent(QPointF(5, 5), drop, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    pane.dropEvent(event)


@pytest.mark.parametrize("path", ["/m/a.onnx", "/m/converted_keras.zip", "/m/my export"])
def test_what_is_dropped_on_the_pane_is_imported(models, library, path):
    drop(models, f"file://{path}")
    assert library.called("import_file") == [(Path(path),)]


def test_what_is_no_model_or_too_many_is_refused_in_words(models, library, window):
    said = []
    models.said.connect(lambda sentence, _error: said.append(sentence))
    drop(models, "file:///m/a.onnx", "file:///m/b.onnx")
    drop(models, "https://example.com/a.onnx")
    assert "one model at a time" in said[0]
    assert "no model" in said[1]
    assert library.called("import_file") == []


def test_a_model_among_pictures_that_are_dropped_to_classify_is_imported(window, library, session):
    pictures = [FileSource(Path("/p/a.jpg")), FileSource(Path("/p/folder"))]
    window._classify.add([FileSource(Path("/m/A.TFLite")), *pictures])
    assert library.called("import_file") == [(Path("/m/A.TFLite"),)]
    assert session.called("add") == [(tuple(pictures),)]
    window._classify.add([FileSource(Path("/m/b.keras"))])
    assert len(session.called("add")) == 1


def test_a_refused_file_is_said_in_full_with_what_to_do(models, window, library):
    library.import_failed.emit(Reason("a.h5 is refused: it is an HDF5 file.", "Save it as .keras."))
    (box,) = window.findChildren(QMessageBox)
    assert box.isVisible()
    assert (box.text(), box.informativeText()) == (
        "a.h5 is refused: it is an HDF5 file.",
        "Save it as .keras.",
    )
    box.close()


@pytest.mark.parametrize(("answer", "calls"), [(True, [(Path("/w.h5"), True)]), (False, [])])
def test_a_wrong_checksum_asks_whether_to_go_on(window, library, monkeypatch, answer, calls):
    asked = []
    monkeypatch.setattr(
        "desktop_app.ui.common.dialogs.confirm", lambda *arguments: asked.append(arguments) or answer
    )
    library.wrong_checksum.emit(Path("/w.h5"), "Expected cbe5, found 1234.")
    assert "Expected cbe5, found 1234." in asked[0][2]
    assert library.called("import_vgg19") == calls


def test_return_presses_the_focused_button(models, library, qtbot):
    card = models._cards["vgg19"]
    card._download.setFocus()
    qtbot.keyClick(card._download, Qt.Key.Key_Space)
    assert library.called("download") == [("vgg19",)]
