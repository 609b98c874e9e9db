"""Draws one run of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.core.library.card_limits import MAX_NAME
from desktop_app.ui.charts.curve_colours import curve_colours
from desktop_app.ui.charts.sparkline import headline_figures, paint_sparkline
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.painting import paint_entry_state
from desktop_app.ui.common.style.tokens import Tokens, tokens_of
from desktop_app.ui.runs.run_words import figures, subtitle, tone
from desktop_app.ui.runs.runs_model import COLOUR_ROLE, ENTRY_ROLE

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.ui.common.controls.table_model import Index

_PADDING = 8
_GAP = 12
_BOX = 16
_CURVE = 72
_WIDE = 300
"""Width below which rows have a smaller curve, so that names keep some room."""
_LINE_GAP = 4
_DOT = 14
"""Sign before the state of a run that is at work."""


class RunDelegate(QStyledItemDelegate):
    """A box for comparison, a small curve, name, date and state, and figures where they have room."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Three lines."""
        return QSize(240, self.height(option.fontMetrics))

    @staticmethod
    def height(metrics: QFontMetrics) -> int:
        """The height of a row."""
        return 3 * metrics.height() + 2 * _LINE_GAP + 2 * _PADDING

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        entry = cast("RunEntry", index.data(ENTRY_ROLE))
        checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        tokens = tokens_of(option.palette)
        number = cast("int | None", index.data(COLOUR_ROLE))
        colour = tokens.accent if number is None else curve_colours(tokens)[number]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_entry_state(painter, option)
        _paint_box(painter, _box(option.rect), tokens, colour if checked else "")
        curve = headline_figures(entry.history, entry.task)
        paint_sparkline(painter, _curve(option.rect), curve, tokens, colour)
        _paint_words(painter, option, entry, tokens)
        painter.restore()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        """Make the field for another name."""
        editor = QLineEdit(parent)
        editor.setMaxLength(MAX_NAME)
        editor.setAccessibleName("Name of the run")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Put the field where the name is."""
        words = _words(option.rect)
        height = editor.sizeHint().height()
        editor.setGeometry(words.left() - 4, words.top() - 6, words.width() + 8, height)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Let a click on the box select the run for comparison."""
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            margin = _PADDING / 2
            inside = _box(option.rect).adjusted(-margin, -margin, margin, margin).contains(event.position())
            if inside:
                if event.type() == QEvent.Type.MouseButtonRelease:
                    toggle(model, index)
                return True
        return False


def toggle(model: QAbstractItemModel, index: Index) -> None:
    """Select a run for comparison, or deselect it."""
    checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    state = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
    model.setData(index, state, Qt.ItemDataRole.CheckStateRole)


def _box(row: QRect) -> QRectF:
    return QRectF(row.left() + _GAP, row.center().y() - _BOX / 2 + 0.5, _BOX, _BOX)


def _curve(row: QRect) -> QRectF:
    height = row.height() - 2 * _PADDING - 4
    width = _CURVE if row.width() >= _WIDE else height
    return QRectF(row.left() + 2 * _GAP + _BOX, row.top() + _PADDING + 2, width, height)


def _words(row: QRect) -> QRect:
    left = 3 * _GAP + _BOX + round(_curve(row).width())
    return row.adjusted(left, _PADDING, -_GAP, -_PADDING)


def _paint_box(painter: QPainter, place: QRectF, tokens: Tokens, colour: str) -> None:
    """Draw the box with a check mark on a colour, or empty without a colour."""
    painter.setPen(QPen(QColor(colour or tokens.outline), 1))
    painter.setBrush(QColor(colour or tokens.surface))
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    if colour:
        paint_icon(painter, "check", tokens.on_accent, place)


def _paint_words(painter: QPainter, option: QStyleOptionViewItem, entry: RunEntry, tokens: Tokens) -> None:
    plain, bold = QFont(option.font), QFont(option.font)
    bold.setWeight(QFont.Weight.DemiBold)
    area = _words(option.rect)
    second, first = figures(entry)
    if not second:  # the only figure takes the first position
        first, second = second, first
    colour: str = getattr(tokens, tone(entry))
    rows = (
        (entry.record.name, bold, tokens.text, "", bold, tokens.text),
        (subtitle(entry), plain, tokens.muted, first, plain, tokens.muted),
        (entry.sentence, plain, colour, second, bold, tokens.text),
    )
    step = option.fontMetrics.height() + _LINE_GAP
    for number, (words, font, pen, figure, figure_font, figure_pen) in enumerate(rows):
        line = QRect(area.left(), area.top() + number * step, area.width(), option.fontMetrics.height())
        words_width = QFontMetrics(font).horizontalAdvance(words) + _DOT * (number == 2)
        shown = _fitting(figure, QFontMetrics(figure_font), line.width() - words_width - _PADDING)
        figure_width = QFontMetrics(figure_font).horizontalAdvance(shown)
        if shown:
            painter.setFont(figure_font)
            painter.setPen(QColor(figure_pen))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
            line.setRight(line.right() - figure_width - _PADDING)
        if number == 2 and entry.record.state == "running":
            middle = QPointF(line.left() + 4, line.center().y() + 0.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(middle, 4, 4)
            line.setLeft(line.left() + _DOT)
        painter.setFont(font)
        painter.setPen(QColor(pen))
        # Names often differ at their end.
        mode = Qt.TextElideMode.ElideRight if number else Qt.TextElideMode.ElideMiddle
        text = QFontMetrics(font).elidedText(words, mode, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _fitting(figure: str, metrics: QFontMetrics, room: int) -> str:
    """A figure with its split and metric, as far as they fit: names may be alike; the details show all."""
    value = figure.partition(" ")[2]
    forms = (figure, value, value.partition(" ")[0])
    return next((form for form in forms if metrics.horizontalAdvance(form) <= room), "")
