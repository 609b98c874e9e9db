"""Which recipe to suggest, while nobody has chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.training.recipes import digits_cnn, pretrained

if TYPE_CHECKING:
    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.core.training.recipes.recipe import Recipe

SMALL_SIDE = 32
"""Pixels; MNIST and its like have 28, and larger pictures have more detail than the digit network sees."""

GREY_SHARE = 0.9
"""Share of the pictures; a few coloured ones among scanned symbols do not matter."""


def suggest(report: DatasetReport) -> Recipe:
    """Choose by the pictures; the first rule that fits counts.

    1. Pictures of at most `SMALL_SIDE` pixels on both sides, in the median, and without colour (at least
       `GREY_SHARE` of them), however their files store that: the digit network, which takes such pictures.
    2. Everything else: a network that has learned from photos.

    Args:
        report: Report on the checked data set.
    """
    small = max(report.median) <= SMALL_SIDE
    if small and report.grey >= GREY_SHARE * len(report.examples):
        return digits_cnn.RECIPE
    return pretrained.RECIPE
