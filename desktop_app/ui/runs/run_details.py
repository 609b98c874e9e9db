"""Everything about the selected run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.icon_view import IconView
from desktop_app.ui.common.controls.widgets import (
    button,
    heading,
    horizontal,
    icon_button,
    label,
    set_tone,
    vertical,
)
from desktop_app.ui.runs.run_curves import RunCurves
from desktop_app.ui.runs.run_words import facts, settings, tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QAction, QResizeEvent
    from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton

    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.ui.runs.run_actions import RunActions

_CLASSIFY, _SHORT = "Classify with this model", "Classify"
_NARROWEST = 272
_WIDE = 368


class RunDetails(QScrollArea):
    """Name, state, actions, curves, facts, and the settings folded away."""

    def __init__(self, actions: RunActions) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._entry: RunEntry | None = None
        self._name = heading(factor=1.3, wrap=True)
        self._sign = IconView("warning", 16, "danger")
        self._state = label(wrap=True)
        self._message = label(tone="muted", wrap=True)
        self._curves = RunCurves()
        self._classify = button(_CLASSIFY, "classify", look="primary")
        self._classify.setAccessibleName(_CLASSIFY)
        self._facts = QWidget()
        self._settings = QWidget()
        self._fold = button("Show the settings", look="inline")
        self._fold.clicked.connect(self._on_fold_clicked)

        self._page = QWidget()
        self._page.setObjectName("page")
        layout = vertical(self._page, spacing=8, margins=(12, 0, 12, 16))
        layout.addLayout(_head(self._name, actions))
        state = horizontal(spacing=8)
        state.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self._state, 1)
        layout.addLayout(state)
        layout.addWidget(self._message)
        layout.addLayout(_buttons(self._classify, actions))
        layout.addSpacing(8)
        layout.addWidget(self._curves)
        layout.addSpacing(8)
        layout.addWidget(self._facts)
        more = horizontal(spacing=16)
        more.addWidget(self._fold)
        code = button(actions.code.text(), look="inline")
        _follow(code, actions.code)
        more.addWidget(code)
        more.addStretch(1)
        layout.addLayout(more)
        layout.addWidget(self._settings)
        layout.addStretch(1)
        self._settings.hide()
        self.setWidget(self._page)

    def minimumSizeHint(self) -> QSize:
        """The narrowest size in which the buttons fit, with short texts."""
        return QSize(_NARROWEST, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the widest button where there is little room."""
        self._classify.setText(_CLASSIFY if event.size().width() >= _WIDE else _SHORT)
        super().resizeEvent(event)

    def show_run(self, entry: RunEntry) -> None:
        """Show a run; what has not changed stays as it is."""
        if entry == self._entry:
            return
        self._entry = entry
        colour = tone(entry)
        resumable = " It can be resumed." if entry.resumable else ""
        self._name.setText(breakable(entry.record.name))
        message = entry.record.reason.sentence
        told = entry.record.state in {"finished", "stopped"} and message  # which says all, and more
        self._state.setText(breakable(entry.problem or f"{told or f'{entry.sentence}.'}{resumable}"))
        set_tone(self._state, colour if colour in {"danger", "warning", "muted"} else "")
        self._sign.setVisible(colour in {"danger", "warning"})
        self._sign.show_icon("warning", colour)
        interrupted = entry.record.state == "interrupted"  # its state has said everything
        message = "" if interrupted or told else message
        self._message.setText(breakable(message))
        self._message.setVisible(bool(message))
        _fill(self._facts, facts(entry))
        _fill(self._settings, settings(entry))
        self._fold.setVisible(not entry.problem)
        self._settings.setVisible(not entry.problem and self._unfolded)

    def show_curves(self, entries: Sequence[RunEntry], colours: Mapping[str, int]) -> None:
        """Plot these runs, several of them in the colours whose numbers they have."""
        self._curves.setVisible(any(entry.history for entry in entries))
        self._curves.show_runs(entries, colours)

    @property
    def _unfolded(self) -> bool:
        return self._fold.text().startswith("Hide")

    def _on_fold_clicked(self) -> None:
        self._fold.setText("Show the settings" if self._unfolded else "Hide the settings")
        self._settings.setVisible(self._unfolded)


def _head(name: QLabel, actions: RunActions) -> QHBoxLayout:
    row = horizontal(spacing=4)
    row.addWidget(name, 1)
    shown = (
        (actions.code, "code"),
        (actions.rename, "rename"),
        (actions.open, "folder"),
        (actions.remove, "trash"),
    )
    for action, icon in shown:
        widget = icon_button(action.text(), icon)
        _follow(widget, action)
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
    return row


def _buttons(classify: QPushButton, actions: RunActions) -> QVBoxLayout:
    """The model's button above those that train: side by side they do not fit in a small window."""
    rows = vertical(spacing=8)
    resume, again = button(actions.resume.text(), "resume"), button(actions.again.text(), "refresh")
    export = button(actions.export.text(), "export")
    pairs = (
        ((classify, actions.classify), (export, actions.export)),
        ((resume, actions.resume), (again, actions.again)),
    )
    for pair in pairs:
        row = horizontal(spacing=8)
        for widget, action in pair:
            _follow(widget, action)
            row.addWidget(widget)
        row.addStretch(1)
        rows.addLayout(row)
    return rows


def _follow(widget: QAbstractButton, action: QAction) -> None:
    """Make a button trigger an action, while it is enabled."""

    def on_changed() -> None:
        widget.setEnabled(action.isEnabled())
        widget.setToolTip(action.toolTip())
        widget.setVisible(action.isVisible())

    widget.hide()
    widget.clicked.connect(action.trigger)
    action.changed.connect(on_changed)


def _fill(holder: QWidget, pairs: Sequence[tuple[str, str]]) -> None:
    """Show pairs of a word and a value, reusing labels that exist already."""
    grid = holder.layout()
    if not isinstance(grid, QGridLayout):
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
    for row in range(max(grid.rowCount(), len(pairs))):
        word, value = pairs[row] if row < len(pairs) else ("", "")
        if grid.itemAtPosition(row, 0) is None:
            grid.addWidget(label(tone="muted"), row, 0)
            grid.addWidget(ElidedLabel(), row, 1)
        for column, text in ((0, word), (1, value)):
            item = grid.itemAtPosition(row, column)
            widget = item.widget() if item is not None else None
            assert widget is not None
            widget.setText(text)  # type: ignore[attr-defined]
            widget.setVisible(row < len(pairs))
