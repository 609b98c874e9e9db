"""How a run ended, with words for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.training.task.evaluation import Evaluation

EndStatus = Literal["finished", "stopped", "cancelled", "failed", "interrupted"]
"""Ends of a run: the states of `run_record.RunState`, and ``cancelled``, which leaves no record."""


@dataclass(frozen=True, slots=True)
class Retry:
    """A change of the hyper-parameters that may make a failed run succeed.

    Attributes:
        label: Text of the button: "Try again with batches of 16".
        changes: Hyper-parameters by name, as `Hyperparameters.changed` takes them.
    """

    label: str
    changes: dict[str, bool | int | float | str]


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """The end of a run.

    Attributes:
        status: ``finished``: after all epochs or early stopping; ``stopped``: by the user, with the best
            epoch kept; ``cancelled``: discarded; ``failed``; ``interrupted``: the program was closed or
            killed, and the run can be resumed.
        run_id: Id of the run; its folder is gone when it was cancelled.
        name: Readable name of the run and its model.
        model_id: Id in the library; None when there is no model.
        epochs: Number of finished epochs.
        best_epoch: Number of the best epoch, from 1; None when there is none.
        evaluation: Evaluation of the model; None without a model or pictures to evaluate on.
        reason: What happened, and what to do next.
        retry: Changes to try after a failure.
        seconds: Duration, pauses included.
        problem: Why the kept model was not evaluated, as a sentence; empty when it was, or there was nothing
            to evaluate it on.
    """

    status: EndStatus
    run_id: str
    name: str
    model_id: str | None
    epochs: int
    best_epoch: int | None
    evaluation: Evaluation | None
    reason: Reason
    retry: tuple[Retry, ...] = ()
    seconds: float = 0.0
    problem: str = ""

    @property
    def headline(self) -> str:
        """What happened, in a few words: "Finished, 25 epochs"."""
        epochs = counted(self.epochs, "epoch")
        match self.status:
            case "finished":
                return f"Finished, {epochs}"
            case "cancelled":
                return "Training discarded"
            case _:
                what = self.status.capitalize()
                return f"{what} after {epochs}" if self.epochs else what
