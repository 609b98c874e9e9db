"""Which recipe to begin with, when nobody has chosen one yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.training.recipes import cats_dogs_cnn, digits_cnn, two_block_cnn

if TYPE_CHECKING:
    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.core.training.recipes.recipe import Recipe

SMALL_SIDE = 32
"""Pixels; MNIST and its like have 28, and what is larger has more detail than the digit network sees."""

GREY_SHARE = 0.9
"""Part of the pictures; a few coloured ones among scanned signs are no reason to look at colours."""


def suggest(report: DatasetReport) -> Recipe:
    """Choose by what is in the pictures and by what is to be told apart; the first rule that fits counts.

    1. Pictures of at most `SMALL_SIDE` pixels on both sides, in the median, and without colour (at least
       `GREY_SHARE` of them), however their files store that: the digit network, which takes such pictures.
    2. Two classes: the cats-and-dogs network.
    3. More classes: the two-block network.

    The larger networks are never suggested: they take long, or need a download, and are chosen knowingly.

    Args:
        report: The data set, examined.
    """
    small = max(report.median) <= SMALL_SIDE
    if small and report.grey >= GREY_SHARE * len(report.examples):
        return digits_cnn.RECIPE
    return cats_dogs_cnn.RECIPE if len(report.classes) == 2 else two_block_cnn.RECIPE
