from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QBoxLayout

from desktop_app.core.classify.prediction import ScoredLabel
from desktop_app.core.classify.results_csv import CsvStyle
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.images.sources import FileSource, LinkSource
from desktop_app.core.inference.choice import TENSORFLOW_CHOSEN
from desktop_app.core.kinds.kind import Kind
from desktop_app.ui.classify.label_bar import LabelBar
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.common.folders import proposed_path
from desktop_app.workers.classify.messages import ItemState, ModelPhase
from tests.ui.fakes import TENSORFLOW, entry, preview, progress

CAT = FileSource(Path("/pictures/cat.jpg"))


@pytest.fixture
def work(pane):
    return pane._work


@pytest.fixture
def answer_page(work):
    return work._panel._answer


@pytest.fixture
def state_page(work):
    return work._panel._state


def chosen(monkeypatch, name, answer):
    """Answer a file dialog for the user; returns what each dialog proposed."""
    proposed = []
    monkeypatch.setattr(FileDialog, name, lambda *arguments: proposed.extend(arguments[2:3]) or answer)
    return proposed


def test_without_pictures_there_is_a_drop_target(pane, work):
    assert pane._empty.isVisible()
    assert not work.isVisible()
    assert not pane._toolbar.clear.isVisible()


def test_an_arriving_picture_is_shown_at_the_density_of_the_screen(pane, work, session):
    pane.add([CAT])
    assert work.isVisible()
    assert work._name.text() == "cat.jpg"
    (number, side) = session.called("show")[-1]
    assert number == 1
    assert side >= max(work._view.width(), work._view.height()) * work._view.devicePixelRatioF() - 1


def test_pictures_that_were_there_before_the_window_are_shown(pane, session):
    session.add_files("a.jpg")
    assert pane._work.current == session.item(1)


def plain(label):
    """Its text, with spaces where no line may break."""
    return label.text().replace("\N{NO-BREAK SPACE}", " ")


def test_a_sure_answer(answer_page, session):
    session.add_files("cat.jpg")
    session.answer(1, 0.931, 0.04, 0.01, 0.01, 0.005)
    assert answer_page.isVisible()
    assert answer_page._headline.text() == "cat"
    assert not answer_page._doubt.isVisible()
    assert [bar.isVisible() for bar in answer_page._bars] == [True] * 5
    assert plain(answer_page._who) == "Everyday, OpenVINO float32, CPU (2 cores), 0.31 s"
    assert not answer_page._why.isVisible()


def test_why_tensorflow_answers_is_readable_unless_it_was_chosen(answer_page, session):
    session.add_files("cat.jpg")
    session.by = TENSORFLOW
    session.answer(1, 0.9)
    assert plain(answer_page._who) == "Everyday, TensorFlow float32, CPU (2 cores), 0.31 s"
    assert answer_page._why.text() == TENSORFLOW.reason
    assert answer_page._why.isVisible()
    session.by = replace(TENSORFLOW, reason=TENSORFLOW_CHOSEN)
    session.answer(1, 0.9)
    assert not answer_page._why.isVisible()


def test_doubt_is_said_in_words(answer_page, session):
    session.add_files("chair.jpg")
    session.answer(1, 0.312, 0.2, sure=False)
    assert answer_page._headline.text() == "Not sure"
    assert "31.2%" in answer_page._doubt.text()
    assert "Everyday" in answer_page._doubt.text()


def test_a_picture_unlike_the_training_pictures_says_so_first(answer_page, session):
    session.add_files("chair.jpg", "cat.jpg")
    session.answer(1, 0.97, 0.02, 0.01, distance=1.8)
    assert answer_page._headline.text() == "Unlike anything Everyday was trained on"
    assert answer_page._doubt.isVisible()
    assert answer_page._doubt.text() == "Best guess among its classes: cat."
    assert "1.8 times the limit" in answer_page._headline.toolTip()
    assert [bar.isVisible() for bar in answer_page._bars] == [True] * 3 + [False] * 2
    assert not answer_page._bars[0]._counts
    session.answer(1, 0.97, distance=0.8)
    assert answer_page._headline.text() == "cat"
    assert not answer_page._doubt.isVisible()
    assert answer_page._bars[0]._counts


