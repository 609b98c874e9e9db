"""The bar that offers the Batch pane for a large folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from desktop_app.core.images.sources import FileSource
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, horizontal, icon_button

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.images.sources import Source

MANY = 300
"""From this many pictures on, a table is better than a row."""


class BatchOffer(QFrame):
    """Appears once for each large folder; `accepted` carries the folders' paths."""

    accepted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._folders: list[Path] = []
        self._words = ElidedLabel()
        accept = button("Open in Batch", "batch")
        accept.clicked.connect(self._on_accepted)
        close = icon_button("Close", "close")
        close.clicked.connect(self.forget)
        layout = horizontal(self, spacing=8, margins=(16, 8, 8, 8))
        layout.addWidget(self._words, 1)
        layout.addWidget(accept)
        layout.addWidget(close)
        self.hide()

    def note(self, sources: Sequence[Source]) -> None:
        """Remember which folders were added; their pictures come later."""
        self._folders += [
            source.path for source in sources if isinstance(source, FileSource) and source.is_folder
        ]

    def consider(self, count: int) -> None:
        """Offer the table when a folder has given enough pictures for one."""
        if self._folders and count >= MANY:
            self._words.setText(f"That's {count:,} pictures. Batch can sort, filter and file them.")
            self.show()

    def forget(self) -> None:
        """Withdraw the offer."""
        self._folders = []
        self.hide()

    def _on_accepted(self) -> None:
        folders = self._folders
        self.forget()
        self.accepted.emit(folders)
