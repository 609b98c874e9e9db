"""A run as a Keras script: all of its parts, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted, percent, printable
from desktop_app.core.training.script.augmentation_source import augmentation_lines
from desktop_app.core.training.script.batches_source import batches_lines
from desktop_app.core.training.script.data_source import SHORT, prepare_lines, reading_lines, settings_lines
from desktop_app.core.training.script.facts import facts_of
from desktop_app.core.training.script.learning_source import learning_lines
from desktop_app.core.training.script.main_source import WEIGHTS, has_own_layer, main_lines, network_lines
from desktop_app.core.training.script.source_text import statement, value, wrapped

if TYPE_CHECKING:
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.core.training.script.facts import Facts

SCRIPT = "train.py"
"""Name of the script in its folder."""

SPLIT = "split.csv"
"""Name of the list of pictures beside it."""

_USED = {
    "contextlib": "contextlib.",
    "csv": "csv.",
    "functools": "functools.",
    "io": "io.",
    "itertools": "itertools.",
    "math": "math.",
    "random": "random.seed",
    "sys": "sys.",
}
"""Modules of Python, and how their use begins."""


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """A script, and what is to be said beside it.

    Attributes:
        text: The script.
        run_id: Id of the run.
        name: Name of the run.
        notes: Sentences for the person who gets it.
        facts: What it was made from.
    """

    text: str
    run_id: str
    name: str
    notes: tuple[str, ...]
    facts: Facts


def script_of(entry: RunEntry, *, in_folder: bool) -> Script:
    """Write the script of a run; TensorFlow is loaded to build its network.

    Args:
        entry: The run.
        in_folder: Whether the files that it needs lie beside it. Otherwise it lists few pictures itself and
            reads many from the run's own file.

    Raises:
        SightlineError: The run has not got far enough, or does something that a script cannot repeat.
    """
    facts = facts_of(entry)
    inside = not in_folder and len(facts.split.rows) <= SHORT
    body = [
        *_constants(facts, in_folder=in_folder, inside=inside),
        *reading_lines(facts, inside=inside),
        *prepare_lines(facts),
        *augmentation_lines(facts),
        *network_lines(facts),
        *batches_lines(facts),
        *learning_lines(facts),
        *main_lines(facts),
    ]
    head = _docstring(facts)
    text = "\n".join([*head, "", *_imports("\n".join(body)), "", *body]) + "\n"
    return Script(
        text, facts.record.run_id, facts.record.name, tuple(_notes(facts, in_folder=in_folder)), facts
    )


def _imports(body: str) -> list[str]:
    used = [name for name, use in _USED.items() if re.search(rf"(?<![\w.]){re.escape(use)}", body)]
    return [
        *(f"import {name}" for name in used),
        "from pathlib import Path",
        "",
        "import keras",
        "import numpy as np",
        "import tensorflow as tf",
        "from keras import layers",
        "from PIL import Image, ImageChops, ImageCms, ImageOps",
    ]


def _constants(facts: Facts, *, in_folder: bool, inside: bool) -> list[str]:
    values = facts.values
    lines = settings_lines(facts, None if in_folder else facts.split_file.absolute(), inside=inside)
    if facts.from_file:
        advice = f"sightline code {facts.record.run_id} --output FOLDER writes it."
        lines += [
            "# The weights of the backbone, as Sightline trained on them.",
            f'WEIGHTS = HERE / "{WEIGHTS}"',
            f"NO_WEIGHTS = {value(advice)}",
        ]
    lines += [
        "",
        f"SIZE = {facts.size}  # height and width of the network's pictures, in pixels",
        f"BATCH_SIZE = {values.batch_size}",
        f"EPOCHS = {values.epochs}",
        f"LEARNING_RATE = {value(values.learning_rate)}",
        f"SEED = {values.seed}",
    ]
    if facts.copies:
        lines.append(f"COPIES = {facts.copies}  # changed copies of each training picture")
    if facts.backbone is not None and values.fine_tune_epochs:
        names = facts.backbone.tuned
        lines += [
            f"FINE_TUNE_EPOCHS = {values.fine_tune_epochs}",
            f"FINE_TUNE_LEARNING_RATE = {value(values.fine_tune_learning_rate)}",
            "# How the names of the layers begin that are fine-tuned.",
            *statement("TUNED = (", [value(name) for name in names], ",)" if len(names) == 1 else ")"),
        ]
        if facts.count("validation"):
            lines.append(
                f"FINE_TUNE_BELOW = {value(values.fine_tune_below)}  # a head that is better stays as it is"
            )
    return lines


def _docstring(facts: Facts) -> list[str]:
    record = facts.record
    name = _plain(record.name)
    lines = [
        *wrapped(f'"""Trains the network of the run {_plain(record.run_id)} ("{name}") in plain Keras.'),
        "",
        *wrapped(_made_with(facts)),
        "",
        f"Run it:  python {SCRIPT}",
        "",
        *wrapped(
            "It trains the network on the pictures of the run, prints how many of the test pictures are "
            "right, and saves the network as model.keras beside this script."
        ),
        *(["", *wrapped(found)] if (found := _result(facts)) else []),
        "",
        "It does what Sightline does, with these differences:",
    ]
    for difference in _differences(facts):
        lines += wrapped(difference, "- ", "  ")
    return [*lines, '"""']


