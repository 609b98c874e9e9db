"""Multinomial logistic regression, exact and always the same for the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Objective = Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]]
    """From a vector to the function's value and its gradient."""

MOST_STEPS = 200
_HISTORY = 10
TOLERANCE = 1e-5
"""Largest entry of the gradient at which the minimum is reached, as exactly as 32-bit numbers allow."""
_ENOUGH_DECREASE = 1e-4
_MOST_HALVINGS = 30


@dataclass(frozen=True, slots=True, eq=False)
class SoftmaxRegression:
    """A fitted regression.

    Attributes:
        weights: float32 ``(F, K)``.
        bias: float32 ``(K,)``.
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def probabilities(self, points: NDArray[np.float32]) -> NDArray[np.float64]:
        """Predict.

        Args:
            points: float32 ``(N, F)``.

        Returns:
            float64 ``(N, K)``, rows with the sum 1.
        """
        return softmax(points @ self.weights + self.bias)


def fit(
    points: NDArray[np.float32],
    labels: NDArray[np.int64],
    class_count: int,
    *,
    penalty: float,
    tolerance: float = TOLERANCE,
    start: SoftmaxRegression | None = None,
    check: Callable[[], None] = lambda: None,
) -> SoftmaxRegression:
    """Minimise the mean cross-entropy plus ``penalty / 2`` times the sum of the squared weights.

    The function is strictly convex in the weights, so the result follows from the data alone, wherever the
    search starts. L-BFGS (Nocedal and Wright, "Numerical Optimization", 2006, algorithm 7.5).

    Args:
        points: float32 ``(N, F)``.
        labels: int64 ``(N,)``, each 0..``class_count`` - 1.
        class_count: Number of classes ``K``.
        penalty: Positive factor of the L2 penalty; the bias has none.
        tolerance: Largest entry of the gradient at which the minimum counts as reached.
        start: Regression to start from, such as that of nearly the same data, which saves steps.
        check: Callback before each step; what it raises ends the fit.
    """
    count, features = points.shape
    rows = np.arange(count)

    def objective(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        parameters = flat.reshape(features + 1, class_count)
        weights, bias = parameters[:-1].astype(np.float32), parameters[-1].astype(np.float32)
        predicted = softmax(points @ weights + bias)
        loss = -np.log(np.maximum(predicted[rows, labels], np.finfo(np.float64).tiny)).mean()
        predicted[rows, labels] -= 1
        predicted /= count
        gradient = np.empty_like(parameters)
        gradient[:-1] = points.T @ predicted.astype(np.float32)
        gradient[:-1] += penalty * parameters[:-1]
        gradient[-1] = predicted.sum(axis=0)
        return float(loss + 0.5 * penalty * np.square(parameters[:-1]).sum()), gradient.reshape(-1)

    first = np.zeros((features + 1, class_count))
    if start is not None:
        first[:-1], first[-1] = start.weights, start.bias
    found = minimise(objective, first.reshape(-1), tolerance=tolerance, check=check).reshape(
        features + 1, class_count
    )
    return SoftmaxRegression(found[:-1].astype(np.float32), found[-1].astype(np.float32))


def minimise(
    objective: Objective,
    start: NDArray[np.float64],
    *,
    tolerance: float = TOLERANCE,
    most_steps: int = MOST_STEPS,
    check: Callable[[], None] = lambda: None,
) -> NDArray[np.float64]:
    """Find the minimum of a smooth, convex function by L-BFGS.

    Args:
        objective: The function with its gradient.
        start: Where the search starts, float64 ``(P,)``.
        tolerance: As for `fit`.
        most_steps: Steps after which the search ends in any case.
        check: Callback before each step; what it raises ends the search.

    Returns:
        float64 ``(P,)``.
    """
    place = start
    value, gradient = objective(place)
    moves: list[NDArray[np.float64]] = []
    changes: list[NDArray[np.float64]] = []
    for _ in range(most_steps):
        check()
        if np.abs(gradient).max() <= tolerance:
            break
        direction = -_times_inverse_hessian(gradient, moves, changes)
        slope = float(direction @ gradient)
        length = 1.0 if moves else min(1.0, 1.0 / float(np.abs(gradient).sum()))
        for _ in range(_MOST_HALVINGS):
            there = place + length * direction
            new_value, new_gradient = objective(there)
            if new_value <= value + _ENOUGH_DECREASE * length * slope:
                break
            length /= 2
        else:  # rounding leaves no way further down
            break
        move, change = there - place, new_gradient - gradient
        if float(move @ change) > 0:
            moves, changes = [*moves, move][-_HISTORY:], [*changes, change][-_HISTORY:]
        place, value, gradient = there, new_value, new_gradient
    return place


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Probabilities of logits, row by row."""
    powers = np.exp(np.asarray(logits, np.float64) - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _times_inverse_hessian(
    gradient: NDArray[np.float64], moves: list[NDArray[np.float64]], changes: list[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """The two loops of algorithm 7.4 there: the gradient times what the last steps say of the curvature."""
    result = gradient.copy()
    shares = []
    for move, change in zip(reversed(moves), reversed(changes), strict=True):
        share = float(move @ result) / float(move @ change)
        result -= share * change
        shares.append(share)
    if moves:
        result *= float(moves[-1] @ changes[-1]) / float(changes[-1] @ changes[-1])
    for move, change, share in zip(moves, changes, reversed(shares), strict=True):
        result += (share - float(change @ result) / float(move @ change)) * move
    return result
