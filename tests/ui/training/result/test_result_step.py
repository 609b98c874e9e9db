from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt

from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.training.records.intervals import wilson_interval
from desktop_app.core.training.records.result import Retry
from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation, Mistake
from desktop_app.core.training.task.evaluation import Evaluation
from desktop_app.ui.common import folders
from desktop_app.ui.training.result.mistake_grid import FIRST
from desktop_app.ui.training.result.result_step import ResultStep
from desktop_app.ui.training.result.result_words import caution
from desktop_app.workers.threads.thumbnails import PictureThumbnail
from tests.ui.fake_training import metrics, training_result
from tests.ui.test_accessibility import nameless
from tests.ui.test_layout import clipped, overlapping

CONFUSION = Confusion.from_rows(((8, 2, 0), (1, 9, 0), (0, 0, 0)))
CLASSES = ("cat", "dog", "owl")


def mistakes(count=3):
    pairs = [("cat", "dog"), ("cat", "dog"), ("dog", "cat")]
    return tuple(
        Mistake(Path(f"/data/{number}.jpg"), *pairs[number % 3], 0.98 - number / 100)
        for number in range(count)
    )


def evaluation(accuracy=0.85, **fields):
    top_k = fields.pop("top_k", None)
    metrics = {"accuracy": accuracy} | ({} if top_k is None else {"top_k": top_k})
    fields["confusion"] = Confusion.from_rows(fields["confusion"]) if "confusion" in fields else CONFUSION
    base = ClassificationEvaluation("classification", "test", 20, metrics, 3, CONFUSION, mistakes(), CLASSES)
    return replace(base, **fields)


def result(**fields):
    return training_result(name="My pets", model_id="pets", **fields)


@pytest.fixture
def step(qtbot, light, training):
    made = ResultStep(training)
    qtbot.addWidget(made)
    made.resize(1000, 900)
    made.show()
    made.show_result(result(evaluation=evaluation()))
    QCoreApplication.processEvents()
    return made


def centre(step, cell):
    matrix = step._matrix
    return matrix._place(matrix._area(), cell).center().toPoint()


def captions(step):
    model = step._mistakes._model
    return [model.data(model.index(row)) for row in range(model.rowCount())]


def test_the_interval_is_the_one_that_textbooks_give():
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, and 0 of 20.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson_interval(7, 7)[1] == 1


def test_the_accuracy_says_on_what_it_was_measured(step):
    assert step._accuracy.text() == "85.0%"
    assert step._basis.text() == "accuracy on 20 new pictures"
    assert step._interval.text() == "likely between 64% and 95%"
    assert "Wilson's 95%" in step._interval.toolTip()
    assert step._name.text() == "My pets"
    assert not step._top_k.isVisible()
    step.show_result(result(evaluation=evaluation(part="validation", top_k=0.99)))
    assert step._basis.text().endswith(" validation pictures, which also chose the best epoch")
    step.show_result(result(evaluation=evaluation(accuracy=0.9, pictures=100_000, top_k=0.99)))
    assert step._interval.text() == "likely between 89.8% and 90.2%"
    assert step._top_k.text() == "Top-3 accuracy: 99.0%"


def test_the_model_is_used_by_its_id(step, qtbot):
    with qtbot.waitSignal(step.classify_requested) as told:
        qtbot.keyClick(step._use, Qt.Key.Key_Space)
    assert told.args == ["pets"]


def test_the_pointer_reads_a_cell(step, qtbot):
    qtbot.mouseMove(step._matrix, centre(step, (0, 1)))
    assert step._reading.text() == "2 of 10 pictures of cat mistaken for dog (20.0%)"
    qtbot.mouseMove(step._matrix, centre(step, (2, 2)))
    assert step._reading.text() == "There are no pictures of owl."
    qtbot.mouseMove(step._matrix, QPoint(1, 1))
    assert step._reading.text().startswith("Point at a cell")


def test_a_cell_shows_its_mistakes_only_and_the_same_one_all_again(step, qtbot):
    assert len(captions(step)) == 3
    qtbot.mouseClick(step._matrix, Qt.MouseButton.LeftButton, pos=centre(step, (1, 0)))
    assert captions(step) == ["dog mistaken for cat"]
    assert step._mistakes._all.isVisible()
    qtbot.mouseClick(step._matrix, Qt.MouseButton.LeftButton, pos=centre(step, (1, 0)))
    assert len(captions(step)) == 3
    qtbot.mouseClick(step._matrix, Qt.MouseButton.LeftButton, pos=centre(step, (0, 1)))
    step._mistakes._all.click()
    assert step._matrix.chosen is None
    assert len(captions(step)) == 3


