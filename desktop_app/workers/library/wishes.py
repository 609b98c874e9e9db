"""What the user says about a model that is imported, from one question to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.core.networks.outputs import Task
    from desktop_app.core.trial.messages import TrialInput


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user said so far; None leaves it to the file, or to a question.

    Attributes:
        name: The name of the model.
        labels: The names of its outputs.
        given: How it gets its pictures.
        task: What its outputs are for.
        units: The unit of each amount.
    """

    name: str | None = None
    labels: tuple[str, ...] | None = None
    given: TrialInput | None = None
    task: Task | None = None
    units: tuple[str, ...] = ()
