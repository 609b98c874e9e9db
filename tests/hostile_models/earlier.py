"""Files of Keras 2 that look as if they did harm, in a table of their own: they are translated first."""

from __future__ import annotations

import copy
import json
import struct
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from tests.hostile_models.cases import NO_FILE, NOWHERE
from tests.keras2_file import (
    CLASSES,
    SHAPE,
    old_dense,
    old_functional,
    old_input,
    old_layer,
    old_sequential,
    plain_model,
    plain_weights,
    write_h5,
)
from tests.keras_file import write_zip

if TYPE_CHECKING:
    from collections.abc import Callable

EARLIER: dict[str, Callable[[Path], None]] = {}
PATH = "model_weights/logits/logits/bias:0"
_POOL = old_layer("GlobalAveragePooling2D", "pool", ["picture"], data_format="channels_last")


def case(function: Callable[[Path], None]) -> Callable[[Path], None]:
    """Register a case under its function's name."""
    EARLIER[function.__name__] = function
    return function


def with_layer(record: dict[str, Any]) -> dict[str, Any]:
    """Put a layer between the pool and the last layer of an honest model."""
    record |= {"name": record["config"]["name"], "inbound_nodes": [[["pool", 0, 0, {}]]]}
    return old_functional([old_input(), copy.deepcopy(_POOL), record, old_dense("logits", [record["name"]])])


def operator(function: str, **options: Any) -> dict[str, Any]:
    """Describe an operator on the picture."""
    record = old_layer("TFOpLambda", "op", function=function)
    record |= {"name": "op", "inbound_nodes": [["picture", 0, 0, options]]}
    pool = old_layer("GlobalAveragePooling2D", "pool", ["op"], data_format="channels_last")
    return old_functional([old_input(), record, pool, old_dense("logits", ["pool"])])


def replaced(write: Callable[[h5py.Group], None]) -> Callable[[h5py.File], None]:
    """Change an honest file: the bias is taken away, and something else put in its place."""

    def change(file: h5py.File) -> None:
        del file[PATH]
        write(file[PATH.rpartition("/")[0]])

    return change


@case
def lambda_byte_code(path):
    write_h5(
        path, with_layer(old_layer("Lambda", "run", function=["4wEA", None, None], function_type="lambda"))
    )


@case
def lambda_by_name(path):
    layer = old_layer("Lambda", "run", function="run", function_type="function", module=NOWHERE)
    write_h5(path, with_layer(layer))


@case
def byte_code_as_activation(path):
    write_h5(path, with_layer(old_dense("hidden", activation={"value": ["4wEA\n", None, None]})))


@case
def function_as_activation(path):
    function = {"module": NOWHERE, "class_name": "function", "config": "run", "registered_name": "function"}
    write_h5(path, with_layer(old_dense("hidden", activation=function)))


@case
def custom_layer(path):
    write_h5(path, with_layer(old_layer("evil>Evil", "evil")))


@case
def custom_layer_under_a_known_name(path):
    layer = old_layer("ReLU", "evil") | {"module": NOWHERE, "registered_name": "evil>ReLU"}
    write_h5(path, with_layer(layer))


@case
def any_module_as_layer(path):
    write_h5(path, with_layer(old_layer("Run", "run") | {"module": NOWHERE, "registered_name": "Run"}))


@case
def subclassed_model(path):
    write_h5(path, {"class_name": "Evil", "config": {"name": "evil"}})


@case
def operator_that_reads_a_file(path):
    write_h5(path, operator("io.read_file", filename=NO_FILE))


@case
def operator_that_calls_python(path):
    write_h5(path, operator("py_function", func="run"))


@case
def operation_that_calls_python(path):
    node = {"name": "run", "op": "PyFunc", "attr": {"token": {"s": "run"}}}
    record = {
        "class_name": "TensorFlowOpLayer",
        "config": {"name": "run", "node_def": node, "constants": {}},
        "name": "run",
        "inbound_nodes": [[["picture", 0, 0, {}]]],
    }
    pool = old_layer("GlobalAveragePooling2D", "pool", ["run"], data_format="channels_last")
    write_h5(path, old_functional([old_input(), record, pool, old_dense("logits", ["pool"])]))


