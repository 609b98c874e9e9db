"""What an export found: before a file that loses accuracy is kept, and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.core.foundation.text import breakable, printable, readable_size
from desktop_app.ui.common.controls.widgets import heading, label, set_tone, vertical
from desktop_app.ui.export import export_words as words

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout

    from desktop_app.core.export.proof import ExportReport
    from desktop_app.workers.export.messages import ExportStatus

_COPIED = "It is a copy of the model with its labels. Its checksum is checked when it is imported."


class OutcomePart(QWidget):
    """A headline, the proof in words, and Sightline beside the file in figures.

    Args:
        classifies: Whether the model names classes.
    """

    def __init__(self, *, classifies: bool) -> None:
        super().__init__()
        self._classifies = classifies
        self._head = heading(factor=1.1, wrap=True)
        self._where = label(tone="muted", wrap=True)
        self._where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._body = QWidget()
        self._column = vertical(self)
        self._column.setSpacing(8)
        for part in (self._head, self._where, self._body):
            self._column.addWidget(part)

    def ask(self, status: ExportStatus) -> None:
        """Show what a proven file loses, before it is kept."""
        self._head.setText(f"Keep the {status.request.precision} file?")
        set_tone(self._head, "")
        self._where.setText(breakable(f"Not yet written: {printable(str(status.request.path))}"))
        self._fill(status.report)

    def show_done(self, status: ExportStatus) -> None:
        """Show what was written."""
        path = status.request.path
        self._head.setText(breakable(f"Exported {status.request.name} to {printable(path.name)}"))
        set_tone(self._head, "success")
        self._where.setText(breakable(f"{printable(str(path.parent))} · {readable_size(status.size)}"))
        self._fill(status.report)

    def _fill(self, report: ExportReport | None) -> None:
        body = QWidget()
        column = vertical(body, spacing=8)
        if report is None:
            column.addWidget(label(_COPIED, wrap=True))
        else:
            self._add_proof(column, report)
        self._column.replaceWidget(self._body, body)
        self._body.hide()
        self._body.deleteLater()
        self._body = body
        body.show()  # now, not in the event loop: the dialog takes its height from it

    def _add_proof(self, column: QVBoxLayout, report: ExportReport) -> None:
        for proof in report.proofs:
            sentence = words.proof_sentence(proof, classifies=self._classifies)
            column.addWidget(label(sentence, wrap=True))
        for sentence in words.not_opened(report):
            column.addWidget(label(sentence, tone="warning", wrap=True))
        if report.precision == "int8":
            if self._classifies:
                column.addSpacing(4)
                column.addLayout(_table(words.figures(report)))
            loss = words.loss_sentence(report)
            lost = report.accuracy is None or report.accuracy.after < report.accuracy.before
            column.addWidget(label(breakable(loss), tone="warning" if lost else "", wrap=True))


def _table(rows: tuple[tuple[str, str, str], ...]) -> QGridLayout:
    """Sightline beside the file."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(3, 1)
    right = Qt.AlignmentFlag.AlignRight
    for column, name in ((1, "In Sightline"), (2, "In the file")):
        grid.addWidget(label(name, tone="muted"), 0, column, right)
    for row, (what, before, after) in enumerate(rows, start=1):
        grid.addWidget(label(what), row, 0)
        grid.addWidget(label(before), row, 1, right)
        grid.addWidget(label(after), row, 2, right)
    return grid
