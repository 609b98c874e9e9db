"""Pausing and cancelling a job from another thread."""

from __future__ import annotations

import threading


class BatchToken:
    """The side that a job sees: it can ask what is wanted of it, but not order anything."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._cancelled = self._paused = False

    @property
    def cancelled(self) -> bool:
        """Whether to end now; what is answered is kept, and the job can go on later."""
        return self._cancelled

    @property
    def paused(self) -> bool:
        """Whether to wait between two batches."""
        return self._paused and not self._cancelled

    def wait_while_paused(self) -> None:
        """Return at once when nothing holds the job, else when it goes on or is cancelled."""
        with self._changed:
            self._changed.wait_for(lambda: not self.paused)


class BatchControl:
    """The side that the requester keeps; every method may be called from any thread, any number of times."""

    def __init__(self) -> None:
        # Reentrant, since a signal's handler may cancel while its own thread is in here.
        self._changed = threading.Condition(threading.RLock())
        self.token = BatchToken(self._changed)

    def cancel(self) -> None:
        """End after the present batch."""
        self._set("_cancelled", value=True)

    def pause(self) -> None:
        """Hold after the present batch."""
        self._set("_paused", value=True)

    def unpause(self) -> None:
        """Go on."""
        self._set("_paused", value=False)

    def _set(self, name: str, *, value: bool) -> None:
        with self._changed:
            setattr(self.token, name, value)
            self._changed.notify_all()


UNCONTROLLED = BatchControl().token
"""A token that nobody pauses or cancels."""
