"""Facts about the app itself: the licences of its components, and whether there is a newer version."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.thread import stop_all

if TYPE_CHECKING:
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.installation.licences import Component
    from desktop_app.core.installation.updates import UpdateAnswer


class AboutService(QObject):
    """Reads licences and asks for updates, each in a lane of its own.

    Signals:
        licences_listed: ``tuple[Component, ...]``.
        licence_read: The `Component` and its licence texts.
        licences_failed: The `Reason` why there is no list.
        update_checked: `UpdateAnswer`.
        update_failed: The `Reason`.
    """

    licences_listed = Signal(object)
    licence_read = Signal(object, str)
    licences_failed = Signal(object)
    update_checked = Signal(object)
    update_failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._check = CancelSource()
        # Two lanes: a slow server must not hold up the licences.
        self._licences = Lane("licences", self)
        self._updates = Lane("updates", self)

    def list_licences(self) -> None:
        """List all components; `licences_listed` or `licences_failed` follows."""
        self._licences.do(
            _list_licences,
            work="Listing the licences",
            on_result=self.licences_listed.emit,
            on_failure=self.licences_failed.emit,
        )

    def read_licence(self, component: Component) -> None:
        """Read the texts of a component; `licence_read` follows."""
        self._licences.do(_read_licence, component, on_result=partial(self.licence_read.emit, component))

    def check_for_updates(self, url: str) -> None:
        """Check an address for the newest version; an earlier check is dropped."""
        self.cancel_check()
        self._check = CancelSource()
        self._updates.do(
            _check_for_updates,
            url,
            self._check.token,
            work="The check for updates",
            on_result=self.update_checked.emit,
            on_failure=self.update_failed.emit,
            cancel=self._check.token,
        )

    def cancel_check(self) -> None:
        """Drop the check; no result follows."""
        self._check.cancel()

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Cancel, and end the threads.

        Returns:
            Whether both have ended; opening a connection cannot be interrupted.
        """
        self.cancel_check()
        return stop_all((self._licences, self._updates), seconds)


def _list_licences() -> tuple[Component, ...]:
    from desktop_app.core.installation.licences import components

    return components()


def _read_licence(component: Component) -> str:
    from desktop_app.core.installation.licences import read_text

    return read_text(component)


def _check_for_updates(url: str, cancel: CancelToken) -> UpdateAnswer:
    from desktop_app.core.installation.updates import check_for_updates

    return check_for_updates(url, cancel=cancel)