def test_the_matrix_works_with_the_keyboard(step, qtbot):
    matrix = step._matrix
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(matrix, key)
    assert "cat mistaken for dog" in matrix.accessibleDescription()
    qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert captions(step) == ["cat mistaken for dog"] * 2
    qtbot.keyClick(matrix, Qt.Key.Key_Escape)
    assert len(captions(step)) == 3


def test_a_click_or_enter_opens_the_picture(step, qtbot):
    view = step._mistakes._list
    place = view.visualRect(view.model().index(1)).center()
    with qtbot.waitSignal(step.pictures_opened) as told:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [[Path("/data/1.jpg")], "pets"]
    view.setCurrentIndex(view.model().index(2))
    with qtbot.waitSignal(step.pictures_opened) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [[Path("/data/2.jpg")], "pets"]


def test_a_mistake_tells_itself(step):
    model = step._mistakes._model
    words = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert words == "0.jpg: cat mistaken for dog 98.0%"


def test_thumbnails_are_asked_for_and_shown(step, training, qtbot):
    step.grab()
    qtbot.waitUntil(lambda: bool(training.called("request_thumbnails")))
    (paths,) = training.called("request_thumbnails")[0]
    assert Path("/data/0.jpg") in paths
    training.thumbnail_ready.emit(PictureThumbnail(Path("/data/0.jpg"), np.zeros((8, 12, 3), np.uint8)))
    training.thumbnail_ready.emit(PictureThumbnail(Path("/data/1.jpg"), None))
    model = step._mistakes._model
    assert model.data(model.index(0), Qt.ItemDataRole.DecorationRole) is not None
    assert model.data(model.index(1), Qt.ItemDataRole.DecorationRole) is None
    step.grab()


def test_a_model_that_guesses_is_called_so(step):
    assert not step._caution.isVisible()  # 17 of 20, where the largest class has 10
    step.show_result(result(evaluation=evaluation(accuracy=0.55)))
    assert step._caution.text() == "About as good as guessing (50.0%)."
    assert step._caution.isVisible()
    lopsided = ((90, 0), (10, 0))  # always the larger class: right, but nothing learned
    step.show_result(result(evaluation=evaluation(accuracy=0.9, pictures=100, confusion=lopsided)))
    assert step._caution.text() == (
        "The model predicts cat for all 100 test pictures: it cannot tell the classes apart. "
        "Add pictures of the other classes, train longer, or try another network. "
        "It finds none of dog (10 of 10 missed)."
    )
    step.show_result(result(evaluation=None))
    assert not step._caution.isVisible()


def test_the_balanced_accuracy_leads_where_classes_are_out_of_balance(step):
    rare = ((38, 2), (3, 5))
    shown = evaluation(accuracy=43 / 48, pictures=48, confusion=rare, classes=("ok", "defect"))
    step.show_result(result(evaluation=shown))
    assert step._accuracy.text() == "78.8%"
    assert step._basis.text() == "balanced accuracy on 48 new pictures"
    assert step._by_class.text() == "Accuracy 89.6%, likely between 78% and 95% · macro F1 80.2%"
    assert step._found.text() == "Found: defect 5 of 8, ok 38 of 40."
    assert not step._interval.isVisible()
    assert not step._caution.isVisible()
    step.show_result(result(evaluation=evaluation()))
    assert step._by_class.text() == "Balanced accuracy 85.0% · macro F1 85.0%"
    assert step._interval.isVisible()
    assert not step._found.isVisible()


def test_a_model_that_always_says_ok_is_not_praised(step):
    shown = evaluation(accuracy=40 / 41, pictures=41, confusion=((40, 0), (1, 0)), classes=("ok", "defect"))
    step.show_result(result(evaluation=shown))
    assert step._accuracy.text() == "50.0%"
    assert step._caution.text().startswith("The model predicts ok for all 41 test pictures")
    assert "It finds none of defect (1 of 1 missed). Only 1 picture of defect" in step._caution.text()
    assert not step._found.isVisible()


def test_a_balanced_accuracy_like_that_of_guessing_is_called_so():
    guessing = evaluation(accuracy=0.8, pictures=60, confusion=((45, 5), (9, 1)), classes=("ok", "defect"))
    assert caution(guessing, None) == "About as good as guessing (50.0% balanced)."


def test_few_pictures_do_not_make_a_model_bad():
    perfect = evaluation(accuracy=1.0, pictures=3, confusion=((1, 0), (0, 2)))
    assert caution(perfect, None).startswith("With so few pictures, this may be no better than guessing")
    assert caution(evaluation(accuracy=0.0, pictures=0), 1.0) == ""


