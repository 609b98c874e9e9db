"""What a finished model does on pictures that it was not trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.training.loop.optimizers import top_k_for
from desktop_app.core.training.records.result import Evaluation, Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import Literal

    import keras
    from numpy.typing import NDArray

    from desktop_app.core.datasets.pipeline.batches import Batches

MAX_MISTAKES = 60


def probabilities(
    model: keras.Model, batches: Batches, *, tell: Callable[[int], None], check: Callable[[], None]
) -> NDArray[np.float64]:
    """Let a model answer for all pictures of a part, in order.

    Args:
        model: With a softmax over the classes, or one sigmoid: the probability of the second of two.
        batches: Of the part; of features, where the model is a network's head.
        tell: Told after every batch how many pictures are done.
        check: Called after every batch; what it raises ends the work.

    Returns:
        ``(N, classes)``; each row sums to 1.
    """
    import tensorflow as tf

    def cast_answer(pictures: Any) -> Any:
        return tf.cast(model(pictures, training=False), tf.float64)

    signature = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)]
    answer = tf.function(cast_answer, input_signature=signature, autograph=False)
    parts: list[NDArray[np.float64]] = []
    done = 0
    for pictures, *_labels in batches.plain():
        parts.append(answer(pictures).numpy())
        done += len(parts[-1])
        tell(done)
        check()
    answers = np.concatenate(parts)
    if answers.shape[1] == 1:
        answers = np.hstack([1 - answers, answers])
    return np.asarray(answers / answers.sum(axis=1, keepdims=True))


def evaluate(
    answers: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    part: Literal["test", "validation"],
    classes: Sequence[str],
    paths: Sequence[Path],
) -> Evaluation:
    """Compare answers with the truth.

    Args:
        answers: Probabilities ``(N, classes)``, N at least 1.
        labels: True classes ``(N,)``.
        part: Whose pictures these are.
        classes: Names in label order.
        paths: Files of the pictures ``(N,)``.
    """
    given = answers.argmax(axis=1)
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    np.add.at(confusion, (labels, given), 1)
    k = top_k_for(len(classes))
    return Evaluation(
        part=part,
        pictures=len(labels),
        accuracy=float((given == labels).mean()),
        top_k=_top_k(answers, labels, k) if k > 1 else None,
        k=k,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        mistakes=_worst(answers, labels, classes, paths),
        classes=tuple(classes),
    )


def _top_k(answers: NDArray[np.float64], labels: NDArray[np.int64], k: int) -> float:
    best = np.argsort(-answers, axis=1, kind="stable")[:, :k]
    return float((best == labels[:, None]).any(axis=1).mean())


def _worst(
    answers: NDArray[np.float64], labels: NDArray[np.int64], classes: Sequence[str], paths: Sequence[Path]
) -> tuple[Mistake, ...]:
    """The wrong answers, the surest first."""
    given = answers.argmax(axis=1)
    sureness = answers.max(axis=1)
    wrong = np.flatnonzero(given != labels)
    order = wrong[np.argsort(-sureness[wrong], kind="stable")][:MAX_MISTAKES]
    return tuple(
        Mistake(paths[index], classes[labels[index]], classes[given[index]], float(sureness[index]))
        for index in order.tolist()
    )
