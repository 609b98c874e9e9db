"""All tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.text import printable
from desktop_app.core.training.task.classification import CLASSIFICATION
from desktop_app.core.training.task.multi_label import MULTI_LABEL

if TYPE_CHECKING:
    from desktop_app.core.training.task.task import Task

TASKS: tuple[Task, ...] = (CLASSIFICATION, MULTI_LABEL)


def get(kind: str) -> Task:
    """Find a task.

    Raises:
        SightlineError: There is no task of this kind; the known ones are listed.
    """
    for task in TASKS:
        if task.kind == kind:
            return task
    known = ", ".join(task.kind for task in TASKS)
    raise SightlineError(f"There is no task '{printable(kind)}'.", f"The tasks are: {known}.")