def test_overfitting_is_reported(step, training):
    training.begin(history=(metrics(1, accuracy=0.97),))
    training.end_epoch(2, accuracy=0.9)
    for best, known in ((1, "97.0"), (2, "")):
        step.show_result(result(evaluation=evaluation(accuracy=0.75, pictures=400), best_epoch=best))
        assert (f"Overfitting: {known}% on training pictures, 75" in step._caution.text()) is bool(known)
    training.begin("another")
    step.show_result(result(evaluation=evaluation(accuracy=0.75, pictures=400), best_epoch=1))
    assert not step._caution.isVisible()


@pytest.mark.parametrize(("wrong", "said"), [(81, "Show the 40 most confident of 81"), (40, "Show all 40")])
def test_the_rest_of_the_mistakes_is_offered_by_their_true_number(step, wrong, said):
    confusion = ((10, wrong), (0, 10))
    shown = evaluation(
        pictures=20 + wrong, confusion=confusion, mistakes=mistakes(40), classes=("cat", "dog")
    )
    step.show_result(result(evaluation=shown))
    assert step._mistakes._more.text() == said
    step._matrix.choose((0, 1))
    assert step._mistakes._more.text() == f"Show the 27 most confident of {wrong}"


def test_many_mistakes_come_in_two_portions(step):
    step.show_result(result(evaluation=evaluation(mistakes=mistakes(40))))
    assert len(captions(step)) == FIRST
    height = step._mistakes._list.height()
    step._mistakes._more.click()
    assert len(captions(step)) == 40
    assert step._mistakes._list.height() > height
    assert not step._mistakes._more.isVisible()


def test_the_mistakes_begin_where_their_title_does(step):
    view = step._mistakes._list
    assert view.mapTo(step, view.visualRect(view.model().index(0)).topLeft()).x() == 0


def test_no_mistakes_are_said(step):
    step.show_result(result(evaluation=evaluation(mistakes=(), pictures=200)))
    assert step._mistakes._empty.text() == "No mistakes on 200 pictures."
    assert not step._mistakes._list.isVisible()


def test_a_model_without_pictures_to_measure_on(step):
    step.show_result(result(evaluation=None))
    assert not step._accuracy.isVisible()
    assert not step._matrix.isVisible()
    assert step._use.isVisible()


def test_a_model_that_could_not_be_evaluated_says_why(step):
    problem = "The model is kept, but there was not enough memory to evaluate it."
    reason = Reason(f"Done. {problem}", "Classify a folder.")
    step.show_result(result(evaluation=None, problem=problem, reason=reason))
    assert step._basis.text() == f"{problem} Classify a folder."
    assert step._use.isVisible()
    assert not step._accuracy.isVisible()
    step.show_result(result(evaluation=None))
    assert step._basis.text() == "There were no pictures to measure its accuracy on."


def test_a_run_without_a_model_gives_its_reason(step, qtbot):
    retry = (Retry("Try again with batches of 16", {"batch_size": 16}),)
    reason = Reason("Memory was full.")
    step.show_result(training_result("failed", model_id=None, evaluation=None, reason=reason, retry=retry))
    assert step._no_model._sentence.text() == "Memory was full."
    assert not step._use.isVisible()
    with qtbot.waitSignal(step.retry_requested) as told:
        step._no_model._retries._buttons[0].click()
    assert told.args == [{"batch_size": 16}]


def test_an_evaluation_without_names_shows_all_mistakes_of_any_cell(step):
    step.show_result(result(evaluation=evaluation(classes=())))
    assert "Class 1" in step._matrix.sentence((0, 1))
    step._matrix.choose((0, 1))
    assert len(captions(step)) == len(mistakes())


@pytest.mark.parametrize("count", [2, 10, 13, 300])
def test_matrices_of_all_sizes_are_painted_in_both_themes(step, light, count):
    confusion = np.eye(count, dtype=int) * 5
    confusion[0, 1] = 1
    shown = evaluation(confusion=tuple(map(tuple, confusion.tolist())), classes=())
    for theme in ("light", "dark"):
        light.apply(theme)
        step.show_result(result(evaluation=shown))
        matrix = step._matrix
        image = matrix.grab().toImage()
        right, wrong, empty = (
            image.pixelColor(matrix._place(matrix._area(), cell).topLeft().toPoint() + QPoint(3, 3))
            if count <= 13
            else None
            for cell in ((0, 0), (0, 1), (1, 0))
        )
        if right is not None:
            assert right.blue() > right.red()
            assert wrong.red() > wrong.blue()
            assert abs(empty.red() - empty.blue()) < 20
    assert "Class 1" in matrix.sentence((0, 1))


@pytest.mark.parametrize("size", [(1200, 800), (720, 600), (580, 1400)])
def test_nothing_is_cut_off(step, size):
    step.resize(*size)
    for _ in range(3):
        QCoreApplication.processEvents()
    assert clipped(step) == []
    assert overlapping(step) == []
    assert nameless(step) == []


