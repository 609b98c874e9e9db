"""Pausing and ending work from another thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable


class WorkToken:
    """The side that the work sees: it can read what is requested, but not request anything."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._cancelled = self._paused = False

    @property
    def cancelled(self) -> bool:
        """Whether the work is not wanted any more."""
        return self._cancelled

    @property
    def stopping(self) -> bool:
        """Whether to end now, for whichever reason."""
        return self.cancelled

    @property
    def paused(self) -> bool:
        """Whether to wait between two batches."""
        return self._paused and not self.stopping

    def wait_while_paused(self) -> None:
        """Return at once unless the work is paused, else when it is resumed or stopped."""
        self.wait_until(lambda: not self.paused)

    def wait_until(self, wanted: Callable[[], bool], seconds: float | None = None) -> None:
        """Return once a request makes ``wanted()`` true, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(wanted, seconds)


Token = TypeVar("Token", bound=WorkToken)


class WorkControl(Generic[Token]):
    """The side that the requester keeps; every method may be called from any thread, any number of times."""

    def __init__(self, make_token: Callable[[threading.Condition], Token]) -> None:
        # Reentrant, since a signal's handler may make a request while its own thread is in here.
        self._changed = threading.Condition(threading.RLock())
        self.token = make_token(self._changed)

    def cancel(self) -> None:
        """End after the present batch."""
        self._set("_cancelled", value=True)

    def pause(self) -> None:
        """Hold after the present batch."""
        self._set("_paused", value=True)

    def unpause(self) -> None:
        """Resume."""
        self._set("_paused", value=False)

    def _set(self, name: str, *, value: bool) -> None:
        with self._changed:
            setattr(self.token, name, value)
            self._changed.notify_all()
