"""A fit that trains nothing, for tests of the command that starts one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.training.records.events import (
    BatchEnded,
    EpochEnded,
    Finished,
    Started,
    Warned,
)
from desktop_app.core.training.records.result import TrainingResult
from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation
from tests.core.training.epochs import epoch

STARTED = Started(
    *("2026-05-04-mlp", "pets", Path("/runs/r"), "mlp", "classification", ("cats", "dogs")),
    *(4, 1, 1, 2, 3, (), 1234, "dense", "CPU"),
)
EPOCH = epoch(loss=0.61, accuracy=0.7, val_loss=float("nan"), val_accuracy=0.5)
CONFUSION = Confusion.from_rows(((4, 1), (2, 3)))
FIGURES = {"accuracy": 0.7, "balanced_accuracy": CONFUSION.balanced_accuracy, "macro_f1": CONFUSION.macro_f1}
EVALUATION = ClassificationEvaluation(
    "classification", "test", 10, FIGURES, 3, CONFUSION, (), ("cats", "dogs")
)
FINISHED = TrainingResult(
    "finished",
    "2026-05-04-mlp",
    "pets",
    "pets-mlp",
    1,
    1,
    EVALUATION,
    Reason("pets is trained."),
    seconds=3.0,
)


class FakeFit:
    """Plays a fit; `result` is how it ends, and `meanwhile` happens in the middle of it."""

    def __init__(self):
        self.result = FINISHED
        self.meanwhile = lambda: None
        self.config = self.resumed = self.token = None

    def train(self, config, on_event, token, *, make_executor):
        self.config, self.make_executor = config, make_executor
        return self._play(on_event, token)

    def resume(self, run_id, on_event, token, *, make_executor):
        self.resumed, self.make_executor = run_id, make_executor
        return self._play(on_event, token)

    def _play(self, on_event, token):
        self.token = token
        on_event(STARTED)
        on_event(BatchEnded(1, 1, 2, {"loss": 0.7, "accuracy": 0.5}, 800.0, 12.0))
        self.meanwhile()
        on_event(EpochEnded(EPOCH, best=True))
        on_event(Warned("One picture has vanished."))
        result = self.result
        if token.cancelled:
            result = replace(result, status="cancelled", model_id=None, evaluation=None)
        elif token.interrupted:
            result = replace(result, status="interrupted", model_id=None, evaluation=None)
        elif token.stopping:
            result = replace(result, status="stopped")
        on_event(Finished(result))
        return result
