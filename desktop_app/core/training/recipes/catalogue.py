"""All recipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.training.recipes import (
    cats_dogs_cnn,
    digits_cnn,
    mlp,
    resnet_small,
    row_rnn,
    two_block_cnn,
    vgg19_transfer,
)

if TYPE_CHECKING:
    from desktop_app.core.training.recipes.recipe import Recipe

RECIPES: tuple[Recipe, ...] = (
    cats_dogs_cnn.RECIPE,
    two_block_cnn.RECIPE,
    digits_cnn.RECIPE,
    mlp.RECIPE,
    row_rnn.RECIPE,
    resnet_small.RECIPE,
    vgg19_transfer.RECIPE,
)
"""The recipes in the order in which they are offered."""


def get(recipe_id: str) -> Recipe:
    """Find a recipe.

    Raises:
        SightlineError: There is none with this id; the known ids are named.
    """
    for recipe in RECIPES:
        if recipe.recipe_id == recipe_id:
            return recipe
    known = ", ".join(recipe.recipe_id for recipe in RECIPES)
    raise SightlineError(f"There is no recipe '{recipe_id}'.", f"The recipes are: {known}.")
