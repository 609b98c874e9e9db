"""How to start a job: a big drop target, and the choice of the model."""

from __future__ import annotations

from PySide6.QtCore import Signal

from desktop_app.ui.common.controls.icon_view import IconView
from desktop_app.ui.common.controls.widgets import button, horizontal, label
from desktop_app.ui.common.dropping.invitation import Invitation
from desktop_app.ui.common.model_picker import ModelPicker


class JobInvitation(Invitation):
    """One line, two buttons, and the model; a drop starts a job at once.

    Signals:
        folder_requested: The user wants to choose a folder.
        pictures_requested: The user wants to choose some files.
    """

    folder_requested = Signal()
    pictures_requested = Signal()

    def __init__(self) -> None:
        picker = ModelPicker()
        folder = button("Choose folder…", "folder", look="primary")
        files = button("Choose pictures…", "pictures")
        name = label("Model", tone="muted")
        name.setBuddy(picker)
        model = horizontal(spacing=8)
        model.addStretch(1)
        model.addWidget(name)
        model.addWidget(picker)
        model.addStretch(1)
        super().__init__(
            IconView("batch", 56, "accent"),
            "Drop a folder of pictures here",
            "Or several folders, or files. Subfolders are included. You can pause, or stop and resume later.",
            (folder, files),
            picture_from=300,
            words_from=220,
            more=model,
        )
        self.picker = picker
        folder.clicked.connect(self.folder_requested)
        files.clicked.connect(self.pictures_requested)
