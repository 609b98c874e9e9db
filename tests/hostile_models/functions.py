"""Functions of Keras between the layers, constants, and layers around layers, where they do not belong."""

from __future__ import annotations

import copy
import zipfile
from typing import Any

import numpy as np

from tests.hostile_models.cases import NOWHERE, call, case, function, pool, record_of, with_layer
from tests.keras_file import (
    SIDE,
    dense,
    functional,
    keras_members,
    layer,
    plain_config,
    plain_weights,
    write_keras,
    write_zip,
)

SHAPE = [None, SIDE, SIDE, 3]
_PLAIN = dict.fromkeys(
    ("kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer", "kernel_constraint",
     "bias_constraint", "activity_regularizer"),
)  # fmt: skip


def operation(kind: str, *arguments: Any, module: str = "numpy", **config: Any) -> dict[str, Any]:
    """Describe the function ``work`` on the picture and further arguments."""
    record = layer(kind, "work", ["picture"], module=f"keras.src.ops.{module}")
    record["config"] = {"name": "work", **config}
    record["inbound_nodes"][0]["args"] += arguments
    return record


def constant(value: Any, dtype: str = "float32") -> dict[str, Any]:
    """Describe an array as Keras writes one."""
    return {"class_name": "__tensor__", "config": {"value": value, "dtype": dtype}}


def part(start: Any = None, stop: Any = None, step: Any = None) -> dict[str, Any]:
    """Describe a slice."""
    return {"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": step}}


def wrapped(kind: str, inner: dict[str, Any], **config: Any) -> dict[str, Any]:
    """Describe a layer around another one."""
    inner = copy.deepcopy(inner)
    inner.pop("name")
    inner.pop("inbound_nodes")
    return layer(kind, "work", ["picture"], layer=inner, **config)


def write(path: Any, record: dict[str, Any], shape: list[int | None] | None = None) -> None:
    """Write a network of the layer ``work`` and a pooling."""
    config = functional([record, pool("work")], "pool", shape or SHAPE)
    write_keras(path, config, lambda file: None)


@case
def function_that_takes_a_function(path):
    write(path, operation("Map", module="core", f=function()))


@case
def function_of_another_module(path):
    record = operation("GetItem")
    write(path, record | {"module": f"{NOWHERE}.ops.numpy"})


@case
def function_under_a_registered_name(path):
    write(path, operation("Relu", module="nn") | {"registered_name": "evil>Relu"})


@case
def object_as_an_operand(path):
    write(path, operation("Add", record_of("Run")))


@case
def byte_code_as_an_operand(path):
    write(path, operation("Add", {"class_name": "__lambda__", "config": {"code": ""}}))


@case
def object_in_a_constant(path):
    write(path, operation("Add", constant([record_of("Run")])))


@case
def constant_of_text(path):
    write(path, operation("Add", constant([NOWHERE])))


@case
def constant_of_another_format(path):
    write(path, operation("Add", constant([1.0], dtype="string")))


@case
def ragged_constant(path):
    write(path, operation("Add", constant([[1.0], [1.0, 2.0]])))


@case
def endless_number(path):
    write(path, operation("Multiply", 10**400))


@case
def constant_of_another_shape(path):
    write(path, operation("Add", constant([[[[1.0]]], [[[1.0]]]])))


@case
def object_as_a_slice(path):
    write(path, operation("GetItem", [record_of("Run")]))


@case
def slice_of_the_batch(path):
    write(path, operation("GetItem", [part(0, 1)]))


@case
def slice_that_does_not_move(path):
    write(path, operation("GetItem", [part(), part(step=0)]))


@case
def reshape_across_pictures(path):
    write(path, operation("Reshape", newshape=[3, -1]))


@case
def mean_across_pictures(path):
    write(path, operation("Mean", axis=[0, 1], keepdims=False))


@case
def lined_up_across_pictures(path):
    mean = operation("Mean", axis=[1, 2], keepdims=False)
    mean["name"] = mean["config"]["name"] = "mean"
    record = operation("Multiply")
    record["inbound_nodes"][0]["args"] = call("picture")[0]["args"] + call("mean")[0]["args"]
    write_keras(path, functional([mean, record, pool("work")], "pool", SHAPE), lambda file: None)


@case
def wide_tiling(path):
    write(path, operation("Tile", repeats=[1, 4096, 4096, 1]))


@case
def long_repetition(path):
    write(path, operation("Repeat", repeats=4097, axis=1))


@case
def split_into_too_many(path):
    write(path, operation("Split", indices_or_sections=65, axis=1))


@case
def result_that_is_not_given(path):
    config = functional([operation("Split", indices_or_sections=3, axis=-1), pool("work")], "pool", SHAPE)
    config["config"]["layers"][2]["inbound_nodes"][0]["args"][0]["config"]["keras_history"][2] = 3
    write_keras(path, config, lambda file: None)


@case
def padding_that_adds_pictures(path):
    write(path, operation("Pad", pad_width=[[0, 9], [0, 0], [0, 0], [0, 0]], mode="constant"))


@case
def equation_that_is_none(path):
    record = layer(
        "EinsumDense", "work", ["picture"], equation=f"__import__('{NOWHERE}')", output_shape=[None, None, 4],
        bias_axes=None, activation="linear", **_PLAIN,
    )  # fmt: skip
    write(path, record)


@case
def equation_across_pictures(path):
    record = layer(
        "EinsumDense", "work", ["picture"], equation="abcd,ae->ebcd", output_shape=[None, None, 3],
        bias_axes=None, activation="linear", **_PLAIN,
    )  # fmt: skip
    write(path, record)


