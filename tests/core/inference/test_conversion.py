from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.engine.compiled import CompiledNetwork
from desktop_app.core.engine.loading import EngineError
from desktop_app.core.inference import conversion
from desktop_app.core.inference.conversion import CannotConvert, convert
from desktop_app.core.inference.tensorflow_network import TensorFlowNetwork
from desktop_app.core.library.card import ClassLabel, ModelCard
from desktop_app.core.networks import own_layers
from desktop_app.core.networks.input_spec import InputSpec
from tests.feature_model import feature_network

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

SHAPE = (12, 13)
PICTURES = np.random.default_rng(0).integers(0, 256, (3, *SHAPE, 3), dtype=np.uint8)


def card(classes=3, **spec):
    names = [ClassLabel(class_id=f"id-{number}", label=f"label {number}") for number in range(classes)]
    spec = {"height": SHAPE[0], "width": SHAPE[1], "preprocessing": "unit", **spec}
    return ModelCard(
        id="made",
        name="Made",
        origin="trained",
        weights_sha256="0" * 64,
        classes=names,
        input=InputSpec(**spec),
    )


def network(*middle, channels=3):
    """A classifier of a few layers with seeded weights."""
    import keras

    keras.utils.set_random_seed(1)
    picture = flow = keras.Input((*SHAPE, channels))
    for layer in middle:
        flow = layer(flow)
    if len(flow.shape) > 2:
        flow = keras.layers.Flatten()(flow)
    return keras.Model(picture, keras.layers.Dense(3, activation="softmax")(flow))


def compare(model, folder, *, limit=1e-4, features=None, **spec):
    """Convert a model, and see that both engines give the same outputs in the same order."""
    reference = TensorFlowNetwork(card(**spec), model, "CPU", features)
    converted = CompiledNetwork(convert(reference, folder))
    pictures = np.ascontiguousarray(PICTURES[:, : spec.get("height"), : spec.get("width")])
    wanted, found = reference.run(pictures), converted.run(pictures)
    assert [each.shape for each in found] == [each.shape for each in wanted]
    assert max(abs(one - other).max() for one, other in zip(found, wanted, strict=True)) < limit
    assert not list(folder.iterdir())
    return found


def layers_to_try():
    """Names of cases and functions that make their layers."""
    import keras

    layers = keras.layers
    rows = layers.Reshape((12, 39))

    def conv(**options):
        return layers.Conv2D(4, 3, padding="same", **options)

    return {
        "lstm": [rows, layers.LSTM(5)],
        "gru": [rows, layers.GRU(5)],
        "simple rnn": [rows, layers.SimpleRNN(5)],
        "both ways": [rows, layers.Bidirectional(layers.LSTM(5))],
        "both ways, gru": [rows, layers.Bidirectional(layers.GRU(5, return_sequences=True))],
        "lrn": [conv(), own_layers.local_response_normalization()()],
        "augmentation": [
            layers.RandomFlip(),
            layers.RandomRotation(0.2),
            layers.RandomZoom(0.2),
            layers.RandomTranslation(0.2, 0.2),
            layers.RandomContrast(0.2),
            layers.RandomBrightness(0.2, value_range=(0, 1)),
            conv(),
        ],
        "noise": [layers.GaussianNoise(0.5), layers.Dropout(0.5), conv(), layers.SpatialDropout2D(0.5)],
        "normalization": [
            layers.Normalization(mean=[0.5, 0.4, 0.3], variance=[0.1, 0.2, 0.3]),
            conv(),
            layers.BatchNormalization(),
            layers.LayerNormalization(),
            layers.GroupNormalization(2),
            layers.UnitNormalization(),
        ],
        "convolutions": [
            layers.SeparableConv2D(4, 3),
            layers.DepthwiseConv2D(3, 2, padding="same"),
            layers.Conv2D(6, 3, dilation_rate=2),
            layers.ZeroPadding2D(2),
            layers.Conv2D(4, 3, groups=2),
        ],
        "pools": [
            layers.MaxPooling2D(3, 2, padding="same"),
            layers.AveragePooling2D(2, padding="same"),
            layers.GlobalMaxPooling2D(),
        ],
        "sizes": [
            layers.Resizing(7, 9),
            layers.UpSampling2D(2, interpolation="bilinear"),
            layers.UpSampling2D(2),
            layers.CenterCrop(9, 9),
            layers.Cropping2D(1),
            layers.Permute((2, 1, 3)),
        ],
        "activations": [
            conv(activation="gelu"),
            layers.PReLU(),
            layers.LeakyReLU(),
            layers.ELU(),
            conv(activation="hard_sigmoid"),
            layers.ReLU(max_value=1, negative_slope=0.1, threshold=0.2),
            conv(activation="silu"),
            layers.Softmax(axis=1),
        ],
    }


@pytest.mark.parametrize(
    "case",
    [
        "lstm", "gru", "simple rnn", "both ways", "both ways, gru", "lrn", "augmentation", "noise",
        "normalization", "convolutions", "pools", "sizes", "activations",
    ],
)  # fmt: skip
def test_layers_are_converted(tmp_path, case):
    found, *_ = compare(network(*layers_to_try()[case]), tmp_path, limit=1e-5)
    assert np.ptp(found) > 1e-3


def test_every_case_is_tried():
    (mark,) = test_layers_are_converted.pytestmark
    assert set(mark.args[1]) == set(layers_to_try())


