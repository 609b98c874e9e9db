"""Models of other programs, ONNX and TensorFlow Lite: OpenVINO alone answers for them.

Their files are inspected each time before OpenVINO reads them, as a ``.keras`` file is before Keras does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.engine.compiled import openvino_version, read_processor
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.inference.engine_record import EngineRecord, key_of, place_for, stamp_of, write_record
from desktop_app.core.inference.foreign_network import Entrance, Preparation, read_foreign
from desktop_app.core.inference.openvino_network import OpenVinoNetwork
from desktop_app.core.inference.proof import ask, prove
from desktop_app.core.inference.proof_pictures import proof_pictures
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.foreign_kinds import FOREIGN_NAMES, is_foreign

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.networks.outputs import OutputKind

    Reference = tuple[str, Callable[[NDArray[Any]], NDArray[np.float32]]]
    """Name and version of an engine, and its outputs ``(N, outputs)`` for prepared pictures."""

ADVICE = "Choose another model, or import this one again."
"""What to do when OpenVINO fails: there is no other engine to choose."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """What the inspection of a stored file found.

    Attributes:
        entrance: How the network wants the prepared pixels.
        kind: What its outputs mean, as far as its operators tell.
        operations: Approximate number of multiplications for one picture.
        eight_bits: Whether it computes with 8-bit numbers, so that its own engine may disagree with itself.
    """

    entrance: Entrance
    kind: OutputKind
    operations: int
    eight_bits: bool = False


def inspected(card: ModelCard, path: Path) -> Foreign:
    """Inspect a stored file, and see that it fits its card.

    Args:
        card: The card, of one of `FOREIGN_NAMES`.
        path: The file.

    Raises:
        ModelError: It is refused, or does not fit its card.
        StorageError: It cannot be read.
    """
    summary = _inspect(card.architecture, path, (card.input.height, card.input.width))
    if card.input.mirrored:
        raise ModelError(
            f"The card of {card.name} asks for mirror images, which its kind is not given.", ADVICE
        )
    found = summary.height, summary.width, summary.channels, summary.layout
    taken = card.input
    if found != (taken.height, taken.width, taken.channels, taken.layout):
        raise ModelError(f"The model {card.name} has another input than its card says.", ADVICE)
    entrance = Entrance(summary.dtype, summary.scale, summary.zero_point)
    eight_bits = card.architecture == "tflite" and summary.eight_bits
    return Foreign(entrance, card.outputs or summary.kind or "unknown", summary.operations, eight_bits)


def _inspect(architecture: str, path: Path, size: tuple[int, int]) -> Any:
    """Call the inspection for an architecture."""
    match architecture:
        case "onnx":
            from desktop_app.core.library.inspection.onnx.summary import inspect_onnx

            return inspect_onnx(path, size)
        case "tflite":
            from desktop_app.core.library.inspection.tflite.summary import inspect_tflite

            return inspect_tflite(path, size)
    raise ModelError(f"Sightline has no reader for models of the kind '{architecture}'.", ADVICE)


def store_clean(architecture: str, path: Path, target: Path, cancel: CancelToken) -> None:
    """Write the copy of a file from elsewhere that OpenVINO may read.

    Raises:
        ModelError: The file is refused.
        StorageError: It cannot be read.
        Cancelled: The user cancelled.
    """
    match architecture:
        case "onnx":
            from desktop_app.core.library.inspection.onnx.cleaning import store_onnx

            store_onnx(path, target, cancel)
        case _:
            raise ModelError(f"Sightline has no reader for models of the kind '{architecture}'.", ADVICE)


def foreign_graph(entry: InstalledModel) -> Any:
    """Read a model of another program as an ``openvino.Model``, from RGB uint8 pictures to its outputs.

    Raises:
        ModelError: It is refused, or OpenVINO cannot read it.
        EngineError: OpenVINO does not start.
        StorageError: Its file cannot be read.
    """
    assert entry.card is not None
    assert entry.weights is not None
    found = inspected(entry.card, entry.weights)
    return read_foreign(entry.weights, entry.card.input, found.entrance)


def check_foreign(card: ModelCard, path: Path) -> None:
    """Let OpenVINO answer once, to see before a model is installed that it fits its card.

    Raises:
        ModelError: It is refused or does not fit, OpenVINO cannot read it, or its answer is not a number.
        EngineError: OpenVINO does not start.
    """
    foreign_classifier(card, path).warm_up()


def foreign_classifier(card: ModelCard, path: Path) -> Classifier:
    """Load a file that is not installed yet, or not for these pixel values.

    Raises:
        ModelError: It is refused or does not fit, or OpenVINO cannot read it.
        EngineError: OpenVINO does not start.
    """
    found = inspected(card, path)
    model = read_foreign(path, card.input, found.entrance)
    return Classifier(card, OpenVinoNetwork(card.name, model, found.kind, advice=ADVICE))


def make_foreign_ready(
    entry: InstalledModel,
    *,
    tell: Callable[[str], None] = lambda _sentence: None,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> EngineRecord:
    """Compare OpenVINO's answers with those of the model's own engine, where one is at hand.

    Args:
        entry: The model as it is installed.
        tell: Callback for what is being done.
        on_progress: Callback for the pictures that are done and their number; it may raise.

    Returns:
        What was found: without a proof where there is no other engine, with a problem where the answers are
        unlike.

    Raises:
        StorageError: The file is gone, or the disk is full or refuses.
        EngineError: OpenVINO does not start.
        ModelError: The file is refused, or OpenVINO cannot read it.
    """
    assert entry.card is not None
    assert entry.weights is not None
    card, path, folder = entry.card, entry.weights, place_for(entry)
    with storage_errors(path, verb="read"):
        stamp = stamp_of(path)
        weights_sha256 = sha256_of(path)
    found = inspected(card, path)
    classifier = foreign_classifier(card, path)
    classifier.warm_up()
    record = EngineRecord(
        key=key_of(card),
        weights_sha256=weights_sha256,
        weights_stamp=stamp,
        openvino=openvino_version(),
        kind="logits" if classifier.kind == "unknown" else classifier.kind,
    )
    pictures = proof_pictures(card.input)
    if (reference := _reference(card.architecture, path, found, len(pictures))) is not None:
        name, compute = reference
        tell(f"Comparing OpenVINO with {name.partition(' ')[0]} for {entry.name}, this once…")
        prepare = Preparation(card.input, found.entrance)
        expected = []
        for number in range(len(pictures)):
            on_progress(number // 2, len(pictures))
            expected.append(compute(prepare(pictures[number : number + 1])))
        own_spread = None
        if found.eight_bits:
            other = _other_way(path)
            again = [other(prepare(pictures[number : number + 1])) for number in range(len(pictures))]
            ways = [classifier.probabilities(_joined(rows)) for rows in (expected, again)]
            own_spread = float(abs(ways[0] - ways[1]).max())
        half = len(pictures) // 2
        answers = ask(classifier, pictures, lambda done: on_progress(half + done // 2, len(pictures)))
        proof = prove(
            (classifier.probabilities(_joined(expected)), None),
            answers,
            precision="float32",
            engine=f"OpenVINO {openvino_version()}",
            reference_name=name,
            processor=read_processor().kind,
            card=entry.card,
            own_spread=own_spread,
        )
        record = record.model_copy(update={"proofs": (proof,)})
        if not proof.holds:
            apart = f"{100 * proof.largest_difference:.2g} points"
            problem = (
                f"OpenVINO cannot answer for it: its answers are up to {apart} apart from those of "
                f"{name} on {proof.pictures} pictures."
            )
            record = record.model_copy(update={"problem": problem})
    write_record(folder, record)
    return record


def _joined(rows: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    import numpy as np

    return np.concatenate([row.reshape(1, -1) for row in rows]).astype(np.float32)


def _reference(architecture: str, path: Path, found: Foreign, pictures: int) -> Reference | None:
    """Find another engine for a model; None where there is none, or where it would take too long."""
    match architecture:
        case "onnx":
            from desktop_app.core.inference.onnx_reference import onnx_reference

            return onnx_reference(path, pictures * found.operations)
        case "tflite":
            from desktop_app.core.inference.tflite_reference import tflite_reference

            return tflite_reference(path)
    return None


def _other_way(path: Path) -> Callable[[NDArray[Any]], NDArray[np.float32]]:
    """The second way in which TensorFlow Lite computes a model: with the kernels that it takes by default."""
    from desktop_app.core.inference.tflite_reference import tflite_reference

    return tflite_reference(path, plain=False)[1]


def refuse_tensorflow(entry: InstalledModel) -> None:
    """Say that TensorFlow cannot answer for a model of another program; nothing for all others.

    Raises:
        ModelError: It is such a model.
    """
    if entry.card is not None and is_foreign(entry.card.architecture):
        kind = FOREIGN_NAMES[entry.card.architecture]
        raise ModelError(
            f"{entry.name} was imported as {kind}, which TensorFlow cannot run.",
            "Choose the engine OpenVINO or 'automatic' (Preferences, or --engine).",
        )


def gpu_reason(entry: InstalledModel) -> str:
    """Why the GPU does not answer, as a sentence."""
    assert entry.card is not None
    kind = FOREIGN_NAMES[entry.card.architecture]
    return f"Models imported as {kind} are computed by OpenVINO on the processor, not on the GPU."
