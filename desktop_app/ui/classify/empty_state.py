"""What the Classify pane shows before the first picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core.foundation import paths
from desktop_app.ui.classify.sample_row import SampleRow
from desktop_app.ui.common.controls.icon_view import IconView
from desktop_app.ui.common.controls.widgets import button, heading, label, vertical
from desktop_app.ui.common.dropping.drop_target import DropTarget

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtGui import QResizeEvent

_ICON_FROM = 336
_SAMPLES_FROM = 264


class EmptyState(QWidget):
    """One big drop target, one line of text, samples to click."""

    open_requested = Signal()
    sample_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        target = DropTarget()
        target.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        inside = vertical(target, spacing=16, margins=(16, 16, 16, 16))
        inside.addStretch(1)
        self._icon = IconView("pictures", 56, "accent")
        inside.addWidget(self._icon, 0, centre)
        line = heading("Drop pictures, a folder or a link here", factor=1.4, wrap=True)
        line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(line)
        choose = button("Open pictures…", "pictures", look="primary")
        choose.clicked.connect(self.open_requested)
        inside.addWidget(choose, 0, centre)
        inside.addStretch(1)

        self._samples = SampleRow(paths.resources() / "samples")
        self._samples.sample_chosen.connect(self.sample_chosen)
        self._invitation = label("Or try one of these", tone="muted")

        layout = vertical(self, spacing=8)
        layout.addWidget(target, 1)
        layout.addSpacing(8)
        layout.addWidget(self._invitation, 0, centre)
        layout.addWidget(self._samples)

    def offer_samples_for(self, labels: Collection[str]) -> None:
        """Offer the samples that a model with these labels can be tried on."""
        self._samples.offer_for(labels)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide what a low window has no room for; the target comes first."""
        super().resizeEvent(event)
        self._icon.setVisible(self.height() >= _ICON_FROM)
        for part in (self._invitation, self._samples):
            part.setVisible(self._samples.has_samples() and self.height() >= _SAMPLES_FROM)
