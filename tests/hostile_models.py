"""Model files that try to run code, to reach other files or to exhaust the machine.

Each case writes one file. ``sentinel`` is a file that must never come to be, and whose content, where a
case reads instead of writes, must never be asked for.
"""

from __future__ import annotations

import base64
import copy
import io
import json
import marshal
import pickle
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from tests.keras_file import (
    CLASSES,
    SIDE,
    dense,
    functional,
    hdf5_bytes,
    keras_members,
    layer,
    plain_config,
    plain_weights,
    write_keras,
    write_zip,
)

Case = Callable[[Path, Path], None]
CASES: dict[str, Case] = {}


def case(function: Case) -> Case:
    """Register a case under its function's name."""
    CASES[function.__name__] = function
    return function


def _with_layer(record: dict[str, Any]) -> dict[str, Any]:
    """Put a layer between the input and the rest of an honest model."""
    config = plain_config()
    config["config"]["layers"].insert(1, record)
    flatten = config["config"]["layers"][2]
    flatten["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] = record["name"]
    return config


def _payload(sentinel: Path) -> str:
    return f"open({str(sentinel)!r}, 'w').close()"


def _changed(key: str, value: Any, index: int = 2) -> dict[str, Any]:
    """Change one field of the honest model's layer; 2 is its Dense layer."""
    config = plain_config()
    config["config"]["layers"][index]["config"][key] = value
    return config


# --- code in the configuration -----------------------------------------------------------------------


@case
def lambda_byte_code(path, sentinel):  # CVE-2024-3660
    code = compile(_payload(sentinel), "<model>", "exec")
    value = base64.b64encode(marshal.dumps(code)).decode()
    function = {"class_name": "__lambda__", "config": {"value": value, "defaults": None, "closure": None}}
    write_keras(path, _with_layer(layer("Lambda", "run", ["picture"], function=function, arguments={})))


@case
def lambda_by_name(path, sentinel):
    function = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
    arguments = {"command": f"touch {sentinel}"}
    write_keras(
        path, _with_layer(layer("Lambda", "run", ["picture"], function=function, arguments=arguments))
    )


@case
def any_function_as_layer(path, sentinel):  # CVE-2025-1550
    record = {
        "module": "builtins", "class_name": "function", "config": "exec", "registered_name": "exec",
        "name": "run", "inbound_nodes": [{"args": [_payload(sentinel)], "kwargs": {}}],
    }  # fmt: skip
    write_keras(path, _with_layer(record))


@case
def any_module_as_layer(path, sentinel):
    record = layer("Popen", "run", ["picture"], module="subprocess")
    record["config"] = {"args": ["touch", str(sentinel)]}
    write_keras(path, _with_layer(record))


@case
def get_file_gadget(path, sentinel):  # CVE-2025-8747
    function = {
        "module": "keras.utils",
        "class_name": "function",
        "config": "get_file",
        "registered_name": None,
    }
    arguments = {"fname": str(sentinel), "origin": "http://127.0.0.1:9/x"}
    write_keras(
        path, _with_layer(layer("Lambda", "run", ["picture"], function=function, arguments=arguments))
    )


@case
def unsafe_mode_from_the_config(path, sentinel):  # CVE-2025-9906
    record = {
        "module": "keras.config", "class_name": "function", "config": "enable_unsafe_deserialization",
        "registered_name": "enable_unsafe_deserialization", "name": "off", "inbound_nodes": [],
    }  # fmt: skip
    write_keras(path, _with_layer(record))


@case
def torch_pickle(path, sentinel):  # CVE-2025-49655
    class Run:
        def __reduce__(self):
            return exec, (_payload(sentinel),)

    module = {"class_name": "__bytes__", "config": {"value": base64.b64encode(pickle.dumps(Run())).decode()}}
    record = layer("TorchModuleWrapper", "run", ["picture"])
    record["config"]["module"] = module
    write_keras(path, _with_layer(record))


@case
def saved_model_layer(path, sentinel):  # CVE-2026-1462
    write_keras(path, _with_layer(layer("TFSMLayer", "run", ["picture"], filepath=str(sentinel.parent))))


@case
def jax_layer(path, sentinel):
    write_keras(path, _with_layer(layer("JaxLayer", "run", ["picture"], call_fn="os.system")))


@case
def flax_layer(path, sentinel):
    write_keras(path, _with_layer(layer("FlaxLayer", "run", ["picture"], method="__reduce__")))


@case
def vocabulary_file(path, sentinel):  # CVE-2025-12058
    write_keras(path, _with_layer(layer("StringLookup", "read", ["picture"], vocabulary=str(sentinel))))


@case
def vocabulary_link(path, sentinel):
    link = "http://127.0.0.1:9/vocabulary"
    write_keras(path, _with_layer(layer("IntegerLookup", "read", ["picture"], vocabulary=link)))


@case
def text_vectorization(path, sentinel):
    record = layer("TextVectorization", "read", ["picture"], vocabulary=str(sentinel), standardize="lower")
    write_keras(path, _with_layer(record))


@case
def custom_object(path, sentinel):
    record = layer("Evil", "run", ["picture"], module="evil.layers")
    record["registered_name"] = "evil>Evil"
    write_keras(path, _with_layer(record))


@case
def custom_object_under_a_known_name(path, sentinel):
    record = layer("ReLU", "run", ["picture"], max_value=None, negative_slope=0.0, threshold=0.0)
    record["registered_name"] = "evil>ReLU"
    write_keras(path, _with_layer(record))


@case
def module_of_keras_that_is_no_layer(path, sentinel):
    record = layer("load_model", "run", ["picture"], module="keras.models", filepath=str(sentinel))
    write_keras(path, _with_layer(record))


@case
def hidden_module_of_keras(path, sentinel):
    record = layer("DiskIOStore", "run", ["picture"], module="keras.src.saving.saving_lib")
    write_keras(path, _with_layer(record))


@case
def function_as_activation(path, sentinel):
    function = {"module": "builtins", "class_name": "function", "config": "eval", "registered_name": "eval"}
    write_keras(path, _changed("activation", function))


@case
def function_as_initializer(path, sentinel):
    function = {"module": "os", "class_name": "system", "config": {"command": f"touch {sentinel}"}}
    write_keras(path, _changed("kernel_initializer", function))


@case
def function_inside_an_initializer(path, sentinel):
    inner = {"module": "os", "class_name": "system", "config": {"command": f"touch {sentinel}"}}
    constant = {
        "module": "keras.initializers", "class_name": "Constant", "config": {"value": inner},
        "registered_name": None,
    }  # fmt: skip
    write_keras(path, _changed("bias_initializer", constant))


@case
def regularizer_of_another_kind(path, sentinel):
    value = {"module": "evil", "class_name": "L2", "config": {"l2": 0.1}, "registered_name": None}
    write_keras(path, _changed("kernel_regularizer", value))


@case
def number_format_with_a_payload(path, sentinel):
    value = {"module": "os", "class_name": "system", "config": {"name": "float32"}, "registered_name": None}
    write_keras(path, _changed("dtype", value))


@case
def quantization_object(path, sentinel):
    value = {"module": "evil", "class_name": "Quantizer", "config": {}, "registered_name": None}
    write_keras(path, _changed("quantization_config", value))


@case
def training_settings_of_an_inner_model(path, sentinel):
    inner = plain_config() | {"name": "inner", "inbound_nodes": _call("picture")}
    inner["config"]["name"] = "inner"
    inner["compile_config"] = {"loss": {"module": "os", "class_name": "function", "config": "system"}}
    write_keras(path, functional([inner], "inner", [None, SIDE, SIDE, 3]))


@case
def payload_in_a_call(path, sentinel):
    config = plain_config()
    value = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
    config["config"]["layers"][2]["inbound_nodes"][0]["kwargs"] = {"training": value}
    write_keras(path, config)


@case
def layer_in_place_of_a_tensor(path, sentinel):
    config = plain_config()
    config["config"]["layers"][2]["inbound_nodes"][0]["args"] = [
        {"module": "evil", "class_name": "Evil", "config": {}, "registered_name": None}
    ]
    write_keras(path, config)


@case
def object_in_build_config(path, sentinel):
    config = plain_config()
    config["config"]["layers"][2]["build_config"] = {"shapes_dict": {"input_shape": [None, 10**9]}}
    write_keras(path, config)


@case
def extra_arguments_of_the_model(path, sentinel):
    config = plain_config()
    config["config"]["optimizer"] = {"module": "os", "class_name": "function", "config": "system"}
    write_keras(path, config)


@case
def impostor_under_a_shared_number(path, sentinel):
    config = plain_config()
    first, second = config["config"]["layers"][1:3]
    first["shared_object_id"] = second["shared_object_id"] = 7
    write_keras(path, config)


@case
def subclassed_model(path, sentinel):
    config = plain_config() | {
        "module": "evil.models",
        "class_name": "Model",
        "registered_name": "evil>Model",
    }
    write_keras(path, config)


# --- other files ---------------------------------------------------------------------------------------


@case
def traversal_in_the_archive(path, sentinel):  # CVE-2025-12060, CVE-2025-12638
    write_zip(path, keras_members() | {f"../../../../../..{sentinel}": b"x"})


@case
def absolute_name_in_the_archive(path, sentinel):
    write_zip(path, keras_members() | {str(sentinel): b"x"})


@case
def assets_in_the_archive(path, sentinel):
    write_zip(path, keras_members() | {"assets/layers/x/vocabulary.txt": b"x"})


@case
def link_in_the_archive(path, sentinel):
    members = keras_members()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            is_link = name == "model.weights.h5"
            info.external_attr = (0o120777 if is_link else 0o100644) << 16
            archive.writestr(info, str(sentinel).encode() if is_link else data)


@case
def traversal_in_a_layer_name(path, sentinel):  # CVE-2026-12479
    config = plain_config()
    config["config"]["layers"][2]["config"]["name"] = f"../../..{sentinel}"
    config["config"]["layers"][2]["name"] = f"../../..{sentinel}"
    write_keras(path, config)


@case
def external_link_in_the_weights(path, sentinel):  # CVE-2026-1669
    def write(file):
        plain_weights(file)
        del file["layers/dense/vars/0"]
        file["layers/dense/vars/0"] = h5py.ExternalLink(str(sentinel), "/secret")

    write_keras(path, weights=write)


@case
def soft_link_in_the_weights(path, sentinel):
    def write(file):
        plain_weights(file)
        del file["layers/dense/vars/1"]
        file["layers/dense/vars/1"] = h5py.SoftLink("/layers/dense/vars/0")

    write_keras(path, weights=write)


@case
def external_storage_in_the_weights(path, sentinel):
    def write(file):
        plain_weights(file)
        del file["layers/dense/vars/1"]
        size = CLASSES * 4
        file.create_dataset(
            "layers/dense/vars/1", (CLASSES,), "f4", external=[(str(sentinel).encode(), 0, size)]
        )

    with tempfile.NamedTemporaryFile(suffix=".h5") as scratch:
        # HDF5 keeps external storage only for files that lie on the disk.
        with h5py.File(scratch.name, "w") as file:
            write(file)
        write_keras(path, weights=Path(scratch.name).read_bytes())


@case
def virtual_array_in_the_weights(path, sentinel):
    def write(file):
        plain_weights(file)
        del file["layers/dense/vars/1"]
        layout = h5py.VirtualLayout((CLASSES,), "f4")
        layout[:] = h5py.VirtualSource(str(sentinel), "secret", (CLASSES,))
        file.create_virtual_dataset("layers/dense/vars/1", layout)

    write_keras(path, weights=write)


@case
def reference_in_the_weights(path, sentinel):
    def write(file):
        plain_weights(file)
        file.create_dataset("layers/dense/vars/2", (1,), h5py.ref_dtype)

    write_keras(path, weights=write)


@case
def texts_in_the_weights(path, sentinel):
    def write(file):
        plain_weights(file)
        file["layers/dense/vars/2"] = ["text"]

    write_keras(path, weights=write)


# --- exhausting the machine ----------------------------------------------------------------------------


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
    write_keras(path, _changed("units", 10**9))


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
    write_keras(path, _with_layer(record))


@case
def enormous_enlargement(path, sentinel):
    record = layer(
        "UpSampling2D", "grow", ["picture"], size=[4096, 4096], interpolation="nearest",
        data_format="channels_last",
    )  # fmt: skip
    write_keras(path, _with_layer(record))


@case
def enormous_input(path, sentinel):
    layers = [
        layer("GlobalAveragePooling2D", "pool", ["picture"], data_format="channels_last", keepdims=False)
    ]
    write_keras(path, functional(layers, "pool", [None, 10**6, 10**6, 3]))


@case
def endless_computing(path, sentinel):
    kernel = {"kernel_size": [1023, 1023], "strides": [1, 1], "dilation_rate": [1, 1], "groups": 1}
    record = layer(
        "Conv2D", "slow", ["grow"], filters=3, padding="same", data_format="channels_last",
        activation="linear", use_bias=False, **kernel,
    )  # fmt: skip
    grow = layer("UpSampling2D", "grow", ["picture"], size=[256, 256], interpolation="nearest",
                 data_format="channels_last")  # fmt: skip
    pool = layer("GlobalAveragePooling2D", "pool", ["slow"], data_format="channels_last", keepdims=False)

    def write(file):
        file["layers/conv2d/vars/0"] = np.zeros((1023, 1023, 3, 3), "f4")

    write_keras(path, functional([grow, record, pool], "pool", [None, SIDE, SIDE, 3]), write)


@case
def models_inside_models(path, sentinel):
    config = plain_config()
    for number in range(12):
        config = functional(
            [_named(config, f"inner{number}") | {"inbound_nodes": _call("picture")}],
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
        calls = _call("picture") + [_call(name, index)[0] for index in range(19)]
        config = functional([_named(config, name) | {"inbound_nodes": calls}], name, [None, SIDE, SIDE, 3])
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


# --- files that are something else -------------------------------------------------------------------


@case
def pickle_named_keras(path, sentinel):
    class Run:
        def __reduce__(self):
            return exec, (_payload(sentinel),)

    path.write_bytes(pickle.dumps(Run()))


@case
def hdf5_model_named_keras(path, sentinel):  # CVE-2025-9905
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Lambda", "config": {}})


@case
def web_page_named_keras(path, sentinel):
    path.write_text("<!DOCTYPE html><html>Please log in</html>")


@case
def empty_file(path, sentinel):
    path.write_bytes(b"")


@case
def truncated_archive(path, sentinel):
    write_keras(path)
    path.write_bytes(path.read_bytes()[:-100])


@case
def damaged_weights(path, sentinel):
    write_keras(path, weights=hdf5_bytes(plain_weights)[:1000])


@case
def weights_in_another_format(path, sentinel):
    members = keras_members()
    members["model.weights.npz"] = members.pop("model.weights.h5")
    write_zip(path, members)


@case
def config_that_is_no_object(path, sentinel):
    write_keras(path, b"[1, 2, 3]")


@case
def config_that_is_no_text(path, sentinel):
    write_keras(path, zlib.compress(b"config"))


def _call(source: str, index: int = 0) -> list[dict[str, Any]]:
    config = {"shape": [None, SIDE, SIDE, 3], "dtype": "float32", "keras_history": [source, index, 0]}
    return [{"args": [{"class_name": "__keras_tensor__", "config": config}], "kwargs": {}}]


def _named(model: dict[str, Any], name: str) -> dict[str, Any]:
    model = copy.deepcopy(model)
    model["config"]["name"] = name
    return model | {"name": name}
