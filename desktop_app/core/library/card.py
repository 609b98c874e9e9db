"""The card that comes with every model and says how to feed it and how to read its output."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.migration import DocumentKind, NewerVersion, replace_outdated
from desktop_app.core.foundation.record import Record
from desktop_app.core.kinds.tree import everyday_kinds, readable_name
from desktop_app.core.library.card_limits import CARD_FILE, MAX_CARD_BYTES, MAX_ID, MAX_NAME
from desktop_app.core.library.proof import MAX_PROOFS, Proof
from desktop_app.core.networks.input_spec import PUBLISHED_CROP, InputSpec
from desktop_app.core.networks.outputs import TASK_WORDS, OutputKind, Task

if TYPE_CHECKING:
    from pathlib import Path


def _with_task(card: dict[str, Any]) -> dict[str, Any]:
    return {"task": "classification"} | card


def _with_published_fit(card: dict[str, Any]) -> dict[str, Any]:
    """VGG19's published figures are for a centre crop, which earlier cards could not describe."""
    taken = card.get("input")
    if card.get("architecture") == "vgg19" and card.get("verified", True) is True and isinstance(taken, dict):
        card["input"] = taken | {"fit": "crop", "crop_share": PUBLISHED_CROP}
    return card


def _unchanged(card: dict[str, Any]) -> dict[str, Any]:
    return card


CARD = DocumentKind((_with_task, _with_published_fit, _unchanged))
"""Version 2 says what the network has learned to do, version 3 what share of a picture a crop keeps;
version 4 knows any scaling of pixels, and networks that do something else than choose between classes."""

UNKNOWN_SHA256 = "0" * 64
"""Placeholder in a card until its model is stored."""

Architecture = Literal["keras", "vgg19", "efficientnet-lite0", "efficientnet-lite2", "onnx", "tflite"]

Text = Annotated[str, Field(max_length=10_000)]
"""A text for people: long enough for a licence, short enough for a window."""


_Probability = Annotated[float, Field(ge=0, le=1)]


