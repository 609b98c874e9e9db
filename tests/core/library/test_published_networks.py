"""The right pixels are proposed for all 40 networks of `keras.applications`, also within other models."""

from __future__ import annotations

import json

import pytest

from benchmarks.zoo_models.applications import CONSTRUCTORS
from desktop_app.core.library.inspection.keras.network.trace import Trace
from desktop_app.core.library.inspection.keras.parsing import parse_model
from desktop_app.core.library.inspection.keras.scaling import scaling_of
from desktop_app.core.library.inspection.keras.summary import _names
from desktop_app.core.library.pixel_choices import BY_SCALING, Clue, family_clue, ranked

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

PIXELS = {"none": "none", "symmetric": "symmetric", "caffe": "vgg19", "torch": "imagenet"}
SIDE = 96
WITHOUT_SCALING = {
    "MobileNetV3Small": "symmetric",
    "MobileNetV3Large": "symmetric",
    "EfficientNetV2B0": "imagenet",
    "EfficientNetV2B3": "imagenet",
    "EfficientNetV2S": "symmetric",
    "EfficientNetV2M": "symmetric",
    "ConvNeXtTiny": "imagenet",
    "ConvNeXtSmall": "imagenet",
}
FAMILIES = (
    *("MobileNet", "MobileNetV2", "MobileNetV3Small", "NASNetMobile", "DenseNet121", "Xception"),
    *("InceptionV3", "InceptionResNetV2", "ResNet50", "ResNet101", "ResNet50V2", "VGG16", "VGG19"),
    *("EfficientNetB0", "EfficientNetV2B1", "EfficientNetV2S", "ConvNeXtTiny"),
)


def described(build):
    """What a network's configuration says about its pixels, without its weights: decided, or a proposal."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        model = build(keras)
    graph = parse_model(json.loads(model.to_json()))
    trace = Trace()
    trace.run(graph, model.input_shape[1:])
    found = scaling_of(trace.scalers, 3, lambda channels: ((0.0,) * channels, (1.0,) * channels))
    keras.backend.clear_session()
    if found.decided:
        return "decided", found.likely
    clues = [Clue(found.likely, BY_SCALING, found.reason)] if found.likely else []
    family = family_clue(tuple(_names(graph)))
    first = ranked(3, [*clues, family] if family and not (found.reason and not clues) else clues)[0]
    return "likely" if first.likely else "open", first.preprocessing


def application(name, **more):
    def build(keras):
        if name not in ("NASNetMobile", "NASNetLarge") or not more.get("include_top", True):
            more.setdefault("input_shape", (SIDE, SIDE, 3))
        if name.startswith("VGG"):
            more["input_shape"] = (32, 32, 3)
        return getattr(keras.applications, name)(weights=None, **more)

    return build


@pytest.mark.parametrize("name", CONSTRUCTORS)
def test_whole_networks(name):
    pixels = PIXELS[CONSTRUCTORS[name]]
    assert described(application(name)) == ("decided" if pixels == "none" else "likely", pixels)


@pytest.mark.parametrize("name", WITHOUT_SCALING)
def test_networks_without_their_own_scaling(name):
    build = application(name, include_preprocessing=False, include_top=False)
    assert described(build) == ("likely", WITHOUT_SCALING[name])


@pytest.mark.parametrize("name", FAMILIES)
def test_networks_within_a_model(name):
    pixels = PIXELS[CONSTRUCTORS[name]]

    def build(keras):
        base = application(name, include_top=False)(keras)
        picture = keras.Input(base.input_shape[1:])
        values = keras.layers.GlobalAveragePooling2D()(base(picture, training=False))
        return keras.Model(picture, keras.layers.Dense(3)(values))

    assert described(build) == ("decided" if pixels == "none" else "likely", pixels)


@pytest.mark.parametrize("name", [*FAMILIES, *(name for name in WITHOUT_SCALING if name in FAMILIES)])
def test_networks_under_another_name_and_with_another_top(name):
    pixels = PIXELS[CONSTRUCTORS[name]]

    def build(keras):
        base = application(name, include_top=False)(keras)
        values = keras.layers.GlobalAveragePooling2D()(base.output)
        return keras.Model(base.input, keras.layers.Dense(3)(values), name="my_model")

    assert described(build) == ("decided" if pixels == "none" else "likely", pixels)


@pytest.mark.parametrize(("name", "scale", "offset"), [("MobileNetV2", 1 / 255, 0), ("VGG16", 1 / 127.5, -1)])
def test_what_stands_before_a_network_counts_more_than_its_name(name, scale, offset):
    def build(keras):
        base = application(name, include_top=False)(keras)
        picture = keras.Input(base.input_shape[1:])
        values = base(keras.layers.Rescaling(scale, offset)(picture))
        return keras.Model(picture, keras.layers.GlobalAveragePooling2D()(values))

    assert described(build) == ("decided", "none")


def test_nothing_is_decided_where_pixels_get_past_the_scaling():
    def build(keras):
        layers = keras.layers
        picture = keras.Input((SIDE, SIDE, 3))
        both = layers.Concatenate()([layers.Rescaling(1 / 255)(picture), picture])
        return keras.Model(picture, layers.GlobalAveragePooling2D()(layers.Conv2D(3, 3)(both)))

    assert described(build) == ("open", "unit")
