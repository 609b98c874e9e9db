from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.library.card_limits import MAX_NAME
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.runs.naming import (
    MAX_ID,
    default_id,
    default_name,
    name_of_data,
    numbered,
    slug,
)


@pytest.mark.parametrize(
    ("name", "expected"), [("Cats & Dogs", "cats-dogs"), ("Café", "cafe"), ("猫", "model"), ("..", "model")]
)
def test_ids_are_plain(name, expected):
    assert slug(name) == expected


@pytest.mark.parametrize(
    ("file", "archive", "name"),
    [
        ("my.pets", False, "my.pets"),
        ("pets.tar", True, "pets"),
        ("pets.tar.gz", True, "pets"),
        ("pets.v2.ZIP", True, "pets.v2"),
        (".zip", True, ".zip"),
        ("a\nb", False, "a\N{REPLACEMENT CHARACTER}b"),
    ],
)
def test_data_are_named_after_the_folder_or_the_archive_without_its_endings(file, archive, name):
    assert name_of_data(Path("/data") / file, archive=archive) == name


def test_a_run_is_named_after_data_and_network():
    name = default_name(Path("/data/cats_dogs"), "cats-dogs-cnn", archive=False)
    assert name == f"cats_dogs, {catalogue.get('cats-dogs-cnn').name}"


@pytest.mark.parametrize("recipe", catalogue.RECIPES, ids=lambda recipe: recipe.recipe_id)
def test_long_names_are_cut_so_that_the_network_is_still_named(recipe):
    data = Path("/data") / ("x" * 250)
    name = default_name(data, recipe.recipe_id, archive=False)
    assert len(name) <= MAX_NAME
    assert name.endswith(recipe.name)
    assert len(default_id(name, data, recipe.recipe_id)) <= MAX_ID


@pytest.mark.parametrize(
    ("file", "recipe_id", "model_id"),
    [
        ("cats_dogs", "cats-dogs-cnn", "cats-dogs-cnn"),
        ("mnist.tar", "digits-cnn", "mnist-digits-cnn"),
        ("my.pets", "mlp", "my-pets-mlp"),
        ("猫", "mlp", "model-mlp"),
    ],
)
def test_the_id_of_a_default_name_says_nothing_twice(file, recipe_id, model_id):
    data = Path("/data") / file
    name = default_name(data, recipe_id, archive=file.endswith(".tar"))
    assert default_id(name, data, recipe_id) == model_id


def test_a_number_behind_a_default_name_does_not_lengthen_the_id():
    data = Path("/data/cats_dogs")
    name = default_name(data, "cats-dogs-cnn", archive=False)
    assert default_id(f"{name} (2)", data, "cats-dogs-cnn") == "cats-dogs-cnn"


def test_names_that_are_taken_are_numbered():
    assert numbered("pets", {"cats"}) == "pets"
    assert numbered("pets", {"pets"}) == "pets (2)"
    assert numbered("pets", {"pets", "pets (2)"}) == "pets (3)"
    longest = "x" * MAX_NAME
    assert numbered(longest, {longest}) == f"{'x' * (MAX_NAME - 4)} (2)"


def test_a_name_that_was_chosen_gives_its_own_id():
    assert default_id("My Pets", Path("/data/cats"), "mlp") == "my-pets"
