"""Stopping work from another thread."""

from __future__ import annotations

import threading

from desktop_app.core.foundation.errors import Cancelled


class CancelToken:
    """The side that a job sees: it can check whether to stop, but not stop anything."""

    def __init__(self, event: threading.Event) -> None:
        self._event = event

    @property
    def cancelled(self) -> bool:
        """Whether the work should end."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` once the work should end."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Pause for up to ``seconds``; return at once, and True, when cancelled."""
        return self._event.wait(seconds)


class CancelSource:
    """The side that the requester keeps; `cancel` may be called from any thread, any number of times."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.token = CancelToken(self._event)

    def cancel(self) -> None:
        """Ask the job to end at its next check."""
        self._event.set()


NEVER = CancelSource().token
"""A token that is never cancelled, for callers that do not cancel."""
