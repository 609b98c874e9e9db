"""All recipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.training.recipes import (
    cats_dogs_cnn,
    digits_cnn,
    mlp,
    pretrained,
    resnet_small,
    row_rnn,
    two_block_cnn,
    vgg19_transfer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.training.recipes.recipe import Recipe
    from desktop_app.core.training.settings.option import Value

RECIPES: tuple[Recipe, ...] = (
    pretrained.RECIPE,
    cats_dogs_cnn.RECIPE,
    two_block_cnn.RECIPE,
    digits_cnn.RECIPE,
    mlp.RECIPE,
    row_rnn.RECIPE,
    resnet_small.RECIPE,
)
"""The recipes in the order in which they are offered."""

_EARLIER = {vgg19_transfer.RECIPE.recipe_id: (vgg19_transfer.RECIPE, vgg19_transfer.NOW)}
"""Recipes that are settings of `pretrained` by now; runs of earlier versions are resumed by them."""


def get(recipe_id: str) -> Recipe:
    """Find a recipe, one of earlier versions too.

    Raises:
        SightlineError: There is none with this id; the known ids are named.
    """
    for recipe in RECIPES:
        if recipe.recipe_id == recipe_id:
            return recipe
    if recipe_id in _EARLIER:
        return _EARLIER[recipe_id][0]
    known = ", ".join(recipe.recipe_id for recipe in RECIPES)
    raise SightlineError(f"There is no recipe '{recipe_id}'.", f"The recipes are: {known}.")


def offered(recipe_id: str) -> tuple[Recipe, Mapping[str, Value]]:
    """Find the recipe that a new training uses, and the settings that stand for one of an earlier version.

    Raises:
        SightlineError: As `get`.
    """
    if recipe_id in _EARLIER:
        return pretrained.RECIPE, _EARLIER[recipe_id][1]
    return get(recipe_id), {}
