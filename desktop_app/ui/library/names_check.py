"""Pictures of a model's classes with the names that they would get, to see whether these are in order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.core.foundation.text import counted
from desktop_app.ui.common.controls.widgets import button, label, scrolling, set_tone, vertical
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.library.pixels.answer_cells import NO_NUMBERS, WAITING, AnswerCell, Names, thumbnail
from desktop_app.workers.library.trials import TrialRequest

if TYPE_CHECKING:
    from desktop_app.core.trial.messages import Best, TrialAnswers
    from desktop_app.workers.library.library_worker import LabelsNeeded
    from desktop_app.workers.library.trials import TrialPictures

_MOST = 20
_COLUMNS = 5
_HEIGHT = 124


class NamesCheck(QWidget):
    """Hidden until the user chooses pictures by `button`.

    Attributes:
        button: The button that asks for pictures.

    Signals:
        trial_requested: A `TrialRequest`.
    """

    trial_requested = Signal(object)

    def __init__(self, needed: LabelsNeeded) -> None:
        super().__init__()
        self._needed = needed
        self._files: tuple[Path, ...] = ()
        self._best: tuple[Best, ...] | None = None
        self._answered = False
        self._cells: list[AnswerCell] = []
        self._names: tuple[str, ...] = ()
        self._others: tuple[str, ...] = ()
        self._units: tuple[str, ...] = ()
        self.button = button("Check with pictures…", tip="Take a picture of each class")
        self.button.clicked.connect(self._on_clicked)
        self.button.setVisible(needed.given is not None)
        self._state = label(tone="muted", wrap=True)
        page = QWidget()
        page.setObjectName("page")
        self._grid = QGridLayout(page)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(_COLUMNS, 1)
        area = scrolling(page)
        area.setFixedHeight(_HEIGHT)
        column = vertical(self, spacing=4)
        column.addWidget(area)
        column.addWidget(self._state)
        self.hide()

    def show_pictures(self, read: TrialPictures) -> None:
        """Show the pictures that are tried."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._cells = []
        for number, (name, pixels) in enumerate(read.pictures):
            row, column = divmod(number, _COLUMNS)
            self._cells.append(AnswerCell())
            self._cells[-1].show_answer(WAITING)
            picture = thumbnail(name, pixels)
            self._grid.addWidget(picture, 2 * row, column, Qt.AlignmentFlag.AlignBottom)
            self._grid.addWidget(self._cells[-1], 2 * row + 1, column)
        self.show()

    def show_answers(self, answers: TrialAnswers) -> None:
        """Show what the model takes them for."""
        self._best, self._answered = answers.best, True
        self._show()

    def show_names(self, names: tuple[str, ...], others: tuple[str, ...], units: tuple[str, ...]) -> None:
        """Name the answers again.

        Args:
            names: The names as they are now; none while they do not fit.
            others: The names in another order that is possible.
            units: The units of amounts.
        """
        if (names, others, units) != (self._names, self._others, self._units):
            self._names, self._others, self._units = names, others, units
            self._show()

    def end_trial(self, problem: str) -> None:
        """Say why pictures could not be tried, or that all were."""
        self.button.setEnabled(True)
        if problem:
            self.show()
            self._state.setText(problem)
            set_tone(self._state, "danger")
            for cell in self._cells:
                cell.show_answer("")

    def _on_clicked(self) -> None:
        chosen, _ = FileDialog.open_files(self, "A picture of each class")
        if not chosen or self._needed.given is None:
            return
        self._files, self._answered = tuple(map(Path, chosen))[:_MOST], False
        self.button.setEnabled(False)
        self._state.setText("Trying the pictures…")
        set_tone(self._state, "muted")
        self.show()
        from desktop_app.core.trial.messages import TrialSubject

        subject = TrialSubject(self._needed.path, self._needed.task)
        self.trial_requested.emit(TrialRequest(subject, (self._needed.given,), self._files, most=_MOST))

    def _show(self) -> None:
        if not self._answered:
            return
        names = Names(self._needed.task, self._names, self._units)
        for number, cell in enumerate(self._cells):
            if self._best is None:
                cell.show_answer(NO_NUMBERS)
            elif number < len(self._best):
                cell.show_answer(*names.words(self._best[number]))
        self._state.setText(self._verdict())
        set_tone(self._state, "muted")

    def _verdict(self) -> str:
        """How many pictures are named like the folder that they are in, where there are such folders."""
        pixels = (
            "The likeliest pixel values are taken until the next question."
            if not self._needed.decided
            else ""
        )
        right, of = self._counted(self._names)
        if not of:
            return f"Are these the right names? {pixels}".strip()
        words = (
            f"{right} of {counted(of, 'picture')} {'is' if right == 1 else 'are'} named like their folder."
        )
        if self._others:
            words += f" In the other order: {self._counted(self._others)[0]}."
        return f"{words} {pixels}".strip()

    def _counted(self, names: tuple[str, ...]) -> tuple[int, int]:
        known = {name.casefold() for name in names}
        pairs = [
            (path.parent.name.casefold(), index)
            for path, (index, _) in zip(self._files, self._best or (), strict=False)
            if path.parent.name.casefold() in known
        ]
        right = sum(index < len(names) and names[index].casefold() == folder for folder, index in pairs)
        return right, len(pairs)
