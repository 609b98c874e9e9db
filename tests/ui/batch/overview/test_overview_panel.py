from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt

from desktop_app.core.foundation.errors import Reason
from desktop_app.ui.batch.jobs.problem_dialog import ProblemDialog
from desktop_app.ui.batch.overview.accuracy_view import MistakesDialog
from desktop_app.ui.batch.overview.label_model import FIRST, LabelModel
from desktop_app.ui.batch.overview.overview_panel import OverviewPanel
from desktop_app.ui.charts.confusion_view import ConfusionView
from tests.ui.fake_batch import empty_folder, job_spec, overview, scores
from tests.ui.test_accessibility import nameless
from tests.ui.test_layout import clipped, overlapping

MANY = tuple(f"kind_{number}" for number in range(40))


@pytest.fixture
def panel(qtbot, light):
    result = OverviewPanel()
    qtbot.addWidget(result)
    result.resize(320, 600)
    result.show()
    return result


@pytest.fixture
def chosen(panel):
    told = []
    panel.label_chosen.connect(told.append)
    return told


def show(panel, shown, spec=None):
    panel.show_overview(spec or job_spec(), shown)
    lay_out()


def lay_out():
    for _ in range(3):
        QCoreApplication.processEvents()


def bars(panel):
    labels = panel._chart._labels
    return [labels.frequency(row) for row in range(labels.rowCount())]


def click(qtbot, panel, row):
    chart = panel._chart
    place = chart.visualRect(chart.model().index(row, 0)).center()
    qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=place)


def counts(panel):
    values = panel._counts._values
    return {word: value.text() for word, (_, value) in values.items() if value.isVisible()}


def test_accuracy_is_asked_about_where_only_some_folders_are_named_after_classes(panel, qtbot):
    some = replace(scores(), folders=("1", "2"), other_folders=("10", "11"))
    view = panel._accuracy
    show(panel, replace(overview(), scores=some))
    assert view._doubt.text().startswith("Only 2 of 4 folders are named after classes: 1 and 2, but not 10")
    assert not view._accuracy.isVisible()
    assert not panel._mistakes.isVisible()
    assert not clipped(panel)

    qtbot.mouseClick(view._trust, Qt.MouseButton.LeftButton)
    lay_out()
    assert view._accuracy.isVisible()
    assert panel._mistakes.isVisible()
    assert view._doubt.isVisible()
    assert not view._trust.isVisible()
    assert not clipped(panel)

    show(panel, replace(overview(), scores=some))  # the same job goes on
    assert view._accuracy.isVisible()
    show(panel, replace(overview(), scores=some), job_spec(model_name="Another"))
    assert not view._accuracy.isVisible()


def test_other_files_are_named_where_there_are_any(panel):
    show(panel, overview())
    assert not panel._counts._left_out.isVisible()
    left_out = Reason("18 videos, 4 CR3, 2 PDF left out.", "Videos are not read: save frames of them.")
    show(panel, replace(overview(), left_out=left_out))
    assert panel._counts._left_out.isVisible()
    assert "18 videos, 4 CR3, 2 PDF left out. Videos are" in panel._counts._left_out.text()


def test_the_engines_of_a_job_are_shown_where_there_are_several(panel):
    show(panel, overview())
    assert not panel._counts._computed.isVisible()
    show(panel, replace(overview(), computed="1,200 by OpenVINO, float32; 40 by TensorFlow, float32."))
    assert panel._counts._computed.isVisible()
    assert "40 by TensorFlow" in panel._counts._computed.text()
    assert not clipped(panel)


def test_counts_tell_only_what_there_is(panel):
    show(panel, overview((0, 1200), failed=0))
    assert panel._counts._all.text() == "1,200 pictures"
    assert counts(panel) == {"Done": "1,200"}
    assert not panel._counts._folders.isVisible()
    show(panel, overview((0, 1200), failed=3, waiting=97))
    assert panel._counts._all.text() == "1,300 pictures"
    assert counts(panel) == {"Done": "1,200", "Can't open": "3", "Waiting": "97"}


