"""The step of an export that needs TensorFlow: Sightline's answers, and the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.classify.foreign import foreign_classifier, inspected
from desktop_app.core.classify.loader import load_network
from desktop_app.core.engine.compiled import openvino_version
from desktop_app.core.engine.loading import load_engine
from desktop_app.core.export.conversion.foreign_model import ForeignFacts
from desktop_app.core.export.conversion.picture_model import picture_model
from desktop_app.core.export.conversion.stock_network import CannotExport, float32_network
from desktop_app.core.export.conversion.writing import write_foreign, write_model
from desktop_app.core.export.held_pictures import held_pictures
from desktop_app.core.foundation.record import Record
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.inference.proof import ask
from desktop_app.core.inference.proof_pictures import proof_pictures
from desktop_app.core.library.foreign_kinds import FOREIGN_NAMES, is_foreign
from desktop_app.core.networks.efficientnet_lite import VARIANTS
from desktop_app.core.networks.outputs import OutputKind
from desktop_app.core.training.runs.store import RunStore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import keras

    from desktop_app.core.export.conversion.formats import ExportFormat, ExportPrecision
    from desktop_app.core.library.installed_model import InstalledModel

    Write = Callable[[Path, ExportFormat, ExportPrecision], None]

FACTS_FILE = "facts.json"
MODEL_FOLDER, WHOLE_FOLDER = "model", "whole"
"""The model, and for a smaller precision the same in float32, on whose proof the first one rests."""
PICTURES_FILE, EXPECTED_FILE = "pictures.npy", "expected.npy"
HELD_FILE, HELD_EXPECTED_FILE, HELD_LABELS_FILE = "held.npy", "held_expected.npy", "held_labels.npy"

_BUILT_FROM_KERAS = frozenset({"keras", "vgg19", *VARIANTS})
"""Architectures of which there is a Keras network that everything else can be written from."""

_FOREIGN_TO: Mapping[str, tuple[ExportFormat, ...]] = {"onnx": ("onnx", "openvino"), "tflite": ("openvino",)}
"""Formats that can take the graph of a model of another program as it is."""


class WritingFacts(Record):
    """What the step found out, for the next one.

    Attributes:
        reference: What gave the expected answers.
        computes: The numbers that the network computes with in Sightline.
        kind: What the network's outputs mean.
        batch: Whether the model takes as many pictures at a time as its format can.
        held: Whether there are validation pictures.
        held_note: Why not, as a sentence.
    """

    reference: str
    computes: str
    kind: OutputKind = "unknown"
    batch: bool = True
    held: bool = False
    held_note: str = ""


def check_source(entry: InstalledModel, form: ExportFormat) -> None:
    """Refuse a model that cannot be written in a format, whatever is in it.

    Raises:
        CannotExport: It is one of another program, whose graph only some formats can take as it is.
    """
    assert entry.card is not None
    architecture = entry.card.architecture
    possible = _FOREIGN_TO.get(architecture, ())
    if architecture in _BUILT_FROM_KERAS or form in possible:
        return
    name = FOREIGN_NAMES.get(architecture, architecture)
    own = "the file that it was imported from, or export it with --format sightline."
    if not possible:
        raise CannotExport(
            f"{entry.name} was imported as {name}, of which no other format can be written.", f"Use {own}"
        )
    raise CannotExport(
        f"{entry.name} was imported as {name}: its network can be written as {' or '.join(possible)} alone.",
        f"Choose {' or '.join(possible)}, use {own}",
    )


def write_step(
    entry: InstalledModel,
    form: ExportFormat,
    precision: ExportPrecision,
    folder: Path,
    tell: Callable[[str], None] = lambda _sentence: None,
) -> None:
    """Write a model in a format, the pictures that it is to be asked about, and Sightline's answers.

    Args:
        entry: A usable model.
        form: Any format but ``sightline``.
        precision: One that the format has.
        folder: An empty folder.
        tell: Callback for what is being done.

    Raises:
        CannotExport: The format cannot hold the model, and why.
        ModelError: It is damaged or does not fit its card.
        EngineError: An engine does not start.
        StorageError: The disk is full or refuses.
    """
    check_source(entry, form)
    assert entry.card is not None
    if is_foreign(entry.card.architecture):
        facts, classifier, write = _foreign(entry, tell)
    else:
        facts, classifier, write = _keras(entry, tell)
    with storage_errors(folder):
        tell("Asking Sightline about the pictures…")
        pictures = proof_pictures(entry.card.input)
        np.save(folder / PICTURES_FILE, pictures)
        np.save(folder / EXPECTED_FILE, ask(classifier, pictures)[0])
        if precision == "int8":
            tell("Asking Sightline about the validation pictures…")
            facts = _with_held(facts, classifier, folder)
        tell("Writing the model…")
        for name, numbers in ((MODEL_FOLDER, precision), (WHOLE_FOLDER, "float32")):
            if name == MODEL_FOLDER or precision != "float32":
                (folder / name).mkdir()
                write(folder / name, form, numbers)
        (folder / FACTS_FILE).write_text(facts.model_dump_json(), encoding="utf-8")


def _keras(entry: InstalledModel, tell: Callable[[str], None]) -> tuple[WritingFacts, Classifier, Write]:
    """Load a model of which there is a Keras network."""
    assert entry.card is not None
    card = entry.card
    tell("Starting TensorFlow…")
    load_engine()
    from desktop_app.core.inference.tensorflow_network import compute_precision

    tell(f"Loading {entry.name}…")
    network = load_network(entry)
    computes = compute_precision(network)
    network = float32_network(network)
    classifier = Classifier.of_keras(card, network, "CPU")
    classifier.warm_up()
    made: list[keras.Model] = []

    def write(folder: Path, form: ExportFormat, precision: ExportPrecision) -> None:
        if not made:
            made.append(picture_model(card, network, classifier.kind))
        write_model(made[0], folder, form, precision)

    facts = WritingFacts(reference=_reference(), computes=computes, kind=classifier.kind)
    return facts, classifier, write


def _foreign(entry: InstalledModel, tell: Callable[[str], None]) -> tuple[WritingFacts, Classifier, Write]:
    """Load a model of another program, for which OpenVINO answers in Sightline."""
    assert entry.card is not None
    assert entry.weights is not None
    card, path = entry.card, entry.weights
    tell(f"Loading {entry.name}…")
    entrance = inspected(card, path).entrance
    classifier = foreign_classifier(card, path)
    classifier.warm_up()

    def write(folder: Path, form: ExportFormat, precision: ExportPrecision) -> None:
        known = ForeignFacts(card, path, entrance, classifier.kind, classifier.width)
        write_foreign(known, folder, form, precision)

    reference = f"Sightline with OpenVINO {openvino_version()}"
    facts = WritingFacts(reference=reference, computes="float32", kind=classifier.kind, batch=False)
    return facts, classifier, write


def _with_held(facts: WritingFacts, classifier: Classifier, folder: Path) -> WritingFacts:
    held = held_pictures(classifier.card, RunStore.default())
    if isinstance(held, str):
        return facts.model_copy(update={"held_note": held})
    np.save(folder / HELD_FILE, held.pixels)
    np.save(folder / HELD_LABELS_FILE, held.labels)
    np.save(folder / HELD_EXPECTED_FILE, ask(classifier, held.pixels)[0])
    return facts.model_copy(update={"held": True})


def _reference() -> str:
    import tensorflow as tf

    return f"Sightline with TensorFlow {tf.__version__}"
