"""Several labels at once: each is right or wrong by itself, and a picture may have any number of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.training.task.mean_precision import mean_precision
from desktop_app.core.training.task.metric import LOSS, Metric
from desktop_app.core.training.task.multi_label_evaluation import MultiLabelEvaluation, evaluate
from desktop_app.core.training.task.task import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras
    from numpy.typing import NDArray

    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.task.evaluation import Evaluation
    from desktop_app.core.training.task.task import Predicted

MEAN_AP = Metric("mean_ap", "mean AP", higher_is_better=True, format="percent", word="mean AP")
"""Mean over the labels of the average precision: of how well their pictures come first."""


def _final(name: str, label: str) -> Metric:
    return Metric(name, label, higher_is_better=True, format="percent", each_epoch=False, word=label)


METRICS = (
    LOSS,
    MEAN_AP,
    _final("macro_f1", "macro F1"),
    _final("micro_f1", "micro F1"),
    _final("exact_match", "exact match"),
    _final("macro_auc", "mean AUC"),
)


def label_loss(smoothing: float = 0.0) -> keras.losses.Loss:
    """Make the loss: the negative log-likelihood of all labels of a picture.

    That is the sum over the labels of the binary cross-entropy, not their mean: its slopes are as large as
    those of the cross-entropy of one class, so that rates and penalties suit both. Weights may be those of
    each picture and label, ``(N, labels)``.

    Args:
        smoothing: Share by which truths are moved from 0 and 1 toward one half.
    """
    import keras
    from keras import ops

    class LabelLoss(keras.losses.Loss):  # type: ignore[misc]
        def call(self, truth: Any, predictions: Any) -> Any:
            target = truth * (1 - smoothing) + 0.5 * smoothing
            # Keras takes the mean over pictures and labels.
            return ops.binary_crossentropy(target, predictions) * truth.shape[-1]

    return LabelLoss(name="label_loss")


def compile_model(
    model: keras.Model, optimizer: keras.optimizers.Optimizer, values: Hyperparameters, label_count: int
) -> None:
    """Give a network its optimiser, the loss of labels and the metric ``mean_ap``.

    Args:
        model: The network to compile; its outputs are probabilities ``(N, labels)``.
        optimizer: Its optimiser.
        values: Hyper-parameters of the run.
        label_count: Number of labels.
    """
    metrics = [mean_precision(label_count)]
    # XLA would compile again for every shape of the last batch, and its convolutions are slower on CPUs.
    model.compile(optimizer, label_loss(values.label_smoothing), metrics=metrics, jit_compile=False)


def _predictions(outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(outputs, 0.0, 1.0)


def _card(
    classes: Sequence[str],
    evaluation: Evaluation | None,
    validation: Evaluation | None,
    sample: Predicted | None,  # noqa: ARG001 - the evaluation has what is chosen on it
) -> dict[str, Any]:
    # The card's schema takes long to build, and widgets import this module.
    from desktop_app.core.library.card import Calibration
    from desktop_app.core.library.labels import class_labels

    fields: dict[str, Any] = {"task": "multi-label", "classes": class_labels(classes)}
    metrics: dict[str, float] = {}
    if isinstance(validation, MultiLabelEvaluation):
        metrics["val_mean_ap"] = round(validation.metrics["mean_ap"], 4)
        fields["thresholds"] = tuple(score.threshold for score in validation.labels)
        fields["calibration"] = Calibration(
            temperature=validation.temperature,
            error_before=validation.error_before,
            error_after=validation.error_after,
        )
    if isinstance(evaluation, MultiLabelEvaluation):
        metrics |= {name: round(value, 4) for name, value in evaluation.metrics.items()}
        metrics["pictures"] = evaluation.pictures
        if evaluation.part == "test":
            metrics["test_mean_ap"] = metrics["mean_ap"]
    return fields | {"metrics": metrics}


def _to_document(evaluation: Evaluation) -> dict[str, Any]:
    from desktop_app.core.training.task.multi_label_file import to_document

    return to_document(evaluation)


def _from_document(document: dict[str, Any]) -> Evaluation:
    from desktop_app.core.training.task.multi_label_file import from_document

    return from_document(document)


MULTI_LABEL = Task(
    kind="multi-label",
    name="Several labels",
    metrics=METRICS,
    headline=MEAN_AP.name,
    best=(MEAN_AP.name, LOSS.name),
    metrics_for=lambda _labels: METRICS,
    compile=compile_model,
    predictions=_predictions,
    evaluate=evaluate,
    card=_card,
    to_document=_to_document,
    from_document=_from_document,
    output="sigmoid",
)
