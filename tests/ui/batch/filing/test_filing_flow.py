from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop_app.core.batch.filing.filing import Filed, FileProblem
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.library.card import ClassLabel
from desktop_app.ui.batch.filing import filing_dialog
from desktop_app.ui.batch.filing.filing_dialog import FilingDialog, proposed_folder
from desktop_app.ui.batch.filing.filing_flow import FilingFlow
from desktop_app.ui.batch.jobs.problem_dialog import ProblemDialog
from desktop_app.ui.common import folders as folders_module
from desktop_app.ui.common.files.file_dialog import FileDialog
from tests.ui.fake_batch import FakeBatch, filing_plan, job_spec, standing
from tests.ui.test_accessibility import nameless
from tests.ui.test_layout import clipped, overlapping


@pytest.fixture
def batch(qapp):
    return FakeBatch()


@pytest.fixture
def flow(qtbot, light, batch):
    """A flow in a window that has its bar at the foot."""
    window = QWidget()
    qtbot.addWidget(window)
    result = FilingFlow(batch, window)
    layout = QVBoxLayout(window)
    layout.addStretch(1)
    layout.addWidget(result.undo_bar)
    window.resize(640, 200)
    window.show()
    result.window = window
    batch.open_job()
    return result


@pytest.fixture
def bar(flow):
    return flow.undo_bar


@pytest.fixture
def dialog(flow, qtbot):
    flow.begin([1, 2, 3, 4, 5, 6], "copy")
    return flow.window.findChild(FilingDialog)


def answer(dialog, batch, **fields):
    """Play that the plan has been made."""
    batch.plan_ready.emit(filing_plan(dialog._folder, **fields))


def preview(dialog, parent=None):
    """The rows of the tree as text."""
    model = dialog._preview.model()
    rows = range(model.rowCount(parent))
    return [tuple(model.index(row, column, parent).data() for column in (0, 1)) for row in rows]


def test_nothing_is_asked_without_a_job(flow, batch):
    batch.opened = None
    flow.begin(None, "copy")
    assert flow.window.findChild(FilingDialog) is None


def test_the_plan_is_asked_for_at_once_and_nothing_is_done_before_it_is_there(dialog, batch):
    assert batch.called("plan_filing") == [([1, 2, 3, 4, 5, 6], Path("/pictures/pictures by label"), "copy")]
    assert not dialog._ok.isEnabled()
    answer(dialog, batch)
    assert dialog._sentence.text() == "6 pictures will be copied into 2 folders; 2 of them renamed."
    assert dialog._ok.text() == "Copy 6 pictures"
    assert dialog._ok.isEnabled()
    assert batch.called("carry_out") == []


def test_the_preview_has_folders_and_their_pictures_the_renamed_first(dialog, batch):
    answer(dialog, batch)
    assert preview(dialog) == [("cat/", "3 pictures, 1 renamed"), ("dog/", "3 pictures, 1 renamed")]
    model = dialog._preview.model()
    assert preview(dialog, model.index(1, 0)) == [
        ("1 (2).jpg", "b/1.jpg (renamed)"),
        ("1.jpg", "a/1.jpg"),
        ("3.jpg", "a/3.jpg"),
    ]
    child = model.index(0, 1, model.index(1, 0))
    assert model.parent(child) == model.index(1, 0)
    assert model.rowCount(child) == 0
    assert "/pictures/pets/b/1.jpg" in child.data(Qt.ItemDataRole.ToolTipRole)
    dialog._preview.expandAll()
    dialog.grab()


def test_the_preview_names_some_pictures_and_counts_the_others(dialog, batch, monkeypatch):
    monkeypatch.setattr("desktop_app.core.batch.filing.planned_folder.FIRST", 2)
    answer(dialog, batch, count=9)
    model = dialog._preview.model()
    assert preview(dialog, model.index(0, 0))[2] == ("and 3 pictures more", None)


def test_copy_move_and_link_are_explained_and_done(dialog, batch, bar):
    answer(dialog, batch)
    for how, word in (("link", "Link"), ("move", "Move")):
        dialog._radios[how].click()
        assert dialog._ok.text() == f"{word} 6 pictures"
    assert "leave their folders" in dialog._note.text()
    assert "will be moved" in dialog._sentence.text()
    dialog._ok.click()
    ((plan,),) = batch.called("carry_out")
    assert (plan.how, len(plan.steps)) == ("move", 6)
    assert len(batch.called("plan_filing")) == 1
    assert bar._sentence.text() == "Moving pictures: 0 of 6"


