"""Trains on class folders with the pretrained networks, and on a few pictures of each class.

``python -m benchmarks.pretrained FOLDER... [--few 20] [--most N] [--recipe RECIPE] [--set KEY=VALUE]``: each
folder is what ``sightline train`` takes, best with a test set of its own. It is trained on whole and, with
``--few``, on so many training pictures of each class; ``--most`` limits the whole one. Each training is a
process of its own with an empty home. Prints the accuracy, what it was measured on, the seconds from the
command to the model, the processor's seconds, which other programs on the machine do not lengthen, and the
goal, where there is one. ``--recipe pretrained --recipe resnet-small`` compares recipes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.part_names import guess_part
from desktop_app.core.images.folders import find_pictures

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Row:
    """One training."""

    data: str
    recipe: str
    accuracy: str
    pictures: str
    seconds: float
    processor: float
    head: str
    goal: str


GOALS = {"cats_dogs": "99%, 60 s", "cats_dogs, 20 of each class": "97%", "flowers": "90%"}
"""Least accuracy, and most seconds on two idle cores, by the folder's name."""


def main() -> None:
    """Train, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--few", type=int, metavar="N", help="also train on N pictures of each class")
    parser.add_argument("--most", type=int, metavar="N", help="train on N pictures of each class at most")
    parser.add_argument("--recipe", action="append", help="default: pretrained")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as made:
        for folder in options.folders:
            for most in dict.fromkeys((options.most, *((options.few,) if options.few else ()))):
                data = folder.absolute() if most is None else _limited(folder, most, Path(made))
                for recipe in options.recipe or ["pretrained"]:
                    rows.append(_trained(data, recipe, options.set))
                    print(_line(rows[-1]), flush=True)
    print("\n| data | recipe | accuracy | on | seconds | processor's seconds | head | goal |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {_line(row).replace('  ', ' | ')} |")


def _trained(data: Path, recipe: str, settings: Sequence[str]) -> Row:
    """Train in a process of its own."""
    changes = [word for setting in settings for word in ("--set", setting)]
    command = [sys.executable, "-m", "desktop_app", "train", str(data), "--recipe", recipe, *changes]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        done = subprocess.run(
            [*command, "--format", "jsonl"],
            env=os.environ | {"SIGHTLINE_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    events = {event["event"]: event for event in map(json.loads, done.stdout.splitlines())}
    result = events.get("finished", {}).get("result") or {}
    evaluation = result.get("evaluation") or {}
    accuracy = evaluation.get("accuracy")
    return Row(
        data.name,
        recipe,
        result.get("status", "failed") if accuracy is None else f"{100 * accuracy:.1f}%",
        f"{evaluation.get('pictures', 0)} {evaluation.get('part', '')} pictures",
        seconds,
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        events.get("started", {}).get("choice", ""),
        GOALS.get(data.name, "") if recipe == "pretrained" else "",
    )


def _limited(folder: Path, most: int, made: Path) -> Path:
    """Link the first pictures of each class for training, and all that a test or validation set has."""
    target = made / f"{folder.name}, {most} of each class"
    parts = [part for part in sorted(folder.iterdir()) if guess_part(part.name).role is not None]
    for part in parts or [folder]:
        trained = not parts or guess_part(part.name).role == "train"
        for place in sorted(path for path in part.iterdir() if path.is_dir()):
            pictures = list(find_pictures(place))
            copied = target / place.relative_to(folder)
            copied.mkdir(parents=True)
            for number, picture in enumerate(pictures[:most] if trained else pictures):
                (copied / f"{number}{picture.suffix}").symlink_to(picture.absolute())
    return target


def _line(row: Row) -> str:
    return "  ".join(
        (
            row.data,
            row.recipe,
            row.accuracy,
            row.pictures,
            f"{row.seconds:.1f}",
            f"{row.processor:.1f}",
            row.head,
            row.goal,
        )
    )


if __name__ == "__main__":
    main()
