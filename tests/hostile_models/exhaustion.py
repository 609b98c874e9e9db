"""What would exhaust memory or time if it were larger.

The files are small enough for every program that opens them; they go beyond nothing but the limits of
`tests.hostile_models.low_limits`.
"""

from __future__ import annotations

import io
import json
import struct
import sys
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from tests.hostile_models.cases import call, case, named, pool, with_layer
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

if TYPE_CHECKING:
    from pathlib import Path


def _write_with_compressed(path: Path, name: str, data: bytes) -> None:
    """Write an archive in which one member is compressed."""
    members = keras_members()
    del members[name]
    write_zip(path, members)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)


@case
def compressed_config(path):
    _write_with_compressed(path, "config.json", b'{"a": "' + b"a" * 20_000 + b'"}')


@case
def compressed_weights(path):
    _write_with_compressed(path, "model.weights.h5", bytes(50_000))


@case
def wrong_sizes_in_the_archive(path):
    write_keras(path)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 20 : entry + 28] = struct.pack("<LL", 2 * len(data), 2 * len(data))
    path.write_bytes(data)


@case
def too_many_members(path):
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(17):
            archive.writestr(f"{number}", b"")


@case
def long_table_of_contents(path):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in keras_members().items():
            info = zipfile.ZipInfo(name)
            info.comment = b"x" * 500
            archive.writestr(info, data)


@case
def large_archive(path):
    write_keras(path, weights=bytes(250_000))


@case
def long_config(path):
    write_keras(path, json.dumps(plain_config()).encode() + b" " * 100_000)


@case
def sixty_four_bit_records(path):
    # They repeat what the usual record says; other numbers here would be believed instead of those.
    write_keras(path)
    data = path.read_bytes()
    end = data[-22:]
    start = len(data) - 22
    count, size, offset = struct.unpack("<10xHLL2x", end)
    record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start, 1)
    path.write_bytes(data[:-22] + record + locator + end)


