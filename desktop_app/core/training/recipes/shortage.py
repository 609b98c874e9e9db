"""Whether there are pictures enough for a recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.core.training.recipes.recipe import Recipe

FEW = 20
"""Pictures of a class; below it, the figures of a model are uncertain enough to say so."""

_MOST_NAMED = 5


def shortage(recipe: Recipe, report: DatasetReport) -> Reason | None:
    """Say how many pictures are missing, and in which classes; None when there are enough.

    Pictures of a test set of its own do not count, nor do classes that have no training pictures at all: they
    are not learnt.
    """
    short = [
        f"{entry.name} needs {counted(recipe.least - have, 'more picture')} (has {have})"
        for entry in report.learnt
        if (have := entry.total - entry.test) < recipe.least
    ]
    if not short:
        return None
    more = len(short) - _MOST_NAMED
    listed = "; ".join(short[:_MOST_NAMED])
    if more > 0:
        listed += f"; and {counted(more, 'other class', 'other classes')}"
    return Reason(
        f"Too few pictures: {listed}.",
        f"{recipe.name} trains from {recipe.least} pictures per class on.",
    )


def caution(report: DatasetReport) -> str:
    """What to expect of very few pictures, as a sentence; empty when there are more."""
    fewest = min((entry.total for entry in report.learnt), default=0)
    if fewest >= FEW:
        return ""
    return (
        f"Only {counted(fewest, 'picture')} in the smallest class: this works, but the measured accuracy is "
        "uncertain. Its likely range is shown with it."
    )