@case
def pickle_as_training_settings(path):
    write_h5(path, settings=b"cno_such_module\nrun\n(tR.")


@case
def pickle_as_optimizer(path):
    def change(file):
        file["optimizer_weights/state"] = [b"cno_such_module\nrun\n(tR."]

    write_h5(path, change=change)


@case
def pickle_as_configuration(path):
    write_h5(path, b"cno_such_module\nrun\n(tR.")


@case
def external_link(path):
    write_h5(
        path, change=replaced(lambda group: group.__setitem__("x", h5py.ExternalLink(NO_FILE, "/secret")))
    )


@case
def soft_link(path):
    write_h5(path, change=replaced(lambda group: group.__setitem__("x", h5py.SoftLink("/model_weights"))))


@case
def group_in_itself(path):
    def change(file):
        file["model_weights/logits/again"] = file["model_weights"]

    write_h5(path, change=change)


@case
def external_storage(path):
    size = CLASSES * 4

    def write(group):
        group.create_dataset("bias:0", (CLASSES,), "f4", external=[(NO_FILE.encode(), 0, size)])

    with tempfile.NamedTemporaryFile(suffix=".h5") as scratch:
        # HDF5 keeps external storage only for files that lie on the disk.
        write_h5(Path(scratch.name), change=replaced(write))
        path.write_bytes(Path(scratch.name).read_bytes())


@case
def virtual_array(path):
    def write(group):
        layout = h5py.VirtualLayout((CLASSES,), "f4")
        layout[:] = h5py.VirtualSource(NO_FILE, "secret", (CLASSES,))
        group.create_virtual_dataset("bias:0", layout)

    write_h5(path, change=replaced(write))


@case
def compressed_array(path):
    write_h5(
        path, change=replaced(lambda group: group.create_dataset("bias:0", (10**6,), "f4", compression=9))
    )


@case
def traversal_in_a_weight_name(path):
    def change(file):
        file["model_weights/logits"].attrs["weight_names"] = [b"../../secret", b"logits/bias:0"]

    write_h5(path, change=change)


@case
def traversal_in_a_layer_name(path):
    model = json.loads(json.dumps(plain_model()).replace('"logits"', '".."'))
    write_h5(path, model, {})


@case
def wrong_shapes(path):
    weights = plain_weights()
    weights["logits"]["logits/kernel:0"] = np.ones((CLASSES + 1, 3), np.float32)
    write_h5(path, weights=weights)


@case
def weights_that_are_missing(path):
    write_h5(path, weights={})


@case
def more_weights_than_needed(path):
    weights = plain_weights()
    weights["logits"]["logits/more:0"] = np.ones(3, np.float32)
    write_h5(path, weights=weights)


@case
def texts_as_weights(path):
    write_h5(path, change=replaced(lambda group: group.__setitem__("bias:0", ["a", "b", "c"])))


@case
def calls_in_a_circle(path):
    layers = [
        old_input(),
        old_layer("Activation", "a", ["b"], activation="relu"),
        old_layer("Activation", "b", ["a"], activation="relu"),
        old_layer("GlobalAveragePooling2D", "pool", ["b"], data_format="channels_last"),
        old_dense("logits", ["pool"]),
    ]
    write_h5(path, old_functional(layers))


@case
def two_layers_of_one_name(path):
    model = plain_model()
    model["config"]["layers"].append(model["config"]["layers"][-1])
    write_h5(path, model)


@case
def layer_that_is_not_there(path):
    model = plain_model()
    model["config"]["layers"][1]["inbound_nodes"] = [[["nothing", 0, 0, {}]]]
    write_h5(path, model)


@case
def models_inside_models(path):
    model = old_sequential([old_layer("ReLU", "relu", batch_input_shape=SHAPE)])
    for _ in range(12):
        model = old_sequential([model])
    write_h5(path, model, {})


@case
def too_many_units(path):
    write_h5(path, with_layer(old_dense("hidden", units=2**21)))


@case
def deep_json(path):
    write_h5(path, b'{"config": ' + b"[" * 100 + b"]" * 100 + b"}")


