from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.core.datasets.answers import Answers
from desktop_app.core.datasets.report import ClassSummary, Example, NumberRange, ScanProgress
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.ui.common.controls.number_box import NumberBox
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.training.data.data_step import DataStep
from desktop_app.ui.training.data.number_scale import NumberScale
from desktop_app.ui.training.questions.choice_card import ChoiceCard
from tests.ui.fake_training import PETS, FakeTraining, report
from tests.ui.training.questions.questions import GROUPS, LEVELS, TWO


@pytest.fixture
def service(qapp):
    return FakeTraining()


@pytest.fixture
def step(qtbot, light, service):
    result = DataStep(service)
    qtbot.addWidget(result)
    result.resize(800, 900)
    result.show()
    return result


def words(root):
    return [label.text() for label in root.findChildren(QLabel) if label.isVisible()]


def buttons(root):
    return {found.text(): found for found in root.findChildren(QPushButton) if found.isVisible()}


def parts_of(data, train, validation, test):
    """The same data set with folders named after its splits."""
    summaries = tuple(ClassSummary(name, train, validation, test, 0, ()) for name in data.class_names)
    examples = tuple(Example(example.path, example.label, "train") for example in data.examples)
    return replace(data, classes=summaries, examples=examples)


def test_the_first_view_invites(step):
    assert "Drop a folder of pictures here" in words(step)
    assert step.is_roomy
    assert step.report is None
    assert step.summary == ""


@pytest.mark.parametrize(
    ("text", "dialog", "answer"),
    [
        ("Choose folder…", "open_folder", "/data/pets"),
        ("Choose archive…", "open_file", ("/data/pets.tar", "")),
    ],
)
def test_a_folder_or_an_archive_is_chosen(step, qtbot, monkeypatch, text, dialog, answer):
    monkeypatch.setattr(FileDialog, dialog, lambda *_: answer)
    with qtbot.waitSignal(step.data_requested) as told:
        buttons(step)[text].click()
    assert told.args == [Path(answer if isinstance(answer, str) else answer[0])]


@pytest.mark.parametrize(("dialog", "text"), [("open_folder", "folder"), ("open_file", "archive")])
def test_a_dialog_that_is_closed_chooses_nothing(step, qtbot, monkeypatch, dialog, text):
    monkeypatch.setattr(FileDialog, dialog, lambda *_: "" if text == "folder" else ("", ""))
    with qtbot.assertNotEmitted(step.data_requested):
        buttons(step)[f"Choose {text}…"].click()


def test_the_examination_shows_how_far_it_is_and_can_be_cancelled(step, service):
    service.open_data(PETS)
    bar = step._scan._bar
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    service.scan_progressed.emit(ScanProgress(40, None, "Looking for pictures"))
    assert step._scan._words.text() == "Looking for pictures: 40"
    service.scan_progressed.emit(ScanProgress(1500, 6000, "Checking pictures"))
    assert step._scan._words.text() == "Checking pictures: 1,500 of 6,000"
    assert (bar.value(), bar.maximum()) == (1500, 6000)
    assert step.summary == "Checking pets"
    buttons(step)["Cancel"].click()
    assert service.called("cancel_scan") == [()]
    service.scan_failed.emit(None)
    assert "Drop a folder of pictures here" in words(step)


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("/data/birds", "Stopped checking pets to check birds."),
        ("/other/pets", f"Stopped checking {PETS} to check {Path('/other/pets')}."),
    ],
)
def test_a_second_examination_says_that_the_first_was_left(step, service, qtbot, second, told):
    service.open_data(PETS)
    with qtbot.waitSignal(step.said) as said:
        service.open_data(Path(second))
    assert said.args == [told, False]
    assert step.summary == f"Checking {Path(second).name}"


def test_nothing_was_left_when_the_first_has_ended_or_is_the_same(step, service, qtbot):
    with qtbot.assertNotEmitted(step.said):
        service.open_data(PETS)
        service.open_data(PETS)
        service.end_scan(report())
        service.open_data(Path("/data/birds"))
        service.scan_failed.emit(Reason("/data/birds holds no folders."))
        service.open_data(PETS)


def test_a_cancelled_second_examination_goes_back_to_the_first_data(step, service):
    data = report()
    service.end_scan(data)
    service.open_data(Path("/data/other"))
    assert step.report is None
    service.scan_failed.emit(None)
    assert step.report is data
    assert step.summary.startswith("pets: 12 pictures")


def test_a_failure_says_why_and_what_to_do(step, service):
    service.open_data(PETS)
    service.scan_failed.emit(Reason("/data/pets holds no folders.", "Make one for each class."))
    assert "Make one for each class." in words(step)
    assert any("holds no folders" in text for text in words(step))
    assert "Choose folder…" in buttons(step)
    assert step.report is None


