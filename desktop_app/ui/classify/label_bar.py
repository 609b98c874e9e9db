"""One of the predictions: a name, a percentage and a bar; or an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core.foundation.text import percent
from desktop_app.ui.common.controls.widgets import tooltip
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from desktop_app.core.classify.prediction import ScoredLabel

_BAR = 6
_GAP = 8
_MARK = 2
"""Width of the mark of a threshold."""


class LabelBar(QWidget):
    """Paints a `ScoredLabel`; the first one is heavier because it matters most.

    Where each label is right or not by itself, those that are right are heavier, and a mark on the bar shows
    from which probability on they are.
    """

    def __init__(self) -> None:
        super().__init__()
        self._scored: ScoredLabel | None = None
        self._sure = self._counts = True
        self._air = 14
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_label(self, scored: ScoredLabel, *, sure: bool, counts: bool = True) -> None:
        """Show a class and its probability.

        Args:
            scored: The class.
            sure: Whether the model is sure, which colours the bar of the first.
            counts: Whether the label is worth reading; it is dimmed otherwise.
        """
        self._scored, self._sure, self._counts = scored, sure and not scored.near, counts
        mark = _threshold_words(scored)
        self.setAccessibleName(f"{scored.rank}: {scored.readable}, {percent(scored.probability)}{mark}")
        self.setAccessibleDescription(scored.class_id)
        known_as = (
            scored.readable if scored.class_id == scored.label else f"{scored.readable}\n{scored.class_id}"
        )
        kinds = f"\nA kind of {', '.join(scored.kinds)}" if scored.kinds else ""
        self.setToolTip(tooltip(f"{known_as}{kinds}\n{percent(scored.probability)}{mark}"))
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if self._leads else QFont.Weight.Normal)
        self.setFont(font)
        self.update()

    @property
    def _leads(self) -> bool:
        """Whether the label is one of those that matter most."""
        scored = self._scored
        if scored is None or not self._counts:
            return False
        return scored.right if scored.threshold is not None else scored.rank == 1

    def set_air(self, air: int) -> None:
        """Set the empty height around text and bar, in pixels."""
        if air != self._air:
            self._air = air
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """A line of text, the bar and the air."""
        return QSize(120, self.fontMetrics().height() + _BAR + self._air)

    def sizeHint(self) -> QSize:
        """The same height; as wide as there is room."""
        return self.minimumSizeHint().expandedTo(QSize(240, 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw name, percentage and bar."""
        if self._scored is None:
            return
        tokens = tokens_of(self.palette())
        metrics = self.fontMetrics()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - metrics.height() - _BAR - 3) / 2
        words = QRectF(0, top, self.width(), metrics.height())
        figure = percent(self._scored.probability)
        painter.setPen(tokens.text if self._counts else tokens.muted)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
        room = self.width() - metrics.horizontalAdvance(figure) - _GAP
        name = metrics.elidedText(self._scored.readable, Qt.TextElideMode.ElideRight, room)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        track = QRectF(0, words.bottom() + 3, self.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.sunken)
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        if self._scored.probability * self.width() >= 1:
            filled = QRectF(track)
            filled.setWidth(max(_BAR, self._scored.probability * self.width()))
            strong = tokens.accent if self._sure else tokens.warning
            painter.setBrush(strong if self._leads else tokens.outline)
            painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)
        if self._scored.threshold is not None:
            place = min(self._scored.threshold * self.width(), self.width() - _MARK)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.fillRect(QRectF(place, track.top() - 2, _MARK, _BAR + 4), QColor(tokens.text))


def _threshold_words(scored: ScoredLabel) -> str:
    """Say whether a label is right, and from which probability on; nothing for one of several classes."""
    if scored.threshold is None:
        return ""
    side = "right" if scored.right else "not right"
    return f", {side}: its threshold is {percent(scored.threshold)}"
