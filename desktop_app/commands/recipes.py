"""``sightline recipes``: the networks that can be trained, and their settings."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING, Any

from desktop_app.commands import DONE, WRONG_USAGE
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.training.recipes import catalogue

if TYPE_CHECKING:
    import argparse

    from desktop_app.core.training.recipes.recipe import Recipe
    from desktop_app.core.training.settings.option import Option, Value

_WIDTH = 96


def recipes(options: argparse.Namespace) -> int:
    """List the recipes, or show one with its settings.

    Returns:
        0, or 2 when there is no such recipe.
    """
    if options.action == "show":
        try:
            recipe = catalogue.get(options.recipe)
        except SightlineError as error:
            print(error.reason.sentence, file=sys.stderr)
            return WRONG_USAGE
        return _show(recipe, as_json=options.format == "json")
    return _list(as_json=options.format == "json")


def _list(*, as_json: bool) -> int:
    if as_json:
        _print_json([_as_json(recipe) for recipe in catalogue.RECIPES])
        return DONE
    for recipe in catalogue.RECIPES:
        print(f"{recipe.recipe_id:<16}{recipe.name}")
        _print_wrapped(recipe.summary, 16)
        _print_wrapped(f"From: {recipe.origin}", 16)
    return DONE


def _show(recipe: Recipe, *, as_json: bool) -> int:
    if as_json:
        settings = [_setting(option) for option in recipe.options()]
        _print_json(_as_json(recipe) | {"settings": settings})
        return DONE
    print(f"{recipe.name} ({recipe.recipe_id})")
    _print_wrapped(recipe.summary, 2)
    _print_wrapped(f"From: {recipe.origin}", 2)
    _print_wrapped(f"Layers: {' - '.join(block.label for block in recipe.sketch)}", 2)
    group = ""
    for option in recipe.options():
        if option.group != group:
            group = option.group
            print(f"\n{group}")
        unit = f" {option.unit}" if option.unit else ""
        print(f"  {option.key} = {_text(option.default)}{unit}   ({option.allowed})")
        _print_wrapped(option.explanation, 6)
    print(f"\nTrain: sightline train FOLDER --recipe {recipe.recipe_id} [--set KEY=VALUE]...")
    return DONE


def _as_json(recipe: Recipe) -> dict[str, Any]:
    return {
        "id": recipe.recipe_id,
        "name": recipe.name,
        "summary": recipe.summary,
        "origin": recipe.origin,
        "layers": [block.label for block in recipe.sketch],
    }


def _setting(option: Option) -> dict[str, Any]:
    return {
        "key": option.key,
        "label": option.label,
        "explanation": option.explanation,
        "kind": option.kind,
        "default": option.default,
        "minimum": option.minimum,
        "maximum": option.maximum,
        "choices": [value for value, _label in option.choices],
        "unit": option.unit,
        "group": option.group,
    }


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _print_wrapped(text: str, indent: int) -> None:
    space = " " * indent
    print(textwrap.fill(text, _WIDTH, initial_indent=space, subsequent_indent=space))


def _print_json(document: Any) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))
