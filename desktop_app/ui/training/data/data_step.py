"""Step 1: which pictures to train on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.foundation.text import printable
from desktop_app.ui.common.controls.widgets import vertical
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.common.thumbnails import Thumbnails
from desktop_app.ui.training.data.data_invitation import DataInvitation
from desktop_app.ui.training.data.report_view import ReportView
from desktop_app.ui.training.data.scan_failure import ScanFailure
from desktop_app.ui.training.data.scan_view import ScanView
from desktop_app.ui.training.questions.question_view import QuestionView

if TYPE_CHECKING:
    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.question import Choice, Question
    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.ui.training.data.split_settings import PlannedSplit
    from desktop_app.workers.training.training_service import TrainingService

_ARCHIVES = "Archives (*.zip *.tar *.tar.gz *.tgz *.tar.bz2 *.tbz2 *.tar.xz *.txz);;All files (*)"


class DataStep(QWidget):
    """Shows one of five: the invitation, the check, its question, its failure, its report.

    Signals:
        data_requested: Path of a folder or archive that the user wants to train on.
        data_changed: There is another data set, none any more, or its split has changed.
        next_requested: The user wants to go to the next step.
        said: Sentence for the status bar, and whether it reports a failure.
        sorting_requested: Path of a folder that the user wants to sort into classes.
        similar_requested: Path of a picture, and a list of all pictures of the data set.
    """

    data_requested = Signal(object)
    data_changed = Signal()
    next_requested = Signal()
    said = Signal(str, bool)
    sorting_requested = Signal(object)
    similar_requested = Signal(object, object)

    def __init__(self, service: TrainingService) -> None:
        super().__init__()
        self._service = service
        self._scanning: Path | None = None
        self._failed: Path | None = None
        self._asking: Path | None = None
        self._shown: DatasetReport | None = None
        self._invitation = DataInvitation()
        self._scan = ScanView()
        self._failure = ScanFailure()
        thumbnails = Thumbnails(service, self)
        self._question = QuestionView(thumbnails)
        self._report = ReportView(thumbnails, service.corrections)
        self._faces = (self._invitation, self._scan, self._question, self._failure, self._report)
        layout = vertical(self)
        for face in self._faces:
            layout.addWidget(face, 1)
        for face in (self._invitation, self._question, self._failure, self._report):
            face.folder_requested.connect(self.choose_folder)
            face.archive_requested.connect(self.choose_archive)
        self._failure.again_requested.connect(self._on_again_requested)
        self._failure.forget_requested.connect(self._on_forget_requested)
        self._question.chosen.connect(self._on_chosen)
        self._question.left.connect(self._on_left)
        self._report.chosen.connect(self._on_chosen)
        self._report.answered.connect(self._on_answered)
        self._report.change_requested.connect(self._on_change_requested)
        self._report.forget_requested.connect(self._on_forget_requested)
        self._failure.sorting_requested.connect(lambda: self.sorting_requested.emit(self._failed))
        self._failure.crops_requested.connect(self.choose_crops)
        self._invitation.sorting_requested.connect(self.choose_unsorted)
        self._report.similar_requested.connect(self.show_similar)
        self._scan.cancel_requested.connect(service.cancel_scan)
        self._report.next_requested.connect(self.next_requested)
        self._report.said.connect(self.said)
        self._report.split.split_changed.connect(self.data_changed)
        service.scan_started.connect(self._on_scan_started)
        service.scan_progressed.connect(self._scan.show_progress)
        service.scan_ended.connect(self._on_scan_ended)
        service.scan_asked.connect(self._on_scan_asked)
        service.scan_failed.connect(self._on_scan_failed)
        service.corrections.corrected.connect(self._on_corrected)
        self._show_what_was()

    @property
    def report(self) -> DatasetReport | None:
        """The data set that a training would use; None while there is none or another is checked."""
        return self._shown

    @property
    def problem(self) -> str:
        """Why nothing can be trained on the data as they stand, as a sentence; empty when it can."""
        return self._report.problem if self._shown is not None else ""

    @property
    def missing(self) -> str:
        """What the user has to do before there are data, as a few words."""
        return "Choose pictures first" if self._asking is None else "Answer the question about the data first"

    @property
    def planned(self) -> PlannedSplit:
        """How many pictures each split would get."""
        return self._report.split.planned

    @property
    def validation_split(self) -> float:
        """Fraction of the training pictures, 0..0.9."""
        return self._report.split.validation

    @property
    def test_split(self) -> float:
        """Fraction of all pictures, 0..0.9."""
        return self._report.split.test

    @property
    def is_roomy(self) -> bool:
        """Whether it uses all the height that it can get."""
        return not self._invitation.isHidden()

    @property
    def summary(self) -> str:
        """One line on what was chosen."""
        if self._scanning:
            return f"Checking {_name(self._scanning)}"
        if self._asking:
            return f"{_name(self._asking)}: a question is open"
        return f"{_name(self._shown.source)}: {self._shown.sentence}" if self._shown else ""

    def set_split(self, validation: float, test: float) -> None:
        """Split the data by these fractions, 0..1, without emitting `data_changed`."""
        self._report.set_split(validation, test)

    def choose_folder(self) -> None:
        """Ask for a folder."""
        chosen = FileDialog.open_folder(self, "Choose a folder with one folder for each class")
        if chosen:
            self.data_requested.emit(Path(chosen))

    def choose_unsorted(self) -> None:
        """Ask for a folder without class folders, to sort it."""
        chosen = FileDialog.open_folder(self, "Choose a folder of photos to sort into classes")
        if chosen:
            self.sorting_requested.emit(Path(chosen))

    def choose_crops(self) -> None:
        """Ask for the name of the folder for what is in the boxes of the data set, and make it."""
        data = self._failed
        if data is None:
            return
        name = str(data.with_name(f"{data.stem if data.is_file() else data.name} crops"))
        chosen, _ = FileDialog.save_file(self, "Name the new folder for the crops", name)
        if chosen:
            self._service.make_crops(data, Path(chosen))

    def show_similar(self, picture: Path) -> None:
        """Ask for the pictures of the data set that are like one."""
        report = self._service.report
        if report is None:
            self.said.emit("Choose the data in step 1 first: its pictures are compared.", True)
        else:
            self.similar_requested.emit(picture, [example.path for example in report.examples])

    def choose_archive(self) -> None:
        """Ask for an archive."""
        chosen, _ = FileDialog.open_file(self, "Choose an archive of pictures", "", _ARCHIVES)
        if chosen:
            self.data_requested.emit(Path(chosen))

    def lead_keyboard(self) -> None:
        """Put the keyboard where the next action is."""
        next(face for face in self._faces if not face.isHidden()).lead_keyboard()

    def set_read_only(self, read_only: bool) -> None:
        """Let the data be looked at but not changed, as during a training."""
        self._report.set_read_only(read_only)
        for face in (self._invitation, self._question, self._failure):
            face.setEnabled(not read_only)

    def _on_scan_started(self, path: Path) -> None:
        left, self._scanning, self._asking = self._scanning, path, None
        self._scan.begin(path)
        self._shown = None
        self._show(self._scan)
        if left is not None and left != path:
            self.said.emit(_left_words(left, path), False)

    def _on_scan_ended(self, report: DatasetReport) -> None:
        self._scanning = None
        self._show_report(report)

    def _on_scan_asked(self, question: Question) -> None:
        self._asking, self._scanning = self._scanning, None
        self._question.show_question(question)
        self._show(self._question)

    def _on_chosen(self, choice: Choice) -> None:
        path = self._asking or (self._shown.source if self._shown is not None else None)
        if path is not None:
            self._service.answer(path, choice.answers)

    def _on_answered(self, answers: Answers) -> None:
        if self._shown is not None:
            self._service.answer(self._shown.source, answers)

    def _on_change_requested(self, answers: Answers) -> None:
        if self._shown is not None:
            self._service.reconsider(self._shown.source, answers)

    def _on_forget_requested(self) -> None:
        path = self._shown.source if self._shown is not None else self._failed
        if path is not None:
            self._service.forget_answers(path)

    def _on_left(self) -> None:
        """Show what was there before the question."""
        self._asking = None
        self._show_what_was()

    def _on_scan_failed(self, reason: Reason | None) -> None:
        """Show the reason; after a cancelled check, whatever was there before."""
        self._failed, self._scanning = self._scanning, None
        if reason is not None:
            sortable = self._failed is not None and self._failed.is_dir()
            self._failure.show_reason(reason, sortable=sortable, answered=self._service.answered)
            self._show(self._failure)
        else:
            self._show_what_was()

    def _show_what_was(self) -> None:
        if self._service.report is not None:
            self._show_report(self._service.report)
        else:
            self._show(self._invitation)

    def _on_corrected(self, report: DatasetReport) -> None:
        """Show the corrected data, unless others are being checked."""
        if self._shown is not None:
            self._shown = report
            self._report.show_report(report)
            self.data_changed.emit()

    def _on_again_requested(self) -> None:
        if self._failed is not None:
            self.data_requested.emit(self._failed)

    def _show_report(self, report: DatasetReport) -> None:
        self._shown = report
        self._report.show_report(report)
        self._show(self._report)

    def _show(self, shown: DataInvitation | ScanView | QuestionView | ScanFailure | ReportView) -> None:
        keyboard = self.window().focusWidget()  # or what will have it when the window comes to the front
        led = keyboard is not None and any(
            face is not shown and face.isAncestorOf(keyboard) for face in self._faces
        )
        for face in self._faces:
            face.setVisible(face is shown)
        if led:  # else it would go to whatever comes next in the window
            shown.lead_keyboard()
        self.data_changed.emit()


def _left_words(left: Path, path: Path) -> str:
    """Say that a check was stopped because the user wanted another one."""
    names = [_name(left), _name(path)]
    if names[0] == names[1]:
        names = [printable(str(left)), printable(str(path))]
    return f"Stopped checking {names[0]} to check {names[1]}."


def _name(path: Path) -> str:
    return printable(path.name) or printable(str(path))
