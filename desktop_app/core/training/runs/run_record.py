"""``run.json``: what a run is and how far it has come."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.migration import VERSION_KEY, DocumentKind
from desktop_app.core.training.settings.config import TrainingConfig


def _with_task(record: dict[str, Any]) -> dict[str, Any]:
    config = record.get("config")
    if isinstance(config, dict):
        record["config"] = config | {VERSION_KEY: 2, "task": "classification"}
    return record


RUN = DocumentKind((_with_task,))
"""Version 2 names the task in its configuration."""

RunState = Literal["running", "finished", "stopped", "failed", "interrupted"]
"""``stopped``: ended early by the user, with its best epoch kept as a model; ``interrupted``: killed or
closed, can be resumed. Cancelled runs leave nothing."""


class RunRecord(BaseModel):
    """The contents of ``run.json``, replaced whole at every change.

    Attributes:
        run_id: Name of the folder.
        name: Readable name; renaming changes only this.
        state: State as last written; a ``running`` run whose lock no process holds is interrupted.
        created: Time of the start, UTC, ISO 8601.
        ended: Time of the end, UTC, ISO 8601; empty until then.
        classes: Names in label order.
        train: Number of training pictures.
        validation: Number of validation pictures.
        test: Number of test pictures.
        corrections: Number of pictures that the user had relabeled or excluded.
        parameters: Parameters of the network.
        device: Device in words.
        environment: Versions of Python and the libraries, and the platform.
        epochs_done: Number of finished epochs.
        best_epoch: Number of the best epoch, from 1; None when there is none yet.
        metrics: Figures of the best epoch and of the evaluation, by their names: those of the task, with
            ``val_`` or ``test_`` before it.
        model_id: Id of the run's model in the library.
        chosen: Settings that the run chose by itself where its configuration leaves them open.
        choice: How it chose, in a few words; may be empty.
        unbalanced: Whether the classes are out of balance, and the balanced accuracy chooses the best epoch.
        message: How it ended, as a sentence.
        advice: What to do next; may be empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[2] = 2
    run_id: str
    name: str
    config: TrainingConfig
    state: RunState = "running"
    created: str
    ended: str = ""
    classes: tuple[str, ...] = ()
    train: int = 0
    validation: int = 0
    test: int = 0
    corrections: int = 0
    parameters: int = 0
    device: str = ""
    environment: dict[str, str] = {}
    epochs_done: int = 0
    best_epoch: int | None = None
    metrics: dict[str, float] = {}
    model_id: str | None = None
    chosen: dict[str, str] = {}
    choice: str = ""
    unbalanced: bool = False
    message: str = ""
    advice: str = ""

    @property
    def reason(self) -> Reason:
        """How it ended, and what to do next."""
        return Reason(self.message, self.advice)
