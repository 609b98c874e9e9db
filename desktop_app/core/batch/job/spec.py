"""The settings of a job; stored in its file."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator

from desktop_app.core.batch.job.errors import JobError
from desktop_app.core.classify.naming import named, require_labels
from desktop_app.core.foundation.text import printable
from desktop_app.core.kinds.sums import KindSums, kind_sums
from desktop_app.core.library.card import ClassLabel, ModelCard
from desktop_app.core.networks.input_spec import Fit, fit_words
from desktop_app.core.networks.outputs import TASK_WORDS, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.classify.prediction import Prediction

MAX_TOP = 100_000
"""As many as a model may have classes."""


def _to_path(value: object) -> Path:
    if isinstance(value, Path):
        return value
    if not isinstance(value, str):
        message = "not a path"
        raise ValueError(message)  # noqa: TRY004 - what pydantic expects of a validator
    return Path(os.fsdecode(unquote_to_bytes(value)))


_Path = Annotated[
    Path,
    PlainValidator(_to_path),
    PlainSerializer(lambda path: quote_from_bytes(os.fsencode(path)), return_type=str, when_used="json"),
]
"""A path as it was named, also a relative one; bytes that are not ASCII stand as percent escapes."""


def _pixels(card: ModelCard) -> str:
    """How a model from elsewhere gets its pictures, apart from the fit."""
    spec = card.input
    if card.origin != "imported" or card.recipe:
        return ""
    grey = ", grey of " + " + ".join(f"{share:.4g}" for share in spec.grey) if spec.channels == 1 else ""
    return f"pixels {spec.preprocessing}, scaled {spec.resample}{grey}"


class JobSpec(BaseModel):
    """The settings of a job.

    Attributes:
        weights_sha256: The hash of the model's weights, since another model may have the same name.
        classes: The classes in the order of the network's outputs, so that results can be read without it.
        task: What the outputs are for; jobs of earlier builds are of one class of several.
        thresholds: The probability from which on each label is right; empty for one half each.
        units: The unit of each amount; empty for none.
        not_sure_below: The top probability (0..1) below which a prediction is called "not sure".
        pixels: How a model from elsewhere gets its pictures, apart from the fit, in words: it can be changed.
            Empty for all others, and in jobs of earlier builds.
        crop_share: The share of a picture that a crop keeps, as in `InputSpec`; jobs of earlier builds had 1.
        top: The number of classes kept for each picture, at most.
        base: The folder that relative sources begin in.
        sources: The files and folders as they were named; the paths of the pictures begin with them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    model_id: str
    model_name: str
    weights_sha256: str
    classes: tuple[ClassLabel, ...]
    task: Task = "classification"
    thresholds: tuple[float, ...] = ()
    units: tuple[str, ...] = ()
    not_sure_below: float
    fit: Fit
    pixels: str = ""
    crop_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    top: Annotated[int, Field(ge=1, le=MAX_TOP)]
    base: _Path
    sources: tuple[_Path, ...]

    @classmethod
    def for_card(
        cls,
        card: ModelCard,
        sources: Sequence[Path],
        *,
        top: int = 5,
        fit: Fit | None = None,
        base: Path | None = None,
    ) -> JobSpec:
        """Ask a model about files and folders.

        Args:
            card: The model's card.
            sources: The files and folders, in the order of the results.
            top: The number of classes to keep for each picture; fewer if the model has fewer. Of labels and
                amounts all are kept.
            fit: The image fit in place of the card's.
            base: The folder that relative sources begin in; the current one by default.

        Raises:
            NotAClassifier: The model gives features.
        """
        require_labels(card)
        return cls(
            model_id=card.id,
            model_name=card.name,
            weights_sha256=card.weights_sha256,
            classes=tuple(card.classes),
            task=card.task,
            thresholds=card.thresholds,
            units=card.units,
            not_sure_below=card.calibration.not_sure_below,
            fit=fit or card.input.fit,
            pixels=_pixels(card),
            crop_share=card.input.crop_share,
            top=min(top, len(card.classes)) if card.task == "classification" else len(card.classes),
            base=base or Path.cwd(),
            sources=tuple(sources),
        )

    @property
    def fit_words(self) -> str:
        """What the model sees of each picture."""
        return fit_words(self.fit, self.crop_share)

    def as_stored(self) -> str:
        """The settings as JSON; earlier builds can read those of jobs that they could have made."""
        plain = self.task == "classification"
        left_out = {"task", "thresholds", "units"} if plain else set()
        return self.model_dump_json(exclude=left_out if self.pixels else left_out | {"pixels"})

    def check_same(self, other: JobSpec) -> None:
        """Make sure that results for ``other`` may stand beside those for this one.

        Raises:
            JobError: A setting differs; the sentence names it.
        """
        if self.task != other.task:
            raise JobError(
                f"This job was started when the model gave {TASK_WORDS[self.task]}, not "
                f"{TASK_WORDS[other.task]}.",
                "Start a new job.",
            )
        for name, mine, theirs in (
            ("model", self.model_id, other.model_id),
            ("top", self.top, other.top),
            ("fit", self.fit, other.fit),
        ):
            if mine != theirs:
                raise JobError(
                    f"This job was started with --{name} {mine}, not {theirs}.",
                    f"Resume with --{name} {mine}, or start a new job.",
                )
        self.check_weights(other.model_id, other.weights_sha256)
        self._check_pixels(other.pixels)
        if self.fit != "squash" and self.crop_share != other.crop_share:
            raise JobError(
                f"This job was started with a crop to {self.crop_share:.1%} of the picture, "
                f"not {other.crop_share:.1%}.",
                "The model's card has changed since; start a new job.",
            )
        if self._places != other._places:
            named = ", ".join(printable(str(path)) for path in self.sources[:3])
            raise JobError(f"This job is about something else: {named}.", "Choose another name for it.")

    @property
    def _places(self) -> list[str]:
        """Where the sources are."""
        return [os.path.join(self.base, source) for source in self.sources]  # noqa: PTH118 - 100,000 files

    def check_weights(self, model_id: str, weights_sha256: str) -> None:
        """Make sure that a model is the one that the job was begun with.

        Raises:
            JobError: It is another one.
        """
        if (model_id, weights_sha256) == (self.model_id, self.weights_sha256):
            return
        which = f"the model {self.model_id}, not {model_id}"
        if model_id == self.model_id:
            which = f"other weights of the model {model_id}"
        raise JobError(f"This job was started with {which}.", "Choose that model, or start a new job.")

    def check_card(self, card: ModelCard) -> None:
        """Make sure that a model is the one that the job was begun with, and gets its pictures as then.

        Raises:
            JobError: It is another one, or gets them in another way.
        """
        self.check_weights(card.id, card.weights_sha256)
        self._check_pixels(_pixels(card))

    def _check_pixels(self, pixels: str) -> None:
        if self.pixels and pixels != self.pixels:
            raise JobError(
                f"{self.model_name} got its pictures in another way when this job was started: "
                f"{self.pixels}, not {pixels}.",
                "Start a new job, or change the model's pixels back.",
            )

    @cached_property
    def kinds(self) -> KindSums | None:
        """The broader kinds of the classes; None where they have none, or are not one of several."""
        if self.task != "classification":
            return None
        return kind_sums([entry.class_id for entry in self.classes])

    def prediction(
        self,
        classes: Sequence[int],
        probabilities: Sequence[float],
        kind: str = "",
        kind_probability: float = 0.0,
        distance: float | None = None,
    ) -> Prediction:
        """Name classes or labels, the most probable first, or amounts in their order.

        Args:
            classes: The indices in the network's outputs; at least one.
            probabilities: The probability of each class, 0..1; or the amounts.
            kind: The name of the broader kind; empty for none.
            kind_probability: The probability of all its classes, 0..1.
            distance: The distance from the model's training pictures, see `Prediction`.
        """
        known = self.kinds if kind else None
        return named(
            self,
            classes,
            probabilities,
            not_sure_below=self.not_sure_below,
            kind=known.kind(kind, kind_probability, probabilities[0]) if known is not None else None,
            distance=distance,
        )

    def alphabet(self) -> list[int]:
        """The classes in the alphabetical order of their names, for sorting.

        Files keep places in it: the order must never change.
        """
        names = [entry.label.replace("_", " ").casefold() for entry in self.classes]
        return sorted(range(len(names)), key=lambda index: (names[index], index))