def test_after_a_failure_the_same_is_tried_again(step, service, qtbot):
    service.open_data(PETS)
    service.scan_failed.emit(Reason(f"The folder {PETS} is not there.", "Put it back."))
    with qtbot.waitSignal(step.data_requested) as told:
        buttons(step)["Try again"].click()
    assert told.args == [PETS]


def test_a_report_is_shown_with_its_warnings_and_files(step, service):
    service.end_scan(report())
    shown = words(step)
    assert "12 pictures, 1 skipped; 2 classes, no split yet" in shown
    assert "1 picture is both in cats and in dogs." in shown
    assert any("12 JPEG pictures, RGB" in text for text in shown)
    assert step._report._problems.isVisible()
    assert not step.is_roomy


def test_only_the_commonest_kinds_of_pictures_are_named_and_equal_sizes_once(step, service):
    modes = {"PNG RGBA": 70, "JPEG L": 1, "GIF P": 3, "TIFF CMYK": 2, "TIFF I;16": 2}
    service.end_scan(report(modes=modes, smallest=(28, 28), median=(28, 28), largest=(28, 28)))
    text = step._report._facts.text()
    assert text == (
        "All 28 \N{MULTIPLICATION SIGN} 28 pixels; 70 PNG pictures, RGB with transparency; "
        "1 JPEG picture, grey; 3 GIF pictures, palette; 2 other kinds"
    )
    assert "2 TIFF pictures, grey, 16 bits" in step._report._facts.toolTip()


def test_many_warnings_are_folded(step, service):
    warnings = tuple(f"Warning {number}." for number in range(9))
    service.end_scan(report(warnings=warnings))
    assert [text for text in words(step) if text.startswith("Warning")] == list(warnings[:4])
    buttons(step)["Show 5 more"].click()
    assert [text for text in words(step) if text.startswith("Warning")] == list(warnings)
    assert "Show 5 more" not in buttons(step)
    service.end_scan(report(warnings=()))
    assert not step._report._warnings.isVisible()


def test_percentages_decide_where_the_folders_do_not(step, service, qtbot):
    service.end_scan(report(count=100))
    split = step._report.split
    assert (step.validation_split, step.test_split) == (0.2, 0.1)
    assert (step.planned.train, step.planned.validation, step.planned.test) == (140, 40, 20)
    with qtbot.waitSignal(step.data_changed):
        split._test.setValue(50)
    assert (step.planned.train, step.planned.validation, step.planned.test) == (60, 40, 100)
    assert split._sentence.text() == "60 training, 40 validation, 100 test"


def test_a_percentage_that_is_not_allowed_stays_and_says_what_is(step, service, qtbot):
    service.end_scan(report(count=100))
    split = step._report.split
    with qtbot.waitSignal(step.data_changed):
        qtbot.keyClicks(split._test, "\b\b\b999")
        split._test.lineEdit().setText("999%")
        split._test.interpretText()
    assert split._test.text() == "999%"
    assert "It must be from 0 to 90%." in words(step)
    assert step.problem == "Test: It must be from 0 to 90%."
    assert not buttons(step)["Choose a model"].isEnabled()
    split._test.setValue(80)
    assert (
        step.problem == "Validation and test must stay below 100% together, or nothing is left to train on."
    )
    split._test.setValue(10)
    assert step.problem == ""
    assert buttons(step)["Choose a model"].isEnabled()
    assert "It must be from 0 to 90%." not in words(step)


def test_the_split_of_a_run_is_shown_as_it_was(step, service, qtbot):
    service.end_scan(report(count=100))
    split = step._report.split
    with qtbot.assertNotEmitted(step.data_changed):
        step.set_split(0.125, 0.29)
    assert (split._validation.text(), split._test.text()) == ("12.5%", "29%")
    assert (step.validation_split, step.test_split) == (0.125, 0.29)
    assert split._sentence.text().startswith("116 training, ")
    step.set_split(0.9, 0.0)  # the most that a run may have
    assert step.problem == ""


def test_the_split_of_a_run_lets_the_user_continue(step, service):
    service.end_scan(report(count=100))
    step._report.split._test.setValue(99)
    assert not buttons(step)["Choose a model"].isEnabled()
    step.set_split(0.2, 0.1)
    assert buttons(step)["Choose a model"].isEnabled()


def test_what_the_folders_decide_is_no_problem(step, service):
    service.end_scan(report(count=100))
    step._report.split._test.setValue(95)
    assert step.problem
    service.end_scan(parts_of(report(), 100, 0, 20))
    assert step.problem == ""


