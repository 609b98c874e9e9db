"""What a model's card says about a classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.classify.calibration import (
    expected_calibration_error,
    fit_temperature,
    unsure_threshold,
)
from desktop_app.core.library.card import Calibration
from desktop_app.core.library.labels import class_labels
from desktop_app.core.networks.readings import softmax
from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from desktop_app.core.training.task.evaluation import Evaluation
    from desktop_app.core.training.task.task import Predicted

CALIBRATION_PICTURES = 100
"""Pictures below which a temperature says more about chance than about the model."""


def card_fields(
    classes: Sequence[str],
    evaluation: Evaluation | None,
    validation: Evaluation | None,
    sample: Predicted | None,
) -> dict[str, Any]:
    """List the fields of a `ModelCard` that a classifier has.

    Args:
        classes: Names in label order.
        evaluation: Evaluation on the test split, or on the validation split.
        validation: Evaluation on the validation split.
        sample: Probabilities ``(N, classes)`` and true classes ``(N,)`` of validation pictures.
    """
    return {
        "task": "classification",
        "classes": class_labels(classes),
        "calibration": calibrate(*sample) if sample is not None else Calibration(),
        "metrics": _metrics(evaluation, validation),
    }


def calibrate(predictions: NDArray[np.float64], labels: NDArray[np.int64]) -> Calibration:
    """Fit the temperature and the limit of "not sure" on pictures that the weights were not fitted to.

    Args:
        predictions: Probabilities ``(N, classes)``.
        labels: True classes ``(N,)``.

    Returns:
        The defaults where there are fewer than `CALIBRATION_PICTURES`.
    """
    if len(labels) < CALIBRATION_PICTURES:
        return Calibration()
    logits = np.log(np.clip(predictions, 1e-45, None))
    temperature = round(fit_temperature(logits, labels), 4)
    calibrated = softmax(logits / temperature)
    return Calibration(
        temperature=temperature,
        not_sure_below=round(unsure_threshold(calibrated, labels), 3),
        error_before=round(expected_calibration_error(softmax(logits), labels), 4),
        error_after=round(expected_calibration_error(calibrated, labels), 4),
    )


def _metrics(evaluation: Evaluation | None, validation: Evaluation | None) -> dict[str, float]:
    """Figures of the kept model: ``top1`` is that of the evaluation, measured on ``pictures`` pictures."""
    metrics: dict[str, float] = {}
    if isinstance(validation, ClassificationEvaluation):
        metrics["val_top1"] = round(validation.accuracy, 4)
    if isinstance(evaluation, ClassificationEvaluation):
        metrics["top1"] = round(evaluation.accuracy, 4)
        metrics["pictures"] = evaluation.pictures
        metrics["balanced_accuracy"] = round(evaluation.balanced_accuracy, 4)
        metrics["macro_f1"] = round(evaluation.macro_f1, 4)
        if evaluation.part == "test":
            metrics["test_top1"] = metrics["top1"]
        if evaluation.top_k is not None:
            metrics[f"top{evaluation.k}"] = round(evaluation.top_k, 4)
    return metrics
