"""What the product makes of one model: imported as its maker would, and compared with Keras."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from benchmarks.zoo_models.preparing import expected, prepared
from benchmarks.zoo_models.settling import settle, views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.zoo_models.case import Case, Meaning, Pixels
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.store import Library
    from desktop_app.core.networks.outputs import Task

RIGHT, REFUSED, WRONG, LEGIT_REFUSED, CANNOT_SAY = (
    "right",
    "rightly refused",
    "WRONG WITHOUT A WORD",
    "refused though legitimate",
    "right pixels cannot be chosen",
)
BROKEN = "not built"
TASKS: dict[Meaning, Task] = {
    "labels": "multi-label",
    "labels-logits": "multi-label",
    "numbers": "regression",
    "features": "embedding",
}
OWN_TEXTS: dict[str, str] = {"bgr-unit": "scale=1/255 order=bgr"}
"""What a person writes for pixels without a name."""


class Unsettled(Exception):
    """The network magnifies rounding so much that its answers cannot be compared with anything."""


@dataclass
class Verdict:
    """What came of a model.

    Attributes:
        name: The case.
        outcome: One of `RIGHT` and so on.
        asked: How its pixels came: "decided", "asked: 1" with the place of the right choice in the list
            and "likely" where it led, "decided wrongly, said".
        meaning: What its outputs are for, with the place in the list, where that was asked.
        apart: Largest difference of each engine that predicted.
        words: What the product said.
    """

    name: str
    outcome: str
    asked: str = ""
    meaning: str = ""
    apart: dict[str, float] | None = None
    words: str = ""

    def as_record(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return asdict(self)


def judge(case: Case, *, onnx: bool = False) -> Verdict:
    """Build a model, import it, compare.

    Args:
        case: The model.
        onnx: Whether it is imported as the ONNX file that tf2onnx makes of the saved model.
    """
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(7)
    with tempfile.TemporaryDirectory(prefix="sightline-zoo-") as scratch:
        path = Path(scratch) / "model.keras"
        try:
            model = case.build(keras)
            shape = tuple(model.inputs[0].shape[1:]) if not case.refused else ()
            if not case.refused:
                settle(model, prepared(_training_pictures(shape), case.pixels, shape))
            if case.finish is not None:
                model = case.finish(keras, model)
            model.save(path)
            if onnx:
                path = _as_onnx(keras.models.load_model(path, compile=False), path.with_suffix(".onnx"))
        except Exception as error:  # noqa: BLE001 - the report says which
            return Verdict(case.name, BROKEN, words=f"{type(error).__name__}: {str(error)[:300]}")
        return _judge_file(case, model, path, Path(scratch))


def _as_onnx(model: Any, path: Path) -> Path:
    """Convert a model the way people do."""
    import tensorflow as tf
    import tf2onnx

    entry = model.inputs[0]
    signature = (tf.TensorSpec((None, *entry.shape[1:]), entry.dtype, name="picture"),)
    function = tf.function(lambda picture: model(picture, training=False), input_signature=signature)
    proto, _tensors = tf2onnx.convert.from_function(function, input_signature=signature, opset=17)
    path.write_bytes(proto.SerializeToString())
    return path


def _judge_file(case: Case, model: Any, path: Path, scratch: Path) -> Verdict:
    from desktop_app.core.foundation.errors import SightlineError
    from desktop_app.core.library.store import Library

    library = Library(scratch / "shipped", scratch / "models", scratch / "trash")
    verdict = Verdict(case.name, WRONG)
    try:
        card = _import(case, library, path, verdict)
    except SightlineError as error:
        verdict.outcome = REFUSED if case.refused else LEGIT_REFUSED
        verdict.words = error.reason.sentence
        return verdict
    if card is None:
        verdict.outcome = CANNOT_SAY
        return verdict
    if case.refused:
        verdict.words = "it was taken"
        return verdict
    try:
        verdict.apart = _differences(case, model, library, card)
    except (Unsettled, SightlineError) as error:
        verdict.outcome = BROKEN if isinstance(error, Unsettled) else LEGIT_REFUSED
        verdict.words = str(error) if isinstance(error, Unsettled) else error.reason.sentence
        return verdict
    if card.task != TASKS.get(case.meaning, "classification"):
        verdict.words = f"taken for {card.task}"
        return verdict
    bad = [engine for engine, apart in verdict.apart.items() if not apart <= case.close]
    verdict.outcome = WRONG if bad else RIGHT
    return verdict


def _import(case: Case, library: Library, path: Path, verdict: Verdict) -> ModelCard | None:
    """Import a file as someone who knows how it was trained; None where the right pixels cannot be chosen."""
    from desktop_app.core.classify.pixel_trial import try_pixels
    from desktop_app.core.foundation.cancellation import NEVER
    from desktop_app.core.images.sample_pictures import read_pictures, sample_files
    from desktop_app.core.library.exchange.importing import (
        LabelsNeeded,
        MeaningNeeded,
        PixelsNeeded,
        Wishes,
        import_model,
    )
    from desktop_app.core.networks.pixels import pixel_choices

    wishes = Wishes()
    while True:
        try:
            card = import_model(library, path, wishes, cancel=NEVER)
            break
        except MeaningNeeded as needed:
            task = TASKS.get(case.meaning, "classification")
            place = needed.tasks.index(task) + 1 if task in needed.tasks else "not listed"
            verdict.meaning = f"{task}: {place}"
            wishes = replace(wishes, task=task)
        except LabelsNeeded as needed:
            wishes = replace(wishes, labels=[f"class {number}" for number in range(needed.outputs)])
        except PixelsNeeded as needed:
            pictures = [pixels for _, pixels in read_pictures(sample_files(), 512)]
            trial = try_pixels(needed.path, needed.card, needed.clues, pictures, NEVER)
            right = _same([each.preprocessing for each in trial.choices], case.pixels, needed.card)
            verdict.asked = _place(trial.choices, right)
            if right is None:
                right = OWN_TEXTS.get(case.pixels)
            if right is None:
                return None
            wishes = replace(wishes, preprocessing=right)
    verdict.words = card.description
    if wishes.preprocessing is None:
        verdict.asked = "decided"
        if _same([card.input.preprocessing], case.pixels, card) is None:
            verdict.asked = f"decided wrongly: {card.input.preprocessing}"
            right = _same(pixel_choices(card.input.channels), case.pixels, card)
            if case.told and "pixels from" in card.description and right is not None:
                verdict.asked = "decided wrongly, said"
                wishes = replace(wishes, preprocessing=right)
                card = import_model(library, path, wishes, cancel=NEVER)
    return card


def _place(choices: Sequence[Any], right: Any) -> str:
    """Where the right choice stands among the proposals."""
    place = next((n for n, each in enumerate(choices) if each.preprocessing == right), None)
    if place is None:
        return "asked: by its numbers"
    if choices[place].likely:
        return f"asked: {place + 1}, likely"
    return f"asked: {place + 1}, another one likely" if choices[0].likely else f"asked: {place + 1}"


def _same(choices: Sequence[Any], pixels: Pixels, card: ModelCard) -> Any:
    """The product's name for a preparation, found by its numbers; None where it has none."""
    from desktop_app.core.networks.preprocessing import preprocess

    channels = card.input.channels
    picture = np.random.default_rng(3).integers(0, 256, (1, 4, 4, 3), dtype=np.uint8)
    wanted = prepared(picture, pixels, (4, 4, channels))
    for choice in choices:
        found = np.asarray(preprocess(picture, choice, channels), np.float64)
        if np.abs(found - wanted).max() <= 1e-4 * max(1.0, float(np.abs(wanted).max())):
            return choice
    return None


