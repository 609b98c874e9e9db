"""The task of a run, with its recipe's choice of the best epoch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.training.recipes import catalogue as recipes
from desktop_app.core.training.task import catalogue as tasks

if TYPE_CHECKING:
    from desktop_app.core.training.task.task import Task


def task_of(kind: str, recipe_id: str, *, unbalanced: bool = False) -> Task:
    """Find the task that a run learns.

    Args:
        kind: Kind of the task.
        recipe_id: Id of the recipe; one that does not exist any more changes nothing.
        unbalanced: Whether the classes are out of balance, which the task then decides by.

    Raises:
        SightlineError: The task is unknown.
    """
    task = tasks.get(kind)
    if unbalanced and task.unbalanced is not None:
        return task.unbalanced
    try:
        best = recipes.get(recipe_id).best
    except SightlineError:
        return task
    return replace(task, best=best) if best else task
