"""The dialog with a run's code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.widgets import Tone, button, label, set_tone, vertical
from desktop_app.ui.common.dialogs import close_row, within_screen
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.common.folders import proposed_path

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.workers.training.run_code import RunCode

_TEXT = "This Keras script trains the same network on the same pictures, without Sightline."
_COLUMNS = 102
"""Characters in a line of a script, and some more."""


class CodeDialog(QDialog):
    """Opens at once; the script appears when it is written.

    Args:
        service: The service that writes it.
        entry: The run.
        parent: Qt's owner, if any.
    """

    def __init__(self, service: RunCode, entry: RunEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._run_id = entry.record.run_id
        self.setWindowTitle(f"Code of {entry.record.name}")
        self.setMinimumSize(420, 320)
        self._text = QPlainTextEdit(readOnly=True)
        self._text.setAccessibleName("Code of the run")
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setTabChangesFocus(True)
        self._text.setPlaceholderText("Writing the code…")
        self._told = label(tone="muted", wrap=True)
        self._told.hide()
        self._copy = button("Copy", "copy")
        self._copy.clicked.connect(self._on_copy_clicked)
        self._save = button("Save…", "export")
        self._save.setToolTip(
            "Save the script, the list of pictures and any weights it needs in a new folder"
        )
        self._save.clicked.connect(self._on_save_clicked)
        self._copy.setEnabled(False)
        self._save.setEnabled(False)
        layout = vertical(self, spacing=12, margins=(16, 16, 16, 16))
        layout.addWidget(label(_TEXT, wrap=True))
        layout.addWidget(self._text, 1)
        layout.addWidget(self._told)
        layout.addLayout(close_row(self, self._copy, self._save))
        columns = self._text.fontMetrics().horizontalAdvance("0" * _COLUMNS)
        self.resize(within_screen(self, columns + 72, 640))
        service.written.connect(self._on_written)
        service.failed.connect(self._on_failed)
        service.saved.connect(self._on_saved)
        service.write(self._run_id)

    # Reports of the service

    def _on_written(self, run_id: str, text: str, notes: tuple[str, ...]) -> None:
        if run_id == self._run_id:
            self._text.setPlainText(text)
            self._tell(" ".join(notes), "muted")
            self._copy.setEnabled(True)
            self._save.setEnabled(True)

    def _on_failed(self, run_id: str, reason: Reason) -> None:
        if run_id == self._run_id:
            self._text.setPlaceholderText("")
            self._tell(reason.sentence, "danger")

    def _on_saved(self, sentence: str, succeeded: bool) -> None:
        self._save.setEnabled(True)
        self._tell(sentence, "" if succeeded else "danger")

    def _tell(self, sentence: str, tone: Tone) -> None:
        self._told.setText(breakable(sentence))
        set_tone(self._told, tone)
        self._told.setVisible(bool(sentence))

    # Actions of the user

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self._copy.setText("Copied")

    def _on_save_clicked(self) -> None:
        name = proposed_path(f"{self._run_id}-code")
        chosen, _ = FileDialog.save_file(self, "Name the new folder for the code", name)
        if chosen:
            self._save.setEnabled(False)
            self._tell("Saving…", "muted")
            self._service.save(self._run_id, Path(chosen))