def test_folders_with_all_splits_leave_nothing_to_decide(step, service):
    service.end_scan(parts_of(report(), 80, 10, 20))
    split = step._report.split
    assert not split._validation.isVisible()
    assert not split._test.isVisible()
    assert (step.planned.train, step.planned.validation, step.planned.test) == (160, 20, 40)


def test_folders_without_a_validation_split_leave_that_to_decide(step, service):
    service.end_scan(parts_of(report(), 100, 0, 20))
    split = step._report.split
    assert split._validation.isVisible()
    assert not split._test.isVisible()
    assert (step.planned.train, step.planned.validation, step.planned.test) == (160, 40, 40)


def unlearnt(made, number, **counts):
    """The same with a class that has no training pictures."""
    classes = list(made.classes)
    classes[number] = replace(classes[number], train=0, **counts)
    return replace(made, classes=tuple(classes))


def test_a_class_without_training_pictures_is_not_planned_for(step, service):
    three = parts_of(report(classes=("cats", "dogs", "unknown")), 100, 0, 0)
    service.end_scan(unlearnt(three, 2, validation=7, test=16))
    assert step._report.split._validation.isVisible()
    assert (step.planned.train, step.planned.validation, step.planned.test) == (160, 40, 0)
    assert step.problem == ""


def test_a_single_class_with_training_pictures_is_said_before_the_start(step, service):
    service.end_scan(unlearnt(parts_of(report(), 100, 0, 20), 1, test=20))
    assert step.problem == "Fewer than two classes have training pictures."
    assert not buttons(step)["Choose a model"].isEnabled()


def test_other_data_can_be_chosen_from_the_report(step, service, qtbot, monkeypatch):
    service.end_scan(report())
    monkeypatch.setattr(FileDialog, "open_folder", lambda *_: "/data/birds")
    shown = []
    monkeypatch.setattr(step._report._menu, "popup", shown.append)
    buttons(step)["Choose other data…"].click()
    assert len(shown) == 1
    with qtbot.waitSignal(step.data_requested) as told:
        step._report._menu.actions()[0].trigger()
    assert told.args == [Path("/data/birds")]


def test_read_only_data_can_still_be_looked_at(step, service):
    service.end_scan(report())
    step.set_read_only(True)
    assert not buttons(step)["Choose other data…"].isEnabled()
    assert not step._report.split.isEnabled()
    assert step._report._classes.isEnabled()
    assert step._report._problems._table.isEnabled()
    step.set_read_only(False)
    assert buttons(step)["Choose other data…"].isEnabled()


def test_the_keyboard_follows_from_face_to_face(step, service, qtbot):
    def keyboard():
        return step.window().focusWidget().text()

    step.lead_keyboard()
    assert keyboard() == "Choose folder…"
    service.open_data(PETS)
    assert keyboard() == "Cancel"
    service.scan_failed.emit(Reason("No."))
    assert keyboard() == "Choose folder…"
    service.open_data(PETS)
    service.end_scan(report())
    assert keyboard() == "Choose a model"
    service.open_data(Path("/data/other"))
    assert keyboard() == "Cancel"