def test_features_come_after_the_outputs(tmp_path):
    _outputs, features = compare(feature_network(side=8), tmp_path, features=3, height=8, width=8)
    assert features.shape == (3, 3)


def test_a_model_within_a_model_is_converted(tmp_path):
    import keras

    inner = keras.Sequential([keras.Input((*SHAPE, 3)), keras.layers.Conv2D(4, 3), keras.layers.ReLU()])
    picture = keras.Input((*SHAPE, 3))
    both = keras.layers.Concatenate()([inner(picture), inner(keras.layers.Rescaling(2.0)(picture))])
    outer = keras.Sequential(
        [keras.Input((*SHAPE, 3)), keras.Model(picture, both), keras.layers.Flatten(), keras.layers.Dense(3)]
    )
    compare(outer, tmp_path)


@pytest.mark.parametrize(
    "spec",
    [{"mirrored": True}, {"preprocessing": "vgg19"}, {"preprocessing": "imagenet"}, {"channels": 1}],
    ids=["mirrored", "vgg19", "imagenet", "grey"],
)
def test_what_the_card_says_is_part_of_it(tmp_path, spec):
    import keras

    model = network(keras.layers.Conv2D(4, 3), channels=spec.get("channels", 3))
    compare(model, tmp_path, **spec)


@pytest.mark.parametrize(("policy", "limit"), [("mixed_float16", 1e-3), ("mixed_bfloat16", 1e-2)])
def test_mixed_precision_is_converted_and_computed_in_float32(tmp_path, policy, limit):
    """How far that is from TensorFlow's answer, the proof finds out."""
    import keras

    keras.mixed_precision.set_global_policy(policy)
    try:
        model = network(keras.layers.Conv2D(4, 3, activation="relu"))
    finally:
        keras.mixed_precision.set_global_policy("float32")
    compare(model, tmp_path, limit=limit)


@pytest.mark.parametrize(
    ("options", "operation"),
    [({"interpolation": "bicubic"}, "ResizeBicubic"), ({"antialias": True}, "ScaleAndTranslate")],
)
def test_unknown_operations_are_named(tmp_path, options, operation):
    import keras

    model = TensorFlowNetwork(card(), network(keras.layers.Resizing(7, 9, **options)), "CPU")
    with pytest.raises(CannotConvert) as error:
        convert(model, tmp_path)
    assert error.value.what == f"it has an operation that OpenVINO does not know: {operation}"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_no_numbers_are_refused(tmp_path, value):
    import keras

    model = network(keras.layers.Conv2D(4, 3))
    kernel, bias = model.layers[1].get_weights()
    kernel[0, 0, 0, 0] = value
    model.layers[1].set_weights([kernel, bias])
    with pytest.raises(CannotConvert) as error:
        convert(TensorFlowNetwork(card(), model, "CPU"), tmp_path)
    assert error.value.what == "its weights hold numbers that are none (NaN or infinity)"


class Unlucky:
    """What a step raises, and the reason that comes of it."""

    def __init__(self, error, what):
        self.error = error
        self.what = what

    def __call__(self, *_arguments, **_options):
        raise self.error


@pytest.mark.parametrize("step", ["read_network", "check_finite", "_in_order"])
@pytest.mark.parametrize(
    "unlucky",
    [
        Unlucky(RuntimeError("Exception from a.cpp:1:\nThe node is odd.\n"), "The node is odd"),
        Unlucky(TypeError("The kind is odd."), "The kind is odd"),
        Unlucky(KeyError("name"), "'name'"),
        Unlucky(ValueError(""), "ValueError"),
        Unlucky(MemoryError(), "there is too little memory to convert it"),
    ],
    ids=lambda unlucky: type(unlucky.error).__name__,
)
def test_whatever_goes_wrong_becomes_a_reason(tmp_path, monkeypatch, step, unlucky):
    monkeypatch.setattr(conversion, step, unlucky)
    with pytest.raises(CannotConvert) as error:
        convert(TensorFlowNetwork(card(), network(), "CPU"), tmp_path)
    assert error.value.what == unlucky.what
    assert not list(tmp_path.iterdir())


def test_a_graph_above_two_gigabytes_becomes_a_reason(tmp_path, monkeypatch):
    from tensorflow.python.framework import convert_to_constants

    words = "Message tensorflow.GraphDef exceeds maximum protobuf size of 2GB: 2147483700"
    unlucky = Unlucky(ValueError(words), words)
    monkeypatch.setattr(convert_to_constants, "convert_variables_to_constants_v2", unlucky)
    with pytest.raises(CannotConvert, match="exceeds maximum protobuf size of 2GB"):
        convert(TensorFlowNetwork(card(), network(), "CPU"), tmp_path)


@pytest.mark.parametrize(
    "error", [EngineError("OpenVINO cannot be loaded.", "Reinstall."), OSError(28, "No space left")]
)
def test_what_is_no_fault_of_the_network_is_passed_on(tmp_path, monkeypatch, error):
    target = (
        "pathlib.Path.write_bytes" if isinstance(error, OSError) else f"{conversion.__name__}.read_network"
    )
    monkeypatch.setattr(target, Unlucky(error, ""))
    with pytest.raises(type(error)):
        convert(TensorFlowNetwork(card(), network(), "CPU"), tmp_path)
    assert not list(tmp_path.iterdir())
