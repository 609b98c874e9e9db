"""A curve as small as a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.training.records.events import EpochMetrics
    from desktop_app.core.training.task.task import Task
    from desktop_app.ui.common.style.tokens import Tokens

_STEPS = 48
"""Most points; more would fall on the same pixels."""


def headline_figures(history: Sequence[EpochMetrics], task: Task) -> list[float]:
    """The task's headline metric after each epoch, on the validation split where there is one."""
    checked = [value for epoch in history if (value := epoch.validated.get(task.headline)) is not None]
    if len(checked) == len(history):
        return checked
    return [value for epoch in history if (value := epoch.get(task.headline)) is not None]


def thinned(values: Sequence[float]) -> list[float]:
    """At most `_STEPS` values, the first and the last among them."""
    if len(values) <= _STEPS:
        return list(values)
    last = len(values) - 1
    return [values[round(step * last / (_STEPS - 1))] for step in range(_STEPS)]


def paint_sparkline(
    painter: QPainter, area: QRectF, values: Sequence[float], tokens: Tokens, colour: str
) -> None:
    """Draw values from left to right, the least at the bottom of the area and the largest at its top.

    The colour is ``#rrggbb``.
    """
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.sunken))
    painter.drawRoundedRect(area, 4, 4)
    if not values:
        return
    inside = area.adjusted(5, 5, -5, -5)
    shown = thinned(values)
    low, high = min(shown), max(shown)
    span, steps = (high - low) or 1.0, max(len(shown) - 1, 1)
    flat = 0.5 if high == low else 0.0
    points = [
        QPointF(
            inside.left() + inside.width() * number / steps,
            inside.bottom() - inside.height() * ((value - low) / span + flat),
        )
        for number, value in enumerate(shown)
    ]
    pen = QPen(QColor(colour), 1.75)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(points[-1], 2.5, 2.5)
