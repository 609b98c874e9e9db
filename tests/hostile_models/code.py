"""Code in the configuration, or rather names where code could stand: none of it exists.

What some versions of Keras would have run or read, had it existed, stands in words beside each case.
"""

from __future__ import annotations

from tests.hostile_models.cases import NO_FILE, NOWHERE, case, changed, function, record_of, with_layer
from tests.keras_file import (
    SIDE,
    layer,
    plain_config,
    write_keras,
)


@case
def lambda_byte_code(path):
    # A Lambda layer can carry the byte code of its function; here it is empty.
    code = {"class_name": "__lambda__", "config": {"value": "", "defaults": None, "closure": None}}
    write_keras(path, with_layer(layer("Lambda", "run", ["picture"], function=code, arguments={})))


@case
def lambda_by_name(path):
    record = layer("Lambda", "run", ["picture"], function=function(), arguments={"command": "nothing"})
    write_keras(path, with_layer(record))


@case
def any_function_as_layer(path):
    # The calls of a layer are calls of whatever the record leads to.
    write_keras(path, with_layer(function() | {"name": "run", "inbound_nodes": [{"args": [], "kwargs": {}}]}))


@case
def any_module_as_layer(path):
    write_keras(path, with_layer(layer("Run", "run", ["picture"], module=NOWHERE)))


@case
def function_of_keras_in_a_lambda(path):
    # Keras trusts its own functions, and some of them fetch files.
    record = layer("Lambda", "run", ["picture"], function=function("no_such_function", "keras.utils"))
    write_keras(path, with_layer(record))


@case
def settings_of_keras_as_a_layer(path):
    # One function of this module switches the safe mode off.
    record = function("no_such_setting", "keras.config") | {"name": "off", "inbound_nodes": []}
    write_keras(path, with_layer(record))


@case
def torch_pickle(path):
    # The layer keeps its network as a pickle; here it is empty.
    module = {"class_name": "__bytes__", "config": {"value": ""}}
    record = layer("TorchModuleWrapper", "run", ["picture"])
    record["config"]["module"] = module
    write_keras(path, with_layer(record))


@case
def saved_model_layer(path):
    # It loads another model, of a format that is a program.
    write_keras(path, with_layer(layer("TFSMLayer", "run", ["picture"], filepath=NO_FILE)))


@case
def jax_layer(path):
    write_keras(path, with_layer(layer("JaxLayer", "run", ["picture"], call_fn=f"{NOWHERE}.run")))


@case
def flax_layer(path):
    write_keras(path, with_layer(layer("FlaxLayer", "run", ["picture"], method="no_such_method")))


@case
def vocabulary_file(path):
    # A vocabulary that is a text names a file, which is read.
    write_keras(path, with_layer(layer("StringLookup", "read", ["picture"], vocabulary=NO_FILE)))


@case
def vocabulary_link(path):
    link = "http://vocabulary.invalid/"
    write_keras(path, with_layer(layer("IntegerLookup", "read", ["picture"], vocabulary=link)))


@case
def text_vectorization(path):
    record = layer("TextVectorization", "read", ["picture"], vocabulary=NO_FILE, standardize="lower")
    write_keras(path, with_layer(record))


@case
def custom_object(path):
    record = layer("Evil", "run", ["picture"], module=NOWHERE)
    record["registered_name"] = "evil>Evil"
    write_keras(path, with_layer(record))


@case
def custom_object_under_a_known_name(path):
    record = layer("ReLU", "run", ["picture"], max_value=None, negative_slope=0.0, threshold=0.0)
    record["registered_name"] = "evil>ReLU"
    write_keras(path, with_layer(record))


@case
def module_of_keras_that_is_no_layer(path):
    record = layer("no_such_layer", "run", ["picture"], module="keras.models")
    write_keras(path, with_layer(record))


@case
def hidden_module_of_keras(path):
    record = layer("NoSuchStore", "run", ["picture"], module="keras.src.saving.saving_lib")
    write_keras(path, with_layer(record))


@case
def function_as_activation(path):
    write_keras(path, changed("activation", function()))


@case
def function_as_initializer(path):
    write_keras(path, changed("kernel_initializer", record_of("Run", command="nothing")))


@case
def function_inside_an_initializer(path):
    inner = record_of("Run", command="nothing")
    constant = {
        "module": "keras.initializers", "class_name": "Constant", "config": {"value": inner},
        "registered_name": None,
    }  # fmt: skip
    write_keras(path, changed("bias_initializer", constant))


@case
def regularizer_of_another_kind(path):
    write_keras(path, changed("kernel_regularizer", record_of("L2", l2=0.1)))


@case
def object_as_number_format(path):
    write_keras(path, changed("dtype", record_of("Run", name="float32")))


@case
def quantization_object(path):
    write_keras(path, changed("quantization_config", record_of("Quantizer")))


@case
def function_in_a_call(path):
    config = plain_config()
    config["config"]["layers"][2]["inbound_nodes"][0]["kwargs"] = {"training": function()}
    write_keras(path, config)


@case
def layer_in_place_of_a_tensor(path):
    config = plain_config()
    config["config"]["layers"][2]["inbound_nodes"][0]["args"] = [record_of("Evil")]
    write_keras(path, config)


@case
def object_in_build_config(path):
    config = plain_config()
    config["config"]["layers"][2]["build_config"] = {"shapes_dict": {"input_shape": [None, SIDE]}}
    write_keras(path, config)


@case
def extra_arguments_of_the_model(path):
    config = plain_config()
    config["config"]["optimizer"] = function()
    write_keras(path, config)


@case
def impostor_under_a_shared_number(path):
    config = plain_config()
    first, second = config["config"]["layers"][1:3]
    first["shared_object_id"] = second["shared_object_id"] = 7
    write_keras(path, config)


@case
def subclassed_model(path):
    config = plain_config() | {
        "module": NOWHERE,
        "class_name": "Model",
        "registered_name": "evil>Model",
    }
    write_keras(path, config)
