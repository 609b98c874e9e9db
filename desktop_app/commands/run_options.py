"""What the commands ``recipes``, ``runs`` and ``code`` take; help must not wait for what they do."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no public name


def add_recipes(commands: Commands) -> None:
    """Describe the command ``recipes``."""
    recipes = commands.add_parser("recipes", help="list the networks that can be trained, and their settings")
    actions = recipes.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="all recipes (the default)")
    show = actions.add_parser("show", help="one recipe with every setting: default, range, explanation")
    show.add_argument("recipe", metavar="ID")
    _add_format(recipes, listing, show)


def add_runs(commands: Commands) -> None:
    """Describe the command ``runs``."""
    runs = commands.add_parser("runs", help="list, show, rename, remove, restore training runs")
    actions = runs.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="all runs, the newest first (the default)")
    show = actions.add_parser("show", help="one run with its settings and epochs")
    rename = actions.add_parser("rename", help="give a run another name; its model keeps its own")
    remove = actions.add_parser("remove", help="move a run to the trash; its model stays")
    for parser in (show, rename, remove):
        parser.add_argument("run", metavar="RUN")
    rename.add_argument("name", metavar="NAME")
    actions.add_parser("restore", help="restore the last removed run from the trash")
    _add_format(runs, listing, show)


def add_code(commands: Commands) -> None:
    """Describe the command ``code``."""
    code = commands.add_parser(
        "code",
        help="print a Keras script that trains the network of a run on the same pictures",
        epilog="The script needs Keras, TensorFlow, NumPy and Pillow, and no Sightline. With --output, what "
        "it needs lies beside it: the list of pictures, and the weights of a pretrained network. "
        "Exit status: 0 done; 1 there is no script for this run; 2 wrong usage.",
    )
    code.add_argument("run", metavar="ID", help="a run, or a model that was trained here")
    code.add_argument("--output", metavar="FOLDER", help="write the script there; the folder must not exist")


def _add_format(parser: argparse.ArgumentParser, *actions: argparse.ArgumentParser) -> None:
    """Let ``--format`` stand before the action or after it."""
    parser.add_argument("--format", choices=("text", "json"), default="text")
    for action in actions:
        action.add_argument("--format", choices=("text", "json"), default=argparse.SUPPRESS)