@case
def wide_json(path):
    write_h5(path, b'{"config": [' + b"0," * 20_000 + b"0]}")


@case
def doubled_keys(path):
    write_h5(path, b'{"class_name": "Model", "class_name": "Sequential", "config": {}}')


@case
def endless_constant(path):
    deep: Any = 1.0
    for _ in range(20):
        deep = [deep]
    write_h5(path, operator("math.multiply", y=deep))


@case
def picture_turned_into_more(path):
    write_h5(path, operator("image.resize", size=[4000, 4000]))


def _patched(path: Path, old: bytes, new: bytes) -> None:
    """Write an honest file and change some of its bytes."""
    write_h5(path, libver="earliest")
    data = path.read_bytes()
    assert data.count(old) == 1
    path.write_bytes(data.replace(old, new))


def _reference(path: Path) -> bytes:
    """How an honest file refers to its configuration: its length, and where the texts are."""
    write_h5(path, libver="earliest")
    length = len(json.dumps(plain_model()).encode())
    start = path.read_bytes().index(struct.pack("<I", length))
    return path.read_bytes()[start : start + 16]


@case
def text_shorter_than_it_is(path):
    """The library would copy all of the text into a buffer for one byte of it."""
    reference = _reference(path)
    _patched(path, reference, struct.pack("<I", 1) + reference[4:])


@case
def text_longer_than_the_file(path):
    reference = _reference(path)
    _patched(path, reference, struct.pack("<I", 2**31) + reference[4:])


@case
def text_outside_the_file(path):
    reference = _reference(path)
    _patched(path, reference, reference[:4] + struct.pack("<Q", 2**40) + reference[12:])


@case
def heap_larger_than_the_file(path):
    write_h5(path, libver="earliest")
    data = bytearray(path.read_bytes())
    start = data.index(b"GCOL\x01")
    data[start + 8 : start + 16] = struct.pack("<Q", 2**50)
    path.write_bytes(bytes(data))


@case
def header_that_goes_on_in_itself(path):
    def change(file):
        for number in range(40):
            file.attrs[f"more{number}"] = b"text"

    write_h5(path, libver="earliest", change=change)
    with h5py.File(path) as file:
        root = h5py.h5o.get_info(file.id).addr
    data = bytearray(path.read_bytes())
    position = root + 16
    while struct.unpack_from("<H", data, position)[0] != 0x10:
        position += 8 + struct.unpack_from("<H", data, position + 2)[0]
    struct.pack_into("<QQ", data, position + 8, position, 24)
    path.write_bytes(bytes(data))


@case
def dense_attributes(path):
    def change(file):
        for number in range(20):
            file.attrs[f"more{number}"] = b"text"

    write_h5(path, libver="latest", change=change)


@case
def long_configuration(path):
    write_h5(path, json.dumps(plain_model()).encode() + b" " * 150_000)


@case
def user_block_in_front(path):
    write_h5(path)
    path.write_bytes(bytes(512) + path.read_bytes())


@case
def truncated(path):
    write_h5(path)
    path.write_bytes(path.read_bytes()[:-1500])


@case
def only_weights(path):
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"dense"]
        file.attrs["keras_version"] = b"2.15.0"


@case
def no_model_at_all(path):
    with h5py.File(path, "w") as file:
        file["numbers"] = np.ones(5)


@case
def of_theano(path):
    def change(file):
        file.attrs["backend"] = b"theano"

    write_h5(path, change=change)


@case
def of_keras_1(path):
    write_h5(path, version="1.2.2")


@case
def keras_file_with_a_lambda(path):
    model = with_layer(old_layer("Lambda", "run", function="run"))
    model |= {"module": "keras.src.engine.functional", "registered_name": "Functional"}
    buffer = BytesIO()
    with h5py.File(buffer, "w") as file:
        file["layers/dense/vars/0"] = np.ones((3, 3), np.float32)
    metadata = json.dumps({"keras_version": "2.15.0"}).encode()
    members = {"metadata.json": metadata, "config.json": json.dumps(model).encode()}
    write_zip(path, members | {"model.weights.h5": buffer.getvalue()})