def test_folders_without_pictures_tell_their_reasons_when_asked(panel):
    show(panel, overview(problems=[empty_folder("a"), empty_folder("b")]))
    assert panel._counts._folders.text() == "2 folders without pictures…"
    panel._counts._folders.click()
    dialog = panel.findChild(ProblemDialog)
    rows = dialog.table.model()
    assert rows.data(rows.index(1, 0)) == "/pictures/pets/b"
    assert rows.data(rows.index(1, 1)) == "There are no pictures in it."
    assert nameless(dialog) == []
    dialog.reject()


def test_bars_have_names_numbers_and_shares(panel):
    show(panel, overview((0, 60), (4, 30), (1, 10)))
    assert [bar.sentence for bar in bars(panel)] == [
        "cat: 60 pictures, 60.0%",
        "bird: 30 pictures, 30.0%",
        "dog: 10 pictures, 10.0%",
    ]
    assert panel._used.text() == "3 of 10 classes"
    assert panel._chart.height() >= 3 * panel._chart.sizeHintForRow(0)


def test_a_click_chooses_and_the_same_one_takes_it_back(panel, chosen, qtbot):
    show(panel, overview())
    click(qtbot, panel, 1)
    click(qtbot, panel, 2)
    click(qtbot, panel, 2)
    assert chosen == [1, 4, None]


def test_the_keyboard_chooses_and_takes_back(panel, chosen, qtbot):
    show(panel, overview())
    chart = panel._chart
    chart.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        qtbot.keyClick(chart, key)
    qtbot.keyClicks(chart, "bi")
    qtbot.keyClick(chart, Qt.Key.Key_Space)
    assert chosen == [1, None, 4]
    index = chart.currentIndex()
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).endswith("the only ones shown")


def test_the_choice_and_the_keyboard_stay_on_their_label_while_the_job_goes_on(panel, chosen):
    spec = job_spec()
    show(panel, overview((0, 60), (1, 30)), spec)
    panel._chart.choose(1)
    panel._chart.setCurrentIndex(panel._chart.model().index(1, 0))
    show(panel, overview((4, 90), (1, 80), (0, 60)), spec)
    assert panel._chart.chosen == 1
    assert panel._chart.currentIndex().data() == "dog"
    show(panel, overview((1, 95), (4, 90), (0, 60)), spec)
    assert panel._chart.currentIndex().row() == 0
    assert chosen == [1]


def test_another_job_begins_without_a_choice(panel):
    show(panel, overview())
    panel._chart.choose(1)
    show(panel, overview(), job_spec(classes=MANY))
    assert panel._chart.chosen is None
    assert bars(panel)[0].name == "kind 0"
    panel.clear()
    assert not panel._chart.isVisible()


def test_a_label_that_was_chosen_elsewhere_is_marked_silently(panel, chosen):
    spec = job_spec(classes=MANY)
    show(panel, overview(*((place, 50 - place) for place in range(40))), spec)
    panel.show_chosen(33)
    assert panel._chart.chosen == 33
    assert bars(panel)[33].name == "kind 33"
    assert chosen == []


def test_many_labels_are_folded_into_one_row(panel, chosen, qtbot):
    show(panel, overview(*((place, 50 - place) for place in range(40))), job_spec(classes=MANY))
    assert len(bars(panel)) == FIRST + 1
    assert bars(panel)[-1].name == f"{40 - FIRST} other labels"
    assert sum(bar.share for bar in bars(panel)) == pytest.approx(1)
    assert panel._fold.text() == "Show all 40 labels"
    panel._fold.click()
    assert len(bars(panel)) == 40
    panel._fold.click()
    assert len(bars(panel)) == FIRST + 1
    click(qtbot, panel, FIRST)
    assert len(bars(panel)) == 40
    assert chosen == []


def test_the_keyboard_is_followed_to_bars_that_are_out_of_sight(panel, qtbot):
    show(panel, overview(*((place, 50 - place) for place in range(40))), job_spec(classes=MANY))
    panel._fold.click()
    panel.activateWindow()
    panel._chart.setFocus()
    lay_out()
    qtbot.keyClick(panel._chart, Qt.Key.Key_End)
    chart = panel._chart
    bar = chart.visualRect(chart.currentIndex())
    assert panel.viewport().rect().contains(chart.mapTo(panel.viewport(), bar.center()))


