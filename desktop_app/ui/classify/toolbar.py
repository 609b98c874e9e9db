"""The actions for pictures, above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.common.controls.widgets import button, horizontal, icon_button, label
from desktop_app.ui.common.model_picker import ModelPicker

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton


class ClassifyToolbar(QWidget):
    """Buttons on the left, the model on the right; the owner connects them."""

    def __init__(self) -> None:
        super().__init__()
        self.open = button("Open…", "pictures", tip="Open pictures (Ctrl+O)")
        self.open.setAccessibleName("Open pictures")
        self.folder = icon_button("Open a folder", "folder")
        self.paste = icon_button("Paste", "paste")
        self.save = icon_button("Save results", "download")
        self.clear = icon_button("Clear list", "trash")
        self.frame = icon_button("Show what the model sees (Ctrl+Shift+F)", "frame")
        self.whole = icon_button("Use the whole picture (Ctrl+Shift+E)", "whole")
        for toggle, title in (
            (self.frame, "Show what the model sees"),
            (self.whole, "Use the whole picture"),
        ):
            toggle.setCheckable(True)
            toggle.setAccessibleName(title)
        self.picker = ModelPicker()
        self.picker.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        name = label("Model", tone="muted")
        name.setBuddy(self.picker)

        layout = horizontal(self, spacing=8)
        for part in (self.open, self.folder, self.paste, self.save, self.clear, self.frame, self.whole):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(name)
        layout.addWidget(self.picker)

    def show_pictures(self, *, any_pictures: bool) -> None:
        """Enable only the actions that make sense."""
        needing: tuple[QAbstractButton, ...] = (self.save, self.clear, self.frame, self.whole)
        for part in needing:
            part.setVisible(any_pictures)