def test_a_kind_that_comes_first_is_large_and_none_of_the_bars(answer_page, session):
    session.add_files("cat.jpg")
    kind = Kind("cat", 0.86, 5, first=True)
    session.answer(1, 0.31, 0.28, 0.07, sure=False, labels=("Egyptian_cat", "tabby", "tiger_cat"), kind=kind)
    assert answer_page._headline.text() == "cat, 86.0%"
    assert answer_page._kind.text() == "All 5 kinds of cat together. One by one:"
    assert answer_page._headline.accessibleName() == "cat, 86.0% (all 5 kinds of cat together)"
    assert not answer_page._doubt.isVisible()
    shown = [bar.accessibleName() for bar in answer_page._bars if bar.isVisible()]
    assert shown == ["1: Egyptian cat, 31.0%", "2: tabby, 28.0%", "3: tiger cat, 7.0%"]


def test_a_sure_class_comes_first_with_its_kind_below(answer_page, session):
    session.add_files("dog.jpg", "other.jpg")
    session.answer(1, 0.92, labels=("golden_retriever",), kind=Kind("dog", 0.97, 118, first=False))
    assert answer_page._headline.text() == "golden retriever"
    assert answer_page._kind.text() == "A kind of dog (97.0% for all 118 together)"
    assert answer_page._kind.isVisible()
    session.answer(1, 0.92, labels=("golden_retriever",))
    assert not answer_page._kind.isVisible()


def test_a_picture_unlike_the_training_pictures_shows_no_kind(answer_page, session):
    session.add_files("chair.jpg")
    session.answer(1, 0.31, 0.28, sure=False, kind=Kind("cat", 0.86, 5, first=True), distance=1.8)
    assert answer_page._headline.text() == "Unlike anything Everyday was trained on"
    assert answer_page._headline.accessibleName() == ""
    assert answer_page._doubt.text() == "Best guess among its classes: cat."
    assert not answer_page._kind.isVisible()
    assert not answer_page._bars[0]._counts


def test_an_unlikely_kind_leaves_the_doubt(answer_page, session):
    session.add_files("chair.jpg")
    session.answer(1, 0.2, sure=False, kind=Kind("cat", 0.3, 5, first=False))
    assert answer_page._headline.text() == "Not sure"
    assert answer_page._headline.accessibleName() == ""
    assert answer_page._doubt.isVisible()
    assert not answer_page._kind.isVisible()


def test_the_tooltip_of_a_bar_names_the_kinds(qtbot):
    bar = LabelBar()
    qtbot.addWidget(bar)
    bar.show_label(ScoredLabel(1, "n02123045", "tabby", 0.38), sure=True)
    assert "A kind of cat, mammal, animal" in bar.toolTip()
    bar.show_label(ScoredLabel(1, "my_cats", "my_cats", 0.38), sure=True)
    assert "A kind of" not in bar.toolTip()
    assert bar.accessibleName() == "1: my cats, 38.0%"


def test_a_model_with_two_classes_has_two_bars(answer_page, session):
    session.add_files("a.jpg")
    session.answer(1, 0.9, 0.1)
    assert [bar.isVisible() for bar in answer_page._bars] == [True, True, False, False, False]


def test_waiting_for_the_model_is_explained(state_page, session):
    session.become(ModelPhase.LOADING, "Starting TensorFlow…")
    session.add_files("a.jpg")
    assert state_page._title.text() == "Starting TensorFlow…"
    assert state_page._detail.text() == "The picture is classified as soon as the model is ready."
    assert state_page._spinner.isVisible()
    session.become(ModelPhase.READY)
    assert state_page._title.text() == "Classifying…"
    assert not state_page._detail.isVisible()


def test_a_model_that_cannot_answer_is_told(state_page, session):
    session.add_files("a.jpg")
    session.become(ModelPhase.FAILED, reason=Reason("Everyday is damaged.", "Choose another model."))
    assert state_page._title.text() == "Everyday can't be used"
    assert state_page._detail.text() == "Everyday is damaged."
    assert state_page._advice.text() == "Choose another model."


def test_a_failure_names_the_file_the_reason_and_the_advice(work, state_page, session, qtbot):
    session.add_files("broken.jpg")
    session.fail(1, "It is empty.", "Copy it again.")
    assert state_page._title.text().replace("\N{ZERO WIDTH SPACE}", "") == "broken.jpg"
    assert state_page._detail.text() == "It is empty."
    assert state_page._advice.text() == "Copy it again."
    assert work._view._sign == "picture-broken"
    qtbot.mouseClick(state_page._again, Qt.MouseButton.LeftButton)
    assert session.called("answer_again") == [(1,)]


