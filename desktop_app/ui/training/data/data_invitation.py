"""What the first step shows while there is no data: a big drop target."""

from __future__ import annotations

from PySide6.QtCore import Signal

from desktop_app.ui.common.controls.widgets import button, horizontal
from desktop_app.ui.common.dropping.invitation import Invitation
from desktop_app.ui.training.data.folder_drawing import FolderDrawing


class DataInvitation(Invitation):
    """A drawing of the folder to choose, one line, two buttons, and a way for pictures without class folders.

    Signals:
        folder_requested: The user wants to choose a folder.
        archive_requested: The user wants to choose an archive.
        sorting_requested: The user has pictures without class folders.
    """

    folder_requested = Signal()
    archive_requested = Signal()
    sorting_requested = Signal()

    def __init__(self) -> None:
        folder = button("Choose folder…", "folder", look="primary")
        archive = button("Choose archive…", "archive")
        sort = button("No class folders yet? Sort my photos…", look="inline")
        more = horizontal()
        more.addStretch(1)
        more.addWidget(sort)
        more.addStretch(1)
        super().__init__(
            FolderDrawing(),
            "Drop a folder of pictures here",
            "Put each class in its own folder. ZIP and TAR files work too.",
            (folder, archive),
            picture_from=260,
            more=more,
        )
        self._folder = folder
        folder.clicked.connect(self.folder_requested)
        archive.clicked.connect(self.archive_requested)
        sort.clicked.connect(self.sorting_requested)

    def lead_keyboard(self) -> None:
        """Put the keyboard on the first button."""
        self._folder.setFocus()