def test_after_the_training_it_is_clear_what_can_be_done_next(step, training, qtbot, monkeypatch, tmp_path):
    with qtbot.waitSignal(step.again_requested):
        qtbot.keyClick(step._again, Qt.Key.Key_Space)
    opened = []
    monkeypatch.setattr(folders, "open_folder", lambda folder: opened.append(folder) or True)
    training.begin(folder=tmp_path)
    with qtbot.waitSignal(step.said) as told:
        qtbot.keyClick(step._open, Qt.Key.Key_Space)
    assert opened == [tmp_path]
    assert told.args == [f"Opening {tmp_path}.", False]


def many(count):
    """So many classes; the third is often mistaken for the sixth."""
    table = np.eye(count, dtype=int) * 20
    table[2, 5], table[4, 1] = 9, 3
    names = tuple(f"kind {number}" for number in range(count))
    confusion = tuple(map(tuple, table.tolist()))
    return evaluation(pictures=20 * count + 12, confusion=confusion, mistakes=mistakes(), classes=names)


@pytest.mark.parametrize("count", [13, 40, 1000])
def test_many_classes_are_named_as_far_as_there_is_room_and_their_mistakes_are_found(step, qtbot, count):
    step.show_result(result(evaluation=many(count)))
    QCoreApplication.processEvents()
    matrix = step._matrix
    area = matrix._area()
    assert matrix.rect().contains(area.toAlignedRect())
    assert area.left() > matrix.fontMetrics().horizontalAdvance("kind 99")
    assert matrix.height() < 800
    left = matrix.grab(QRect(0, int(area.top()), int(area.left()) - 8, int(area.height()))).toImage()
    ground = left.pixelColor(0, 0)
    named = [any(left.pixelColor(x, y) != ground for x in range(left.width())) for y in range(left.height())]
    assert sum(not before and here for before, here in pairwise(named)) >= 12  # lines of letters
    words = [line.text() for line in step._pairs._buttons]
    assert words == ["kind 2 as kind 5: 9 of 29", "kind 4 as kind 1: 3 of 23"]
    qtbot.mouseClick(step._pairs._buttons[0], Qt.MouseButton.LeftButton)
    assert matrix.chosen == (2, 5)
    assert step._mistakes._title.text() == "kind 2 mistaken for kind 5"


def test_too_many_classes_for_a_matrix_are_a_list_of_the_worst_pairs(step, qtbot):
    count = 20_000
    truth = np.repeat(np.arange(count), 2)
    given = truth.copy()
    given[:60:2] = count - 1 - np.arange(30)
    given[100:102] = 7
    confusion = Confusion.of(truth, given, count)
    names = tuple(f"kind {number}" for number in range(count))
    first = (Mistake(Path("/data/1.jpg"), "kind 50", "kind 7", 0.9),)
    shown = replace(
        evaluation(accuracy=confusion.right / confusion.total, top_k=0.99999),
        pictures=2 * count,
        confusion=confusion,
        classes=names,
        mistakes=first,
    )
    step.show_result(result(evaluation=shown))
    assert not step._matrix.isVisible()
    assert not step._title.isVisible()
    lines = [line.text() for line in step._pairs._buttons]
    assert len(lines) == 20
    assert lines[0] == "kind 50 as kind 7: 2 of 2"
    assert lines[1] == "kind 0 as kind 19999: 1 of 2"
    qtbot.mouseClick(step._pairs._buttons[0], Qt.MouseButton.LeftButton)
    assert step._mistakes._title.text() == "kind 50 mistaken for kind 7"
    step.show_result(result(evaluation=evaluation()))
    assert step._matrix.isVisible()
    assert step._title.isVisible()


def test_few_classes_need_no_list_of_their_mistakes(step):
    step.show_result(result(evaluation=many(13)))
    assert step._pairs.isVisible()
    step.show_result(result(evaluation=many(12)))
    assert not step._pairs.isVisible()


def test_what_is_no_classifier_is_shown_by_its_figures_alone(step):
    step.show_result(result(evaluation=Evaluation("guessing", "test", 20, {"mae": 0.5})))
    assert step._basis.text() == "mae 0.5 on 20 test pictures"
    for part in (step._accuracy, step._interval, step._top_k, step._caution, step._mistakes, step._matrix):
        assert not part.isVisible()


def test_similar_pictures_of_a_mistake_are_asked_for(step, qtbot):
    view = step._mistakes._list
    view.setCurrentIndex(view.model().index(1, 0))
    (action,) = view.actions()
    with qtbot.waitSignal(step.similar_requested) as asked:
        action.trigger()
    assert asked.args == [mistakes()[1].path]