class ClassLabel(Record):
    """One class: a stable id (a WordNet synset id for ImageNet, else the label) and a readable name."""

    class_id: Annotated[str, Field(min_length=1, max_length=200)]
    label: Annotated[str, Field(min_length=1, max_length=200)]

    @property
    def readable(self) -> str:
        """The label for the screen."""
        return readable_name(self.class_id, self.label)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that people count it among, the most specific first; only for classes of ImageNet."""
        return everyday_kinds(self.class_id)


class Calibration(Record):
    """Temperature scaling (Guo et al., 2017), fitted on pictures that the training never saw.

    Attributes:
        temperature: Divisor of the logits before the softmax; 1 changes nothing.
        not_sure_below: Top probability (0..1) under which a prediction is called "not sure".
        error_before: Expected calibration error (0..1, 15 bins) at temperature 1.
        error_after: Expected calibration error at ``temperature``.
    """

    temperature: Annotated[float, Field(gt=0, le=100)] = 1.0
    not_sure_below: Annotated[float, Field(ge=0, le=1)] = 0.35
    error_before: float | None = None
    error_after: float | None = None


MAX_UNIT = 40
"""Characters in the unit of an amount, at most."""

MAX_BANK_BYTES = 8 * 1024 * 1024
"""Features of training pictures, at most."""


class BankFacts(Record):
    """The features of training pictures in the file ``features.f16`` beside the weights.

    Attributes:
        rows: Number of pictures.
        width: Number of features of each, as the network's layer ``features`` gives them.
        neighbours: The rank of the neighbour whose distance counts.
        threshold: The cosine distance beyond which a picture is unlike anything the model was trained on.
        sha256: SHA-256 of the file, in hexadecimal.
    """

    rows: Annotated[int, Field(ge=1, le=100_000)]
    width: Annotated[int, Field(ge=1, le=100_000)]
    neighbours: Annotated[int, Field(ge=1)]
    threshold: Annotated[float, Field(gt=0, le=2, allow_inf_nan=False)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @property
    def bytes(self) -> int:
        """Size of the file: two bytes a number."""
        return 2 * self.rows * self.width

    @model_validator(mode="after")
    def _fits(self) -> BankFacts:
        if self.bytes > MAX_BANK_BYTES or self.neighbours > self.rows:
            message = "too many features, or fewer than neighbours"
            raise ValueError(message)
        return self


class ModelCard(Record):
    """Everything the app knows about a model without loading it.

    Attributes:
        id: Folder name in the library and name on the command line.
        task: What the network's outputs are for.
        architecture: ``keras`` loads ``weights_file`` as a ``.keras`` archive; for the others the app builds
            the network itself and reads ``weights_file`` as weights only. ``onnx`` and ``tflite`` are files
            that OpenVINO reads.
        classes: Classes in the order of the network's outputs; the labels of a network that gives several at
            once, the names of the amounts that it estimates; none for features.
        outputs: What the outputs are, where the loaded network cannot tell.
        thresholds: The probability (0..1) from which on a label is right, for each label of a network that
            gives several at once; empty for 0.5 each.
        units: The unit of each amount; empty texts, or nothing, where it has none.
        verified: Whether the file is known to be the published one (by checksum) or made here.
        weights_sha256: SHA-256 of ``weights_file``, in hexadecimal.
        metrics: Named figures: ``top1``, ``top3`` and the like (0..1); for networks that were trained here
            also ``pictures``, the number they were measured on, ``test_top1`` and ``val_top1``,
            ``balanced_accuracy`` and ``macro_f1``.
        created: Date as YYYY-MM-DD.
        bank: The stored features of training pictures; None for a model that cannot say whether a picture is
            unlike them.
        proofs: What comparisons of OpenVINO's answers with TensorFlow's found when the model was made ready;
            for people: which engine answers is decided by the record beside the weights alone.
    """

    schema_version: Literal[4] = 4
    # Lengths stay out of the patterns: 100 repetitions of all letters there are take 0.1 s to compile.
    id: Annotated[str, Field(pattern=r"^\w[\w.\- ]*$", max_length=MAX_ID)]
    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    description: Text = ""
    task: Task = "classification"
    architecture: Architecture = "keras"
    origin: Literal["shipped", "downloaded", "imported", "trained"]
    weights_file: Annotated[str, Field(pattern=r"^\w[\w.\-]*$", max_length=MAX_ID)] = "model.keras"
    weights_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    verified: bool = True
    classes: Annotated[list[ClassLabel], Field(max_length=100_000)]
    outputs: OutputKind | None = None
    thresholds: tuple[_Probability, ...] = ()
    units: tuple[Annotated[str, Field(max_length=MAX_UNIT)], ...] = ()
    input: InputSpec
    calibration: Calibration = Calibration()
    parameters: Annotated[int, Field(ge=0)] = 0
    recipe: Text = ""
    metrics: dict[str, float] = Field(default_factory=dict)
    data: Text = ""
    versions: dict[str, str] = Field(default_factory=dict)
    licence: Text = ""
    source: Text = ""
    created: Text = ""
    bank: BankFacts | None = None
    proofs: Annotated[tuple[Proof, ...], Field(max_length=MAX_PROOFS)] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> ModelCard:
        if len({entry.class_id for entry in self.classes}) != len(self.classes):
            message = "two classes have the same class_id"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _classes_suit_the_task(self) -> ModelCard:
        least = {"classification": 2, "embedding": 0}.get(self.task, 1)
        if len(self.classes) < least or (self.task == "embedding" and self.classes):
            message = f"{len(self.classes)} classes for {TASK_WORDS[self.task]}"
            raise ValueError(message)
        if self.thresholds and (self.task != "multi-label" or len(self.thresholds) != len(self.classes)):
            message = "thresholds are for several labels at once, one for each"
            raise ValueError(message)
        if self.units and (self.task != "regression" or len(self.units) != len(self.classes)):
            message = "units are for amounts, one for each"
            raise ValueError(message)
        return self

    def changed(self, **values: object) -> ModelCard:
        """Copy the card with some other values; unlike `model_copy`, this validates them.

        Raises:
            ValidationError: A value is not allowed.
        """
        return ModelCard.model_validate(self.model_dump() | values)


def read_card(folder: Path, *, in_place: bool = True) -> ModelCard:
    """Read and validate the card of a model folder; one of an earlier version is upgraded.

    Args:
        folder: Folder of the model.
        in_place: Whether an upgraded card is written back, where the folder can be written.

    Raises:
        ModelError: The card is missing, too large, not JSON, of a newer version or not valid.
    """
    path = folder / CARD_FILE
    try:
        if path.stat().st_size > MAX_CARD_BYTES:
            message = f"The model card {path} is too large to be one."
            raise ModelError(message, "Remove this model and import it again.")
        data = path.read_bytes()
        current = CARD.upgraded(data, path)
        card = _validated(current)
    except NewerVersion as error:
        raise ModelError(str(error)) from error
    except OSError as error:
        message = f"The model card {path} cannot be read: {error.strerror}."
        raise ModelError(message, "Remove this model and import it again.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        message = f"The model card {path} is not valid: {where}: {first['msg']}."
        raise ModelError(message, "Correct the card, or remove this model and import it again.") from error
    if in_place and len(current) <= MAX_CARD_BYTES:
        replace_outdated(path, data, current)
    return card


@lru_cache(maxsize=4)
def _validated(text: bytes) -> ModelCard:
    """Validate the content of a card; that of a model with 1,000 classes is read several times in a row."""
    return ModelCard.model_validate_json(text)
