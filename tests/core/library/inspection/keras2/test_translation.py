"""What becomes of a Keras 2 file: configuration, weights, training settings. No engine is needed for it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from io import BytesIO

import h5py
import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled, ModelError
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from desktop_app.core.library.inspection.keras2.models import Models
from desktop_app.core.library.inspection.keras2.translation import needs_translation, translate
from tests.keras2_file import (
    CLASSES,
    SHAPE,
    SIDE,
    old_dense,
    old_functional,
    old_input,
    old_layer,
    old_sequential,
    plain_model,
    plain_weights,
    write_h5,
)
from tests.keras_file import write_keras, write_zip

DENSE = {"dense/kernel:0": np.ones((3, CLASSES), np.float32), "dense/bias:0": np.zeros(CLASSES, np.float32)}


def translated(path):
    """Translate a file; returns its configuration and its arrays by path."""
    target = path.with_name("translated.keras")
    translate(path, target, NEVER)
    with zipfile.ZipFile(target) as archive:
        document = json.loads(archive.read("config.json"))
        weights = archive.read("model.weights.h5")
    found = {}
    with h5py.File(BytesIO(weights)) as file:
        file.visititems(
            lambda name, each: found.update({name: each[()]}) if isinstance(each, h5py.Dataset) else None
        )
    return document, found


def layers_of(document):
    """Records of the outermost model by name."""
    return {record["config"]["name"]: record for record in document["config"]["layers"]}


def convolution(name, channels, filters, **options):
    """A convolution of one pixel, and its arrays under its own name."""
    arrays = {
        f"{name}/kernel:0": np.full((1, 1, channels, filters), len(name), np.float32),
        f"{name}/bias:0": np.full(filters, -len(name), np.float32),
    }
    fields = {"filters": filters, "kernel_size": [1, 1], "strides": [1, 1], "padding": "valid"}
    fields |= {"data_format": "channels_last", "activation": "linear", "use_bias": True}
    return {**fields, **options}, arrays


@pytest.mark.parametrize("libver", [None, "earliest", "v108", "latest"])
def test_a_plain_file_is_translated(tmp_path, libver):
    path = write_h5(tmp_path / "old.h5", libver=libver)
    assert needs_translation(path)
    document, arrays = translated(path)
    assert [record["class_name"] for record in document["config"]["layers"]] == [
        "InputLayer",
        "GlobalAveragePooling2D",
        "Dense",
    ]
    assert arrays.keys() == {"layers/dense/vars/0", "layers/dense/vars/1"}
    np.testing.assert_array_equal(arrays["layers/dense/vars/0"], plain_weights()["logits"]["logits/kernel:0"])
    summary = inspect_archive(tmp_path / "translated.keras")
    assert (summary.height, summary.channels, summary.outputs) == (SIDE, 3, CLASSES)


def test_the_version_is_returned_and_other_files_need_no_translation(tmp_path):
    assert (
        translate(write_h5(tmp_path / "m.h5", version="2.3.0-tf"), tmp_path / "t.keras", NEVER) == "2.3.0-tf"
    )
    assert not needs_translation(write_keras(tmp_path / "m.keras"))
    (tmp_path / "x").write_bytes(b"other")
    assert not needs_translation(tmp_path / "x")


def test_nothing_but_names_is_kept_of_the_training_settings(tmp_path):
    wrapper = {"class_name": "MeanMetricWrapper", "config": {"name": "acc", "fn": "categorical_accuracy"}}
    loss = {"class_name": "BinaryCrossentropy", "config": {"from_logits": True, "fn": "run"}}
    settings = {
        "loss": loss,
        "metrics": [[wrapper, {"class_name": "AUC", "config": {}}]],
        "optimizer": {"x": 1},
    }
    document, _ = translated(write_h5(tmp_path / "m.h5", settings=settings))
    assert document["compile_config"] == {
        "loss": "binary_crossentropy",
        "metrics": ["categorical_accuracy", "auc"],
    }
    assert translated(write_h5(tmp_path / "n.h5"))[0]["compile_config"] is None


def test_optimizer_and_foreign_groups_are_left_behind(tmp_path):
    def more(file):
        file["optimizer_weights/iteration:0"] = np.int64(7)
        file["notes/numbers"] = np.ones(5)

    _, arrays = translated(write_h5(tmp_path / "m.h5", change=more))
    assert arrays.keys() == {"layers/dense/vars/0", "layers/dense/vars/1"}


def test_a_list_of_layers_of_early_versions_gets_an_input(tmp_path):
    pool = old_layer("GlobalAveragePooling2D", "pool", batch_input_shape=SHAPE, data_format="channels_last")
    del pool["config"]["dtype"]
    model = {"class_name": "Sequential", "config": [pool, old_dense("dense")]}
    document, _ = translated(write_h5(tmp_path / "m.h5", model, {"dense": DENSE}, version="2.1.6"))
    entry = document["config"]["layers"][0]
    assert (entry["class_name"], entry["config"]["batch_shape"]) == ("InputLayer", SHAPE)
    assert "batch_input_shape" not in document["config"]["layers"][1]["config"]


@pytest.mark.parametrize("offset", [0, 1])
def test_calls_of_models_within_count_from_one_or_from_zero(tmp_path, offset):
    inner = old_sequential(
        [old_layer("Activation", "act", activation="relu", batch_input_shape=SHAPE)], "inner"
    )
    inner |= {"name": "inner", "inbound_nodes": [[["picture", 0, 0, {}]], [["inner", offset, 0, {}]]]}
    pool = old_layer(
        "GlobalMaxPooling2D", "pool", [["inner", offset + 1, 0, {}]], data_format="channels_last"
    )
    model = old_functional([old_input(), inner, pool, old_dense("dense", ["pool"])])
    document, _ = translated(write_h5(tmp_path / "m.h5", model, {"dense": DENSE}))
    nodes = layers_of(document)["pool"]["inbound_nodes"]
    assert nodes[0]["args"][0]["config"]["keras_history"] == ["inner", 1, 0]


def test_names_decide_in_a_model_whose_layers_were_frozen_in_part(tmp_path):
    first, first_arrays = convolution("first", 3, 3)
    other, other_arrays = convolution("second", 3, 3, trainable=False)
    inner = old_sequential(
        [old_input(), old_layer("Conv2D", "first", **first), old_layer("Conv2D", "second", **other)], "inner"
    )
    inner["config"]["layers"][0].pop("inbound_nodes")
    pool = old_layer("GlobalAveragePooling2D", "pool", data_format="channels_last")
    model = old_sequential([inner, pool, old_dense("dense")])
    mixed = {**other_arrays, **first_arrays}  # as if the first had been frozen when it was saved
    _, arrays = translated(write_h5(tmp_path / "m.h5", model, {"inner": mixed, "dense": DENSE}))
    assert arrays["layers/sequential/layers/conv2d/vars/0"].max() == len("first")
    assert arrays["layers/sequential/layers/conv2d_1/vars/0"].max() == len("second")


def test_the_order_decides_where_the_names_do_not(tmp_path):
    first, _ = convolution("first", 3, 3)
    other, _ = convolution("second", 3, 3, trainable=False)
    inner = old_sequential(
        [
            old_layer("Conv2D", "second", batch_input_shape=SHAPE, **other),
            old_layer("Conv2D", "first", **first),
        ],
        "inner",
    )
    model = old_sequential(
        [inner, old_layer("GlobalAveragePooling2D", "pool", data_format="channels_last"), old_dense("dense")]
    )
    arrays = {
        f"{name}/{kind}:0": np.full(shape, number, np.float32)
        for number, name in enumerate(("renamed", "again"))
        for kind, shape in (("kernel", (1, 1, 3, 3)), ("bias", (3,)))
    }
    _, found = translated(write_h5(tmp_path / "m.h5", model, {"inner": arrays, "dense": DENSE}))
    assert found["layers/sequential/layers/conv2d_1/vars/0"].max() == 0  # what is trained comes first
    assert found["layers/sequential/layers/conv2d/vars/0"].max() == 1


def test_hard_sigmoid_is_that_of_keras_2(tmp_path):
    pool = old_layer("GlobalAveragePooling2D", "pool", ["picture"], data_format="channels_last")
    act = old_layer("Activation", "act", ["pool"], activation="hard_sigmoid")
    model = old_functional([old_input(), pool, act, old_dense("dense", ["act"], activation="hard_sigmoid")])
    document, arrays = translated(write_h5(tmp_path / "m.h5", model, {"dense": DENSE}))
    records = layers_of(document)
    assert records["act_scale"]["config"]["scale"] == pytest.approx(1.2)
    assert records["act"]["inbound_nodes"][0]["args"][0]["config"]["keras_history"] == ["act_scale", 0, 0]
    np.testing.assert_allclose(arrays["layers/dense/vars/0"], 1.2, rtol=1e-6)
    again, same = translated(write_h5(tmp_path / "n.h5", model, {"dense": DENSE}, version="2.15.0"))
    assert again == document
    assert same.keys() == arrays.keys()


def test_only_the_gates_of_a_recurrent_layer_are_scaled(tmp_path):
    rows = old_layer("Reshape", "rows", batch_input_shape=[None, 8, 8, 1], target_shape=[8, 8])
    fields = {"units": 2, "activation": "tanh", "recurrent_activation": "hard_sigmoid", "use_bias": True}
    fields |= {"return_sequences": False, "return_state": False, "go_backwards": False, "stateful": False}
    lstm = old_layer("LSTM", "lstm", unroll=False, time_major=False, implementation=1, **fields)
    names = {"kernel": (8, 8), "recurrent_kernel": (2, 8), "bias": (8,)}
    weights = {f"lstm/lstm_cell/{name}:0": np.ones(shape, np.float32) for name, shape in names.items()}
    dense = {
        "dense/kernel:0": np.ones((2, CLASSES), np.float32),
        "dense/bias:0": np.ones(CLASSES, np.float32),
    }
    model = old_sequential([rows, lstm, old_dense("dense")])
    _, arrays = translated(write_h5(tmp_path / "m.h5", model, {"lstm": weights, "dense": dense}))
    for number in range(3):
        scaled = arrays[f"layers/lstm/cell/vars/{number}"]
        np.testing.assert_allclose(scaled[..., :4], 1.2, rtol=1e-6)  # input and forget
        np.testing.assert_array_equal(scaled[..., 4:6], 1)  # cell
        np.testing.assert_allclose(scaled[..., 6:], 1.2, rtol=1e-6)  # output


def test_a_layer_as_activation_comes_behind_and_all_others_get_its_result(tmp_path):
    slope = {"class_name": "LeakyReLU", "config": {"name": "leaky", "alpha": 0.25}}
    pool = old_layer("GlobalAveragePooling2D", "pool", ["picture"], data_format="channels_last")
    hidden = old_dense("hidden", ["pool"], activation=slope)
    model = old_functional([old_input(), pool, hidden, old_dense("dense", ["hidden"])])
    weights = {"hidden": {f"hidden/{name[6:]}": each for name, each in DENSE.items()}, "dense": DENSE}
    records = layers_of(translated(write_h5(tmp_path / "m.h5", model, weights))[0])
    assert records["hidden"]["config"]["activation"] == "linear"
    assert records["hidden_activation"]["config"]["negative_slope"] == 0.25
    history = [records[name]["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0]
               for name in ("hidden_activation", "dense")]  # fmt: skip
    assert history == ["hidden", "hidden_activation"]


def test_arithmetic_keeps_its_order(tmp_path):
    function = {"function": "math.subtract"}
    constant = ["_CONSTANT_VALUE", -1, 1.0, {"y": ["picture", 0, 0], "name": None}]
    minus = old_layer("TFOpLambda", "minus", **function) | {"name": "minus", "inbound_nodes": [constant]}
    half = old_layer("TFOpLambda", "half", function="math.truediv") | {
        "name": "half",
        "inbound_nodes": [["minus", 0, 0, {"y": 2.0, "name": None}]],
    }
    pool = old_layer("GlobalAveragePooling2D", "pool", ["half"], data_format="channels_last")
    model = old_functional([old_input(), minus, half, pool, old_dense("dense", ["pool"])])
    records = layers_of(translated(write_h5(tmp_path / "m.h5", model, {"dense": DENSE}))[0])
    assert (records["minus"]["module"], records["minus"]["class_name"]) == ("keras.src.ops.numpy", "Subtract")
    assert records["minus"]["inbound_nodes"][0]["args"][0] == 1.0
    assert records["half"]["inbound_nodes"][0]["args"][1] == 2.0


def test_operations_of_early_tensorflow_too(tmp_path):
    definition = {"name": "truediv", "op": "RealDiv", "input": ["picture", "truediv/y"]}
    divide = {
        "class_name": "TensorFlowOpLayer",
        "config": {"name": "truediv", "dtype": "float32", "node_def": definition, "constants": {"1": 255.0}},
        "name": "tf_op_layer_truediv",
        "inbound_nodes": [[["picture", 0, 0, {}]]],
    }
    pool = old_layer("GlobalAveragePooling2D", "pool", ["tf_op_layer_truediv"], data_format="channels_last")
    model = old_functional([old_input(), divide, pool, old_dense("dense", ["pool"])])
    records = layers_of(
        translated(write_h5(tmp_path / "m.h5", model, {"dense": DENSE}, version="2.3.0-tf"))[0]
    )
    assert records["tf_op_layer_truediv"]["class_name"] == "TrueDivide"
    assert records["tf_op_layer_truediv"]["inbound_nodes"][0]["args"][1] == 255.0


def test_channels_are_turned_round_in_colour_pictures_only(tmp_path):
    def turned(shape):
        bits = {"ellipsis_mask": "1", "begin_mask": "2", "end_mask": "2", "new_axis_mask": "0"}
        bits = {key: {"i": value} for key, value in {**bits, "shrink_axis_mask": "0"}.items()}
        definition = {"name": "slice", "op": "StridedSlice", "attr": bits}
        constants = {"1": [0, 0], "2": [0, 0], "3": [1, -1]}
        config = {"name": "slice", "node_def": definition, "constants": constants}
        turn = {"class_name": "TensorFlowOpLayer", "config": config, "name": "turn"}
        turn["inbound_nodes"] = [[["picture", 0, 0, {}]]]
        pool = old_layer("GlobalAveragePooling2D", "pool", ["turn"], data_format="channels_last")
        return old_functional([old_input(shape=shape), turn, pool, old_dense("dense", ["pool"])])

    models = Models(modern=False)
    layers = models.translate(turned(SHAPE))["config"]["layers"]
    taken = [each["inbound_nodes"][0]["args"][1][1] for each in layers if each["class_name"] == "GetItem"]
    assert taken == [2, 1, 0]
    with pytest.raises(ModelError, match="turns round the channels of something that is not"):
        models.translate(turned([None, 8, 8, 4]))


def test_a_subclass_that_only_trains_differently_is_read_as_its_graph(tmp_path):
    model = plain_model() | {"class_name": "MyModel"}
    assert translated(write_h5(tmp_path / "m.h5", model))[0]["class_name"] == "Functional"


def test_cancelling_leaves_nothing(tmp_path):
    source = CancelSource()
    source.cancel()
    path = write_h5(tmp_path / "m.h5")
    with pytest.raises(Cancelled):
        translate(path, tmp_path / "t.keras", source.token)
    assert [each.name for each in tmp_path.iterdir()] == ["m.h5"]


def test_a_refusal_leaves_nothing(tmp_path):
    with pytest.raises(ModelError):
        translate(write_h5(tmp_path / "m.h5", weights={}), tmp_path / "t.keras", NEVER)
    assert [each.name for each in tmp_path.iterdir()] == ["m.h5"]


def test_no_engine_is_loaded(tmp_path):
    path = write_h5(tmp_path / "m.h5")
    code = (
        "import sys, pathlib\n"
        "from desktop_app.core.foundation.cancellation import NEVER\n"
        "from desktop_app.core.library.inspection.keras2.translation import translate\n"
        f"translate(pathlib.Path({str(path)!r}), pathlib.Path({str(tmp_path / 't.keras')!r}), NEVER)\n"
        "assert not {'keras', 'tensorflow', 'tf_keras'} & set(sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_paths_of_keras_2_13_count_layers_with_weights_twice(tmp_path):
    first, _ = convolution("first", 3, 3)
    layers = [old_input(), *(old_layer("Conv2D", name, [before], **first)
              for name, before in (("a", "picture"), ("b", "a"), ("c", "b")))]  # fmt: skip
    layers.append(old_layer("GlobalAveragePooling2D", "pool", ["c"], data_format="channels_last"))
    layers.append(old_dense("dense", ["pool"]))
    buffer = BytesIO()
    with h5py.File(buffer, "w") as file:
        for number, place in enumerate(("conv2d", "conv2d_2", "conv2d_4")):
            group = file.create_group(f"_layer_checkpoint_dependencies/{place}/vars")
            group["0"] = np.full((1, 1, 3, 3), number, np.float32)
            group["1"] = np.zeros(3, np.float32)
        for number, array in enumerate(DENSE.values()):
            file[f"_layer_checkpoint_dependencies/dense/vars/{number}"] = array
    members = {
        "metadata.json": json.dumps({"keras_version": "2.13.1"}).encode(),
        "config.json": json.dumps(old_functional(layers)).encode(),
        "model.weights.h5": buffer.getvalue(),
    }
    _, arrays = translated(write_zip(tmp_path / "old.keras", members))
    for number, place in enumerate(("conv2d", "conv2d_1", "conv2d_2")):
        assert arrays[f"layers/{place}/vars/0"].max() == number


def test_a_keras_file_of_keras_2_has_its_weights_by_the_order_of_its_classes(tmp_path):
    model = plain_model()
    for record in [model, *model["config"]["layers"]]:
        record |= {"module": "keras.layers", "registered_name": None}
    model |= {"module": "keras.src.engine.functional", "registered_name": "Functional"}
    buffer = BytesIO()
    with h5py.File(buffer, "w") as file:
        for number, array in enumerate(plain_weights()["logits"].values()):
            file[f"layers/dense/vars/{number}"] = array
        file["optimizer/vars/0"] = np.int64(1)
    members = {
        "metadata.json": json.dumps({"keras_version": "2.15.0"}).encode(),
        "config.json": json.dumps(model).encode(),
        "model.weights.h5": buffer.getvalue(),
    }
    path = write_zip(tmp_path / "old.keras", members)
    assert needs_translation(path)
    _, arrays = translated(path)
    np.testing.assert_array_equal(arrays["layers/dense/vars/0"], plain_weights()["logits"]["logits/kernel:0"])
