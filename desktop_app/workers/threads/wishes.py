"""Requests of which the newest come first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from desktop_app.workers.threads.task import Lane


class Wishes:
    """Hands a lane one request at a time, so that a newer request overtakes older ones.

    Args:
        lane: The lane that serves them.
        function: The function that is called in the lane's thread with each request.
        work: The work, as in `Task`.
        on_result: The receiver of a request and the function's result.
        on_failure: The receiver of a request and the `Reason` of its failure.
        most: The number of requests that may wait; older ones are dropped.
    """

    def __init__(
        self,
        lane: Lane,
        function: Callable[..., object],
        *,
        on_result: Callable[..., object],
        on_failure: Callable[..., object] | None = None,
        work: str = "The work",
        most: int = 1,
    ) -> None:
        self._lane = lane
        self._function = function
        self._on_result = on_result
        self._on_failure = on_failure
        self._work = work
        self._most = most
        self._waiting: list[Hashable] = []
        self._busy = False

    def ask(self, *requests: Hashable) -> None:
        """Request these, in this order and before all that were requested earlier."""
        new = dict.fromkeys(requests)
        self._waiting = [earlier for earlier in self._waiting if earlier not in new]
        self._waiting += reversed(new)  # the next one is the last, where it is cheap to take
        del self._waiting[: -self._most]
        self._advance()

    def clear(self) -> None:
        """Drop all waiting requests."""
        self._waiting.clear()

    def _advance(self) -> None:
        if self._waiting and not self._busy:
            self._busy = True
            request = self._waiting.pop()
            self._lane.do(
                self._function,
                request,
                work=self._work,
                on_result=partial(self._on_result, request),
                on_failure=partial(self._on_failure, request) if self._on_failure else None,
                on_end=self._on_end,
            )

    def _on_end(self) -> None:
        self._busy = False
        self._advance()