@case
def layer_of_words(path):
    config = {"input_dim": 9, "output_dim": 4, "mask_zero": False, "embeddings_initializer": None}
    write(path, layer("Embedding", "work", ["picture"], **config))


@case
def attention_of_too_many_heads(path):
    rows = layer("Reshape", "rows", ["picture"], target_shape=[SIDE * SIDE, 3])
    record = layer(
        "MultiHeadAttention", "work", ["rows"], num_heads=1024, key_dim=1, value_dim=1, dropout=0.0,
        use_bias=False, output_shape=None, attention_axes=[1], seed=None, **_PLAIN,
    )  # fmt: skip
    record["inbound_nodes"][0]["args"] *= 2
    ending = layer("GlobalAveragePooling1D", "pool", ["work"], data_format="channels_last", keepdims=False)
    write_keras(path, functional([rows, record, ending], "pool", SHAPE), lambda file: None)


@case
def object_in_named_build_shapes(path):
    write(path, operation("Relu", module="nn") | {"build_config": {"shapes_dict": {"run": function()}}})


@case
def lambda_for_every_step(path):
    inner = layer("Lambda", "run", [], function={"class_name": "__lambda__", "config": {"value": ""}})
    write(path, wrapped("TimeDistributed", inner))


@case
def custom_object_with_bounded_weights(path):
    inner = dense("inner", "picture", 3, 4) | {"module": NOWHERE, "registered_name": "evil>Dense"}
    write(path, wrapped("SpectralNormalization", inner, power_iterations=1))


@case
def wrapper_in_a_wrapper(path):
    inner = wrapped("TimeDistributed", layer("ReLU", "run", []))
    write(path, wrapped("TimeDistributed", inner))


@case
def too_many_steps(path):
    inner = layer("ReLU", "run", [], max_value=None, negative_slope=0.0, threshold=0.0)
    write(path, wrapped("TimeDistributed", inner), [None, 17, SIDE, 3])


@case
def quantizer_of_another_kind(path):
    config = plain_config()
    config["config"]["layers"][2]["config"]["dtype"] = {
        "module": "keras.dtype_policies",
        "class_name": "QuantizedDTypePolicy",
        "config": {"mode": "int8", "source_name": "float32"},
        "registered_name": None,
    }
    config["config"]["layers"][2]["config"]["quantization_config"] = {
        "module": "keras.quantizers",
        "class_name": "Int8QuantizationConfig",
        "config": {"weight_quantizer": None, "activation_quantizer": record_of("Run")},
        "registered_name": None,
    }
    write_keras(path, config)


@case
def quantized_weights_without_factors(path):
    config = plain_config()
    config["config"]["layers"][2]["config"]["dtype"] = {
        "module": "keras.dtype_policies",
        "class_name": "Int4DTypePolicy",
        "config": {"mode": "int4/64", "source_name": "float32"},
        "registered_name": None,
    }
    write_keras(path, config)


@case
def adapters_beside_the_weights(path):
    def weights(file):
        plain_weights(file)
        file["layers/dense/lora_kernel_a"] = np.zeros((SIDE * SIDE * 3, 2), "f4")

    write_keras(path, weights=weights)


@case
def large_orthogonal_start(path):
    config = plain_config()
    config["config"]["layers"][2]["config"]["kernel_initializer"] = record_of(
        "Orthogonal", "keras.initializers", gain=1.0, seed=None
    )
    write_keras(path, config)


@case
def crop_at_another_size(path):
    write(path, layer("RandomCrop", "work", ["picture"], height=4, width=4, data_format="channels_last"))


@case
def class_of_its_own_with_more_fields(path):
    config = plain_config()
    config["config"]["call"] = function()
    write_keras(path, config | {"module": NOWHERE, "class_name": "Evil", "registered_name": "evil>Evil"})


@case
def class_of_its_own_inside(path):
    inner = plain_config() | {"name": "inner", "inbound_nodes": call("picture")}
    inner["config"]["name"] = "inner"
    inner |= {"module": NOWHERE, "class_name": "Evil", "registered_name": "evil>Evil"}
    write_keras(path, functional([inner], "inner", SHAPE))


@case
def row_that_is_no_picture(path):
    write_keras(path, functional([dense("logits", "picture", 200, 3)], "logits", [None, 200]))


@case
def row_of_a_large_picture(path):
    count = 4097**2
    write_keras(path, functional([dense("logits", "picture", count, 3)], "logits", [None, count]))


@case
def batches_of_a_fixed_size(path):
    write_keras(path, functional([pool("picture")], "pool", [32, SIDE, SIDE, 3]), lambda file: None)


@case
def members_compressed_otherwise(path):
    write_zip(path, keras_members(), zipfile.ZIP_BZIP2)


@case
def weights_that_unpack_to_more_than_they_may(path):
    noise = np.random.default_rng(0).bytes(2_000)
    members = keras_members(weights=b"".join(noise + bytes(8_000) for _ in range(15)))
    write_zip(path, members, zipfile.ZIP_DEFLATED)


@case
def compressed_member_with_a_false_size(path):
    write_zip(path, keras_members(), zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    # The table of contents says that the configuration is shorter than it is.
    entry = data.rindex(b"config.json") - 46
    size = int.from_bytes(data[entry + 24 : entry + 28], "little")
    data[entry + 24 : entry + 28] = (size - 1).to_bytes(4, "little")
    path.write_bytes(data)


@case
def function_that_is_no_layer_in_the_network(path):
    write_keras(path, with_layer(operation("NoSuchFunction")))
