"""The bar at the foot of the table: the progress of filing, its result, and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QProgressBar

from desktop_app.ui.batch.jobs.problem_dialog import ProblemDialog
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, horizontal, icon_button

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.batch.filing.filing import FileProblem
    from desktop_app.core.batch.filing.journals import LastFiling

_OPEN = "Open folder"


class FilingBar(QFrame):
    """Shows either the work or its result, which stays until it is undone or closed.

    Signals:
        cancel_requested: The user wants the work to end after the current file.
        undo_requested: The user wants the work undone.
        giving_up_requested: The `LastFiling` that could not be undone and may be left as it is.
        folder_requested: The path of the folder that pictures were filed into.
    """

    cancel_requested = Signal()
    undo_requested = Signal()
    giving_up_requested = Signal(object)
    folder_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._doing = ""
        self._told = ""
        self._offer: LastFiling | None = None
        self._folder: Path | None = None
        self._problems: Sequence[FileProblem] = ()
        self._sentence = ElidedLabel()
        self._progress = QProgressBar(textVisible=False)
        self._progress.setAccessibleName("Files done")
        self._progress.setFixedWidth(120)
        self._cancel = button("Cancel", tip="Stop after this file; keep what's done")
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self._show = button("", "warning")
        self._show.clicked.connect(self._on_show_clicked)
        self._open = button(_OPEN, "folder", tip="Open the folder that holds a folder for each label")
        self._open.setAccessibleName(_OPEN)
        self._open.clicked.connect(lambda: self.folder_requested.emit(self._place()))
        self._leave = button("Leave as it is…", tip="Stop offering to undo this")
        self._leave.clicked.connect(lambda: self.giving_up_requested.emit(self._offer))
        self._undo = button("Undo", "undo")
        self._undo.clicked.connect(self.undo_requested)
        # A hidden bar has no keys, so Undo acts in the pane in front.
        self._keys = QShortcut(QKeySequence.StandardKey.Undo, self)
        self._keys.activated.connect(self.undo_requested)
        self._undo.setToolTip(self._keys.key().toString(QKeySequence.SequenceFormat.NativeText))
        self._close = icon_button("Close", "close")
        self._close.clicked.connect(self._on_close_clicked)
        layout = horizontal(self, spacing=8, margins=(16, 8, 8, 8))
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self._progress)
        for part in (self._cancel, self._show, self._open, self._leave, self._undo, self._close):
            layout.addWidget(part)
        self._refresh()

    @property
    def working(self) -> bool:
        """Whether it shows work."""
        return bool(self._doing)

    def show_work(self, doing: str, total: int = 0) -> None:
        """Show that work begins.

        Args:
            doing: The work, such as "Copying pictures".
            total: The number of files; 0 until it is known.
        """
        self._doing = doing
        self._cancel.setEnabled(True)
        self.show_progress(0, total)
        self._refresh()

    def show_progress(self, done: int, total: int) -> None:
        """Show how far the work is."""
        if not self._doing:
            return
        self._progress.setRange(0, total)  # 0 to 0 shows that it is not known
        self._progress.setValue(done)
        far = f": {done:,} of {total:,}" if total else "…"
        self._sentence.setText("Cancelling…" if not self._cancel.isEnabled() else f"{self._doing}{far}")

    def show_result(
        self, sentence: str, problems: Sequence[FileProblem] = (), folder: Path | None = None
    ) -> None:
        """Show the result.

        Args:
            sentence: The outcome as a sentence.
            problems: The files that failed.
            folder: The folder that pictures were filed into, if any.
        """
        self._doing = ""
        self._told = sentence
        self._problems = problems
        self._folder = folder
        self._refresh()

    def offer(self, last: LastFiling | None) -> None:
        """Show what can be undone; None withdraws the offer."""
        if last != self._offer:
            self._offer = last
            self._refresh()

    def forget(self) -> None:
        """Show nothing; nothing can be undone."""
        self._offer = None
        self.show_result("")

    def _refresh(self) -> None:
        for part in (self._progress, self._cancel):
            part.setVisible(self.working)
        idle = not self.working
        self._open.setVisible(idle and self._place() is not None)
        in_vain = self._offer is not None and self._offer.in_vain
        self._leave.setVisible(idle and in_vain)
        self._open.setText("" if in_vain else _OPEN)  # a small window has no room for so many buttons
        self._undo.setVisible(idle and self._offer is not None)
        self._keys.setEnabled(idle and self._offer is not None)
        self._close.setVisible(idle)
        count = len(self._problems)
        self._show.setText(f"{count:,} problem{'' if count == 1 else 's'}…")
        self._show.setVisible(idle and count > 0)
        if idle:
            self._sentence.setText(self._words())
        self.setVisible(self.working or bool(self._words()))

    def _place(self) -> Path | None:
        """The folder that the sentence names last."""
        return self._offer.filed.folder if self._offer is not None else self._folder

    def _words(self) -> str:
        offered = self._offer.filed.sentence if self._offer is not None else ""
        same = self._told.startswith(offered.removesuffix("."))  # the result may end with problems
        if self._told and offered and not same:
            still = self._offer is not None and self._offer.in_vain
            return f"{self._told} {'Still there' if still else 'Can be undone'}: {offered}"
        return self._told or offered

    def _on_cancel_clicked(self) -> None:
        self._cancel.setEnabled(False)
        self._sentence.setText("Cancelling…")
        self.cancel_requested.emit()

    def _on_show_clicked(self) -> None:
        dialog = ProblemDialog("Skipped files", self._told, self._problems, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_close_clicked(self) -> None:
        self._told = ""
        self._problems = ()
        self.hide()
