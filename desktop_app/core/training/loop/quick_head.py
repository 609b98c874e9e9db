"""A head fitted in a second with NumPy alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from desktop_app.core.networks.outputs import Output

    Array = NDArray[np.float32]

EPOCHS = 20
BATCH = 64
_RATE = 0.003
_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-7
"""Adam's decay rates, and what keeps its divisor above zero (Kingma and Ba, 2015)."""


class QuickHead:
    """One or two dense layers that end in a softmax, or in a sigmoid for each output.

    Attributes:
        weights: Kernel and bias of each layer.
    """

    def __init__(
        self, features: int, classes: int, *, hidden: int, seed: int, output: Output = "softmax"
    ) -> None:
        """Draw the first weights (Glorot and Bengio, 2010).

        Args:
            features: Number of features of a picture.
            classes: Number of classes.
            hidden: Units of the hidden layer; 0 for none.
            seed: Seed of weights, order and dropout.
            output: What it ends in.
        """
        self._activation = _softmax if output == "softmax" else _sigmoid
        self._random = np.random.default_rng(seed)
        sizes = [features, *([hidden] if hidden else []), classes]
        self.weights: list[Array] = []
        for inputs, outputs in pairwise(sizes):
            limit = np.sqrt(6 / (inputs + outputs))
            self.weights.append(self._random.uniform(-limit, limit, (inputs, outputs)).astype(np.float32))
            self.weights.append(np.zeros(outputs, np.float32))

    def fit(
        self,
        views: Array,
        labels: NDArray[Any],
        *,
        l2: float,
        dropout: float,
        check: Callable[[], None],
        batch: int = BATCH,
        rate: float = _RATE,
        epochs: int = EPOCHS,
        until: int | None = None,
    ) -> None:
        """Minimise the cross-entropy with Adam, at a rate that falls to zero along a cosine.

        Args:
            views: Features of each picture and of its copies, ``(N, views, F)``.
            labels: Classes of the pictures, ``(N,)``; with a sigmoid for each output ones for their labels,
                ``(N, classes)``.
            l2: Penalty on the weights.
            dropout: Share of the hidden units that is switched off in each step.
            check: Callback before every epoch; what it raises ends the fit.
            batch: Pictures in a step.
            rate: Learning rate of the first step.
            epochs: Epochs after which the learning rate is zero.
            until: Epochs after which the fit ends; ``epochs`` by default.
        """
        moments = [np.zeros_like(weight) for weight in self.weights]
        squares = [np.zeros_like(weight) for weight in self.weights]
        count, choices = views.shape[:2]
        total = epochs * -(-count // batch)
        step = 0
        for _epoch in range(epochs if until is None else min(until, epochs)):
            check()
            order = self._random.permutation(np.arange(count))
            taken = self._random.integers(0, choices, (count,))
            for start in range(0, count, batch):
                rows = order[start : start + batch]
                slopes = self._slopes(views[rows, taken[rows]], labels[rows], l2, dropout)
                now = rate * (1 + np.cos(np.pi * step / total)) / 2
                step += 1
                for index, slope in enumerate(slopes):
                    moments[index] += (1 - _FIRST) * (slope - moments[index])
                    squares[index] += (1 - _SECOND) * (slope * slope - squares[index])
                    size = np.sqrt(squares[index] / (1 - _SECOND**step)) + _TINY
                    self.weights[index] -= (now / (1 - _FIRST**step)) * moments[index] / size

    def predict(self, features: Array) -> Array:
        """Probabilities ``(N, classes)`` for features ``(N, F)``."""
        for weight, bias in zip(self.weights[:-2:2], self.weights[1:-2:2], strict=True):
            features = np.maximum(features @ weight + bias, 0)
        return self._activation(features @ self.weights[-2] + self.weights[-1])

    def _slopes(self, features: Array, labels: NDArray[Any], l2: float, dropout: float) -> list[Array]:
        """The derivatives of the loss by each weight."""
        *before, weight, bias = self.weights
        given = features
        if before:
            reached = features @ before[0] + before[1]
            kept = (self._random.random(reached.shape) >= dropout) / np.float32(1 - dropout)
            passed = ((reached > 0) * kept).astype(np.float32)
            given = reached * passed
        wrong = self._activation(given @ weight + bias)
        if labels.ndim > 1:
            wrong -= labels
        else:
            wrong[np.arange(len(labels)), labels] -= 1
        wrong /= len(labels)
        slopes = [given.T @ wrong + 2 * np.float32(l2) * weight, wrong.sum(axis=0)]
        if before:
            back = (wrong @ weight.T) * passed
            slopes = [features.T @ back + 2 * np.float32(l2) * before[0], back.sum(axis=0), *slopes]
        return slopes


def _softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return cast("Array", powers / powers.sum(axis=1, keepdims=True))


def _sigmoid(logits: Array) -> Array:
    return cast("Array", (1 + np.tanh(logits / 2)) / 2)
