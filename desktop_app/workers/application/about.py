"""Facts about the app itself: the licences of its components, and whether there is a newer version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, SightlineError
from desktop_app.workers.threads.thread import WorkerThread, stop_all

if TYPE_CHECKING:
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.installation.licences import Component


class AboutService(QObject):
    """Reads licences and asks for updates, each in a thread that starts with the first request.

    Signals:
        licences_listed: ``tuple[Component, ...]``.
        licence_read: The `Component` and its licence texts.
        licences_failed: The reason why there is no list, as a sentence.
        update_checked: `UpdateAnswer`.
        update_failed: A `SightlineError`.
    """

    licences_listed = Signal(object)
    licence_read = Signal(object, str)
    licences_failed = Signal(str)
    update_checked = Signal(object)
    update_failed = Signal(object)

    _list_requested = Signal()
    _read_requested = Signal(object)
    _check_requested = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._check = CancelSource()
        # Two threads: a server that does not answer must not hold up the licences.
        self._reading = WorkerThread("licences", self)
        reader = self._reading.adopt(_LicenceReader())
        self._list_requested.connect(reader.list_all)
        self._read_requested.connect(reader.read)
        reader.listed.connect(self.licences_listed)
        reader.read_out.connect(self.licence_read)
        reader.failed.connect(self.licences_failed)
        self._asking = WorkerThread("updates", self)
        asker = self._asking.adopt(_UpdateAsker())
        self._check_requested.connect(asker.ask)
        asker.answered.connect(self._on_answered)
        asker.failed.connect(self._on_failed)

    def list_licences(self) -> None:
        """List all components; `licences_listed` or `licences_failed` follows."""
        self._reading.start()  # does nothing when it runs
        self._list_requested.emit()

    def read_licence(self, component: Component) -> None:
        """Read the texts of a component; `licence_read` follows."""
        self._reading.start()
        self._read_requested.emit(component)

    def check_for_updates(self, url: str) -> None:
        """Check an address for the newest version; an earlier check is dropped."""
        self.cancel_check()
        self._check = CancelSource()
        self._asking.start()
        self._check_requested.emit(url, self._check.token)

    def cancel_check(self) -> None:
        """Drop the check; no result follows."""
        self._check.cancel()

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Cancel, and end the threads.

        Returns:
            Whether both have ended; opening a connection cannot be interrupted.
        """
        self.cancel_check()
        return stop_all((self._reading, self._asking), seconds)

    @Slot(object, object)
    def _on_answered(self, token: CancelToken, answer: object) -> None:
        if token is self._check.token and not token.cancelled:
            self.update_checked.emit(answer)

    @Slot(object, object)
    def _on_failed(self, token: CancelToken, error: object) -> None:
        if token is self._check.token and not token.cancelled:
            self.update_failed.emit(error)


class _LicenceReader(QObject):
    """Wraps `desktop_app.core.installation.licences`."""

    listed = Signal(object)
    read_out = Signal(object, str)
    failed = Signal(str)

    @Slot()
    def list_all(self) -> None:
        from desktop_app.core.installation.licences import components

        try:
            self.listed.emit(components())
        except SightlineError as error:
            self.failed.emit(error.reason.sentence)

    @Slot(object)
    def read(self, component: Component) -> None:
        from desktop_app.core.installation.licences import read_text

        self.read_out.emit(component, read_text(component))


class _UpdateAsker(QObject):
    """Wraps `check_for_updates`; each result carries the token of its request."""

    answered = Signal(object, object)
    failed = Signal(object, object)

    @Slot(str, object)
    def ask(self, url: str, token: CancelToken) -> None:
        from desktop_app.core.installation.updates import check_for_updates

        try:
            self.answered.emit(token, check_for_updates(url, cancel=token))
        except Cancelled:
            pass
        except SightlineError as error:
            self.failed.emit(token, error)
