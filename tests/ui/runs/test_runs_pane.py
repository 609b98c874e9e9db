from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWidgets import QLineEdit

from desktop_app.ui.charts.curve_colours import COLOURS
from desktop_app.ui.charts.curve_legend import shortened
from desktop_app.ui.common import folders
from desktop_app.ui.runs.runs_model import COLOUR_ROLE
from desktop_app.ui.runs.runs_pane import RunsPane
from tests.ui.fake_training import metrics, run

THREE = (run("r3", state="running", epochs=2), run("r2", "Pets"), run("r1", state="interrupted", epochs=3))


@pytest.fixture
def pane(qtbot, training, light):
    training.runs = THREE
    result = RunsPane(training)
    qtbot.addWidget(result)
    result.resize(900, 600)
    result.show()
    return result


def choose(pane, run_id):
    pane._list.choose(run_id)
    return pane._actions


def click_box(qtbot, pane, *rows):
    for row in rows:
        area = pane._list.visualRect(pane._model.index(row))
        place = QPoint(area.left() + 20, area.center().y())
        qtbot.mouseClick(pane._list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_before_the_first_training_there_is_a_way_to_it(qtbot, training, light):
    pane = RunsPane(training)
    qtbot.addWidget(pane)
    assert pane._stack.currentWidget() is pane._empty
    with qtbot.waitSignal(pane.train_pane_requested):
        pane._empty.train_requested.emit()
    training.change_runs(*THREE)
    assert pane._stack.currentWidget() is pane._splitter


def test_runs_are_listed_again_when_the_pane_is_shown(pane, training):
    assert training.called("refresh_runs") == [()]
    pane.hide()
    pane.show()
    assert len(training.called("refresh_runs")) == 2


def test_the_newest_run_is_shown_first_and_another_on_a_click(pane, qtbot):
    assert pane._list.current().record.run_id == "r3"
    area = pane._list.visualRect(pane._model.index(1))
    qtbot.mouseClick(pane._list.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert "Pets" in pane._details._name.text()
    assert pane._details._state.text() == "Trained 10 epochs."
    assert not pane._details._message.isVisible()  # nothing is said twice


@pytest.mark.parametrize(
    ("run_id", "offered"),
    [
        ("r3", (False, False, False, False)),
        ("r2", (True, False, True, True)),
        ("r1", (False, True, True, True)),
    ],
)
def test_only_what_can_be_done_is_offered(pane, run_id, offered):
    actions = choose(pane, run_id)
    visible = actions.classify.isVisible(), actions.resume.isVisible()
    assert (*visible, actions.rename.isEnabled(), actions.remove.isEnabled()) == offered


def test_a_running_fit_keeps_others_from_being_resumed(pane, training):
    actions = choose(pane, "r1")
    assert actions.resume.isEnabled()
    training.begin()
    assert not actions.resume.isEnabled()
    training.end()
    assert actions.resume.isEnabled()


def test_resume_shows_the_training_before_it_begins(pane, training):
    order = []
    pane.train_pane_requested.connect(lambda: order.append(list(training.called("resume"))))
    choose(pane, "r1").resume.trigger()
    assert order == [[]]
    assert training.called("resume") == [("r1",)]


def test_classify_with_the_model_of_a_run(pane, qtbot):
    with qtbot.waitSignal(pane.classify_requested) as asked:
        choose(pane, "r2").classify.trigger()
    assert asked.args == ["r2"]


def test_a_run_is_renamed_in_place(pane, training, qtbot):
    choose(pane, "r2")
    pane._list.setFocus()
    qtbot.keyClick(pane._list, Qt.Key.Key_F2)
    editor = pane._list.findChild(QLineEdit)
    assert editor.text() == "Pets"
    editor.setText("  Cats and\tdogs ")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: training.called("rename_run") == [("r2", "Cats and dogs")])


@pytest.mark.parametrize("name", ["", "   ", "Pets"])
def test_no_name_and_the_same_name_rename_nothing(pane, training, name):
    pane._model.setData(pane._model.index(1), name)
    assert training.called("rename_run") == []


def test_a_running_or_damaged_run_is_not_renamed(pane, training):
    training.change_runs(run("r4", problem="run.json is missing."), *THREE)
    for run_id in ("r4", "r3"):
        choose(pane, run_id)
        pane._list.rename_current()
        assert pane._list.findChild(QLineEdit) is None


def test_a_run_is_deleted_and_taken_back(pane, training, qtbot):
    choose(pane, "r2")
    pane._list.setFocus()
    qtbot.keyClick(pane._list, Qt.Key.Key_Delete)
    assert training.called("remove_run") == [("r2",)]
    training.change_runs(THREE[0], THREE[2])
    assert pane._list.current().record.run_id == "r1"  # the one that moved up
    training.undo_available.emit("Removed Pets.")
    qtbot.keyClick(pane._list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert training.called("undo_remove_run") == [()]
    training.undo_available.emit("")
    assert not pane._undo.isVisible()
    qtbot.keyClick(pane._list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert training.called("undo_remove_run") == [()]


def test_the_run_that_works_cannot_be_deleted(pane, training, qtbot):
    choose(pane, "r3")
    pane._list.setFocus()
    qtbot.keyClick(pane._list, Qt.Key.Key_Delete)
    assert training.called("remove_run") == []


def test_the_folder_of_a_run_is_opened(pane, training, monkeypatch, tmp_path, qtbot):
    opened = []
    monkeypatch.setattr(folders, "open_folder", lambda folder: opened.append(folder) or True)
    with qtbot.waitSignal(pane.said) as said:
        choose(pane, "r2").open.trigger()
    assert said.args == [f"{Path('/runs/r2')} is no longer there.", True]
    entry = run("here")
    object.__setattr__(entry, "folder", tmp_path)
    training.change_runs(entry)
    with qtbot.waitSignal(pane.said) as said:
        pane._actions.open.trigger()
    assert opened == [tmp_path]
    assert said.args == [f"Opening {tmp_path}.", False]
    monkeypatch.setattr(folders, "open_folder", lambda _folder: False)
    with qtbot.waitSignal(pane.said) as said:
        pane._actions.open.trigger()
    assert said.args == [f"No file manager opened {tmp_path}.", True]


def test_runs_are_compared_in_one_plot(pane, qtbot):
    click_box(qtbot, pane, 1, 2)
    assert [entry.record.run_id for entry in pane._model.checked()] == ["r2", "r1"]
    curves = pane._details._curves
    assert list(curves._plots[0]._runs) == ["r2", "r1"]
    assert curves._what.text() == "Comparing 2 runs on their validation sets"
    pane._uncheck.click()
    assert pane._model.checked() == ()
    assert list(curves._plots[1]._runs) == ["r3"]


def shown(pane):
    return pane._details._curves._plots[0]._runs


def colours(pane):
    return {known.label: known.train.colour.name() for known in shown(pane).values()}


def test_one_run_alone_is_not_compared(pane, qtbot):
    choose(pane, "r3")
    assert not pane._uncheck.isVisible()
    list_at = pane._list.mapTo(pane, QPoint(0, 0))
    click_box(qtbot, pane, 1)
    assert not pane._uncheck.isVisible()
    assert list(shown(pane)) == ["r3"]
    click_box(qtbot, pane, 2)
    assert pane._uncheck.isVisible()
    QCoreApplication.processEvents()
    assert pane._list.mapTo(pane, QPoint(0, 0)) == list_at


def test_a_run_keeps_its_colour_while_others_come_and_go(pane, training, qtbot):
    training.change_runs(*(run(f"x{number}", f"Run {number}") for number in range(4)))
    click_box(qtbot, pane, 3, 1, 2)
    before = colours(pane)
    assert len(set(before.values())) == 3
    rows = [pane._model.index(row).data(COLOUR_ROLE) for row in range(4)]
    assert rows == [None, 1, 2, 0]  # as they were chosen
    click_box(qtbot, pane, 3)
    assert colours(pane) == {name: before[name] for name in ("Run 1", "Run 2")}
    click_box(qtbot, pane, 0)
    assert colours(pane)["Run 0"] == before["Run 3"]  # which is free again


def test_a_run_that_is_taken_back_is_compared_as_before(pane, training, qtbot):
    click_box(qtbot, pane, 1, 2)
    before = colours(pane)
    training.change_runs(THREE[0], THREE[2])
    assert pane._model.colours() == {}
    training.change_runs(*THREE)
    assert set(colours(pane)) == set(before)


def test_space_chooses_a_run_for_comparison(pane, qtbot):
    choose(pane, "r1")
    for expected in (["r1"], []):
        qtbot.keyClick(pane._list, Qt.Key.Key_Space)
        assert [entry.record.run_id for entry in pane._model.checked()] == expected


def test_more_runs_than_colours_are_left_out_of_the_plot_with_a_word(pane, training, qtbot):
    training.change_runs(*(run(f"x{number}") for number in range(COLOURS + 2)))
    for row in range(COLOURS + 2):
        pane._model.setData(pane._model.index(row), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    curves = pane._details._curves
    assert len(curves._plots[0]._runs) == COLOURS
    assert curves._what.text().endswith("2 more not shown")


def test_runs_of_the_same_name_are_told_apart(pane, training):
    training.change_runs(run("a", "Pets"), run("b", "Pets", created="2026-06-07T08:09:00+00:00"))
    for row in (0, 1):
        pane._model.setData(pane._model.index(row), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    labels = [known.label for known in pane._details._curves._plots[0]._runs.values()]
    assert len(set(labels)) == 2


def test_long_names_are_told_apart_where_the_legend_shortens_them(pane, training, qtbot):
    alike = "photographs of pets {} cats-dogs-cnn"
    training.change_runs(
        run("a", alike.format("one")), run("b", alike.format("two"), created="2026-06-07T08:09:00+00:00")
    )
    click_box(qtbot, pane, 0, 1)
    labels = list(colours(pane))
    assert len(set(labels)) == 2
    assert [shortened(label) for label in labels] == labels


def test_one_run_shows_both_splits_and_its_best_epoch(pane):
    choose(pane, "r2")
    plot = pane._details._curves._plots[0]
    assert len(plot._runs["r2"].train.raw) == len(plot._runs["r2"].validation.raw) == 10
    assert plot._best == 10


def test_a_running_fit_grows_in_the_list_and_in_the_plot(pane, training):
    choose(pane, "r3")
    training.begin("r3", history=(metrics(1), metrics(2)))
    training.end_epoch(3)
    entry = pane._model.entry_at(0)
    assert [epoch.epoch for epoch in entry.history] == [1, 2, 3]
    assert entry.sentence == "Running, 3 of 20 epochs done"
    assert len(pane._details._curves._plots[1]._runs["r3"].train.raw) == 3


def test_a_new_list_keeps_the_chosen_run_and_what_is_compared(pane, training, qtbot):
    choose(pane, "r1")
    click_box(qtbot, pane, 1)
    training.change_runs(run("r4"), *THREE)
    assert pane._list.current().record.run_id == "r1"
    assert [entry.record.run_id for entry in pane._model.checked()] == ["r2"]


def test_the_same_list_again_does_not_end_an_editor(pane, training):
    choose(pane, "r2")
    pane._list.rename_current()
    training.change_runs(*THREE)
    assert pane._list.findChild(QLineEdit).isVisible()


def test_a_damaged_run_is_shown_with_its_problem(pane, training):
    training.change_runs(run("bad", problem="run.json is missing.", epochs=0))
    assert "run.json" in pane._details._state.text().replace("\N{ZERO WIDTH SPACE}", "")
    assert not pane._details._curves.isVisible()
    assert not pane._details._fold.isVisible()


def test_settings_are_folded_away(pane):
    assert not pane._details._settings.isVisible()
    pane._details._fold.click()
    assert pane._details._settings.isVisible()
    choose(pane, "r2")
    assert pane._details._settings.isVisible()


def test_a_thousand_runs_are_painted_only_where_they_are_seen(pane, training, monkeypatch):
    painted = []
    monkeypatch.setattr(
        "desktop_app.ui.runs.run_delegate.headline_figures", lambda *_given: painted.append(1) or []
    )
    training.change_runs(*(run(f"x{number}") for number in range(1000)))
    pane.grab()
    assert 0 < len(painted) < 60


def test_screen_readers_hear_the_whole_run(pane):
    spoken = pane._model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Pets" in spoken
    assert "Finished, 10 epochs" in spoken
    assert "test 78.3\N{NO-BREAK SPACE}%" in spoken


def test_a_run_can_be_trained_again_unless_one_is_at_work(pane, training, qtbot):
    actions = choose(pane, "r2")
    with qtbot.waitSignal(pane.again_requested) as told:
        actions.again.trigger()
    assert told.args == [pane._list.current().record.config]
    training.begin("other")
    assert not actions.again.isEnabled()
    training.end()
    assert not choose(pane, "r3").again.isVisible()  # it is at work
