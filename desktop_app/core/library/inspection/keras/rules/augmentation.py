"""Layers that change pictures in training and leave them alone when answering.

Each was run with ``training=False`` (Keras 3.15.1): all but AutoContrast give back what they get, and it
depends on nothing but the picture. Left out on purpose: Equalization, which Keras cannot put into a model;
ContrastLimitedAdaptiveHistogramEqualization, which always acts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.limits import MAX_SIDE
from desktop_app.core.library.inspection.containers.refusal import refuse, to_the_maker
from desktop_app.core.library.inspection.keras.network.fields import (
    boolean,
    either,
    integer,
    nothing,
    number,
    one_of,
    optional,
    sequence,
)
from desktop_app.core.library.inspection.keras.network.rule import (
    Config,
    Effect,
    Rule,
    Shape,
    picture,
    same_shape,
)
from desktop_app.core.library.inspection.keras.rules.elementwise import SEED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_app.core.library.inspection.keras.network.fields import Check

_CROP_ADVICE = to_the_maker(
    "put a CenterCrop or a Resizing layer in the place of RandomCrop, or crop the pictures before the "
    "network, and save it again"
)
_RANGE = either(sequence(number, low=2, high=2), number)
_FACTOR = optional(_RANGE)
_RANDOM: Mapping[str, Check] = {"seed": SEED, "data_format": one_of("channels_last")}
_VALUED: Mapping[str, Check] = {**_RANDOM, "value_range": _RANGE}
_FILL: Mapping[str, Check] = {
    "fill_mode": one_of("reflect", "wrap", "constant", "nearest"),
    "fill_value": optional(number),
    "interpolation": one_of("bilinear", "nearest"),
}
_SMALL = integer(0, 64)
_PAIR = sequence(integer(1, 64), low=2, high=2)


def _stretched(_config: Config, inputs: Sequence[Shape]) -> Effect:
    """AutoContrast: each channel is stretched to the whole range."""
    height, width, channels = picture(inputs[0])
    return Effect(inputs[0], scratch=3 * height * width * channels)


def _random_crop(config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width, _ = picture(inputs[0])
    if (config["height"], config["width"]) != (height, width):
        clause = (
            "its RandomCrop layer does not crop when answering, so that the layers behind it get pictures of "
            "another size than they were built for"
        )
        refuse(clause, _CROP_ADVICE)
    return Effect(inputs[0])


_FIELDS: Mapping[str, Mapping[str, Check]] = {
    "RandomFlip": {**_RANDOM, "mode": one_of("horizontal", "vertical", "horizontal_and_vertical")},
    "RandomRotation": {**_VALUED, **_FILL, "factor": _FACTOR},
    "RandomZoom": {**_RANDOM, **_FILL, "height_factor": _FACTOR, "width_factor": _FACTOR},
    "RandomTranslation": {**_RANDOM, **_FILL, "height_factor": _FACTOR, "width_factor": _FACTOR},
    "RandomShear": {**_RANDOM, **_FILL, "x_factor": _FACTOR, "y_factor": _FACTOR},
    "RandomPerspective": {**_RANDOM, **_FILL, "factor": _FACTOR, "scale": _FACTOR},
    "RandomElasticTransform": {**_VALUED, **_FILL, "factor": _FACTOR, "scale": _FACTOR},
    "RandomErasing": {**_VALUED, "factor": _FACTOR, "scale": _FACTOR, "fill_value": optional(number)},
    "RandomGaussianBlur": {**_VALUED, "factor": _FACTOR, "sigma": _FACTOR, "kernel_size": _PAIR},
    "RandomGrayscale": {**_RANDOM, "factor": _FACTOR},
    **{
        f"Random{change}": {**_VALUED, "factor": _FACTOR}
        for change in (
            "Brightness", "ColorDegeneration", "Contrast", "Hue", "Invert", "Posterization", "Saturation",
            "Sharpness",
        )
    },
    "RandomColorJitter": {
        **_VALUED,
        **dict.fromkeys(
            ("brightness_factor", "contrast_factor", "saturation_factor", "hue_factor"), _FACTOR
        ),
    },
    "Solarization": {**_VALUED, "addition_factor": _FACTOR, "threshold_factor": _FACTOR},
    "RandAugment": {
        **_VALUED, "num_ops": _SMALL, "factor": _FACTOR, "interpolation": _FILL["interpolation"],
    },
    "AugMix": {
        **_VALUED, "num_chains": _SMALL, "chain_depth": _SMALL, "factor": _FACTOR, "alpha": number,
        "all_ops": boolean, "interpolation": _FILL["interpolation"],
    },
    "MixUp": {**_RANDOM, "alpha": number},
    "CutMix": {**_RANDOM, "factor": _FACTOR},
    "MaxNumBoundingBoxes": {**_RANDOM, "max_number": integer(0, 2**20), "padding_value": optional(number)},
}  # fmt: skip

INACTIVE = frozenset({*_FIELDS, "RandomCrop"})
"""Layers that give back what they get."""
NOT_LOADED = frozenset({"RandomShear"})
"""Those that Keras saves and cannot load: its own `RandomShear.get_config` has factors below zero."""

RULES: Mapping[str, Rule] = {
    **{name: Rule(same_shape, fields) for name, fields in _FIELDS.items()},
    "RandomCrop": Rule(
        _random_crop,
        {**_RANDOM, "height": integer(1, MAX_SIDE), "width": integer(1, MAX_SIDE)},
    ),
    "AutoContrast": Rule(_stretched, {**_VALUED, "bounding_box_format": nothing}),
}
