"""Files of Keras 2 that look hostile are refused with the right sentence, and quickly."""

from __future__ import annotations

import contextlib
from unittest.mock import patch

import pytest

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.keras2 import attributes
from desktop_app.core.library.inspection.keras2.translation import translate
from tests.hostile_models import low_limits
from tests.hostile_models.earlier import EARLIER
from tests.torture import earlier_models

REASONS = {
    "lambda_byte_code": "'Lambda' of 'keras.layers'",
    "lambda_by_name": "'Lambda' of 'keras.layers'",
    "byte_code_as_activation": "the layer 'hidden' uses a function of its maker's own as activation",
    "function_as_activation": "the layer 'hidden' uses a function of its maker's own 'run' as",
    "custom_layer": "'evil>Evil' of 'keras.layers'",
    "custom_layer_under_a_known_name": "it needs the custom object 'evil>ReLU'",
    "any_module_as_layer": "'Run' of 'no_such_module'",
    "subclassed_model": "it is a 'Evil' model, not a Functional or Sequential one",
    "operator_that_reads_a_file": "operator 'io.read_file'",
    "operator_that_calls_python": "operator 'py_function'",
    "operation_that_calls_python": "operator 'PyFunc'",
    "pickle_as_training_settings": "training_config is not valid JSON, or says something twice",
    "pickle_as_optimizer": "something that is not a number at '/optimizer_weights/state'",
    "pickle_as_configuration": "model_config is not valid JSON, or says something twice",
    "external_link": "a link to somewhere else at '/model_weights/logits/logits/x'",
    "soft_link": "a link to somewhere else at '/model_weights/logits/logits/x'",
    "group_in_itself": "the same object twice at '/model_weights/logits/again'",
    "external_storage": "take '/model_weights/logits/logits/bias:0' from another file",
    "virtual_array": "store '/model_weights/logits/logits/bias:0' in pieces, compressed or",
    "compressed_array": "store '/model_weights/logits/logits/bias:0' in pieces, compressed or",
    "traversal_in_a_weight_name": "the weights of the layer 'logits' are missing",
    "traversal_in_a_layer_name": "a layer is named '..'",
    "wrong_shapes": "the weights of the layer 'logits' are not those that it needs",
    "weights_that_are_missing": "the weights of the layer 'logits' are not those that it needs",
    "more_weights_than_needed": "the weights of the layer 'logits' are not those that it needs",
    "texts_as_weights": "something that is not a number at",
    "calls_in_a_circle": "the layers of 'network' are not connected properly",
    "two_layers_of_one_name": "two of its layers have the same name",
    "layer_that_is_not_there": "the layer 'pool' is not connected properly",
    "models_inside_models": "it has too many models inside models",
    "too_many_units": "the layer 'hidden', field units, is '2097152', not a whole number",
    "deep_json": "model_config nests too deeply",
    "wide_json": "model_config has too many entries",
    "doubled_keys": "model_config is not valid JSON, or says something twice",
    "endless_constant": "a constant in it is too large",
    "picture_turned_into_more": "the layer 'op' would need too much memory",
    "text_shorter_than_it_is": "the description in it is damaged, or stored in a way that Keras does",
    "text_longer_than_the_file": "the description in it is damaged, or stored in a way that Keras does",
    "text_outside_the_file": "the description in it is damaged, or stored in a way that Keras does",
    "heap_larger_than_the_file": "the description in it is damaged, or stored in a way that Keras does",
    "header_that_goes_on_in_itself": "cannot be read (OSError)",
    "dense_attributes": "the description in it is damaged, or stored in a way that Keras does",
    "long_configuration": "the description in it is damaged, or stored in a way that Keras does",
    "user_block_in_front": "it is not a .keras file",
    "truncated": "cannot be read (OSError)",
    "only_weights": "it holds the weights of a network without the network itself, as",
    "no_model_at_all": "it is an HDF5 file without a Keras model",
    "of_theano": "it was saved by Keras on theano, which turns convolutions round",
    "of_keras_1": "it was saved by Keras 1.2.2, which is too old to be translated",
    "keras_file_with_a_lambda": "'Lambda' of 'keras.layers'",
}
"""Kind: words of the sentence; any other guard would say something else."""


@contextlib.contextmanager
def limits():
    """Lower the limits so far that harmless files go beyond them."""
    with low_limits(), patch.multiple(attributes, **earlier_models.LOW):
        yield


def test_no_hostile_kind_gets_through():
    sentence = earlier_models.run(len(EARLIER) + 30)
    assert f"{len(EARLIER)} refused with a sentence, 0 code run" in sentence


def test_there_are_as_many_kinds_as_promised():
    assert len(EARLIER) >= 50
    assert REASONS.keys() == EARLIER.keys()


@pytest.mark.parametrize("kind", EARLIER)
def test_the_reason_is_the_right_one(tmp_path, kind):
    path = tmp_path / "model.h5"
    EARLIER[kind](path)
    assert path.stat().st_size < 300_000
    with limits(), pytest.raises(ModelError) as refusal:
        translate(path, tmp_path / "target.keras", NEVER)
    assert REASONS[kind] in str(refusal.value)
    assert refusal.value.advice
    assert [each.name for each in tmp_path.iterdir()] == ["model.h5"]
