"""Asks which pixel values a model wants when its file does not say: the answers show which are right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton

from desktop_app.core.foundation.text import percent, printable
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, set_tone, vertical
from desktop_app.ui.common.dialogs import FittedDialog
from desktop_app.ui.common.dropping.mime import image_of
from desktop_app.ui.common.files.file_dialog import FileDialog

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from desktop_app.core.library.pixel_choices import PixelChoice
    from desktop_app.core.networks.input_spec import Preprocessing
    from desktop_app.workers.library.pixels_question import PixelsQuestion

_WIDTH = 820
_THUMBNAIL = 64
_CELL = 88
_EXPLANATION = (
    "Its file does not say, or contradicts itself. With other values than in training it answers wrongly, "
    "often without looking unsure. Choose the row whose answers fit the pictures."
)
_HINT = "Nothing here that it knows? Try pictures of its own classes."


class PixelsDialog(FittedDialog):
    """A row for each choice with the answers under it; Import stays off until one is chosen.

    Signals:
        trial_requested: The paths of the pictures to try instead, as a tuple.
    """

    trial_requested = Signal(object)

    def __init__(self, question: PixelsQuestion, parent: QWidget | None = None) -> None:
        super().__init__("Pixel values", _WIDTH, parent)
        self._radios: dict[Preprocessing, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(self._on_toggled)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._state = label(_HINT, tone="muted", wrap=True)
        self._try = button("Try your pictures…", "folder")
        self._try.clicked.connect(self._on_try_clicked)
        self._ok = button("Import", look="primary")
        self._ok.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)

        name = printable(question.path.name)
        self.column.addWidget(heading(f"Which pixels was {name} trained on?", factor=1.2, wrap=True))
        self.column.addWidget(label(_EXPLANATION, wrap=True))
        self.column.addSpacing(8)
        self.column.addLayout(self._grid)
        self.column.addStretch(1)
        buttons = horizontal(spacing=8)
        buttons.addWidget(self._try)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._ok)
        self.foot.addWidget(self._state)
        self.foot.addSpacing(8)
        self.foot.addLayout(buttons)
        self.show_question(question)

    def chosen(self) -> Preprocessing | None:
        """The choice; None before there is one."""
        return next((name for name, radio in self._radios.items() if radio.isChecked()), None)

    def show_question(self, question: PixelsQuestion) -> None:
        """Show the choices with the answers for these pictures; what is chosen stays chosen."""
        before = self.chosen()
        self._clear()
        for column, (name, pixels) in enumerate(question.pictures, start=1):
            self._grid.addWidget(_thumbnail(name, pixels), 0, column)
        self._grid.setColumnStretch(0, 1)
        row = 1
        for choice in question.choices:
            row = self._add_choice(choice, question, row)
        likely = next((choice.preprocessing for choice in question.choices if choice.likely), None)
        if (wanted := before or likely) is not None:
            self._radios[wanted].setChecked(True)
        self._ok.setEnabled(self.chosen() is not None)
        self._end_trial(_HINT, wrong=False)
        if self.isVisible():
            self.fit()

    def end_trial(self, sentence: str) -> None:
        """Say why the pictures could not be tried."""
        self._end_trial(sentence, wrong=True)

    def _add_choice(self, choice: PixelChoice, question: PixelsQuestion, row: int) -> int:
        """Add the rows of a choice; returns the next free row."""
        radio = QRadioButton(f"{choice.words} (most likely)" if choice.likely else choice.words)
        self._radios[choice.preprocessing] = radio
        self._group.addButton(radio)
        self._grid.addWidget(radio, row, 0)
        answers = question.answers.get(choice.preprocessing)
        for column, (text, probability) in enumerate(answers or (), start=1):
            self._grid.addLayout(_answer(text, probability), row, column, 2, 1)
        if answers is None and question.pictures:
            none = label("gives no numbers", tone="muted")
            self._grid.addWidget(none, row, 1, 1, len(question.pictures))
        details = label(choice.details, tone="muted", wrap=True)
        details.setContentsMargins(24, 0, 0, 0)
        self._grid.addWidget(details, row + 1, 0)
        row += 2
        for reason in choice.reasons:
            why = label(reason, tone="muted", wrap=True)
            why.setContentsMargins(24, 0, 0, 0)
            self._grid.addWidget(why, row, 0, 1, 1 + len(question.pictures))
            row += 1
        self._grid.setRowMinimumHeight(row, 6)
        return row + 1

    def _clear(self) -> None:
        for radio in self._radios.values():
            self._group.removeButton(radio)
        self._radios.clear()
        while (item := self._grid.takeAt(0)) is not None:
            layout = item.layout()
            while layout is not None and (inner := layout.takeAt(0)) is not None:
                _remove(inner.widget())
            _remove(item.widget())

    def _on_toggled(self) -> None:
        self._ok.setEnabled(self.chosen() is not None)

    def _on_try_clicked(self) -> None:
        chosen, _ = FileDialog.open_files(self, "Pictures of its classes")
        if chosen:
            self._try.setEnabled(False)
            self._ok.setEnabled(False)
            self._state.setText("Trying the pictures…")
            set_tone(self._state, "muted")
            self.trial_requested.emit(tuple(map(Path, chosen)))

    def _end_trial(self, text: str, *, wrong: bool) -> None:
        self._try.setEnabled(True)
        self._ok.setEnabled(self.chosen() is not None)
        self._state.setText(text)
        set_tone(self._state, "danger" if wrong else "muted")


def _remove(widget: QWidget | None) -> None:
    if widget is not None:
        widget.hide()
        widget.deleteLater()


def _thumbnail(name: str, pixels: NDArray[np.uint8]) -> QLabel:
    picture = QLabel()
    ratio = picture.devicePixelRatioF()
    pixmap = QPixmap.fromImage(image_of(pixels)).scaled(
        QSize(_THUMBNAIL, _THUMBNAIL) * ratio,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    pixmap.setDevicePixelRatio(ratio)
    picture.setPixmap(pixmap)
    picture.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
    picture.setFixedSize(_CELL, _THUMBNAIL)
    picture.setAccessibleName(name)
    picture.setToolTip(name)
    return picture


def _answer(text: str, probability: float) -> QVBoxLayout:
    cell = vertical(spacing=0)
    best = ElidedLabel(text)
    best.setFixedWidth(_CELL)
    share = label(percent(probability), tone="muted")
    cell.addWidget(best)
    cell.addWidget(share)
    cell.addStretch(1)
    return cell
