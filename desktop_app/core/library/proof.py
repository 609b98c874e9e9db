"""What a comparison of two engines found: the proof that a network may be run by the faster one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from desktop_app.core.foundation.record import Record
from desktop_app.core.networks.outputs import Task

MOST_APART = {"float32": 1e-4, "bfloat16": 0.02}
"""Difference of a probability up to which a precision may be used; for features, that of a picture's as a
share of their length."""

MOST_AMOUNT_APART = {"float32": 1e-4, "bfloat16": 1e-3}
"""Difference of an amount up to which a precision may be used, as a share of the largest one."""

MOST_DISTANCE_APART = {"float32": 1e-3, "bfloat16": 0.02}
"""The same for the distance from the training pictures, as a share of the limit beyond which a picture is
unlike them."""

EIGHT_BITS_APART = 2 / 255
"""The same for networks of 8-bit numbers, two steps of them, where their own engine agrees with itself too.

TensorFlow Lite has several ways of computing them, which round at different places: for Everyday and for
EfficientNet-Lite0, converted with their pictures, its plain kernels and its faster ones are 0.037 and 0.038
apart. Then twice that is let through, up to `MOST_EIGHT_BITS_APART`.
"""

MOST_EIGHT_BITS_APART = 0.1

CLEAR_MARGIN = 0.02
"""Where the best class leads the next by more than this, both engines must name the same one."""

FEWEST_PICTURES = 32

MAX_PROOFS = 16
"""Proofs that are kept of a model, the last ones: one of float32, and one for each kind of processor."""


def most_apart(precision: Literal["float32", "bfloat16"], own_spread: float | None) -> float:
    """Difference of a probability up to which a precision may be used; see `Proof`."""
    if own_spread is None:
        return MOST_APART[precision]
    return min(MOST_EIGHT_BITS_APART, max(EIGHT_BITS_APART, 2 * own_spread, MOST_APART[precision]))


class Proof(Record):
    """The answers of an engine beside those of a reference, for the same pictures.

    Attributes:
        precision: The numbers that the engine computed with.
        engine: The engine and its version: "OpenVINO 2026.4.1".
        reference: What it was compared with: "TensorFlow 2.20.0".
        processor: The kind of processor that both ran on.
        pictures: Number of pictures.
        task: What the answers are.
        largest_difference: Largest difference of a probability (0..1); of an amount, as a share of the
            largest one that it reached; of a picture's features, as a share of their length. At most 1.
        largest_distance_difference: Largest difference of a distance from the training pictures, as a share
            of its limit; None for a model without their features.
        top1: Share of the pictures for which both name the same class first; for labels, the same ones as
            right; for features, the same other picture as the most similar one. 1 for amounts.
        top5: Share for which the five best classes, or most probable labels, are the same ones; 1 for others.
        clear_agree: Whether both name the same class first wherever the lead is above `CLEAR_MARGIN`; the
            same labels as right wherever they are farther from their threshold; the same similar picture.
        own_spread: For networks of 8-bit numbers: largest difference between two ways in which the reference
            itself computes it; else None.
    """

    precision: Literal["float32", "bfloat16"]
    engine: Annotated[str, Field(max_length=200)]
    reference: Annotated[str, Field(max_length=200)]
    processor: Annotated[str, Field(max_length=500)]
    pictures: Annotated[int, Field(ge=1)]
    task: Task = "classification"
    largest_difference: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    largest_distance_difference: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    top1: Annotated[float, Field(ge=0, le=1)]
    top5: Annotated[float, Field(ge=0, le=1)]
    clear_agree: bool
    own_spread: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None

    @property
    def allowed(self) -> float:
        """Difference of a probability up to which the network may be used."""
        if self.task == "regression":
            return MOST_AMOUNT_APART[self.precision]
        return most_apart(self.precision, self.own_spread)

    @model_serializer(mode="wrap")
    def _as_before(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is usual: marks of records that earlier builds made are of proofs without it."""
        written: dict[str, Any] = write(self)
        if self.own_spread is None:
            del written["own_spread"]
        if self.task == "classification":
            del written["task"]
        return written

    @property
    def holds(self) -> bool:
        """Whether the precision may be used."""
        near = self.largest_difference <= self.allowed
        distance = self.largest_distance_difference or 0.0
        like = distance <= MOST_DISTANCE_APART[self.precision]
        return near and like and self.clear_agree and self.pictures >= FEWEST_PICTURES

    @property
    def words(self) -> str:
        """The finding for people: "OpenVINO, float32; checked against TensorFlow on 32 pictures: ..."."""
        engine, reference = self.engine.partition(" ")[0], self.reference.partition(" ")[0]
        apart = 100 * self.largest_difference
        unit = {"regression": "% of the largest amount", "embedding": "% of their length"}.get(
            self.task, " points"
        )
        found = f"at most {apart:.1f}{unit} apart" if apart >= 0.05 else f"less than 0.1{unit} apart"
        own = ""
        if self.own_spread is not None and self.own_spread > EIGHT_BITS_APART:
            own = f" ({reference}'s own two ways of computing it are {100 * self.own_spread:.1f} apart)"
        pictures = f"{self.pictures} pictures"
        return f"{engine}, {self.precision}; checked against {reference} on {pictures}: {found}{own}"
