"""Trains the shipped model Everyday: ``python packaging/train_everyday.py DATA --output FOLDER``.

DATA is a folder of class folders of 32x32 pictures; FOLDER gets ``model.keras``, ``card.json`` and
``curve.csv``.
models/everyday/README.md has the commands that made the shipped model.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from everyday.training import train


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of class folders")
    parser.add_argument("--output", type=Path, required=True, help="folder for the results")
    parser.add_argument("--start-from", type=Path, metavar="FILE", help="model.keras of an earlier round")
    parser.add_argument("--average-with", type=Path, metavar="FILE", help="likewise; its weights count half")
    parser.add_argument("--epochs", type=int, default=18)
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--learning-rate", type=float, default=0.25, help="peak of the one-cycle schedule")
    parser.add_argument("--weight-decay", type=float, default=0.004)
    parser.add_argument("--hold-out", type=int, default=250, help="pictures a class kept for calibration")
    parser.add_argument("--augmentation", type=float, default=1.0, help="strength, from 0 to 1")
    parser.add_argument("--precision", choices=("float32", "mixed_bfloat16"), default="float32")
    parser.add_argument("--seed", type=int, default=7)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