def test_a_single_label_too_many_is_not_folded_away():
    model = LabelModel()
    model.show_labels([(place, 5) for place in range(FIRST + 1)], MANY)
    assert model.rowCount() == FIRST + 1
    assert model.folded == 0


def test_without_answers_there_is_no_chart(panel):
    shown = overview((0, 0), waiting=5)
    show(panel, type(shown)(shown.counts, (), (), None))
    assert not panel._labels.isVisible()
    assert counts(panel) == {"Done": "0", "Waiting": "5"}


def test_accuracy_is_shown_where_the_folders_are_classes(panel):
    show(panel, overview())
    assert not panel._accuracy.isVisible()
    assert not panel._mistakes.isVisible()
    show(panel, overview(scores=scores()))
    accuracy = panel._accuracy
    assert accuracy._accuracy.text() == "85.0%"
    assert accuracy._basis.text() == "17 of 20 match their folder"
    assert accuracy._top.text() == "Top-5 accuracy: 95.0%"
    assert not accuracy._outside.isVisible()
    assert (
        panel._mistakes._reading.text() == "Most frequent mistake: cat mistaken for dog (2 of 10 pictures)."
    )
    show(panel, overview(scores=scores(outside=1, top=1)))
    assert accuracy._outside.text() == "1 not counted (no matching class)"
    assert not accuracy._top.isVisible()


def test_the_matrix_reads_its_cells_and_keeps_a_chosen_one(panel):
    show(panel, overview(scores=scores()))
    mistakes = panel._mistakes
    matrix = mistakes._matrix
    matrix._go_to((1, 0))
    assert "1 of 10 pictures of dog mistaken for cat" in mistakes._reading.text()
    matrix.choose((0, 1))
    matrix._go_to(None)
    assert "2 of 10 pictures of cat mistaken for dog" in mistakes._reading.text()
    show(panel, overview(scores=scores()))
    assert matrix.chosen == (0, 1)
    show(panel, overview(scores=scores(((5, 0), (0, 5)))))
    assert matrix.chosen is None
    assert mistakes._reading.text() == "No mistakes."


def test_the_matrix_can_be_enlarged(panel):
    show(panel, overview(scores=scores()))
    panel._mistakes._enlarge.click()
    dialog = panel.findChild(MistakesDialog)
    lay_out()
    matrix = dialog.findChild(ConfusionView)
    assert matrix.sentence((0, 1)).startswith("2 of 10 pictures of cat")
    assert clipped(dialog) == []
    assert nameless(dialog) == []
    dialog.reject()


@pytest.mark.parametrize("width", [232, 320, 480])
def test_nothing_is_cut_off(panel, width):
    panel.resize(width, 600)
    names = ("Egyptian cat, a breed with a long name", *MANY)
    shown = scores(outside=1234)
    show(
        panel,
        overview((0, 123_456), (1, 2), failed=12, waiting=9, problems=[empty_folder()], scores=shown),
        job_spec(classes=names),
    )
    assert clipped(panel) == []
    assert overlapping(panel._page) == []
    assert not panel.horizontalScrollBar().isVisible()
    assert panel._page.width() <= panel.viewport().width()
    assert nameless(panel) == []
    panel.grab()


def test_pictures_are_counted_by_kind_on_request(panel, chosen, qtbot):
    grouped = replace(overview((0, 60), (1, 30)), groups=(("mammal", 80), (1, 10)))
    show(panel, grouped)
    assert [bar.sentence for bar in bars(panel)] == ["cat: 60 pictures, 66.7%", "dog: 30 pictures, 33.3%"]
    assert panel._by_kind.isVisible()
    panel._by_kind.click()
    lay_out()
    assert [bar.sentence for bar in bars(panel)] == ["mammal: 80 pictures, 88.9%", "dog: 10 pictures, 11.1%"]
    click(qtbot, panel, 0)
    assert chosen == ["mammal"]
    show(panel, overview((0, 60)), job_spec(not_sure_below=0.1))
    assert not panel._by_kind.isVisible()
    assert [bar.name for bar in bars(panel)] == ["cat"]
