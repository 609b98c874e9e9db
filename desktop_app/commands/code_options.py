"""What ``sightline code`` takes; help must not wait for what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_code(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command ``code``."""
    code = commands.add_parser(
        "code",
        help="print a Keras script that trains the network of a run on the same pictures",
        epilog="The script needs Keras, TensorFlow, NumPy and Pillow, and no Sightline. With --output, what it "
        "needs lies beside it: the list of pictures, and the weights of a pretrained network. "
        "Exit status: 0 done; 1 there is no script for this run; 2 wrong usage.",
    )
    code.add_argument("run", metavar="ID", help="a run, or a model that was trained here")
    code.add_argument("--output", metavar="FOLDER", help="write the script there; the folder must not exist")