def test_the_way_that_was_asked_for_is_chosen(flow, batch):
    flow.begin(None, "move")
    dialog = flow.window.findChild(FilingDialog)
    assert dialog.how == "move"
    assert batch.called("plan_filing")[-1][0] is None
    dialog.reject()


def test_another_folder_is_planned_anew_and_an_old_plan_not_taken(dialog, batch, monkeypatch, tmp_path):
    first = dialog._folder
    monkeypatch.setattr(FileDialog, "open_folder", lambda *_arguments: str(tmp_path))
    dialog._choose.click()
    assert batch.called("plan_filing")[-1][1] == tmp_path
    batch.plan_ready.emit(filing_plan(first))
    assert not dialog._ok.isEnabled()
    answer(dialog, batch)
    assert dialog._ok.isEnabled()
    monkeypatch.setattr(FileDialog, "open_folder", lambda *_arguments: "")
    dialog._choose.click()
    assert dialog._folder == tmp_path


def test_nothing_to_do_is_said(dialog, batch):
    answer(dialog, batch, count=0, failed=2)
    assert dialog._sentence.text().endswith("2 without a label.")
    assert dialog._ok.text() == "Copy"
    assert not dialog._ok.isEnabled()


@pytest.mark.parametrize("signal", ["failed", "message"])
def test_a_plan_that_fails_says_why(dialog, batch, signal):
    reason = Reason("The job is damaged.", "Begin anew.")
    words = (reason,) if signal == "failed" else ("It is damaged.", False)
    getattr(batch, signal).emit(*words)
    assert "damaged" in dialog._sentence.text()
    assert dialog._sentence.property("tone") == "danger"
    assert not dialog._ok.isEnabled()


def test_only_one_filing_at_a_time(dialog, batch):
    batch.filing = True
    answer(dialog, batch)
    assert not dialog._ok.isEnabled()
    assert "Wait" in dialog._ok.toolTip()
    batch.end_filing()
    assert dialog._ok.isEnabled()


def test_a_plan_that_was_refused_is_asked_for_when_the_filing_before_has_ended(dialog, batch):
    batch.message.emit("Pictures are being filed: wait for the end.", False)
    assert "wait for the end" in dialog._sentence.text()
    batch.end_filing()
    assert len(batch.called("plan_filing")) == 2
    answer(dialog, batch)
    assert dialog._ok.isEnabled()


def test_giving_up_forgets_the_plan_that_is_being_made(dialog, batch):
    dialog.reject()
    assert batch.called("cancel_filing") == [()]


def test_giving_up_leaves_another_filing_alone(dialog, batch):
    batch.filing = True
    dialog.reject()
    assert batch.called("cancel_filing") == []


def test_a_closed_dialog_hears_nothing_more(dialog, batch, flow):
    plan = filing_plan(dialog._folder)
    dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    batch.plan_ready.emit(plan)
    batch.message.emit("Something else.", False)
    batch.end_filing()
    assert flow.window.findChild(FilingDialog) is None


def test_a_job_that_is_closed_takes_the_question_back(dialog, batch, bar):
    batch.undo_available.emit(standing())
    batch.job_closed.emit()
    assert not dialog.isVisible()
    assert not bar.isVisible()


def test_progress_is_shown_and_can_be_cancelled(dialog, batch, bar, qtbot):
    answer(dialog, batch)
    dialog._ok.click()
    batch.filing_progressed.emit(2, 6)
    assert bar._sentence.text() == "Copying pictures: 2 of 6"
    assert (bar._progress.value(), bar._progress.maximum()) == (2, 6)
    assert not bar._undo.isVisible()
    bar._cancel.click()
    assert batch.called("cancel_filing") == [()]
    assert not bar._cancel.isEnabled()
    batch.filing_progressed.emit(3, 6)
    assert bar._sentence.text() == "Cancelling…"
    batch.end_filing(done=3, left=3)
    assert bar._sentence.text() == "3 pictures copied; 3 left."
    assert bar._undo.isVisible()
    assert not bar._cancel.isVisible()