def _differences(case: Case, model: Any, library: Library, card: ModelCard) -> dict[str, float]:
    """Ask each engine, and Keras, about the same resized pixels."""
    from desktop_app.core.classify.loader import load_classifier, load_features
    from desktop_app.core.foundation.errors import ModelError
    from desktop_app.core.inference.choice import EngineChoice
    from desktop_app.core.networks.preprocessing import fit_to_input

    pictures = [fit_to_input(picture, card.input, "squash") for picture in _photographs()]
    shape = tuple(model.inputs[0].shape[1:])
    given = prepared(np.stack(pictures), case.pixels, shape)
    if str(model.inputs[0].dtype) == "uint8":
        given = given.astype(np.uint8)
    rows = [np.asarray(model(given[n : n + 1], training=False), np.float64) for n in range(len(given))]
    wanted = expected(np.concatenate(rows), case.meaning)
    if model.inputs[0].shape[0] is None:
        together = expected(np.asarray(model(given, training=False), np.float64), case.meaning)
        if not np.abs(together - wanted).max() <= case.close * max(1.0, float(np.abs(wanted).max())):
            message = "Keras's own answers for a picture alone and among others are further apart than that."
            raise Unsettled(message)
    top = max(1.0, float(np.abs(wanted).max()))
    load = load_features if card.task == "embedding" else load_classifier
    apart = {}
    for engine in ("tensorflow", "openvino") if card.architecture == "keras" else ("openvino",):
        try:
            classifier = load(card.id, library, EngineChoice(engine=engine, precision="float32"))
        except ModelError:
            if engine == "tensorflow":
                raise
            continue  # OpenVINO does not predict with it, and says so
        found: NDArray[Any] = classifier.outputs(pictures)
        if card.task in ("classification", "multi-label"):
            found = classifier.probabilities(found)
        apart[engine] = float(np.abs(found - wanted).max()) / top if found.shape == wanted.shape else 9.0
    return apart


def _photographs() -> list[NDArray[np.uint8]]:
    """The sample pictures, and a part of each."""
    from desktop_app.core.images.sample_pictures import read_pictures, sample_files

    whole = [pixels for _, pixels in read_pictures(sample_files(), 640)]
    return whole + [np.ascontiguousarray(each[: len(each) // 2, : each.shape[1] // 2]) for each in whole]


def _training_pictures(shape: Sequence[int | None]) -> NDArray[np.uint8]:
    """Other views of them, and they themselves, as the pictures that a network was trained on.

    Without the pictures that are asked about, EfficientNetB3, B5 and B6 with random weights leave what their
    statistics are of, for pictures of 64 x 64: features grow from 0.5 to 3,000, and Keras's own answers for
    one picture alone and among others are up to 1.0 apart.
    """
    side = (*shape, None)[0] or 224
    if len(shape) == 1:
        side = round(float(side) ** 0.5)
    photographs = _photographs()
    size, filtering = (side, side), Image.Resampling.BICUBIC
    asked = np.stack([np.asarray(Image.fromarray(each).resize(size, filtering)) for each in photographs])
    return np.concatenate([views(photographs, side, 8 if side > 200 else 32), asked])
