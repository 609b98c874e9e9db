from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QInputDialog, QMessageBox

from desktop_app.ui.common.files import places
from desktop_app.ui.common.files.file_chooser import FileChooser, Wanted
from tests.ui.test_accessibility import nameless
from tests.ui.test_layout import clipped

PICTURES = "Pictures (*.jpg *.png);;All files (*)"


@pytest.fixture(autouse=True)
def forgetful():
    places.forget()
    yield
    places.forget()


@pytest.fixture
def folder(tmp_path):
    for name in ("a.jpg", "b.png", "notes.txt", "inner/c.jpg", "inner/deep/d.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"1")
    return tmp_path


@pytest.fixture
def make(qtbot, light, folder):
    made = []

    def open_it(mode="files", **more):
        dialog = FileChooser(Wanted(mode, "Open pictures", folder, **({"filters": PICTURES} | more)))
        qtbot.addWidget(dialog)
        made.append(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: bool(shown(dialog)))
        return dialog

    yield open_it
    for dialog in made:
        dialog.reject()


def shown(dialog):
    return [entry.name for entry in dialog._table.entries.entries]


def choose(dialog, *names):
    dialog._table.choose(names)


def test_folders_and_what_passes_the_filter_are_listed(make, qtbot):
    dialog = make()
    assert shown(dialog) == ["inner", "a.jpg", "b.png"]
    assert dialog._says.text() == "1 folder, 2 files"
    dialog._filter.setCurrentText("All files (*)")
    qtbot.waitUntil(lambda: "notes.txt" in shown(dialog))
    assert dialog.chosen_filter == "All files (*)"


def test_several_files_are_chosen(make, folder):
    dialog = make()
    choose(dialog, "a.jpg", "b.png")
    assert dialog._name.text() == '"a.jpg" "b.png"'
    dialog._accept.click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.paths == [folder / "a.jpg", folder / "b.png"]


def test_very_many_files_are_counted(make, folder, qtbot):
    for number in range(30):
        (folder / f"{number}.jpg").touch()
    dialog = make()
    dialog._table.selectAll()
    assert dialog._name.text() == "32 files"
    dialog._accept.click()
    assert len(dialog.paths) == 32


def test_a_folder_that_is_selected_after_a_file_is_opened_instead(make, qtbot):
    dialog = make()
    choose(dialog, "a.jpg")
    choose(dialog, "inner")
    dialog._accept.click()
    qtbot.waitUntil(lambda: shown(dialog) == ["deep", "c.jpg"])
    assert dialog.paths == []


def test_names_can_be_typed(make, folder):
    dialog = make()
    dialog._name.setFocus()
    dialog._name.clear()
    dialog._name.insert('"a.jpg" "inner/c.jpg"')
    dialog._accept.click()
    assert dialog.paths == [folder / "a.jpg", folder / "inner" / "c.jpg"]


def test_what_is_missing_is_said_and_the_dialog_stays(make, qtbot):
    dialog = make()
    dialog._accept.click()
    assert dialog._says.text() == "Choose a file first."
    choose(dialog, "inner")
    assert dialog._says.text() == "1 folder, 2 files"
    choose(dialog)
    dialog._name.insert("gone.jpg")
    dialog._accept.click()
    assert "There is no file" in dialog._says.text()
    assert dialog.isVisible()


def test_the_keyboard_goes_into_a_folder_and_up_again(make, qtbot, folder):
    dialog = make()
    table = dialog._table
    table.setFocus()
    table.keyboardSearch("i")
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(dialog) == ["deep", "c.jpg"])
    assert dialog._path.text() == str(folder / "inner")
    qtbot.keyClick(table, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: "inner" in shown(dialog))
    qtbot.waitUntil(lambda: [entry.name for entry in table.chosen()] == ["inner"])


def test_typing_finds_the_next_name_that_begins_so(make):
    table = make(filters="")._table
    for typed, name in (("b", "b.png"), ("N", "notes.txt"), ("in", "inner"), ("x", "inner")):
        table.keyboardSearch(typed)
        assert table.entries.entries[table.currentIndex().row()].name == name


def test_the_path_field_goes_to_a_folder_completes_and_takes_a_file(make, qtbot, folder):
    dialog = make()
    path = dialog._path
    path.setFocus()
    path.selectAll()
    with qtbot.waitSignal(dialog._lister.completed) as proposed:
        qtbot.keyClicks(path, str(folder / "in"))
        qtbot.waitUntil(lambda: path._proposals.stringList() == [f"{folder}/inner/"])
    assert proposed.args[0]
    path.setText(str(folder / "inner"))
    qtbot.keyClick(path, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(dialog) == ["deep", "c.jpg"])
    path.setText("nowhere")
    qtbot.keyClick(path, Qt.Key.Key_Return)
    assert "There is no nowhere" in dialog._says.text()
    path.setText("c.jpg")
    qtbot.keyClick(path, Qt.Key.Key_Return)
    assert dialog.paths == [folder / "inner" / "c.jpg"]