def test_problems_are_listed_afterwards(dialog, batch, bar, flow):
    answer(dialog, batch)
    dialog._ok.click()
    batch.end_filing(
        done=5, problems=[FileProblem(Path("/pictures/pets/a/1.jpg"), "It is no longer a file.")]
    )
    assert bar._sentence.text() == "5 pictures copied, 1 not."
    assert bar._show.text() == "1 problem…"
    bar._show.click()
    rows = bar.findChild(ProblemDialog).table.model()
    assert [rows.index(0, column).data() for column in (0, 1)] == [
        "/pictures/pets/a/1.jpg",
        "It is no longer a file.",
    ]
    bar.findChild(ProblemDialog).reject()


def test_undo_shows_progress_and_result(batch, bar):
    batch.end_filing(done=3)
    bar._undo.click()
    assert batch.called("undo_filing") == [()]
    assert bar._sentence.text() == "Undoing…"
    assert bar._progress.maximum() == 0
    batch.filing_progressed.emit(1, 3)
    assert bar._sentence.text() == "Undoing: 1 of 3"
    batch.end_filing("restored", 3)
    assert bar._sentence.text() == "3 pictures restored."
    assert not bar._undo.isVisible()
    assert bar.isVisible()


def test_what_was_done_in_part_is_told_once(batch, bar):
    batch.end_filing(
        done=5, problems=[FileProblem(Path("/1.jpg"), "It is gone.")], undo=standing("copied", 5)
    )
    assert bar._sentence.text() == "5 pictures copied, 1 not."
    assert bar._undo.isVisible()


def test_an_earlier_filing_can_be_undone_next(batch, bar):
    batch.end_filing(done=3)
    batch.end_filing("restored", 3, undo=standing("linked", 7))
    assert bar._sentence.text() == "3 pictures restored. Can be undone: 7 pictures linked."
    assert bar._undo.isVisible()


def test_what_was_done_before_the_window_was_opened_is_offered(batch, bar, qtbot):
    assert not bar.isVisible()
    batch.undo_available.emit(standing("moved", 12))
    assert bar._sentence.text() == "12 pictures moved."
    keys = QKeySequence(QKeySequence.StandardKey.Undo)[0]
    bar.window().activateWindow()
    qtbot.keyClick(bar, keys.key(), keys.keyboardModifiers())
    assert batch.called("undo_filing") == [()]


def test_another_job_has_nothing_to_take_back(batch, bar):
    batch.end_filing(done=3)
    batch.open_job()
    batch.undo_available.emit(None)
    assert not bar.isVisible()


def test_the_bar_can_be_closed_and_comes_again(batch, bar):
    batch.end_filing(done=3)
    bar._close.click()
    assert not bar.isVisible()
    batch.undo_available.emit(standing())
    assert not bar.isVisible()
    batch.end_filing(done=4)
    assert bar._sentence.text() == "4 pictures copied."


@pytest.fixture
def opened_folders(monkeypatch):
    """The folders that the file manager was asked to open."""
    folders = []
    monkeypatch.setattr(folders_module, "open_folder", lambda folder: folders.append(folder) or True)
    return folders


def test_the_folder_that_was_filed_into_can_be_opened(flow, batch, bar, tmp_path, opened_folders):
    said = []
    flow.said.connect(lambda *words: said.append(words))
    assert not bar._open.isVisible()
    batch.end_filing(done=3, folder=tmp_path)
    bar._open.click()
    assert opened_folders == [tmp_path]
    assert said == [(f"Opening {tmp_path}.", False)]
    batch.end_filing("removed", 3)
    assert not bar._open.isVisible()
    batch.undo_available.emit(standing(folder=tmp_path / "gone"))
    bar._open.click()
    assert opened_folders == [tmp_path]
    assert said[-1] == (f"{tmp_path / 'gone'} is no longer there.", True)


def test_a_folder_into_which_nothing_came_is_not_offered(batch, bar, tmp_path):
    problems = [FileProblem(Path("/1.jpg"), "It is gone.")]
    batch.filed.emit(Filed("copied", 0, tuple(problems), folder=tmp_path))
    assert bar.isVisible()
    assert not bar._open.isVisible()


def press(word):
    """Press a button of the question that is about to be asked; returns the question."""

    def find():
        box = QApplication.activeModalWidget()
        asked.append(box.text())
        next(each for each in box.buttons() if each.text().replace("&", "") == word).click()

    asked = []
    QTimer.singleShot(0, find)
    return asked


