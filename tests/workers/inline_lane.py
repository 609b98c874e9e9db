"""A lane without a thread: it does each task at once, and raises what a lane gives to the excepthook."""

from __future__ import annotations

from functools import partial

from desktop_app.workers.threads.task import Task, _Runner


class InlineLane:
    """Stands in for a `Lane`."""

    def do(self, function, *arguments, **more):
        task = Task(function=partial(function, *arguments), needs=lambda: None, **more)
        runner = _Runner()
        runner.told.connect(lambda _task, call: call())
        runner.run(task)
