from __future__ import annotations

import json

import pytest

from desktop_app.cli import main
from desktop_app.core.training.recipes import catalogue


def test_lists_every_recipe_with_its_line_and_origin(capsys):
    assert main(["recipes"]) == 0
    shown = capsys.readouterr().out
    for recipe in catalogue.RECIPES:
        assert f"{recipe.recipe_id} " in shown
        assert recipe.name in shown
    assert "From: " in shown


@pytest.mark.parametrize("words", [["--format", "json"], ["list", "--format", "json"]])
def test_lists_recipes_as_json(words, capsys):
    assert main(["recipes", *words]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["id"] for entry in listed] == [recipe.recipe_id for recipe in catalogue.RECIPES]
    assert all(entry["summary"] and entry["origin"] for entry in listed)


@pytest.mark.parametrize("recipe", catalogue.RECIPES, ids=lambda recipe: recipe.recipe_id)
def test_shows_every_setting_with_default_range_and_explanation(recipe, capsys):
    assert main(["recipes", "show", recipe.recipe_id]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for option in recipe.options():
        assert f"{option.key} = " in shown
        assert option.allowed in shown
        assert option.explanation in shown


def test_shows_settings_as_json(capsys):
    assert main(["recipes", "show", "cats-dogs-cnn", "--format", "json"]) == 0
    settings = {entry["key"]: entry for entry in json.loads(capsys.readouterr().out)["settings"]}
    assert settings["epochs"]["default"] == 25
    assert settings["flip"]["default"] is True
    assert "adam" in settings["optimizer"]["choices"]


def test_an_unknown_recipe_is_wrong_usage_and_names_the_known(capsys):
    assert main(["recipes", "show", "nothing"]) == 2
    assert "cats-dogs-cnn" in capsys.readouterr().err