def test_what_cannot_be_undone_can_be_left_as_it_is(batch, bar, tmp_path):
    batch.end_filing(done=2, folder=tmp_path)
    assert not bar._leave.isVisible()
    problems = [FileProblem(Path(f"/filed/cat/{number}.jpg"), "It was changed since.") for number in (1, 2)]
    stuck = standing(done=2, folder=tmp_path, in_vain=True)
    batch.end_filing("removed", 0, problems, undo=stuck)
    assert bar._sentence.text() == (
        f"0 pictures removed, 2 not. Still there: 2 pictures copied into {tmp_path}."
    )
    asked = press("Cancel")
    bar._leave.click()
    assert asked == [stuck.given_up]
    assert asked[0].startswith(f"2 pictures copied into {tmp_path}. The copies stay there, and Undo")
    assert batch.called("give_up_undo") == []
    assert bar._leave.isVisible()
    press("Leave as it is")
    bar._leave.click()
    assert batch.called("give_up_undo") == [(stuck,)]
    batch.undo_available.emit(None)
    assert not bar.isVisible()


def test_a_question_about_what_is_no_longer_offered_is_taken_back(batch, bar):
    batch.undo_available.emit(standing(in_vain=True))
    QTimer.singleShot(0, batch.job_closed.emit)
    QTimer.singleShot(0, lambda: batch.undo_available.emit(None))
    bar._leave.click()
    assert batch.called("give_up_undo") == []


def test_work_that_breaks_off_does_not_go_on_for_ever(dialog, batch, bar):
    answer(dialog, batch)
    dialog._ok.click()
    batch.message.emit("The picture is not there.", False)
    assert bar.working
    batch.filing = False
    batch.message.emit("The disk is full.", False)
    batch.filed.emit(None)
    assert bar._sentence.text() == "The disk is full."
    assert not bar._cancel.isVisible()


def test_the_proposed_folder_is_new_and_beside_the_source(tmp_path):
    pets = tmp_path / "pets"
    pets.mkdir()
    assert proposed_folder(job_spec(pets)) == tmp_path / "pets by label"
    (tmp_path / "pets by label").mkdir()
    assert proposed_folder(job_spec(pets)) == tmp_path / "pets by label 2"
    picture = pets / "a.jpg"
    picture.write_bytes(b"")
    assert proposed_folder(job_spec(picture)) == pets / "pets by label"
    assert proposed_folder(job_spec(Path("pets"), base=tmp_path)) == tmp_path / "pets by label 2"


def test_everything_has_a_name_and_room(dialog, batch, bar):
    answer(dialog, batch, failed=3)
    for size in ((620, 520), (500, 400)):
        dialog.resize(*size)
        for _ in range(3):
            QCoreApplication.processEvents()
        assert clipped(dialog) == []
        assert overlapping(dialog) == []
    assert nameless(dialog) == []
    stuck = standing(done=123_456, folder=Path("/pictures/by label"), in_vain=True)
    batch.end_filing("restored", 0, [FileProblem(Path("/a"), "No.")] * 2, left=3, undo=stuck)
    assert bar._open.isVisible()
    assert bar._leave.isVisible()
    assert nameless(bar) == []
    assert clipped(bar) == []
    assert bar.minimumSizeHint().width() <= 528  # what the smallest window leaves for it
    batch.end_filing(done=3, folder=Path("/pictures/by label"))
    assert bar._open.text() == "Open folder"


def test_every_way_is_explained():
    assert set(filing_dialog._HOWS) == {"copy", "move", "link"}


def test_only_models_with_kinds_offer_folders_by_kind(flow, batch, dialog):
    assert not dialog._by_kind.isVisible()
    dialog.close()
    cats = ("n02123045", "n02124075", "n02099601")
    classes = tuple(ClassLabel(class_id=entry, label=entry) for entry in cats)
    batch.open_job(JobSpec(**(job_spec().model_dump() | {"classes": classes})))
    flow.begin([1], "copy")
    other = next(found for found in flow.window.findChildren(FilingDialog) if found.isVisible())
    assert other._by_kind.isVisible()
    other._by_kind.click()
    assert [call[3:] for call in batch.called("plan_filing")[-2:]] == [(), ("by kind",)]
    assert (
        other._named.text()
        == "Each goes into a folder named after its kind, or its top label where that has none."
    )
    assert not clipped(other)
