"""Stopping, cancelling and pausing a fit from another thread."""

from __future__ import annotations

import threading


class ControlToken:
    """The side that a fit sees: it can ask what is wanted of it, but not order anything."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._stopping = self._cancelled = self._interrupted = self._paused = False

    @property
    def cancelled(self) -> bool:
        """Whether the run is to be thrown away."""
        return self._cancelled

    @property
    def interrupted(self) -> bool:
        """Whether to end now, so that the run can be resumed later."""
        return self._interrupted

    @property
    def stopping(self) -> bool:
        """Whether to end now, for whichever reason; by itself, to keep the best so far."""
        return self._stopping or self._cancelled or self._interrupted

    @property
    def paused(self) -> bool:
        """Whether to wait between two batches."""
        return self._paused and not self.stopping

    def wait_while_paused(self) -> None:
        """Return at once when nothing holds the fit, else when it goes on, stops or is cancelled."""
        with self._changed:
            self._changed.wait_for(lambda: not self.paused)


class TrainingControl:
    """The side that the requester keeps; every method may be called from any thread, any number of times."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.token = ControlToken(self._changed)

    def stop(self) -> None:
        """End at the next batch and keep the best epoch so far as a model."""
        self._set("_stopping", value=True)

    def cancel(self) -> None:
        """End at the next batch and throw the run away."""
        self._set("_cancelled", value=True)

    def interrupt(self) -> None:
        """End at the next batch and leave the run as it is, to be resumed."""
        self._set("_interrupted", value=True)

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
