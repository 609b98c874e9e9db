"""Doing work ahead of whoever takes its results: in other threads, in order, and a bounded way only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from itertools import islice
from typing import TYPE_CHECKING, Generic, ParamSpec, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

Item = TypeVar("Item")
Result = TypeVar("Result")
P = ParamSpec("P")

MakeExecutor = Callable[[int], Executor]
"""From a number of threads to an executor with so many; `Ahead` and its like shut it down."""


class InPlace(Executor):
    """Runs each call where it is submitted: for callers that have no threads to give.

    Args:
        count: As other executors take it; there is always one thread, the caller's.
    """

    def __init__(self, count: int = 1) -> None:
        del count

    def submit(self, call: Callable[P, Result], /, *args: P.args, **kwargs: P.kwargs) -> Future[Result]:
        """Run a call; what it raises is in the future."""
        future: Future[Result] = Future()
        try:
            future.set_result(call(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as every executor does
            future.set_exception(error)
        return future


class Ahead(Generic[Item, Result]):
    """Calls a function for items in the threads of an executor of its own, and gives the results in order.

    At most ``depth`` items are at work or have results that nobody took, so memory stays flat however quick
    the threads and however slow the taker is. A context manager: at its end nothing new begins, calls that
    run are waited for, and the threads are gone.
    """

    def __init__(
        self, make_executor: MakeExecutor, parallel: int, call: Callable[[Item], Result], *, depth: int
    ) -> None:
        """Begin no work yet.

        Args:
            make_executor: Makes the threads.
            parallel: Items to work on at the same time.
            call: Called by several threads at a time. What it raises is raised by the future of its item.
            depth: Items to hold at most, done or being done; more are never taken at once.
        """
        self._executor = make_executor(parallel)
        self._call = call
        self._depth = depth
        self._waiting: deque[Item] = deque()
        self._out: deque[Future[Result]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.clear()
        self._out.clear()
        self._executor.shutdown(cancel_futures=True)

    @property
    def pending(self) -> int:
        """Items that were added and whose results were not taken."""
        return len(self._waiting) + len(self._out)

    def add(self, items: Iterable[Item]) -> None:
        """Give more items to work on."""
        self._waiting.extend(items)

    def take(self, count: int, seconds: float | None = None) -> list[Future[Result]]:
        """Wait for the next results, while the threads work on the items after them.

        Args:
            count: Results to take at most; no more than ``depth``.
            seconds: How long to wait at most; as long as it takes by default.

        Returns:
            Futures that are done, in the order in which their items were added: ``count`` of them or as many
            as are pending, or those done when the time was over.
        """
        self._hand_out()
        wanted = list(islice(self._out, count))
        wait(
            wanted, seconds
        )  # once for all: a taker that wakes for each takes Python's lock from the threads
        done: list[Future[Result]] = []
        while len(done) < len(wanted) and self._out[0].done():
            done.append(self._out.popleft())
        self._hand_out()
        return done

    def _hand_out(self) -> None:
        while self._waiting and len(self._out) < self._depth:
            self._out.append(self._executor.submit(self._call, self._waiting.popleft()))
