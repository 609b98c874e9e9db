"""The window that sorts an unsorted folder into classes and makes a data set of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from desktop_app.core.foundation.text import counted, printable
from desktop_app.ui.batch.filing.filing_bar import FilingBar
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, horizontal, vertical
from desktop_app.ui.common.dialogs import confirm, within_screen
from desktop_app.ui.common.file_opening import open_file
from desktop_app.ui.common.folders import show_folder
from desktop_app.ui.common.thumbnails import Thumbnails
from desktop_app.ui.similar.looking_view import LookingView
from desktop_app.ui.sorting.create_dialog import CreateDialog
from desktop_app.ui.sorting.sorting_page import SortingPage

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.batch.filing.filing import Filed
    from desktop_app.core.batch.filing.journals import LastFiling
    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.features.grouping import PictureGroups
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.workers.similar.similar_service import SimilarService

_FEWEST = 2


class SortingDialog(QDialog):
    """Shows the work, then the sorting page; at the end it offers to train on what was made.

    Args:
        service: The service that groups and files.
        folder: The unsorted folder.
        parent: Qt's owner, if any.

    Signals:
        data_created: The folder of the data set, when the dialog is closed and it was not undone.
        said: A sentence for the status bar, and whether it reports a failure.
    """

    data_created = Signal(object)
    said = Signal(str, bool)

    def __init__(self, service: SimilarService, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._folder = folder
        self._made: Path | None = None
        self._ready = False
        self._found_words = ""
        self.setWindowTitle(f"Sort {printable(folder.name)} into classes")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(within_screen(self, 1040, 680))
        self._looking = LookingView()
        self._looking.cancel_requested.connect(self.reject)
        self.page = SortingPage(Thumbnails(service, self))
        self.page.changed.connect(self._on_sorted)
        self.page.opened.connect(self._on_opened)
        self._bar = FilingBar()
        self._count = ElidedLabel(muted=True)
        self._undo = button("Undo", "undo")
        self._undo.clicked.connect(self.page.undo)
        self._undo_keys = QShortcut(QKeySequence.StandardKey.Undo, self.page)
        self._undo_keys.activated.connect(self.page.undo)
        self.create_button = button("Create data set…", look="primary")
        self.create_button.clicked.connect(self._on_create_clicked)
        self.train_button = button("Train on these pictures", look="primary")
        self.train_button.clicked.connect(self.accept)
        self._close = button("Close")
        self._close.clicked.connect(self.reject)
        self._lay_out()
        self._connect_service()
        self._looking.begin(f"Looking for similar pictures in {printable(folder.name)}")
        service.group(folder)
        service.ask_undo()
        self._refresh()

    def done(self, result: int) -> None:
        """Close, and report what was made; while files are being written the dialog stays."""
        if self._bar.working:
            return
        if result != QDialog.DialogCode.Accepted and self._loses_work() and not self._may_lose():
            return
        self._service.cancel()
        super().done(result)
        if self._made is not None:
            self.data_created.emit(self._made)

    def _lay_out(self) -> None:
        foot = horizontal(spacing=8)
        foot.addWidget(self._count, 1)
        for part in (self._undo, self._close, self.create_button, self.train_button):
            foot.addWidget(part)
        sorting = QWidget()
        inside = vertical(sorting, spacing=12)
        inside.addWidget(self.page, 1)
        inside.addLayout(foot)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._looking)
        self._stack.addWidget(sorting)
        layout = vertical(self, spacing=8, margins=(16, 16, 16, 16))
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._bar)

    def _connect_service(self) -> None:
        service, bar = self._service, self._bar
        service.progressed.connect(self._looking.show_progress)
        service.grouped.connect(self._on_grouped)
        service.failed.connect(self._on_failed)
        service.filing_progressed.connect(bar.show_progress)
        service.filed.connect(self._on_filed)
        service.undo_available.connect(self._on_offered)
        service.message.connect(self._on_message)
        bar.cancel_requested.connect(service.cancel_filing)
        bar.undo_requested.connect(self._on_undo_requested)
        bar.giving_up_requested.connect(self._on_giving_up_requested)
        bar.folder_requested.connect(lambda folder: self.said.emit(*show_folder(folder)))

    # Requests of the user

    def _loses_work(self) -> bool:
        """Whether sorting was for nothing; not once the app's window is gone: then nobody is asked."""
        window = self.parentWidget()
        ending = window is not None and not window.isVisible()
        return self._made is None and bool(self.page.classes) and not ending

    def _may_lose(self) -> bool:
        count = sum(map(len, self.page.classes.values()))
        text = f"{counted(count, 'picture')} sorted so far. No file has been copied or moved yet."
        return confirm(self, "Close without a data set?", text, "Close", "Keep sorting")

    def _on_create_clicked(self) -> None:
        classes = self.page.classes
        count = sum(map(len, classes.values()))
        dialog = CreateDialog(self._folder, count, len(classes), self.page.unsorted, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.confirmed.connect(self._on_confirmed)
        dialog.open()

    def _on_confirmed(self, folder: Path, how: How) -> None:
        classes = self.page.classes
        doing = "Copying pictures" if how == "copy" else "Moving pictures"
        self._bar.show_work(doing, sum(map(len, classes.values())))
        self._service.create(classes, folder, how)
        self._refresh()

    def _on_undo_requested(self) -> None:
        self._bar.show_work("Undoing")
        self._service.undo_filing()
        self._refresh()

    def _on_giving_up_requested(self, last: LastFiling) -> None:
        moot = self._service.undo_available
        if confirm(self, "Leave what was sorted", last.given_up, "Leave as it is", until=moot):
            self._bar.show_result("")
            self._service.give_up_undo(last)

    def _on_opened(self, path: Path) -> None:
        failure = open_file(path)
        if failure:
            self.said.emit(failure, True)

    def _on_sorted(self) -> None:
        if self.page.can_undo:
            self._bar.forget()
        self._refresh()

    # Reports of the service

    def _on_grouped(self, found: PictureGroups) -> None:
        self._ready = True
        bad = len(found.unreadable)
        self._found_words = f"; {bad:,} couldn't be read" if bad else ""
        self._found_words += f"; {found.left_out} left out" if found.left_out else ""
        self._stack.setCurrentIndex(1)
        self.page.show_groups(found)

    def _on_failed(self, reason: Reason) -> None:
        self._looking.show_reason(reason)

    def _on_filed(self, filed: Filed) -> None:
        self._bar.show_result(filed.sentence, filed.problems, filed.folder if filed.done else None)
        if filed.what in {"copied", "moved"}:
            self._made = filed.folder if filed.done else None
        else:
            self._made = None
        self._refresh()

    def _on_offered(self, last: LastFiling | None) -> None:
        """Offer to undo a data set, but no earlier one while pictures are sorted: Ctrl+Z undoes that."""
        if last is None or self._made is not None or not self.page.can_undo:
            self._bar.offer(last)

    def _on_message(self, words: str, ok: bool) -> None:
        if self._bar.working and not ok and not self._service.filing:
            self._bar.show_result(words)
        self._refresh()

    def _refresh(self) -> None:
        classes = self.page.classes
        done, left = sum(map(len, classes.values())), self.page.unsorted
        self._count.setText(f"{done:,} of {counted(done + left, 'picture')} sorted{self._found_words}")
        busy, made = self._bar.working, self._made is not None
        self.page.setEnabled(not busy and not made)
        self._undo.setVisible(not made)
        self._undo.setEnabled(self.page.can_undo and not busy)
        self._undo_keys.setEnabled(self.page.can_undo and not busy and not made)
        self.create_button.setVisible(not made)
        self.create_button.setEnabled(self._ready and len(classes) >= _FEWEST and not busy)
        self.create_button.setToolTip(
            "" if len(classes) >= _FEWEST else "Sort pictures into two classes first"
        )
        self.train_button.setVisible(made)
        self._close.setEnabled(not busy)
