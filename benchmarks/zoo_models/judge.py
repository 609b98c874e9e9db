"""What the product makes of one model: imported as its maker would, and compared with Keras."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.zoo_models.preparing import expected, prepared
from benchmarks.zoo_models.settling import settle, views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.zoo_models.case import Case, Pixels
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.store import Library

RIGHT, REFUSED, WRONG, LEGIT_REFUSED, CANNOT_SAY = (
    "right",
    "rightly refused",
    "WRONG WITHOUT A WORD",
    "refused though legitimate",
    "right pixels cannot be chosen",
)
BROKEN = "not built"


@dataclass
class Verdict:
    """What came of a model.

    Attributes:
        name: The case.
        outcome: One of `RIGHT` and so on.
        asked: How its pixels came: "decided", "asked: 1" with the place of the right choice in the list
            and "likely" where it led, "decided wrongly, said".
        apart: Largest difference of each engine that predicted.
        words: What the product said.
    """

    name: str
    outcome: str
    asked: str = ""
    apart: dict[str, float] | None = None
    words: str = ""

    def as_record(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return asdict(self)


def judge(case: Case) -> Verdict:
    """Build a model, import it, compare."""
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
        except Exception as error:  # noqa: BLE001 - the report says which
            return Verdict(case.name, BROKEN, words=f"{type(error).__name__}: {str(error)[:300]}")
        return _judge_file(case, model, path, Path(scratch))


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
    verdict.apart = _differences(case, model, library, card)
    bad = [engine for engine, apart in verdict.apart.items() if not apart <= case.close]
    verdict.outcome = WRONG if bad else RIGHT
    return verdict


def _import(case: Case, library: Library, path: Path, verdict: Verdict) -> ModelCard | None:
    """Import a file, its questions answered by who knows how it was trained; None where he cannot."""
    from desktop_app.core.classify.loader import check_answers
    from desktop_app.core.classify.pixel_trial import try_pixels
    from desktop_app.core.foundation.cancellation import NEVER
    from desktop_app.core.images.sample_pictures import read_pictures, sample_files
    from desktop_app.core.library.exchange.importing import LabelsNeeded, PixelsNeeded, import_model
    from desktop_app.core.networks.pixels import pixel_choices

    try:
        import_model(library, path, cancel=NEVER)
        outputs = 0
    except LabelsNeeded as needed:
        outputs = needed.outputs
    options: dict[str, Any] = {
        "labels": [f"class {number}" for number in range(outputs)] or None,
        "check": check_answers,
        "cancel": NEVER,
    }
    try:
        card = import_model(library, path, **options)
    except PixelsNeeded as needed:
        pictures = [pixels for _, pixels in read_pictures(sample_files(), 512)]
        trial = try_pixels(needed.path, needed.card, needed.clues, pictures, NEVER)
        names = [choice.preprocessing for choice in trial.choices]
        right = _same(names, case.pixels, needed.card.input.channels)
        if right is None:
            verdict.asked = "asked: not in the list"
            return None
        place = names.index(right)
        likely = ", likely" if trial.choices[place].likely else ""
        misled = "" if likely or not trial.choices[0].likely else ", another one likely"
        verdict.asked = f"asked: {place + 1}{likely}{misled}"
        return import_model(library, path, preprocessing=right, **options)
    verdict.words = card.description
    if _same([card.input.preprocessing], case.pixels, card.input.channels) is not None:
        verdict.asked = "decided"
        return card
    right = _same(pixel_choices(card.input.channels), case.pixels, card.input.channels)
    if not case.told or not card.description or right is None:
        verdict.asked = f"decided wrongly: {card.input.preprocessing}"
        return card
    verdict.asked = "decided wrongly, said"
    return import_model(library, path, preprocessing=right, **options)


def _same(choices: Sequence[Any], pixels: Pixels, channels: int) -> Any:
    """The product's name for a preparation, found by its numbers; None where it has none."""
    from desktop_app.core.networks.preprocessing import preprocess

    picture = np.random.default_rng(3).integers(0, 256, (1, 4, 4, 3), dtype=np.uint8)
    wanted = prepared(picture, pixels, (4, 4, channels))
    for choice in choices:
        found = np.asarray(preprocess(picture, choice, channels), np.float64)
        if np.abs(found - wanted).max() <= 1e-4 * max(1.0, float(np.abs(wanted).max())):
            return choice
    return None


def _differences(case: Case, model: Any, library: Library, card: ModelCard) -> dict[str, float]:
    """Ask each engine, and Keras, about the same resized pixels."""
    from desktop_app.core.classify.loader import load_classifier
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
    top = max(1.0, float(np.abs(wanted).max()))
    apart = {}
    for engine in ("tensorflow", "openvino"):
        try:
            classifier = load_classifier(card.id, library, EngineChoice(engine=engine, precision="float32"))
        except ModelError:
            if engine == "tensorflow":
                raise
            continue  # OpenVINO does not predict with it, and says so
        found = classifier.probabilities(classifier.outputs(pictures))
        apart[engine] = float(np.abs(found - wanted).max()) / top if found.shape == wanted.shape else 9.0
    return apart


def _photographs() -> list[NDArray[np.uint8]]:
    """The sample pictures, and a part of each."""
    from desktop_app.core.images.sample_pictures import read_pictures, sample_files

    whole = [pixels for _, pixels in read_pictures(sample_files(), 640)]
    return whole + [np.ascontiguousarray(each[: len(each) // 2, : each.shape[1] // 2]) for each in whole]


def _training_pictures(shape: Sequence[int | None]) -> NDArray[np.uint8]:
    """Other views of them, as the pictures that a network was trained on."""
    side = (*shape, None)[0] or 224
    if len(shape) == 1:
        side = round(float(side) ** 0.5)
    return views(_photographs(), side, 8 if side > 200 else 32)
