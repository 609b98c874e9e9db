"""A line of text that shortens itself instead of being cut."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.common.controls.widgets import tooltip
from desktop_app.ui.common.style.tokens import tokens_of


class ElidedLabel(QWidget):
    """Shows one line; what does not fit becomes an ellipsis and the whole text the tooltip."""

    def __init__(
        self, text: str = "", *, muted: bool = False, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__()
        self._text = ""
        self._tip = ""
        self._muted = muted
        self._danger = False
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another text; line breaks become spaces."""
        self._text = " ".join(text.split())
        self.setAccessibleName(self._text)
        self._explain()
        self.updateGeometry()
        self.update()

    def set_tip(self, tip: str) -> None:
        """Add an explanation to the tooltip."""
        self._tip = tip
        self.setAccessibleDescription(tip)
        self._explain()

    def set_danger(self, danger: bool) -> None:
        """Show the text in the colour of failures, or not."""
        self._danger = danger
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        metrics = self.fontMetrics()
        return QSize(min(self.sizeHint().width(), metrics.averageCharWidth() * 4), metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Decide again whether a tooltip is needed."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text, shortened to the width."""
        tokens = tokens_of(self.palette())
        colour = tokens.danger if self._danger else tokens.muted if self._muted else tokens.text
        painter = QPainter(self)
        painter.setPen(colour)
        painter.drawText(
            self.rect(),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self.fontMetrics().elidedText(self._text, self._mode, self.width()),
        )

    def _explain(self) -> None:
        shortened = self.sizeHint().width() > self.width()
        parts = [self._text] if shortened else []
        self.setToolTip(tooltip("\n".join([*parts, self._tip] if self._tip else parts)))
