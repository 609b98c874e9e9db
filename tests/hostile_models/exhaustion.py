"""What exhausts memory or time."""

from __future__ import annotations

import io
import json
import struct
import zipfile

import numpy as np

from tests.hostile_models.cases import call, case, changed, named, pool, with_layer
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


@case
def zip_bomb_in_the_config(path, sentinel):
    members = keras_members() | {"config.json": b'{"a": "' + b"a" * (64 * 2**20) + b'"}'}
    write_zip(path, members, zipfile.ZIP_DEFLATED)


@case
def zip_bomb_in_the_weights(path, sentinel):
    members = keras_members()
    members.pop("model.weights.h5")
    write_zip(path, members)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.weights.h5", bytes(256 * 2**20))


@case
def lying_sizes_in_the_archive(path, sentinel):
    write_keras(path)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 20 : entry + 28] = struct.pack("<LL", 2**31, 2**31)
    path.write_bytes(data)


@case
def endless_table_of_contents(path, sentinel):
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(70_000):
            archive.writestr(f"{number}", b"")


@case
def sixty_four_bit_records(path, sentinel):
    write_keras(path)
    data = path.read_bytes()
    end = data[-22:]
    start = len(data) - 22
    record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**31, 2**31, 2**33, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start, 1)
    path.write_bytes(data[:-22] + record + locator + end)


@case
def overlapping_members(path, sentinel):
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
def doubled_config(path, sentinel):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in keras_members().items():
            archive.writestr(name, data)
        archive.writestr("config_json", b"{}")
    path.write_bytes(buffer.getvalue().replace(b"config_json", b"config.json"))


@case
def encrypted_members(path, sentinel):
    write_keras(path)
    data = bytearray(path.read_bytes())
    position = 0
    while (position := data.find(b"PK\x01\x02", position)) >= 0:
        data[position + 8] |= 1
        position += 4
    path.write_bytes(data)


@case
def deep_json(path, sentinel):
    write_keras(path, b'{"a":' * 100_000 + b"1" + b"}" * 100_000)


@case
def deep_json_of_lists(path, sentinel):
    write_keras(path, b'{"a":' + b"[" * 3_000_000)


@case
def wide_json(path, sentinel):
    write_keras(path, b'{"a":[' + b"[]," * 2_500_000 + b"[]]}")


@case
def endless_number(path, sentinel):
    write_keras(path, b'{"a":' + b"9" * 7_000_000 + b"}")


@case
def doubled_keys(path, sentinel):
    text = json.dumps(plain_config())
    write_keras(path, text.replace('"units": 3', '"units": 1000000, "units": 3').encode())


@case
def huge_units(path, sentinel):
    write_keras(path, changed("units", 10**9))


@case
def more_units_than_stored(path, sentinel):
    # The usual way took 56 s and 8.2 GB for a file of this kind.
    layers = [
        layer("Flatten", "flatten", ["picture"], data_format="channels_last"),
        dense("wide", "flatten", SIDE * SIDE * 3, 2**20),
        dense("logits", "wide", 2**20, 1000),
    ]
    write_keras(path, functional(layers, "logits", [None, SIDE, SIDE, 3]))


@case
def as_many_units_as_allowed(path, sentinel):
    layers = [
        layer("Flatten", "flatten", ["picture"], data_format="channels_last"),
        dense("wide", "flatten", SIDE * SIDE * 3, 2**20),
        dense("logits", "wide", 2**20, 3),
    ]
    write_keras(path, functional(layers, "logits", [None, SIDE, SIDE, 3]))


@case
def huge_build_shape(path, sentinel):
    config = plain_config()
    config["config"]["layers"][2]["build_config"] = {"input_shape": [None, 2**26]}
    write_keras(path, config)


@case
def shape_bomb_in_the_weights(path, sentinel):  # CVE-2026-0897
    def write(file):
        plain_weights(file)
        file.create_dataset("layers/dense/vars/2", (2**16, 2**16), "f4", chunks=(2**10, 2**10), fillvalue=1)

    write_keras(path, weights=write)


@case
def unallocated_array_in_the_weights(path, sentinel):
    def write(file):
        plain_weights(file)
        file.create_dataset("optimizer/vars/0", (2**16, 2**16), "f4", fillvalue=1)

    write_keras(path, weights=write)


@case
def compressed_array_in_the_weights(path, sentinel):
    def write(file):
        plain_weights(file)
        file.create_dataset("optimizer/vars/0", data=np.zeros(2**22, "f4"), compression="gzip")

    write_keras(path, weights=write)


@case
def cycle_in_the_weights(path, sentinel):
    def write(file):
        plain_weights(file)
        file["layers/again"] = file["layers"]

    write_keras(path, weights=write)


@case
def too_many_arrays(path, sentinel):
    def write(file):
        plain_weights(file)
        group = file.create_group("optimizer/vars", track_order=False)
        for number in range(4_000):
            group.create_group(str(number)).create_group("a").create_group("b").create_group("c")
            group[str(number)].create_group("d")
            group[str(number)].create_group("e")

    write_keras(path, weights=write)


@case
def deep_groups_in_the_weights(path, sentinel):
    def write(file):
        plain_weights(file)
        file.create_group("/".join(["deep"] * 400))

    write_keras(path, weights=write)


@case
def enormous_padding(path, sentinel):
    border = [[4096, 4096], [4096, 4096]]
    record = layer("ZeroPadding2D", "pad", ["picture"], padding=border, data_format="channels_last")
    write_keras(path, with_layer(record))