def test_nothing_of_the_folder_before_can_be_chosen_while_another_is_read(make):
    dialog = make()
    choose(dialog, "a.jpg")
    dialog.go_to(Path("/"))
    assert shown(dialog) == []
    assert (dialog._name.text(), dialog._named) == ("", [])


def test_a_folder_that_cannot_be_read_is_said(make, qtbot, folder):
    dialog = make()
    dialog.go_to(folder / "gone")
    qtbot.waitUntil(lambda: "cannot be listed" in dialog._says.text())


def test_sizes_and_times_follow_the_names_and_leave_the_selection(make, qtbot):
    dialog = make()
    model = dialog._table.entries
    qtbot.waitUntil(lambda: model.index(1, 1).data() == "1 byte")
    assert model.index(1, 2).data()
    assert model.index(0, 1).data() == ""
    choose(dialog, "b.png")
    model.show_facts(model.entries)
    assert [entry.name for entry in dialog._table.chosen()] == ["b.png"]


def test_sorting_by_date(make, qtbot, folder):
    dialog = make()
    dialog._table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: (dialog._wish.sort, dialog._wish.descending) == ("modified", True))
    qtbot.waitUntil(lambda: len(shown(dialog)) == 3)


@pytest.mark.parametrize(("name", "expected"), [("", "."), ("inner", "inner")])
def test_a_folder_is_chosen_the_one_shown_or_one_in_it(make, folder, name, expected):
    dialog = make("folder")
    assert shown(dialog) == ["inner"]
    choose(dialog, *([name] if name else []))
    dialog._accept.click()
    assert dialog.paths == [folder / expected]
    assert not dialog._name.isVisible()


def test_a_new_folder_is_made_and_shown(make, qtbot, folder, monkeypatch):
    dialog = make("folder")
    answers = iter([("new", True), ("new", True), ("", False)])
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: next(answers))
    dialog._make_folder()
    assert (folder / "new").is_dir()
    assert dialog._path.text() == str(folder / "new")
    dialog.go_to(folder)
    dialog._make_folder()
    assert "The folder new cannot be made" in dialog._says.text().replace("\N{ZERO WIDTH SPACE}", "")
    dialog._make_folder()


def test_saving_proposes_the_name_and_takes_another_folder(make, qtbot, folder):
    dialog = make("save", name="labels.csv", filters="CSV (*.csv)")
    assert dialog._name.selectedText() == "labels"
    dialog.go_to(folder / "inner")
    assert dialog._name.text() == "labels.csv"
    dialog._accept.click()
    assert dialog.paths == [folder / "inner" / "labels.csv"]


@pytest.mark.parametrize(("word", "count"), [("Replace", 1), ("Cancel", 0)])
def test_a_file_that_is_there_is_asked_about(make, folder, word, count):
    dialog = make("save", name="a.jpg")

    def press():
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(button for button in box.buttons() if button.text().replace("&", "") == word).click()

    QTimer.singleShot(0, press)
    dialog._accept.click()
    assert len(dialog.paths) == count


@pytest.mark.parametrize(
    ("name", "words"), [("", "Give the file a name"), ("gone/x.csv", "There is no folder")]
)
def test_a_name_that_cannot_be_saved_under_is_said(make, name, words):
    dialog = make("save", name=name)
    dialog._accept.click()
    assert words in dialog._says.text()


def test_places_lead_there_and_what_was_chosen_is_one(make, qtbot, folder):
    dialog = make("folder")
    choose(dialog, "inner")
    dialog._accept.click()
    again = make("folder")
    item = again._places.findItems("inner", Qt.MatchFlag.MatchExactly)[0]
    again._places.itemClicked.emit(item)
    qtbot.waitUntil(lambda: shown(again) == ["deep"])
    assert places.last_folder() == folder / "inner"


@pytest.mark.parametrize("mode", ["file", "files", "folder", "save"])
def test_everything_has_a_name_and_fits(make, mode):
    dialog = make(mode, name="labels.csv")
    assert not nameless(dialog)
    assert not clipped(dialog)


def test_the_thread_ends_with_the_dialog(make):
    dialog = make()
    dialog.reject()
    assert dialog._lister._lane.isFinished()


def test_a_typed_folder_is_the_one_that_is_chosen(make, qtbot, folder):
    dialog = make("folder", filters="")
    qtbot.keyClick(dialog._table, Qt.Key.Key_Slash)
    assert dialog._path.text() == "/"
    qtbot.keyClicks(dialog._path, str(folder / "inner")[1:])
    dialog._accept.click()
    assert dialog.paths == [folder / "inner"]


def test_a_typed_folder_that_is_not_there_is_not_replaced_by_another(make, qtbot, folder):
    dialog = make("folder", filters="")
    dialog._path.begin()
    qtbot.keyClicks(dialog._path, str(folder / "missing"))
    dialog._accept.click()
    assert not dialog.paths
    assert "missing" in dialog._says.text()