@case
def overlapping_members(path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in keras_members().items():
            archive.writestr(name, data)
        first = archive.infolist()[-1]
        for info in archive.infolist()[:-1]:
            info.header_offset, info.file_size = first.header_offset, first.file_size
            info.compress_size = first.compress_size
        archive._didModify = True
    path.write_bytes(buffer.getvalue())


@case
def doubled_config(path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in keras_members().items():
            archive.writestr(name, data)
        archive.writestr("config_json", b"{}")
    path.write_bytes(buffer.getvalue().replace(b"config_json", b"config.json"))


@case
def encrypted_members(path):
    write_keras(path)
    data = bytearray(path.read_bytes())
    position = 0
    while (position := data.find(b"PK\x01\x02", position)) >= 0:
        data[position + 8] |= 1
        position += 4
    path.write_bytes(data)


@case
def deep_json(path):
    write_keras(path, b'{"a":' * 65 + b"1" + b"}" * 65)


@case
def deep_json_of_lists(path):
    write_keras(path, b'{"a":' + b"[" * 64 + b"]" * 64 + b"}")


@case
def wide_json(path):
    write_keras(path, b'{"a":[' + b"[]," * 5_000 + b"[]]}")


@case
def long_number(path):
    # Reading a number takes the square of its length, so Python has a limit of its own.
    write_keras(path, b'{"a":' + b"9" * (sys.int_info.default_max_str_digits + 1) + b"}")


@case
def doubled_keys(path):
    text = json.dumps(plain_config())
    write_keras(path, text.replace('"units": 3', '"units": 4, "units": 3').encode())


@case
def too_many_units(path):
    # For three features: another program makes an array of 13 MB.
    layers = [pool("picture"), dense("logits", "pool", 3, 2**20 + 1)]
    write_keras(path, functional(layers, "logits", [None, SIDE, SIDE, 3]))


@case
def more_units_than_stored(path):
    # The usual way took 56 s and 8.2 GB for a file of this kind with a million units.
    layers = [
        layer("Flatten", "flatten", ["picture"], data_format="channels_last"),
        dense("wide", "flatten", SIDE * SIDE * 3, 100),
        dense("logits", "wide", 100, 1000),
    ]
    write_keras(path, functional(layers, "logits", [None, SIDE, SIDE, 3]))


@case
def as_many_units_as_allowed(path):
    layers = [
        layer("Flatten", "flatten", ["picture"], data_format="channels_last"),
        dense("wide", "flatten", SIDE * SIDE * 3, 100),
        dense("logits", "wide", 100, 3),
    ]
    write_keras(path, functional(layers, "logits", [None, SIDE, SIDE, 3]))


@case
def another_build_shape(path):
    config = plain_config()
    config["config"]["layers"][2]["build_config"] = {"input_shape": [None, 2 * SIDE * SIDE * 3]}
    write_keras(path, config)


@case
def array_in_pieces_in_the_weights(path):
    # Pieces that were never written take no room, however large the array.
    def write(file):
        plain_weights(file)
        file.create_dataset("layers/dense/vars/2", (8, 8), "f4", chunks=(4, 4), fillvalue=1)

    write_keras(path, weights=write)


@case
def unallocated_array_in_the_weights(path):
    def write(file):
        plain_weights(file)
        file.create_dataset("optimizer/vars/0", (8, 8), "f4", fillvalue=1)

    write_keras(path, weights=write)


@case
def compressed_array_in_the_weights(path):
    def write(file):
        plain_weights(file)
        file.create_dataset("optimizer/vars/0", data=np.zeros(64, "f4"), compression="gzip")

    write_keras(path, weights=write)


@case
def group_twice_in_the_weights(path):
    # A group inside itself would lead others round in a circle; beside itself it is as forbidden.
    def write(file):
        plain_weights(file)
        file["layers/again"] = file["layers/dense"]

    write_keras(path, weights=write)


@case
def too_many_arrays(path):
    def write(file):
        plain_weights(file)
        group = file.create_group("optimizer/vars", track_order=False)
        for number in range(100):
            group.create_group(str(number))

    write_keras(path, weights=write)


@case
def deep_groups_in_the_weights(path):
    def write(file):
        plain_weights(file)
        file.create_group("/".join(["deep"] * 65))

    write_keras(path, weights=write)


@case
def wide_padding(path):
    border = [[64, 64], [64, 64]]
    record = layer("ZeroPadding2D", "pad", ["picture"], padding=border, data_format="channels_last")
    write_keras(path, with_layer(record))


@case
def wide_enlargement(path):
    record = layer(
        "UpSampling2D", "grow", ["picture"], size=[16, 16], interpolation="nearest",
        data_format="channels_last",
    )  # fmt: skip
    write_keras(path, with_layer(record))


@case
def large_input(path):
    write_keras(path, functional([pool("picture")], "pool", [None, 4097, SIDE, 3]))


@case
def long_computing(path):
    kernel = {"kernel_size": [31, 31], "strides": [1, 1], "dilation_rate": [1, 1], "groups": 1}
    record = layer(
        "Conv2D", "slow", ["grow"], filters=3, padding="same", data_format="channels_last",
        activation="linear", use_bias=False, **kernel,
    )  # fmt: skip
    grow = layer("UpSampling2D", "grow", ["picture"], size=[8, 8], interpolation="nearest",
                 data_format="channels_last")  # fmt: skip

    def write(file):
        file["layers/conv2d/vars/0"] = np.zeros((31, 31, 3, 3), "f4")

    write_keras(path, functional([grow, record, pool("slow")], "pool", [None, SIDE, SIDE, 3]), write)


@case
def models_inside_models(path):
    config = plain_config()
    for number in range(9):
        config = functional(
            [named(config, f"inner{number}") | {"inbound_nodes": call("picture")}],
            f"inner{number}",
            [None, SIDE, SIDE, 3],
        )
    write_keras(path, config)


@case
def calls_that_multiply(path):
    # Each of three levels calls the one below four times, which makes 85 calls; seven levels of twenty would
    # make more than a billion.
    relu = layer("ReLU", "relu", ["picture"], max_value=None, negative_slope=0.0, threshold=0.0)
    config = functional([relu], "relu", [None, SIDE, SIDE, 3])
    for number in range(3):
        name = f"inner{number}"
        calls = call("picture") + [call(name, index)[0] for index in range(3)]
        config = functional([named(config, name) | {"inbound_nodes": calls}], name, [None, SIDE, SIDE, 3])
        config["config"]["output_layers"] = [[name, 4, 0]]
    write_keras(path, config)


@case
def layer_that_is_not_there(path):
    config = plain_config()
    flatten = config["config"]["layers"][1]
    flatten["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] = "no_such_layer"
    write_keras(path, config)


@case
def layers_in_reverse_order(path):
    names = [f"relu{number}" for number in range(12)]
    layers = [
        layer("ReLU", name, [source], max_value=None, negative_slope=0.0, threshold=0.0)
        for name, source in zip(names, ["picture", *names[:-1]], strict=True)
    ]
    write_keras(path, functional(layers[::-1], names[-1], [None, SIDE, SIDE, 3]))


@case
def numbers_that_repeat_the_picture(path):
    # A list as long as a side, where one number for each channel belongs: as many channels come out of one.
    layers = [
        layer("Rescaling", "repeat", ["picture"], scale=[1.0] * SIDE, offset=0.0),
        layer("Softmax", "softmax", ["repeat"], axis=-1),
        layer("GlobalMaxPooling2D", "pool", ["softmax"], data_format="channels_last", keepdims=False),
    ]
    write_keras(path, functional(layers, "pool", [None, SIDE, SIDE, 1]), lambda file: None)


@case
def results_that_are_needed_together(path):
    names = [f"relu{number}" for number in range(12)]
    layers = [layer("Activation", name, ["picture"], activation="relu") for name in names]
    layers += [layer("Add", "sum", names), pool("sum")]
    write_keras(path, functional(layers, "pool", [None, 64, 64, 3]), lambda file: None)


@case
def results_that_live_long(path):
    # Each result is small enough, and its first user takes it at once; the last one takes them all.
    names, source = [], "picture"
    layers = []
    for number in range(8):
        names.append(f"relu{number}")
        layers.append(layer("Activation", names[-1], [source], activation="relu"))
        source = names[-1]
    layers += [layer("Add", "sum", names), pool("sum")]
    write_keras(path, functional(layers, "pool", [None, 64, 64, 3]), lambda file: None)


@case
def borders_before_a_resize(path):
    # Keras first makes a picture of 64 x 4096 pixels, with the target's aspect ratio.
    resize = layer(
        "Resizing", "resize", ["picture"], height=1, width=64, interpolation="nearest", antialias=False,
        crop_to_aspect_ratio=False, pad_to_aspect_ratio=True, fill_mode="constant", fill_value=0.0,
        data_format="channels_last",
    )  # fmt: skip
    write_keras(path, functional([resize, pool("resize")], "pool", [None, 64, SIDE, 1]), lambda file: None)


@case
def wide_middle_of_a_convolution(path):
    record = layer(
        "SeparableConv2D", "separable", ["picture"], filters=1, depth_multiplier=64, kernel_size=[1, 1],
        strides=[1, 1], dilation_rate=[1, 1], padding="same", data_format="channels_last",
        activation="linear", use_bias=False,
    )  # fmt: skip

    def write(file):
        file["layers/separable_conv2d/vars/0"] = np.zeros((1, 1, 3, 64), "f4")
        file["layers/separable_conv2d/vars/1"] = np.zeros((1, 1, 192, 1), "f4")

    write_keras(path, functional([record, pool("separable")], "pool", [None, 16, 16, 3]), write)
