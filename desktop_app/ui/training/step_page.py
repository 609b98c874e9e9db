"""The page that holds the numbered steps, and shares its height among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea, QWidget

from desktop_app.ui.common.controls.widgets import vertical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.ui.training.step_section import StepSection

_MARGIN = 16
_SPACING = 8


class StepPage(QWidget):
    """The content of a scroll area; one of the steps may take all the height that the others leave."""

    def __init__(self, sections: Sequence[StepSection]) -> None:
        super().__init__()
        self.setObjectName("page")
        self._layout = vertical(self, spacing=_SPACING, margins=(_MARGIN, _MARGIN, _MARGIN, _MARGIN))
        self._sections = tuple(sections)
        for section in sections:
            self._layout.addWidget(section)
        self._layout.addStretch(1)

    def share(self, roomy: StepSection | None) -> None:
        """Give the rest of the height to one step, or to none."""
        for position, section in enumerate(self._sections):
            self._layout.setStretch(position, int(section is roomy))
        self._layout.setStretch(len(self._sections), int(roomy is None))

    def bring_up(self, section: StepSection, scroll: QScrollArea) -> None:
        """Scroll so that as much as possible of a step is visible, its header above all."""
        self._layout.activate()
        bar = scroll.verticalScrollBar()
        top, bottom = section.y() - _SPACING, section.geometry().bottom() + _SPACING
        view = scroll.viewport().height()
        if top < bar.value() or bottom > bar.value() + view:
            bar.setValue(min(top, max(bottom - view, 0)) if bottom - top <= view else top)
