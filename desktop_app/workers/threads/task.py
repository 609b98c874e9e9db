"""The one way to run work in the background: a lane does one task after the other in a thread of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_picture_modules
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.errors import Cancelled, Reason, SightlineError
from desktop_app.workers.threads.thread import WorkerThread

if TYPE_CHECKING:
    from collections.abc import Callable

    Needs = Callable[[], None]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Task:
    """What to do in the lane's thread, and what to call then in its owner's; `on_end` comes in any case."""

    function: Callable[..., object]
    needs: Needs
    work: str = "The work"  # begins the sentence about a failure: "The export was stopped."
    advice: str = ""  # after a defect
    on_progress: Callable[..., object] | None = None  # the function gets what calls it as `on_progress`
    on_result: Callable[..., object] | None = None
    on_failure: Callable[[Reason], object] | None = None
    on_end: Callable[[], object] | None = None
    cancel: CancelToken = NEVER  # keeps the task from starting, and drops all its calls but `on_end`


class Lane(WorkerThread):
    """A thread that begins with its first task, after `needs` has imported what all of them need."""

    _asked = Signal(object)

    def __init__(self, name: str, parent: QObject, needs: Needs = import_picture_modules) -> None:
        super().__init__(name, parent)
        self._needs = needs
        runner = self.adopt(_Runner())
        self._asked.connect(runner.run)
        runner.told.connect(self._on_told)  # a lambda would be called in the lane's thread

    def do(self, function: Callable[..., object], *arguments: object, **more: Any) -> None:
        """Queue a call of a function, unless the thread was stopped; `Task` lists the keywords."""
        self._asked.emit(Task(function=partial(function, *arguments), needs=self._needs, **more))
        self.begin()

    @Slot(object, object)
    def _on_told(self, task: Task, call: Callable[[], object]) -> None:
        if call is task.on_end or not task.cancel.cancelled:
            call()


class _Runner(QObject):
    told = Signal(object, object)

    @Slot(object)
    def run(self, task: Task) -> None:
        def tell(callback: Callable[..., object] | None, *values: object) -> None:
            if callback is not None:
                self.told.emit(task, partial(callback, *values) if values else callback)

        try:
            if not task.cancel.cancelled:
                task.needs()
                progress = {"on_progress": partial(tell, task.on_progress)} if task.on_progress else {}
                tell(task.on_result, task.function(**progress))
        except Cancelled:
            tell(task.on_failure, Reason(f"{task.work} was stopped."))
        except SightlineError as error:
            tell(task.on_failure, error.reason)
        except Exception as error:
            tell(task.on_failure, Reason.of_defect(task.work, error, task.advice))
            raise  # a defect: the excepthook opens the crash dialog, the thread lives on
        finally:
            tell(task.on_end)
