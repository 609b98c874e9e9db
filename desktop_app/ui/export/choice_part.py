"""What to export a model as: format, precision and file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QLineEdit, QRadioButton, QWidget

from desktop_app.core.export.conversion.formats import (
    EXPORT_FORMATS,
    ExportFormat,
    ExportPrecision,
    check_wish,
)
from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.widgets import button, horizontal, label, vertical
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.common.folders import proposed_path
from desktop_app.ui.export import export_words as words

if TYPE_CHECKING:
    from desktop_app.workers.export.messages import ExportOffer

_PRECISION_NAMES: dict[ExportPrecision, str] = {
    "float32": "float32 (as trained)",
    "float16": "float16",
    "int8": "int8",
}


class ChoicePart(QWidget):
    """A row for each format, the precisions of the chosen one, and the file's name.

    Args:
        model_id: The model that is to be exported.

    Signals:
        changed: Something else was chosen.
        entered: Return was pressed in the file's name.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, model_id: str) -> None:
        super().__init__()
        self._model_id = model_id
        self._offer: ExportOffer | None = None
        self._agreed: Path | None = None
        self._forms: dict[ExportFormat, QRadioButton] = {}
        self._sizes: dict[ExportFormat, QLabel] = {}
        self._precisions: dict[ExportPrecision, QRadioButton] = {}
        self._form_group, self._precision_group = QButtonGroup(self), QButtonGroup(self)
        self._cost = label(tone="muted", wrap=True)
        self._file = QLineEdit()
        self._file.setAccessibleName("File")
        self._problem = label(tone="danger", wrap=True)
        layout = vertical(self, spacing=8)
        layout.addLayout(self._format_rows())
        layout.addSpacing(8)
        layout.addLayout(self._precision_row())
        layout.addWidget(self._cost)
        layout.addSpacing(8)
        layout.addLayout(self._file_row())
        layout.addWidget(self._problem)
        self._proposed = self._proposal()
        self._file.setText(self._proposed)
        self._form_group.buttonToggled.connect(self._on_form_toggled)
        self._precision_group.buttonToggled.connect(self._on_precision_toggled)
        self._file.textEdited.connect(lambda _text: self._show())
        self._file.returnPressed.connect(self.entered)
        self._show()

    def form(self) -> ExportFormat:
        """The chosen format."""
        return next(form for form, radio in self._forms.items() if radio.isChecked())

    def precision(self) -> ExportPrecision:
        """The chosen precision."""
        return next(name for name, radio in self._precisions.items() if radio.isChecked())

    def path(self) -> Path:
        """The file; a name alone is one in the folder that was proposed."""
        return Path(proposed_path("x")).parent / self._file.text().strip()

    def agreed(self) -> bool:
        """Whether the user was asked already if a file of this name is to be replaced."""
        return self._agreed == self.path()

    def possible(self) -> bool:
        """Whether the choice can be exported, as far as is known."""
        return self._offer is not None and self.form() in self._offer.forms and not self._contradiction()

    def show_offer(self, offer: ExportOffer) -> None:
        """Show which formats are possible, and how large they become."""
        self._offer = offer
        for form, radio in self._forms.items():
            radio.setEnabled(form in offer.forms)
        if offer.forms and self.form() not in offer.forms:
            next(radio for form, radio in self._forms.items() if form in offer.forms).setChecked(True)
        self._show()

    def lead_keyboard(self) -> None:
        """Put the keyboard on the chosen format."""
        self._forms[self.form()].setFocus()

    # Construction

    def _format_rows(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        forms: list[ExportFormat] = ["sightline", *(form for form in EXPORT_FORMATS if form != "sightline")]
        for row, form in enumerate(forms):
            radio = QRadioButton(words.format_name(form))
            sentence = words.format_sentence(form)
            radio.setAccessibleDescription(sentence)
            self._forms[form] = radio
            self._form_group.addButton(radio)
            self._sizes[form] = label(tone="muted")
            grid.addWidget(radio, row, 0)
            grid.addWidget(label(sentence, tone="muted", wrap=True), row, 1)
            grid.addWidget(self._sizes[form], row, 2, right)
        self._forms["sightline"].setChecked(True)
        return grid

    def _precision_row(self) -> QGridLayout:
        row = QGridLayout()
        row.setHorizontalSpacing(16)
        row.addWidget(label("Precision"), 0, 0)
        precisions: tuple[ExportPrecision, ...] = get_args(ExportPrecision)
        for column, precision in enumerate(precisions, start=1):
            radio = QRadioButton(_PRECISION_NAMES[precision])
            self._precisions[precision] = radio
            self._precision_group.addButton(radio)
            row.addWidget(radio, 0, column)
        row.setColumnStretch(len(precisions) + 1, 1)
        self._precisions["float32"].setChecked(True)
        return row

    def _file_row(self) -> QGridLayout:
        choose = button("Choose…", "folder", tip="Choose the folder and the name of the file")
        choose.setAccessibleName("Choose the file")
        choose.clicked.connect(self._on_choose_clicked)
        grid, row = QGridLayout(), horizontal(spacing=8)
        name = label("File")
        name.setBuddy(self._file)
        row.addWidget(self._file, 1)
        row.addWidget(choose)
        grid.setHorizontalSpacing(16)
        grid.addWidget(name, 0, 0)
        grid.addLayout(row, 0, 1)
        return grid

    # What the user does

    def _on_form_toggled(self, _radio: QRadioButton, chosen: bool) -> None:
        if not chosen:
            return  # another one is, which says it too
        if self.precision() not in words.precisions_of(self.form()):
            self._precisions["float32"].setChecked(True)
        self._on_chosen()

    def _on_precision_toggled(self, _radio: QRadioButton, chosen: bool) -> None:
        if chosen:
            self._on_chosen()

    def _on_chosen(self) -> None:
        """Let the file's name follow, in full unless the user has chosen another."""
        before, self._proposed = self._proposed, self._proposal()
        typed = self._file.text()
        if typed == before:
            self._file.setText(self._proposed)
        elif typed.strip():
            path = Path(typed)
            if path.suffix in {".zip", ".sightline"}:
                self._file.setText(str(path.with_suffix(Path(self._proposed).suffix)))
        self._show()

    def _on_choose_clicked(self) -> None:
        ending = Path(self._proposed).suffix
        kind = "Sightline models" if ending == ".sightline" else "Zip archives"
        start = str(self.path()) if self._file.text().strip() else self._proposed
        chosen, _ = FileDialog.save_file(self, "Export a model", start, f"{kind} (*{ending})")
        if chosen:
            asked = Path(chosen)
            path = asked if asked.suffix else asked.with_name(asked.name + ending)
            self._file.setText(str(path))
            self._agreed = asked  # with another ending it is another file, which nobody asked about
            self._show()

    # What is shown

    def _proposal(self) -> str:
        return proposed_path(words.file_name(self._model_id, self.form(), self.precision()))

    def _contradiction(self) -> str:
        if not self._file.text().strip():
            return "The file needs a name."
        try:
            check_wish(self.form(), self.precision(), self.path())
        except UsageError as error:
            return error.reason.sentence
        return ""

    def _show(self) -> None:
        form, precision, offer = self.form(), self.precision(), self._offer
        there = words.precisions_of(form)
        for name, radio in self._precisions.items():
            radio.setEnabled(name in there)
        weights = 0 if offer is None else offer.weights
        for each, size in self._sizes.items():
            kept = precision if each == form else "float32"
            size.setText(words.size_words(each, kept, weights))
        self._cost.setText(breakable(words.precision_sentence(form, precision, offer)))
        problem = self._contradiction()
        self._problem.setText(breakable(problem))
        self._problem.setVisible(bool(problem))
        self.changed.emit()