def test_a_picture_that_was_decoded_stays_when_the_answer_fails(work, session):
    session.add_files("a.jpg")
    session.preview_ready.emit(preview(1))
    session.fail(1, "The model broke down.")
    assert work._view.has_picture()


def test_a_cancelled_picture_can_be_answered_after_all(state_page, session, qtbot):
    session.add_files("a.jpg")
    session.change(1, state=ItemState.CANCELLED)
    assert state_page._title.text() == "Cancelled"
    qtbot.mouseClick(state_page._again, Qt.MouseButton.LeftButton)
    assert session.called("answer_again") == [(1,)]


def test_arrow_keys_leaf_through_from_anywhere_in_the_pane(pane, work, session, qtbot):
    session.add_files("a.jpg", "b.jpg", "c.jpg")
    for focused in (pane, pane._toolbar.open, work._strip, pane._toolbar.picker):
        focused.setFocus()
        qtbot.keyClick(focused, Qt.Key.Key_Right)
    assert work.current.number == 3
    qtbot.keyClick(pane, Qt.Key.Key_Left)
    assert work.current.number == 2


def test_new_pictures_are_turned_to_only_when_the_user_brought_them(pane, work, session):
    pane.add([CAT])
    session.add_files("from_the_folder.jpg")
    assert work.current.number == 1
    pane.add([CAT, CAT])
    assert work.current.number == 3


def test_clearing_brings_the_empty_state_back(pane, work, session):
    session.add_files("a.jpg")
    session.clear()
    assert pane._empty.isVisible()
    assert work.current is None
    pane.add([CAT])
    assert work.current.number == 1


def test_the_size_of_the_full_picture_is_told(work, session):
    session.add_files("a.jpg")
    session.preview_ready.emit(preview(1, full=(4032, 3024)))
    assert work._name.text() == "a.jpg · 4,032 \N{MULTIPLICATION SIGN} 3,024"


def test_a_late_preview_of_another_picture_is_ignored(work, session):
    session.add_files("a.jpg", "b.jpg")
    session.preview_ready.emit(preview(2))
    assert not work._view.has_picture()


def test_copying_a_result(pane, session, qtbot):
    session.add_files("cat.jpg")
    with qtbot.waitSignal(pane.said) as told:
        pane.copy_result()
    assert told.args == ["There is no result to copy yet.", True]
    session.answer(1, 0.931, 0.042)
    pane.copy_result()
    assert QGuiApplication.clipboard().text() == "cat 93.1%\ndog 4.2%"
    session.answer(1, 0.931, distance=2.0)
    pane.copy_result()
    assert QGuiApplication.clipboard().text() == "Unlike anything Everyday was trained on\ncat 93.1%"
    session.fail(1, "It is empty.", "Copy it again.")
    session.change(1, answer=None)
    pane.copy_result()
    assert QGuiApplication.clipboard().text() == "/pictures/cat.jpg: It is empty. Copy it again."


@pytest.mark.parametrize(
    ("typed", "kind", "path"),
    [
        ("/out/a.csv", "CSV, one row a picture (*.csv)", "/out/a.csv"),
        ("/out/a", "CSV, one row a picture (*.csv)", "/out/a.csv"),
        ("/out/a.b", "JSON (*.json)", "/out/a.b.json"),
        ("/out/a.JSON", "CSV, one row a picture (*.csv)", "/out/a.JSON"),
    ],
)
def test_saving_results(pane, session, monkeypatch, typed, kind, path):
    proposed = chosen(monkeypatch, "save_file", (typed, kind))
    pane.save_results()
    assert proposed == [proposed_path("results.csv")]
    assert session.called("save_results") == [(Path(path), CsvStyle())]


def test_opening_pictures_and_a_folder(pane, session, monkeypatch):
    chosen(monkeypatch, "open_files", (["/p/a.jpg", "/p/b.jpg"], ""))
    pane.open_pictures()
    chosen(monkeypatch, "open_folder", "/p")
    pane.open_folder()
    assert [[source.path for source in sources] for (sources,) in session.called("add")] == [
        [Path("/p/a.jpg"), Path("/p/b.jpg")],
        [Path("/p")],
    ]