def _plain(name: str) -> str:
    """A name that may stand in a docstring."""
    return printable(name).replace("\\", "/").replace('"', "'")


def _made_with(facts: Facts) -> str:
    versions = facts.record.environment
    made = [f"{name} {versions[name]}" for name in ("Keras", "TensorFlow", "NumPy") if name in versions]
    trained = f" The run was trained with {', '.join(made)}." if made else ""
    return f"It needs keras, tensorflow, numpy and pillow (pip install), and no Sightline.{trained}"


def _result(facts: Facts) -> str:
    """What came of the run, as a sentence; empty when it has no epoch yet."""
    record = facts.record
    metric = facts.task.shown
    found = []
    if record.best_epoch is not None:
        done = counted(record.epochs_done, "epoch")
        found.append(f"epoch {record.best_epoch} of {done} was the best")
    for prefix, word in (("val_", "validation"), ("test_", "test")):
        if (reached := record.metrics.get(f"{prefix}{metric.name}")) is not None:
            found.append(f"{word} {metric.label} {percent(reached)}")
    unfinished = "" if record.state in {"finished", "stopped"} else " It is not finished yet."
    return f"In Sightline, {', '.join(found)}.{unfinished}" if found else unfinished.strip()


def _differences(facts: Facts) -> list[str]:
    values = facts.values
    found = [
        "Pictures are decoded by Pillow alone: see read_picture.",
        "All pictures are kept in memory; Sightline uses the disk where there is too little.",
    ]
    if values.optimizer in {"adam", "adamw"}:
        found.append(
            "Adam takes its step as Keras has it. In Sightline it is one operation of TensorFlow: the same "
            "formula, with other roundings, so that the last digits differ."
        )
    if values.schedule == "exponential":
        found.append("The learning rate is computed by Keras, with other roundings in the last digit.")
    if facts.backbone is not None:
        found.append(
            "The features of the backbone are computed by TensorFlow; Sightline may use OpenVINO, whose "
            "last digits differ."
        )
    if has_own_layer(facts):
        found.append(
            "The network has a layer that Keras does not have. To load model.keras, import "
            "LocalResponseNormalization from this script first."
        )
    if facts.from_file:
        found.append(f"The backbone's weights are in {WEIGHTS}, so nothing is downloaded.")
    found.append("Sightline uses several GPUs where there are several; this script uses one.")
    return found


def _notes(facts: Facts, *, in_folder: bool) -> list[str]:
    notes = []
    folder = facts.split.folder
    if not folder.is_dir():
        notes.append(
            f"The pictures are not at {printable(str(folder))} now. Connect their disk, or change DATA in "
            "the script."
        )
    if facts.record.state not in {"finished", "stopped"}:
        notes.append("The run is not finished; the script trains it from the start.")
    if facts.from_file and not in_folder:
        notes.append(
            f"It needs the backbone's weights in {WEIGHTS}: sightline code {facts.record.run_id} --output "
            "FOLDER writes both."
        )
    return notes
