"""What the local API did so far: its counts and its recent errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.widgets import heading, horizontal, label, vertical

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel

    from desktop_app.core.service.activity import RequestError
    from desktop_app.core.service.server import ServiceSnapshot

_NO_ERRORS = "None so far."


class ServiceFigures(QWidget):
    """Draws only what changed: it is updated a few times a second."""

    def __init__(self) -> None:
        super().__init__()
        self._errors: tuple[RequestError, ...] | None = None
        self._requests = heading(factor=1.3)
        self._requests.setAccessibleName("Requests answered")
        self._pictures = heading(factor=1.3)
        self._pictures.setAccessibleName("Pictures classified")
        counts = horizontal(spacing=8)
        self._nouns = (label(tone="muted"), label(tone="muted"))
        for number, noun in zip((self._requests, self._pictures), self._nouns, strict=True):
            counts.addWidget(number, 0, Qt.AlignmentFlag.AlignBaseline)
            counts.addWidget(noun, 0, Qt.AlignmentFlag.AlignBaseline)
            counts.addSpacing(16)
        counts.addStretch(1)
        self._none = label(_NO_ERRORS, tone="muted")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []

        layout = vertical(self, spacing=8)
        layout.addLayout(counts)
        layout.addWidget(heading("Recent errors", factor=1.0))
        layout.addWidget(self._none)
        layout.addLayout(self._grid)

    def show_snapshot(self, snapshot: ServiceSnapshot) -> None:
        """Show the figures of now."""
        self._requests.setText(f"{snapshot.requests:,}")
        self._pictures.setText(f"{snapshot.pictures:,}")
        requests, pictures = self._nouns
        requests.setText("request answered" if snapshot.requests == 1 else "requests answered")
        pictures.setText("picture classified" if snapshot.pictures == 1 else "pictures classified")
        if snapshot.errors != self._errors:
            self._show_errors(snapshot.errors)

    def _show_errors(self, errors: tuple[RequestError, ...]) -> None:
        self._errors = errors
        self._none.setVisible(not errors)
        while len(self._rows) < len(errors):
            self._add_row()
        for number, row in enumerate(self._rows):
            for cell in row:
                cell.setVisible(number < len(errors))
        for (when, status, sentence), error in zip(self._rows, errors, strict=False):
            when.setText(f"{error.when.astimezone():%H:%M:%S}")
            status.setText(str(error.status))
            sentence.setText(breakable(error.sentence))

    def _add_row(self) -> None:
        row = (label(tone="muted"), label(), label(wrap=True))
        row[2].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for column, cell in enumerate(row):
            self._grid.addWidget(cell, len(self._rows), column, Qt.AlignmentFlag.AlignTop)
        self._rows.append(row)
