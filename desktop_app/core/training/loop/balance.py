"""Classes that are out of balance, where "always the commonest class" would have a high accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.classify.confusion import out_of_balance
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from desktop_app.core.training.loop.pictures import Pictures
    from desktop_app.core.training.loop.session import Session
    from desktop_app.core.training.records.progress import Progress


def weigh(session: Session, pictures: Pictures, progress: Progress) -> None:
    """Have every class count the same in a new run whose training pictures are out of balance.

    A run that was begun keeps what it began with: its epochs have no other figures.

    Raises:
        StorageError: The choice cannot be written.
    """
    if (
        session.task.unbalanced is not None
        and not progress.begun
        and out_of_balance(pictures.counts("train"))
    ):
        session.weigh_classes_alike()


def imbalance(pictures: Pictures) -> str:
    """Say what it means for the choice of the best epoch."""
    counts = pictures.counts("train")
    there = np.flatnonzero(counts)
    largest, smallest = there[counts[there].argmax()], there[counts[there].argmin()]
    return (
        f"The classes are out of balance: {pictures.classes[largest]} has "
        f"{counted(int(counts[largest]), 'training picture')}, {pictures.classes[smallest]} "
        f"{int(counts[smallest]):,}. The epoch with the highest balanced accuracy is kept: in it every class "
        "counts the same."
    )