def test_a_double_click_on_a_class_opens_a_picture_and_tells_why_not(step, service, qtbot, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    data = report()
    service.end_scan(data)
    with qtbot.waitSignal(step.said) as told:
        step._report._classes.picture_opened.emit(data.classes[0].samples[0])
    assert told.args == [f"The system cannot show {data.classes[0].samples[0].parent}.", True]


def test_data_that_were_examined_before_are_there_at_once(qtbot, light, service):
    service.report = report()
    step = DataStep(service)
    qtbot.addWidget(step)
    assert step.report is service.report


def test_a_question_is_shown_and_a_click_answers_it(step, service):
    service.open_data(PETS)
    service.scan_asked.emit(LEVELS)
    assert LEVELS.text in words(step)
    assert step.report is None
    assert step.summary == "pets: a question is open"
    assert step.missing == "Answer the question about the data first"
    step.findChildren(ChoiceCard)[0].click()
    assert service.called("answer") == [(PETS, TWO)]
    assert step.summary == "Checking pets"
    service.end_scan(report(answers=TWO))
    assert LEVELS.text not in words(step)
    assert step.summary.startswith("pets: 12 pictures")


def test_another_black_and_white_is_an_answer(step, service):
    service.open_data(PETS)
    service.end_scan(replace(report(), numbers=NumberRange(0.0, 1000.0, (0.9, 0.1), 0.0, 936.0, 12)))
    scale = step.findChild(NumberScale)
    scale.findChildren(NumberBox)[1].setValue(500)
    buttons(step)["Use this scale"].click()

    assert service.called("answer") == [(PETS, Answers(pixels=PixelReading(black=0, white=500)))]
    assert step.summary == "Checking pets"


def test_black_and_white_stay_during_a_training(step, service):
    service.open_data(PETS)
    service.end_scan(replace(report(), numbers=NumberRange(0.0, 1000.0, (0.9, 0.1), 0.0, 936.0, 12)))
    step.set_read_only(True)

    assert not step.findChild(NumberScale).isEnabled()


def test_a_question_that_is_left_shows_what_was_there_before(step, service):
    service.open_data(PETS)
    service.scan_asked.emit(LEVELS)
    buttons(step)["Cancel"].click()
    assert "Drop a folder of pictures here" in words(step)
    assert step.summary == ""
    assert step.missing == "Choose pictures first"
    data = report()
    service.end_scan(data)
    service.open_data(Path("/data/other"))
    service.scan_asked.emit(LEVELS)
    assert step.report is None
    buttons(step)["Cancel"].click()
    assert step.report is data


def test_another_folder_is_chosen_in_place_of_an_answer(step, service, qtbot, monkeypatch):
    service.open_data(PETS)
    service.scan_asked.emit(LEVELS)
    monkeypatch.setattr(FileDialog, "open_folder", lambda *_: "/data/birds")
    with qtbot.waitSignal(step.data_requested) as told:
        buttons(step)["Choose another folder…"].click()
    assert told.args == [Path("/data/birds")]


def test_a_question_cannot_be_answered_during_a_training(step, service):
    service.open_data(PETS)
    service.scan_asked.emit(LEVELS)
    step.set_read_only(True)
    assert not step.findChildren(ChoiceCard)[0].isEnabled()


def test_a_decision_is_changed_or_all_are_forgotten(step, service):
    service.end_scan(report(answers=TWO.changed(masks=False)))
    changes = [found for found in step.findChildren(QPushButton) if found.text() == "Change…"]
    changes[0].click()
    assert service.called("reconsider") == [(PETS, Answers(masks=False))]
    service.scan_asked.emit(LEVELS)
    buttons(step)["Cancel"].click()
    buttons(step)["Decide everything again"].click()
    assert service.called("forget_answers") == [(PETS,)]


def test_data_that_cannot_be_read_as_decided_can_be_decided_again(step, service):
    service.open_data(PETS)
    service.scan_failed.emit(Reason("/data/pets has one class."))
    assert "Decide again how it is read" not in buttons(step)
    service.open_data(PETS)
    service.answered = True
    service.scan_failed.emit(Reason("/data/pets has one class."))
    buttons(step)["Decide again how it is read"].click()
    assert service.called("forget_answers") == [(PETS,)]


def test_an_optional_question_lets_go_on_and_a_required_one_leads_to_it(step, service, qtbot):
    service.end_scan(report(questions=(GROUPS,), left_out="18 videos and 2 PDF files"))
    assert {GROUPS.standing, "Left out: 18 videos and 2 PDF files."} <= set(words(step))
    assert step.problem == ""
    with qtbot.waitSignal(step.next_requested):
        buttons(step)["Choose a model"].click()
    service.end_scan(report(questions=(replace(LEVELS, required=True),)))
    assert step.problem == "Answer this first: Which level holds the classes?"
    with qtbot.waitSignal(step.said) as said, qtbot.assertNotEmitted(step.next_requested):
        buttons(step)["Choose a model"].click()
    assert said.args == [step.problem, True]
    assert step.focusWidget().choice == LEVELS.choices[0]
    step.findChildren(ChoiceCard)[-1].click()
    assert service.called("answer")[-1][0] == PETS


def test_crops_are_offered_where_there_are_boxes(step, service, monkeypatch, tmp_path):
    service.open_data(PETS)
    service.scan_failed.emit(Reason("This is a COCO data set for detection.", "Make crops.", "crops"))
    asked = []
    answers = ["", str(tmp_path / "crops")]
    monkeypatch.setattr(
        FileDialog,
        "save_file",
        lambda _parent, _title, name: (asked.append(name), (answers.pop(0), ""))[1],
    )
    buttons(step)["Make crops…"].click()
    assert service.called("make_crops") == []
    buttons(step)["Make crops…"].click()
    assert asked == [str(PETS.with_name(f"{PETS.name} crops"))] * 2
    assert service.called("make_crops") == [(PETS, tmp_path / "crops")]


def test_crops_are_not_offered_for_other_failures(step, service):
    service.open_data(PETS)
    service.scan_failed.emit(Reason("/data/pets holds no folders."))
    assert "Make crops…" not in buttons(step)
