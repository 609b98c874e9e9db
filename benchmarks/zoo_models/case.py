"""One model of the zoo: how it is built, what it was trained on and what its outputs mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Pixels = Literal["none", "unit", "symmetric", "caffe", "torch", "bgr", "bgr-unit", "standard"]
"""What the makers train on: 0..255; 0..1; -1..1; BGR minus ImageNet's means; ImageNet's mean and deviation;
BGR in 0..255; BGR in 0..1; each picture minus its own mean, by its own deviation."""
Meaning = Literal[
    "softmax",
    "logits",
    "log-softmax",
    "sigmoid",
    "logit",
    "labels",
    "labels-logits",
    "numbers",
    "features",
    "margin",
]
"""What the outputs are: probabilities or logits of one class of several, their logarithms; one probability or
logit of the second of two classes; a probability or logit for each label by itself; amounts; features; a
number whose sign says which of two classes it is, read as a logit."""
Build = Any
"""Function from the module ``keras`` to a model, compiled or not."""


@dataclass(frozen=True)
class Case:
    """A model.

    Attributes:
        name: Short and unique.
        build: Function from the module ``keras`` to the model.
        pixels: What it was trained on.
        meaning: What its outputs are.
        refused: Whether it is no picture classifier that Sightline could use, and is rightly refused.
        finish: What happens to the model once its weights are set, before it is saved.
        heavy: Whether it gets a process of its own.
        told: Whether the file looks like one for other pixels than it was trained on, so that only its maker
            can know.
        close: Largest difference of a probability, or of a number beside the largest one, that counts as the
            same; bfloat16 has 8 bits, and Keras's own answer changes by some of them with the order of sums.
    """

    name: str
    build: Build
    pixels: Pixels = "unit"
    meaning: Meaning = "softmax"
    refused: bool = False
    finish: Callable[[Any, Any], Any] | None = None
    heavy: bool = False
    told: bool = False
    close: float = 1e-3


def collector() -> tuple[list[Case], Callable[..., Callable[[Build], Build]]]:
    """Make a list, and a decorator that puts builders into it under their functions' names."""
    cases: list[Case] = []

    def case(pixels: Pixels = "unit", meaning: Meaning = "softmax", **more: Any) -> Callable[[Build], Build]:
        def keep(build: Build) -> Build:
            cases.append(Case(build.__name__, build, pixels, meaning, **more))
            return build

        return keep

    return cases, case
