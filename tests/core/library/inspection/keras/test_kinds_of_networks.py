"""Networks that take something else than one picture with channels last, or that are saved in other ways."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.exchange.cleaning import write_clean
from desktop_app.core.library.inspection.containers import archive
from desktop_app.core.library.inspection.keras import summary as inspection
from desktop_app.core.library.inspection.keras.loading import load_checked_model
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests.keras_file import SIDE, dense, functional, keras_members, plain_config, write_keras, write_zip

pytestmark = [
    pytest.mark.engine,
    pytest.mark.usefixtures("engine"),
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Layer .* does not have a `quantize` method:UserWarning"),
]
PICTURE = (SIDE, SIDE, 3)


def network(shape, *layers, **options):
    """Make a network of layers or functions, one after the other, and a Dense layer."""
    import keras

    result = start = keras.Input(shape, **options)
    for layer in layers:
        result = layer(result)
    if len(result.shape) > 2:
        result = keras.layers.Flatten()(result)
    return keras.Model(start, keras.layers.Dense(3)(result))


def check(tmp_path, model, shape=None):
    """Save, inspect and load a network, compare its answers, and return what is known about it."""
    path = tmp_path / "model.keras"
    for weight in model.weights:
        if "float" in weight.dtype and "scale" not in weight.name:
            weight.assign(np.random.default_rng(1).normal(0, 0.3, weight.shape))
    model.save(path)
    found = inspect_archive(path)
    loaded = load_checked_model(path)
    shape = shape or model.input_shape[1:]
    pictures = np.random.default_rng(0).uniform(0, 255, (2, *shape)).astype(model.inputs[0].dtype)
    one_by_one = [np.asarray(model(picture[None], training=False)) for picture in pictures]
    np.testing.assert_allclose(np.concatenate(one_by_one), loaded(pictures, training=False), rtol=1e-5)
    return found


def stored(tmp_path):
    """Load the copy that is kept of the last network in plain Keras."""
    import keras

    kept = tmp_path / "kept.keras"
    write_clean(tmp_path / "model.keras", kept, NEVER)
    return keras.models.load_model(kept)


def refused(tmp_path, model, words):
    path = tmp_path / "model.keras"
    model.save(path)
    with pytest.raises(ModelError, match=words) as refusal:
        inspect_archive(path)
    assert "you made it yourself" in refusal.value.advice
    return refusal.value


def layers():
    import keras

    return keras.layers


@pytest.mark.parametrize(
    ("shape", "layout", "size", "channels"),
    [
        ((28, 28), "nhw", (28, 28), 1),
        ((20, 28), "nhw", (20, 28), 1),
        ((784,), "flat", (28, 28), 1),
        ((3072,), "flat", (32, 32), 3),
        ((8, 9, 1), "nhwc", (8, 9), 1),
    ],
)
def test_layouts(tmp_path, shape, layout, size, channels):
    found = check(tmp_path, network(shape))
    assert (found.layout, found.height, found.width, found.channels) == (layout, *size, channels)
    assert ("numbers is taken as a" in found.remark) == (layout in {"nhw", "flat"})


def test_rows_of_any_number(tmp_path):
    found = check(tmp_path, network((None, 28), layers().LSTM(4)), (28, 28))
    assert (found.layout, found.height, found.width, found.any_size) == ("nhw", 28, 28, False)


def test_channels_first_where_the_first_layer_turns_them(tmp_path):
    found = check(tmp_path, network((3, 8, 9), layers().Permute((2, 3, 1))))
    assert (found.layout, found.height, found.width, found.channels) == ("nchw", 8, 9, 3)
    refused(tmp_path, network((3, 8, 9)), "not a picture")


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ([None, 4], "4 numbers, which is not a square picture"),
        ([None, 200], "200 numbers"),
        ([None, 128, 9], "128 rows of 9 numbers is not a picture"),
        ([None, 7, 7], "not a picture"),
        ([None, 32, 96], "may be a grey picture, or one in colour of 32 x 32"),
        ([None, None, None], "a table of numbers of any size"),
        ([None, 5000, 5000], "larger than 4096"),
        ([None, 3, None, 8], "one or three channels"),
    ],
)
def test_tables_are_no_pictures(tmp_path, shape, words):
    config = functional([dense("logits", "picture", 4, 3)], "logits", shape)
    with pytest.raises(ModelError, match=words):
        inspect_archive(write_keras(tmp_path / "m.keras", config))


@pytest.mark.parametrize("kind", ["uint8", "float16"])
def test_other_inputs(tmp_path, kind):
    found = check(tmp_path, network(PICTURE, lambda x: x / 255, dtype=kind))
    assert found.scaling.decided
    assert ("whole numbers" in found.scaling.reason) == (kind == "uint8")


def test_one_picture_at_a_time(tmp_path):
    rows = layers().Reshape((SIDE, 3 * SIDE))
    attend = layers().MultiHeadAttention(2, 4)
    check(tmp_path, network(PICTURE, rows, lambda x: attend(x, x), layers().LSTM(4), batch_size=1))
    assert stored(tmp_path).input_shape == (None, *PICTURE)
    refused(tmp_path, network(PICTURE, batch_size=4), "for a fixed number of pictures, 4 at a time")


def test_a_sequence_that_was_first_called_on_one_picture(tmp_path):
    import keras

    model = keras.Sequential([layers().Conv2D(4, 3), layers().Flatten(), layers().Dense(3)])
    model(np.zeros((1, *PICTURE), "f4"))
    assert check(tmp_path, model, PICTURE).layout == "nhwc"


def test_a_class_of_its_own_that_trains_in_another_way(tmp_path):
    import keras

    class OwnTraining(keras.Model):
        def train_step(self, _):
            return {}

    plain = network(PICTURE)
    found = check(tmp_path, OwnTraining(plain.input, plain.output))
    assert "of a class of its own, 'OwnTraining'" in found.remark
    assert type(stored(tmp_path)).__name__ == "Functional"


def test_a_layer_of_a_class_of_its_own_is_named(tmp_path):
    import keras

    class OwnLayer(keras.layers.Layer):
        def call(self, inputs):
            return inputs

    refusal = refused(tmp_path, network(PICTURE, OwnLayer()), "OwnLayer")
    assert "in the place of your own class" in refusal.advice


def test_lambda_says_what_else_would_do(tmp_path):
    refusal = refused(tmp_path, network(PICTURE, layers().Lambda(abs, name="size")), "'Lambda'")
    assert "Rescaling for x / 255" in refusal.advice
    assert "If it is somebody else's" in refusal.advice


def test_adapters_are_part_of_the_kernel(tmp_path):
    model = network(PICTURE, layers().Flatten(), layers().Dense(6, name="adapted"))
    adapted = model.get_layer("adapted")
    adapted.enable_lora(2)
    found = check(tmp_path, model)
    assert found.parameters == model.count_params() - (192 + 6) * 2
    assert stored(tmp_path).get_layer("adapted").lora_rank is None
    assert load_checked_model(tmp_path / "model.keras").get_layer("adapted").lora_rank is None


@pytest.mark.parametrize("mode", ["int8", "int4"])
def test_quantized_weights(tmp_path, mode):
    sums = layers().EinsumDense("ab,bc->ac", output_shape=(5,), bias_axes="c")
    rows = layers().EinsumDense("abc,cd->abd", output_shape=(SIDE, 4))
    model = network(PICTURE, layers().Reshape((SIDE, 3 * SIDE)), rows, layers().Flatten(), sums)
    model.quantize(mode)
    found = check(tmp_path, model)
    assert found.parameters == sum(int(np.prod(weight.shape)) for weight in model.weights)


def test_blocks_of_four_bits(tmp_path):
    import keras

    model = network(PICTURE)
    model.quantize(config=keras.quantizers.Int4QuantizationConfig(block_size=50))
    assert check(tmp_path, model).outputs == 3


def test_other_quantization_is_named(tmp_path):
    model = network(PICTURE)
    model.quantize("float8")
    refused(tmp_path, model, "is quantized as 'float8'")


def test_training_options_of_a_call_do_not_matter(tmp_path):
    drop, flip = layers().Dropout(0.5), layers().RandomFlip()
    check(tmp_path, network(PICTURE, lambda x: drop(flip(x, training=True), training=True)))


def test_published_preparations_are_part_of_the_graph(tmp_path):
    import keras

    names = ("resnet50", "densenet", "mobilenet_v2")
    for name in names:
        prepare = getattr(keras.applications, name).preprocess_input
        assert check(tmp_path, network(PICTURE, prepare)).scaling.decided, name


def test_augmentation_is_left_out_when_loading(tmp_path):
    import keras

    augment = keras.Sequential([layers().RandomFlip(), layers().RandomRotation(0.1), layers().RandAugment()])
    check(tmp_path, network(PICTURE, augment, layers().RandomHue(0.1)))
    loaded = load_checked_model(tmp_path / "model.keras")
    assert not [layer for layer in loaded._flatten_layers() if type(layer).__name__.startswith("Rand")]


def test_a_packed_file_is_unpacked(tmp_path):
    random = np.random.default_rng(0)

    def weights(file):
        file["layers/dense/vars/0"] = random.standard_normal((SIDE * SIDE * 3, 3), dtype=np.float32)
        file["layers/dense/vars/1"] = np.zeros(3, np.float32)

    members = keras_members(weights=weights)
    stored = load_checked_model(write_zip(tmp_path / "stored.keras", members))
    packed = load_checked_model(write_zip(tmp_path / "packed.keras", members, zipfile.ZIP_DEFLATED))
    for before, after in zip(stored.get_weights(), packed.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.filterwarnings("ignore:Skipping nested container:UserWarning")
def test_weights_under_another_name_are_named_by_their_layer(tmp_path):
    def weights(file):
        file["layers/other/vars/0"] = np.zeros((SIDE * SIDE * 3, 3), "f4")
        file["layers/other/vars/1"] = np.zeros(3, "f4")

    path = write_keras(tmp_path / "m.keras", plain_config(), weights)
    with pytest.raises(ModelError, match="weights of the layer 'logits' under another name"):
        load_checked_model(path)


def test_the_state_of_an_optimizer_does_not_count(tmp_path, monkeypatch):
    def weights(file):
        file["layers/dense/vars/0"] = np.zeros((SIDE * SIDE * 3, 3), "f4")
        file["layers/dense/vars/1"] = np.zeros(3, "f4")
        file["optimizer/vars/0"] = np.zeros(10_000, "f4")

    path = write_keras(tmp_path / "m.keras", plain_config(), weights)
    monkeypatch.setattr(inspection, "MAX_WEIGHT_BYTES", 4 * 579)
    assert inspect_archive(path).parameters == 579
    monkeypatch.setattr(inspection, "MAX_WEIGHT_BYTES", 4 * 579 - 1)
    with pytest.raises(ModelError, match="its weights have"):
        inspect_archive(path)
    monkeypatch.setattr(archive, "MAX_ARCHIVE_BYTES", 1000)
    with pytest.raises(ModelError, match="it has") as refusal:
        inspect_archive(path)
    assert "optimizer" in refusal.value.advice
