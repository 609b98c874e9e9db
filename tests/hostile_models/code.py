"""Code in the configuration."""

from __future__ import annotations

import base64
import marshal
import pickle

from tests.hostile_models.cases import call, case, changed, payload, with_layer
from tests.keras_file import (
    SIDE,
    functional,
    layer,
    plain_config,
    write_keras,
)


@case
def lambda_byte_code(path, sentinel):  # CVE-2024-3660
    code = compile(payload(sentinel), "<model>", "exec")
    value = base64.b64encode(marshal.dumps(code)).decode()
    function = {"class_name": "__lambda__", "config": {"value": value, "defaults": None, "closure": None}}
    write_keras(path, with_layer(layer("Lambda", "run", ["picture"], function=function, arguments={})))


@case
def lambda_by_name(path, sentinel):
    function = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
    arguments = {"command": f"touch {sentinel}"}
    write_keras(path, with_layer(layer("Lambda", "run", ["picture"], function=function, arguments=arguments)))


@case
def any_function_as_layer(path, sentinel):  # CVE-2025-1550
    record = {
        "module": "builtins", "class_name": "function", "config": "exec", "registered_name": "exec",
        "name": "run", "inbound_nodes": [{"args": [payload(sentinel)], "kwargs": {}}],
    }  # fmt: skip
    write_keras(path, with_layer(record))


@case
def any_module_as_layer(path, sentinel):
    record = layer("Popen", "run", ["picture"], module="subprocess")
    record["config"] = {"args": ["touch", str(sentinel)]}
    write_keras(path, with_layer(record))


@case
def get_file_gadget(path, sentinel):  # CVE-2025-8747
    function = {
        "module": "keras.utils",
        "class_name": "function",
        "config": "get_file",
        "registered_name": None,
    }
    arguments = {"fname": str(sentinel), "origin": "http://127.0.0.1:9/x"}
    write_keras(path, with_layer(layer("Lambda", "run", ["picture"], function=function, arguments=arguments)))


@case
def unsafe_mode_from_the_config(path, sentinel):  # CVE-2025-9906
    record = {
        "module": "keras.config", "class_name": "function", "config": "enable_unsafe_deserialization",
        "registered_name": "enable_unsafe_deserialization", "name": "off", "inbound_nodes": [],
    }  # fmt: skip
    write_keras(path, with_layer(record))


@case
def torch_pickle(path, sentinel):  # CVE-2025-49655
    class Run:
        def __reduce__(self):
            return exec, (payload(sentinel),)

    module = {"class_name": "__bytes__", "config": {"value": base64.b64encode(pickle.dumps(Run())).decode()}}
    record = layer("TorchModuleWrapper", "run", ["picture"])
    record["config"]["module"] = module
    write_keras(path, with_layer(record))


@case
def saved_model_layer(path, sentinel):  # CVE-2026-1462
    write_keras(path, with_layer(layer("TFSMLayer", "run", ["picture"], filepath=str(sentinel.parent))))


@case
def jax_layer(path, sentinel):
    write_keras(path, with_layer(layer("JaxLayer", "run", ["picture"], call_fn="os.system")))


@case
def flax_layer(path, sentinel):
    write_keras(path, with_layer(layer("FlaxLayer", "run", ["picture"], method="__reduce__")))


@case
def vocabulary_file(path, sentinel):  # CVE-2025-12058
    write_keras(path, with_layer(layer("StringLookup", "read", ["picture"], vocabulary=str(sentinel))))


@case
def vocabulary_link(path, sentinel):
    link = "http://127.0.0.1:9/vocabulary"
    write_keras(path, with_layer(layer("IntegerLookup", "read", ["picture"], vocabulary=link)))


@case
def text_vectorization(path, sentinel):
    record = layer("TextVectorization", "read", ["picture"], vocabulary=str(sentinel), standardize="lower")
    write_keras(path, with_layer(record))


@case
def custom_object(path, sentinel):
    record = layer("Evil", "run", ["picture"], module="evil.layers")
    record["registered_name"] = "evil>Evil"
    write_keras(path, with_layer(record))


@case
def custom_object_under_a_known_name(path, sentinel):
    record = layer("ReLU", "run", ["picture"], max_value=None, negative_slope=0.0, threshold=0.0)
    record["registered_name"] = "evil>ReLU"
    write_keras(path, with_layer(record))


@case
def module_of_keras_that_is_no_layer(path, sentinel):
    record = layer("load_model", "run", ["picture"], module="keras.models", filepath=str(sentinel))
    write_keras(path, with_layer(record))


@case
def hidden_module_of_keras(path, sentinel):
    record = layer("DiskIOStore", "run", ["picture"], module="keras.src.saving.saving_lib")
    write_keras(path, with_layer(record))


@case
def function_as_activation(path, sentinel):
    function = {"module": "builtins", "class_name": "function", "config": "eval", "registered_name": "eval"}
    write_keras(path, changed("activation", function))


@case
def function_as_initializer(path, sentinel):
    function = {"module": "os", "class_name": "system", "config": {"command": f"touch {sentinel}"}}
    write_keras(path, changed("kernel_initializer", function))


@case
def function_inside_an_initializer(path, sentinel):
    inner = {"module": "os", "class_name": "system", "config": {"command": f"touch {sentinel}"}}
    constant = {
        "module": "keras.initializers", "class_name": "Constant", "config": {"value": inner},
        "registered_name": None,
    }  # fmt: skip
    write_keras(path, changed("bias_initializer", constant))


@case
def regularizer_of_another_kind(path, sentinel):
    value = {"module": "evil", "class_name": "L2", "config": {"l2": 0.1}, "registered_name": None}
    write_keras(path, changed("kernel_regularizer", value))


@case
def number_format_with_a_payload(path, sentinel):
    value = {"module": "os", "class_name": "system", "config": {"name": "float32"}, "registered_name": None}
    write_keras(path, changed("dtype", value))


@case
def quantization_object(path, sentinel):
    value = {"module": "evil", "class_name": "Quantizer", "config": {}, "registered_name": None}
    write_keras(path, changed("quantization_config", value))


@case
def training_settings_of_an_inner_model(path, sentinel):
    inner = plain_config() | {"name": "inner", "inbound_nodes": call("picture")}
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