def test_dialogs_that_are_left_do_nothing(pane, session, monkeypatch):
    chosen(monkeypatch, "open_files", ([], ""))
    chosen(monkeypatch, "open_folder", "")
    chosen(monkeypatch, "save_file", ("", ""))
    pane.open_pictures()
    pane.open_folder()
    pane.save_results()
    assert session.called("add") == session.called("save_results") == []


def test_dropped_sources_are_added(pane, session):
    link = LinkSource("https://example.org/cat.jpg")
    pane.sources_arrived.emit([link])
    assert session.called("add") == [((link,),)]


def test_the_missing_model_leads_to_its_download_and_then_answers(pane, session, library, qtbot):
    picker = pane._toolbar.picker
    picker.activated.emit(picker.findData("vgg19"))
    assert picker.currentData() == "everyday"
    assert pane._prompt.isVisible()
    qtbot.mouseClick(pane._prompt._download, Qt.MouseButton.LeftButton)
    assert library.called("download") == [("vgg19",)]
    library.transfer_progressed.emit(progress(287_355_408))
    assert pane._prompt._progress.value() == 500
    assert "2 min left" in pane._prompt._progress_text.text()
    library.end_download("vgg19", "VGG19 is ready.", ok=True)
    library.change(entry(), entry("vgg19", "VGG19 (ImageNet)", origin="downloaded"))
    assert not pane._prompt.isVisible()
    assert session.called("set_model") == [("vgg19", None)]


def test_a_failed_download_is_offered_again(pane, library, qtbot):
    pane.offer_download("vgg19")
    qtbot.mouseClick(pane._prompt._download, Qt.MouseButton.LeftButton)
    library.transfer_progressed.emit(progress(1, total=None))
    assert pane._prompt._progress.maximum() == 0
    qtbot.mouseClick(pane._prompt._cancel, Qt.MouseButton.LeftButton)
    assert library.called("cancel_download") == [("vgg19",)]
    library.end_download("vgg19", "The download was stopped.", ok=False)
    assert pane._prompt._text.text() == "The download was stopped."
    assert not pane._prompt._text.property("tone")
    library.transfer_progressed.emit(progress(1))
    library.end_download("vgg19", "The server is gone.", ok=False)
    assert pane._prompt._text.property("tone") == "danger"
    assert pane._prompt._download.text() == "Try again"


def test_in_a_narrow_window_the_prompt_has_its_buttons_below_the_text(pane):
    pane.offer_download("vgg19")
    prompt = pane._prompt
    prompt.resize(700, 80)
    assert prompt._layout.direction() is QBoxLayout.Direction.LeftToRight
    prompt.resize(500, 80)
    assert prompt._layout.direction() is QBoxLayout.Direction.TopToBottom


def test_after_several_pictures_the_outcome_is_summed_up(pane, session):
    told = []
    pane.said.connect(lambda text, error: told.append((text, error)))
    session.add_files("a.jpg")
    session.progress_changed.emit(0, 1)
    session.progress_changed.emit(0, 0)
    assert told == []
    session.add_files("b.jpg", "c.jpg")
    session.progress_changed.emit(0, 2)
    session.answer(1, 0.9)
    session.answer(2, 0.9)
    session.fail(3, "The file is truncated.")
    session.progress_changed.emit(0, 0)
    session.progress_changed.emit(0, 0)
    assert told == [("2 classified, 1 couldn't be read", False)]


def test_a_closed_offer_is_forgotten(pane, session, library, qtbot):
    pane.offer_download("vgg19")
    qtbot.mouseClick(pane._prompt._close, Qt.MouseButton.LeftButton)
    library.change(entry(), entry("vgg19", "VGG19 (ImageNet)", origin="imported"))
    assert not pane._prompt.isVisible()
    assert session.called("set_model") == []


def test_an_import_that_fails_is_told_in_the_prompt(pane, library):
    pane.offer_download("vgg19")
    library.transfer_progressed.emit(progress(10))
    assert not pane._prompt._cancel.isVisible()
    library.operation_ended.emit("This is not a weights file.", False)
    assert pane._prompt._text.text() == "This is not a weights file."


def test_a_wrong_checksum_brings_the_offer_back(pane, library, monkeypatch):
    monkeypatch.setattr("desktop_app.ui.common.dialogs.confirm", lambda *arguments: False)
    pane.offer_download("vgg19")
    library.transfer_progressed.emit(progress(10))
    library.wrong_checksum.emit(Path("/w.h5"), "The sums differ.")
    assert pane._prompt._download.isVisible()
