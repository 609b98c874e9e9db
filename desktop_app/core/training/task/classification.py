"""Classification: which of two or more classes a picture shows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.training.task.balanced_accuracy import balanced_accuracy
from desktop_app.core.training.task.classification_evaluation import evaluate
from desktop_app.core.training.task.metric import LOSS, Metric
from desktop_app.core.training.task.task import Task
from desktop_app.core.training.task.top_k import top_k_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras
    from numpy.typing import NDArray

    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.task.evaluation import Evaluation
    from desktop_app.core.training.task.task import Predicted

ACCURACY = Metric("accuracy", "accuracy", higher_is_better=True, format="percent")


BALANCED = Metric(
    name="balanced_accuracy",
    label="balanced accuracy",
    higher_is_better=True,
    format="percent",
    each_epoch=False,
    word="balanced",
)
"""Mean of the shares of each class that are found; measured in every epoch of unbalanced classes."""

MACRO_F1 = Metric("macro_f1", "macro F1", higher_is_better=True, format="percent", each_epoch=False)


def _top(k: int | str) -> Metric:
    return Metric("top_k", f"top-{k}", higher_is_better=True, format="percent")


def _metrics_for(class_count: int) -> tuple[Metric, ...]:
    k = top_k_for(class_count)
    return (LOSS, ACCURACY, BALANCED, MACRO_F1, *((_top(k),) if k > 1 else ()))


def compile_model(
    model: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    values: Hyperparameters,
    class_count: int,
    *,
    balanced: bool = False,
) -> None:
    """Give a network its optimiser, loss and metrics ``accuracy`` and, from four classes on, ``top_k``.

    One output is the probability of the second of two classes: binary cross-entropy on labels ``(N, 1)``.
    More are a distribution: categorical cross-entropy on one-hot labels ``(N, classes)``.

    Args:
        model: The network to compile.
        optimizer: Its optimiser.
        values: Hyper-parameters of the run.
        class_count: Number of classes.
        balanced: Whether the metric ``balanced_accuracy`` is measured too, which costs a little time.
    """
    import keras

    if model.output_shape[-1] == 1:
        loss = keras.losses.BinaryCrossentropy(label_smoothing=values.label_smoothing)
        metrics = [keras.metrics.BinaryAccuracy(name="accuracy")]
    else:
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=values.label_smoothing)
        metrics = [keras.metrics.CategoricalAccuracy(name="accuracy")]
        if (k := top_k_for(class_count)) > 1:
            metrics.append(keras.metrics.TopKCategoricalAccuracy(k=k, name="top_k"))
    if balanced:
        metrics.append(balanced_accuracy(class_count))
    # XLA would compile again for every shape of the last batch, and its convolutions are slower on CPUs.
    model.compile(optimizer, loss, metrics=metrics, jit_compile=False)


def probabilities(outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn softmax or sigmoid outputs into probabilities ``(N, classes)`` whose rows sum to 1.

    Args:
        outputs: Outputs ``(N, classes)``, or ``(N, 1)`` with the probability of the second of two classes.
    """
    if outputs.shape[1] == 1:
        outputs = np.hstack([1 - outputs, outputs])
    return np.asarray(outputs / outputs.sum(axis=1, keepdims=True))


def _card(
    classes: Sequence[str],
    evaluation: Evaluation | None,
    validation: Evaluation | None,
    sample: Predicted | None,
) -> dict[str, Any]:
    # The card's schema takes long to build, and widgets import this module.
    from desktop_app.core.training.task.classification_card import card_fields

    return card_fields(classes, evaluation, validation, sample)


def _to_document(evaluation: Evaluation) -> dict[str, Any]:
    from desktop_app.core.training.task.classification_file import to_document

    return to_document(evaluation)


def _from_document(document: dict[str, Any]) -> Evaluation:
    from desktop_app.core.training.task.classification_file import from_document

    return from_document(document)


_BY_ACCURACY = Task(
    kind="classification",
    name="Classification",
    metrics=(LOSS, ACCURACY, BALANCED, MACRO_F1, _top("k")),
    headline=ACCURACY.name,
    best=(ACCURACY.name, LOSS.name),
    metrics_for=_metrics_for,
    compile=compile_model,
    predictions=probabilities,
    evaluate=evaluate,
    card=_card,
    to_document=_to_document,
    from_document=_from_document,
)

UNBALANCED = replace(
    _BY_ACCURACY,
    metrics=(LOSS, ACCURACY, replace(BALANCED, each_epoch=True), MACRO_F1, _top("k")),
    headline=BALANCED.name,
    best=(BALANCED.name, LOSS.name),
    compile=partial(compile_model, balanced=True),
)
"""Classification where always the commonest class would have a high accuracy: every class counts the same."""

CLASSIFICATION = replace(_BY_ACCURACY, unbalanced=UNBALANCED)
