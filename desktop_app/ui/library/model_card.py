"""One model of the library on its card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QProgressBar,
    QSizePolicy,
)

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
from desktop_app.ui.common.model_facts import DOWNLOAD_SIZE, VGG19_DESCRIPTION, facts, is_missing, origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from desktop_app.workers.classify.messages import ModelEntry, TransferProgress


class ModelCardView(QFrame):
    """Shows a `ModelEntry`; every signal carries the model's id."""

    use_requested = Signal(str)
    download_requested = Signal(str)
    cancel_requested = Signal(str)
    import_weights_requested = Signal()
    export_requested = Signal(str)
    remove_requested = Signal(str)
    classes_requested = Signal(str)
    pixels_requested = Signal(str)
    thresholds_requested = Signal(str)

    def __init__(self, entry: ModelEntry) -> None:
        super().__init__()
        self.entry = entry
        self._stopped = False
        self.setProperty("look", "card")
        self.setAccessibleName(f"Model {entry.name}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._use = button("Use", look="primary")
        self._use.setAccessibleName(f"Use {entry.name}")
        self._use.clicked.connect(lambda: self.use_requested.emit(entry.model_id))
        self._download = button(f"Download ({DOWNLOAD_SIZE})", "download", look="primary")
        self._download.clicked.connect(lambda: self.download_requested.emit(entry.model_id))
        self._cancel = button("Cancel", tip="What has arrived is kept.")
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self._weights = button("I have the file…", "import")
        self._weights.clicked.connect(self.import_weights_requested)
        self._failure = label(wrap=True)
        self._failure.hide()
        self._progress_text = ElidedLabel()
        self._progress = QProgressBar(textVisible=False)
        self._progress.setAccessibleName(f"Transfer of {entry.name}")

        layout = vertical(self, spacing=8, margins=(16, 16, 16, 16))
        layout.addLayout(self._title())
        description = entry.card.description if entry.card else VGG19_DESCRIPTION if is_missing(entry) else ""
        if description:
            layout.addWidget(label(description, tone="muted", wrap=True))
        for warning in self._warnings():
            layout.addLayout(warning)
        layout.addLayout(self._facts())
        layout.addStretch(1)
        layout.addWidget(self._failure)
        layout.addWidget(self._progress_text)
        layout.addWidget(self._progress)
        layout.addLayout(self._buttons())
        self.show_progress(None)

    def show_current(self, model_id: str) -> None:
        """Show whether this is the model in use."""
        current = self.entry.model_id == model_id
        self._use.setEnabled(not current)
        self._use.setText("In use" if current else "Use")

    def show_progress(self, progress: TransferProgress | None, *, cancellable: bool = False) -> None:
        """Show a download or an import of this model; None when there is none."""
        transferring = progress is not None
        self._progress_text.setVisible(transferring)
        self._progress.setVisible(transferring)
        self._cancel.setVisible(transferring and cancellable)
        self._download.setVisible(not transferring and is_missing(self.entry))
        self._weights.setVisible(not transferring and is_missing(self.entry))
        if progress is None:
            return
        self._failure.hide()
        self._progress_text.setText(progress.message)
        self._progress.setRange(0, 1000 if progress.total else 0)
        if progress.total:
            self._progress.setValue(round(1000 * progress.done / progress.total))

    def show_failure(self, sentence: str) -> None:
        """Show why the download ended, until the next one; a stop by the user is not a failure."""
        self._failure.setText(breakable(sentence))
        set_tone(self._failure, "muted" if self._stopped else "danger")
        self._failure.show()
        self._stopped = False

    def _title(self) -> QHBoxLayout:
        badge = label(origin(self.entry))
        badge.setProperty("look", "badge")
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = horizontal(spacing=8)
        row.addWidget(heading(breakable(self.entry.name), factor=1.2, wrap=True), 1)
        row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _warnings(self) -> list[QHBoxLayout]:
        warnings = []
        if self.entry.problem and not is_missing(self.entry):
            warnings.append(_sign("danger", self.entry.problem))
        if self.entry.card is not None and not self.entry.card.verified:
            warnings.append(_sign("warning", "Unverified: Sightline cannot tell who made this file."))
        return warnings

    def _facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        # The values of all cards are aligned, whichever facts a card has.
        grid.setColumnMinimumWidth(0, self.fontMetrics().horizontalAdvance("Parameters") + 2)
        for row, (word, value) in enumerate(facts(self.entry)):
            # A proof that is cut off proves nothing: it may take several lines.
            long = word == "Engine"
            top = Qt.AlignmentFlag.AlignTop if long else Qt.AlignmentFlag(0)
            grid.addWidget(label(word, tone="muted"), row, 0, top)
            action = self._action(word)
            shown = label(breakable(value), wrap=True) if long else ElidedLabel(value)
            grid.addWidget(shown, row, 1, 1, 1 if action is not None else 2)
            if action is not None:
                grid.addWidget(action, row, 2, Qt.AlignmentFlag.AlignRight)
        return grid

    def _action(self, word: str) -> QWidget | None:
        """What can be done about a fact: see the names of outputs, change thresholds or pixels."""
        card, model_id = self.entry.card, self.entry.model_id
        if card is None:
            return None
        if word in {"Classes", "Labels", "Amounts"}:
            show = button("Show", look="inline")
            show.setAccessibleName(f"Show the {word.lower()} of {self.entry.name}")
            show.clicked.connect(lambda: self.classes_requested.emit(model_id))
            return show
        if word == "Thresholds" and card.origin != "shipped" and not self.entry.problem:
            change = button("Change…", look="inline")
            change.setAccessibleName(f"Change the thresholds of {self.entry.name}")
            change.clicked.connect(lambda: self.thresholds_requested.emit(model_id))
            return change
        if word == "Pixels" and self.entry.from_elsewhere and not self.entry.problem:
            other = button("Change…", look="inline")
            other.setAccessibleName(f"Change the pixels of {self.entry.name}")
            other.clicked.connect(lambda: self.pixels_requested.emit(model_id))
            return other
        return None

    def _buttons(self) -> QLayout:
        row = horizontal(spacing=8)
        card = self.entry.card
        if card is not None:
            self._use.setVisible(not self.entry.problem and card.task != "embedding")
            row.addWidget(self._use)
        else:
            self._use.hide()
        row.addWidget(self._download)
        row.addWidget(self._weights)
        row.addWidget(self._cancel)
        row.addStretch(1)
        if card is not None:
            export = button("Export…", "export", tip="Write it for other programs, or for another Sightline")
            export.setAccessibleName(f"Export {self.entry.name}")
            export.clicked.connect(lambda: self.export_requested.emit(self.entry.model_id))
            row.addWidget(export)
        if not is_missing(self.entry) and (card is None or card.origin != "shipped"):
            row.addWidget(self._quiet("Remove", "trash", self.remove_requested.emit))
        return row

    def _on_cancel_clicked(self) -> None:
        self._stopped = True
        self.cancel_requested.emit(self.entry.model_id)

    def _quiet(self, word: str, icon: str, emit: Callable[[str], None]) -> QWidget:
        result = icon_button(f"{word} {self.entry.name}", icon)
        result.clicked.connect(lambda: emit(self.entry.model_id))
        return result


def _sign(tone: Literal["danger", "warning"], text: str) -> QHBoxLayout:
    row = horizontal(spacing=8)
    row.addWidget(IconView("warning", 16, tone), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(label(breakable(text), tone=tone, wrap=True), 1)
    return row
