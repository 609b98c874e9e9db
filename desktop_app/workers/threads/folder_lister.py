"""Listing folders in the background, for the dialog that chooses files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.folder_listing import complete, list_entries
from desktop_app.workers.threads.task import Lane

if TYPE_CHECKING:
    from desktop_app.core.foundation.folder_listing import ListingWish


class FolderLister(QObject):
    """Lists one folder at a time; a newer request drops an older one.

    Signals:
        named: The `ListingWish` and its entries in order, still without size and time; not for every order.
        listed: The `ListingWish` and its entries.
        failed: The `ListingWish` and the `Reason`.
        completed: The typed beginning of a path, and the paths that it may become.
    """

    named = Signal(object, object)
    listed = Signal(object, object)
    failed = Signal(object, object)
    completed = Signal(str, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lane = Lane("file dialog", self, needs=_nothing)
        self._listing = CancelSource()
        self._completing = CancelSource()

    def ask(self, wish: ListingWish) -> None:
        """List a folder; `listed` or `failed` follows."""
        self._listing.cancel()
        self._listing = CancelSource()
        token = self._listing.token
        self._lane.do(
            list_entries,
            wish,
            token,
            work="The listing",
            on_progress=partial(self.named.emit, wish),
            on_result=partial(self.listed.emit, wish),
            on_failure=partial(self.failed.emit, wish),
            cancel=token,
        )

    def ask_completions(self, typed: str, *, folders_only: bool) -> None:
        """Look for what a path may become that is being typed; `completed` follows."""
        self._completing.cancel()
        self._completing = CancelSource()
        token = self._completing.token
        self._lane.do(
            complete,
            typed,
            folders_only,
            token,
            work="The completion",
            on_result=partial(self.completed.emit, typed),
            cancel=token,
        )

    def stop(self, seconds: float = 1.0) -> bool:
        """Drop all requests and end the thread; returns whether it ended in time."""
        self._listing.cancel()
        self._completing.cancel()
        return self._lane.stop(seconds)


def _nothing() -> None:
    """What its functions need is imported with this module."""
