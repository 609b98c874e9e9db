"""Confidence intervals of measured proportions."""

from __future__ import annotations

import math

_Z = 1.959964
"""The 97.5 % point of the standard normal distribution: 95 % lie between minus and plus it."""

INTERVAL_SOURCE = "Wilson's 95% score interval (E. B. Wilson, 1927), for pictures drawn at random"


def wilson_interval(right: int, total: int) -> tuple[float, float]:
    """The 95 % confidence interval of a proportion.

    Args:
        right: Number of correct ones.
        total: Number of all, at least 1.

    Returns:
        Lower and upper end, 0..1: Wilson, "Probable inference, the law of succession, and statistical
        inference", Journal of the American Statistical Association 22 (1927).
    """
    share = right / total
    scale = 1 + _Z**2 / total
    centre = (share + _Z**2 / (2 * total)) / scale
    margin = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2)) / scale
    return max(centre - margin, 0.0), min(centre + margin, 1.0)
