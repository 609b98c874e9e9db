"""``sightline --screenshot FILE``: the window with classified pictures, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QObject, QTimer, Signal, Slot

from desktop_app.core.foundation.errors import SightlineError, StorageError
from desktop_app.core.foundation.files import write_whole
from desktop_app.workers.classify.messages import ItemState, ModelStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.images.sources import Source
    from desktop_app.ui.desktop import Desktop

LIMIT_SECONDS = 180
"""A cold start of TensorFlow on a slow disk takes up to a minute."""
_QUIET_MS = 400
"""Milliseconds without a change before the picture is taken: previews and thumbnails come last."""


class ScreenshotError(SightlineError):
    """The window did not reach the state to be shown."""


class Screenshot(QObject):
    """Opens pictures, waits until all are classified and drawn, and saves what the window shows.

    Signals:
        ended: None, or the `SightlineError` why no picture was taken.
    """

    ended = Signal(object)

    def __init__(self, desktop: Desktop, path: Path, limit_seconds: float = LIMIT_SECONDS) -> None:
        super().__init__(desktop)
        self._desktop = desktop
        self._path = path
        self._limit_seconds = limit_seconds
        self._limit, self._quiet = QTimer(self), QTimer(self)
        for timer, slot in ((self._limit, self._on_limit), (self._quiet, self._on_quiet)):
            timer.setSingleShot(True)
            timer.timeout.connect(slot)
        session = desktop.session
        for signal in (
            session.items_added,
            session.item_changed,
            session.preview_ready,
            session.thumbnail_ready,
            session.progress_changed,
            desktop.devices.status_changed,
        ):
            signal.connect(self._on_changed)
        session.model_changed.connect(self._on_model_changed)

    def start(self, sources: Sequence[Source], pane: str = "") -> None:
        """Open the window with these pictures on a pane; `ended` follows."""
        self._limit.start(round(self._limit_seconds * 1000))
        self._desktop.open(sources, pane)

    @Slot()
    def _on_changed(self) -> None:
        if self._limit.isActive():
            self._quiet.start(_QUIET_MS)

    @Slot(object)
    def _on_model_changed(self, status: ModelStatus) -> None:
        if status.reason is not None:
            self._end(ScreenshotError(status.reason.text, status.reason.advice))
        self._on_changed()

    @Slot()
    def _on_quiet(self) -> None:
        items = self._desktop.session.items()
        if not items or any(item.state is ItemState.WAITING for item in items):
            return
        if self._desktop.devices.status is None:
            return
        # The self-test learns from this whether all panes can be made; one that cannot ends this process.
        self._desktop.window.make_panes()
        try:
            self._save()
        except StorageError as error:
            self._end(error)
        else:
            self._end(None)

    @Slot()
    def _on_limit(self) -> None:
        items = self._desktop.session.items()
        waiting = sum(item.state is ItemState.WAITING for item in items)
        self._end(
            ScreenshotError(
                f"{waiting} of {len(items)} pictures were not classified within "
                f"{self._limit_seconds:.0f} seconds.",
                "Check with 'sightline doctor' that TensorFlow and the models work.",
            )
        )

    def _end(self, error: SightlineError | None) -> None:
        self._limit.stop()
        self._quiet.stop()
        self.ended.emit(error)

    def _save(self) -> None:
        picture = self._desktop.window.grab()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        ending = self._path.suffix.removeprefix(".").upper()
        if not picture.save(buffer, ending or "PNG"):
            raise StorageError(
                f"{self._path} cannot be written: '{ending}' is not a picture format.", "Use .png."
            )
        write_whole(self._path, bytes(buffer.data().data()))
