"""Requests of which the newest are served first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from desktop_app.workers.threads.task import Lane


class Wishes:
    """Gives a lane one request at a time, so that newer ones overtake those that wait.

    Args:
        lane: Serves them.
        function: Called in the lane's thread with each request.
        most: Requests that may wait; older ones are forgotten.
        more: What to call and say in addition; see `Task`.
    """

    def __init__(self, lane: Lane, function: Callable[..., object], most: int = 1, **more: Any) -> None:
        self._lane = lane
        self._function = function
        self._most = most
        self._more = more
        self._waiting: list[Hashable] = []
        self._busy = False

    def ask(self, *requests: Hashable) -> None:
        """Want these, in this order and before all that were wanted earlier."""
        new = dict.fromkeys(requests)
        self._waiting = [earlier for earlier in self._waiting if earlier not in new]
        self._waiting += reversed(new)  # the next one is the last, where it is cheap to take
        del self._waiting[: -self._most]
        self._advance()

    def clear(self) -> None:
        """Forget all that wait."""
        self._waiting.clear()

    def _advance(self) -> None:
        if self._waiting and not self._busy:
            self._busy = True
            self._lane.do(self._function, self._waiting.pop(), on_end=self._on_end, **self._more)

    def _on_end(self) -> None:
        self._busy = False
        self._advance()