@case
def enormous_enlargement(path, sentinel):
    record = layer(
        "UpSampling2D", "grow", ["picture"], size=[4096, 4096], interpolation="nearest",
        data_format="channels_last",
    )  # fmt: skip
    write_keras(path, with_layer(record))


@case
def enormous_input(path, sentinel):
    write_keras(path, functional([pool("picture")], "pool", [None, 10**6, 10**6, 3]))


@case
def endless_computing(path, sentinel):
    kernel = {"kernel_size": [1023, 1023], "strides": [1, 1], "dilation_rate": [1, 1], "groups": 1}
    record = layer(
        "Conv2D", "slow", ["grow"], filters=3, padding="same", data_format="channels_last",
        activation="linear", use_bias=False, **kernel,
    )  # fmt: skip
    grow = layer("UpSampling2D", "grow", ["picture"], size=[256, 256], interpolation="nearest",
                 data_format="channels_last")  # fmt: skip

    def write(file):
        file["layers/conv2d/vars/0"] = np.zeros((1023, 1023, 3, 3), "f4")

    write_keras(path, functional([grow, record, pool("slow")], "pool", [None, SIDE, SIDE, 3]), write)


@case
def models_inside_models(path, sentinel):
    config = plain_config()
    for number in range(12):
        config = functional(
            [named(config, f"inner{number}") | {"inbound_nodes": call("picture")}],
            f"inner{number}",
            [None, SIDE, SIDE, 3],
        )
    write_keras(path, config)


@case
def calls_that_multiply(path, sentinel):
    # Each of seven levels calls the one below twenty times: more than a billion calls.
    relu = layer("ReLU", "relu", ["picture"], max_value=None, negative_slope=0.0, threshold=0.0)
    config = functional([relu], "relu", [None, SIDE, SIDE, 3])
    for number in range(7):
        name = f"inner{number}"
        calls = call("picture") + [call(name, index)[0] for index in range(19)]
        config = functional([named(config, name) | {"inbound_nodes": calls}], name, [None, SIDE, SIDE, 3])
        config["config"]["output_layers"] = [[name, 20, 0]]
    write_keras(path, config)


@case
def layers_in_a_loop(path, sentinel):
    config = plain_config()
    flatten = config["config"]["layers"][1]
    flatten["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] = "probabilities"
    write_keras(path, config)


@case
def layers_in_reverse_order(path, sentinel):
    names = [f"relu{number}" for number in range(2_000)]
    layers = [
        layer("ReLU", name, [source], max_value=None, negative_slope=0.0, threshold=0.0)
        for name, source in zip(names, ["picture", *names[:-1]], strict=True)
    ]
    write_keras(path, functional(layers[::-1], names[-1], [None, SIDE, SIDE, 3]))


@case
def numbers_that_repeat_the_picture(path, sentinel):
    # A list as long as a side, where one number for each channel belongs: 512 channels come out of one.
    layers = [
        layer("Rescaling", "repeat", ["picture"], scale=[1.0] * 512, offset=0.0),
        layer("Softmax", "softmax", ["repeat"], axis=-1),
        layer("GlobalMaxPooling2D", "pool", ["softmax"], data_format="channels_last", keepdims=False),
    ]
    write_keras(path, functional(layers, "pool", [None, 512, 512, 1]), lambda file: None)


@case
def results_that_are_needed_together(path, sentinel):
    names = [f"relu{number}" for number in range(12)]
    layers = [layer("Activation", name, ["picture"], activation="relu") for name in names]
    layers += [layer("Add", "sum", names), pool("sum")]
    write_keras(path, functional(layers, "pool", [None, 4096, 4096, 3]), lambda file: None)


@case
def results_that_live_long(path, sentinel):
    # Each result is small enough, and its first user takes it at once; the last one takes them all.
    names, source = [], "picture"
    layers = []
    for number in range(8):
        names.append(f"relu{number}")
        layers.append(layer("Activation", names[-1], [source], activation="relu"))
        source = names[-1]
    layers += [layer("Add", "sum", names), pool("sum")]
    write_keras(path, functional(layers, "pool", [None, 2048, 2048, 3]), lambda file: None)


@case
def borders_before_a_resize(path, sentinel):
    # Keras first makes a picture of 4096 x 16777216 pixels, with the target's aspect ratio.
    resize = layer(
        "Resizing", "resize", ["picture"], height=1, width=4096, interpolation="nearest", antialias=False,
        crop_to_aspect_ratio=False, pad_to_aspect_ratio=True, fill_mode="constant", fill_value=0.0,
        data_format="channels_last",
    )  # fmt: skip
    write_keras(path, functional([resize, pool("resize")], "pool", [None, 4096, 8, 1]), lambda file: None)


@case
def wide_middle_of_a_convolution(path, sentinel):
    record = layer(
        "SeparableConv2D", "separable", ["picture"], filters=1, depth_multiplier=1024, kernel_size=[1, 1],
        strides=[1, 1], dilation_rate=[1, 1], padding="same", data_format="channels_last",
        activation="linear", use_bias=False,
    )  # fmt: skip

    def write(file):
        file["layers/separable_conv2d/vars/0"] = np.zeros((1, 1, 3, 1024), "f4")
        file["layers/separable_conv2d/vars/1"] = np.zeros((1, 1, 3072, 1), "f4")

    write_keras(path, functional([record, pool("separable")], "pool", [None, 256, 256, 3]), write)
