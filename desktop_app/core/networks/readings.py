"""From a network's numbers to what they mean: probabilities, amounts or features. Plain numpy, no engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.networks.outputs import OutputKind, Task

_LEAST = 1e-45
"""Probability whose logarithm stands for that of zero."""


def read_outputs(
    outputs: NDArray[np.floating[Any]], task: Task, kind: OutputKind, temperature: float = 1.0
) -> NDArray[np.float64]:
    """Turn a network's outputs into what they mean.

    One of several classes: the softmax of the logits, divided by the temperature (Guo et al., 2017). Softmax
    outputs are normalised once more, since in half precision their sums are off; several sigmoids are each
    divided by the sum of all; one output ``p`` or logit stands for the second of two classes.

    Several labels: the sigmoid of each logit by itself, divided by the temperature; a probability is turned
    into its logit first. The labels of a picture sum to anything.

    Amounts are the numbers themselves. Features are divided by their length, so that the product of two is
    their cosine; features that are all zero stay so.

    Args:
        outputs: Outputs ``(N, outputs)``, real numbers.
        task: What they are for.
        kind: What they are; only for classes and labels, where ``unknown`` stands for probabilities.
        temperature: Divisor of the logits, above 0.

    Returns:
        float64 ``(N, classes)``: for classes rows that sum to 1, for labels probabilities (0..1), for amounts
        any numbers; for features ``(N, outputs)``, rows of length 1.
    """
    values = np.asarray(outputs, np.float64)
    if task == "classification":
        return softmax(_class_logits(values, kind) / temperature)
    if task == "multi-label":
        if kind == "logits":
            return sigmoid(values / temperature)
        shares = np.clip(values, 0.0, 1.0)
        return shares if temperature == 1 else sigmoid(_logits(shares) / temperature)
    return values if task == "regression" else unit_length(values)


def label_kind(outputs: NDArray[np.floating[Any]]) -> OutputKind:
    """Whether the outputs of a network for labels, ``(N, labels)``, are all probabilities."""
    return "sigmoid" if bool(((outputs >= 0) & (outputs <= 1)).all()) else "logits"


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Exponentiate and normalise rows of ``(N, classes)``, safe against overflow."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """``1 / (1 + exp(-logits))``, safe against overflow."""
    small = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits >= 0, 1.0, small) / (1.0 + small))


def unit_length(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide rows ``(N, width)`` by their lengths; zero rows stay zero."""
    largest = np.abs(rows).max(axis=1, keepdims=True, initial=0.0)
    scaled = rows / np.where(largest > 0, largest, 1.0)  # so that no square overflows
    lengths = np.linalg.norm(scaled, axis=1, keepdims=True)
    return np.asarray(scaled / np.where(lengths > 0, lengths, 1.0))


def _class_logits(values: NDArray[np.float64], kind: OutputKind) -> NDArray[np.float64]:
    if kind == "logits":
        return values if values.shape[1] > 1 else np.hstack([np.zeros_like(values), values])
    if values.shape[1] == 1:
        values = np.hstack([1 - values, values])
    return np.log(np.clip(values, _LEAST, None))


def _logits(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(np.clip(shares, _LEAST, None)) - np.log(np.clip(1 - shares, _LEAST, None))
