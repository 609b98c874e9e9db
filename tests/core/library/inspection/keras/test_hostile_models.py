"""The promise about hostile model files, at a small size."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests.hostile_models import CASES, low_limits
from tests.torture import hostile_models

REASONS = {
    "lambda_byte_code": "'Lambda' of 'keras.layers'",
    "lambda_by_name": "'Lambda' of 'keras.layers'",
    "any_function_as_layer": "a layer has no configuration",
    "any_module_as_layer": "'Run' of 'no_such_module'",
    "function_of_keras_in_a_lambda": "'Lambda' of 'keras.layers'",
    "settings_of_keras_as_a_layer": "a layer has no configuration",
    "torch_pickle": "'TorchModuleWrapper'",
    "saved_model_layer": "'TFSMLayer'",
    "jax_layer": "'JaxLayer'",
    "flax_layer": "'FlaxLayer'",
    "vocabulary_file": "'StringLookup'",
    "vocabulary_link": "'IntegerLookup'",
    "text_vectorization": "'TextVectorization'",
    "custom_object": "custom object 'evil>Evil'",
    "custom_object_under_a_known_name": "custom object 'evil>ReLU'",
    "module_of_keras_that_is_no_layer": "'no_such_layer' of 'keras.models'",
    "hidden_module_of_keras": "'NoSuchStore' of 'keras.src.saving.saving_lib'",
    "function_as_activation": "list of activation functions",
    "function_as_initializer": "field kernel_initializer, contains 'no_such_module.Run'",
    "function_inside_an_initializer": "not a number in 'value'",
    "regularizer_of_another_kind": "field kernel_regularizer, contains 'no_such_module.L2'",
    "object_as_number_format": "field dtype, contains 'no_such_module.Run'",
    "quantization_object": "field quantization_config, contains 'no_such_module.Quantizer'",
    "training_settings_of_an_inner_model": "carries training settings",
    "function_in_a_call": "option training, is 'dict'",
    "layer_in_place_of_a_tensor": "not another layer's result",
    "object_in_build_config": "build_config has unknown fields",
    "extra_arguments_of_the_model": "unknown field 'optimizer'",
    "impostor_under_a_shared_number": "two different objects",
    "subclassed_model": "custom object 'evil>Model'",
    "compressed_config": "config.json claims to unpack to",
    "compressed_weights": "model.weights.h5 claims to unpack to",
    "wrong_sizes_in_the_archive": "model.weights.h5 claims to have",
    "too_many_members": "table of contents is far too long",
    "long_table_of_contents": "table of contents is far too long",
    "sixty_four_bit_records": "table of contents is far too long",
    "large_archive": "more than 200 kB",
    "long_config": "config.json claims to have",
    "overlapping_members": "its members overlap",
    "doubled_config": "config.json twice",
    "encrypted_members": "metadata.json is encrypted",
    "deep_json": "nests too deeply",
    "deep_json_of_lists": "nests too deeply",
    "wide_json": "too many entries",
    "long_number": "not valid JSON",
    "doubled_keys": "says something twice",
    "too_many_units": "from 1 to 1048576",
    "more_units_than_stored": "too many weights",
    "as_many_units_as_allowed": "not those that its layers need",
    "another_build_shape": "'logits' was saved for another input",
    "array_in_pieces_in_the_weights": "in pieces, compressed or virtually",
    "unallocated_array_in_the_weights": "do not hold all the numbers",
    "compressed_array_in_the_weights": "in pieces, compressed or virtually",
    "group_twice_in_the_weights": "the same object twice",
    "too_many_arrays": "weights have too many objects",
    "deep_groups_in_the_weights": "weights nest too deeply",
    "wide_padding": "'pad' would need too much memory",
    "wide_enlargement": "'grow' would need too much memory",
    "large_input": "larger than 4096 pixels",
    "long_computing": "too much computing",
    "models_inside_models": "too many models inside models",
    "calls_that_multiply": "too many layers",
    "layer_that_is_not_there": "not connected properly",
    "layers_in_reverse_order": "not connected properly",
    "numbers_that_repeat_the_picture": "Rescaling layer does not fit",
    "results_that_are_needed_together": "too much memory together",
    "results_that_live_long": "too much memory together",
    "borders_before_a_resize": "'resize' would need too much memory",
    "wide_middle_of_a_convolution": "'separable' would need too much memory",
    "pickle_named_keras": "Python pickle",
    "hdf5_model_named_keras": "an HDF5 file",
    "web_page_named_keras": "a web page",
    "empty_file": "the file is empty",
    "truncated_archive": "damaged or incomplete archive",
    "damaged_weights": "weights cannot be read",
    "weights_in_another_format": "'model.weights.npz', which a model file does not have",
    "config_that_is_no_object": "not a JSON object",
    "config_that_is_no_text": "not valid JSON",
    "traversal_in_the_archive": "'../beside.txt', which a model file does not have",
    "absolute_name_in_the_archive": "'/beside.txt', which a model file does not have",
    "assets_in_the_archive": "which a model file does not have",
    "link_in_the_archive": "not an ordinary file",
    "traversal_in_a_layer_name": "a layer is named '../beside'",
    "external_link_in_the_weights": "link to somewhere else",
    "soft_link_in_the_weights": "link to somewhere else",
    "external_storage_in_the_weights": "from another file",
    "virtual_array_in_the_weights": "in pieces, compressed or virtually",
    "reference_in_the_weights": "not a number",
    "texts_in_the_weights": "not a number",
    "lambda_in_both_directions": "'Lambda' of 'keras.layers', which is not a recurrent layer",
    "custom_object_in_both_directions": "custom object 'evil>LSTM'",
    "function_as_recurrent_activation": "list of activation functions",
    "another_build_shape_in_both_directions": "'forward' was saved for another input",
    "both_directions_are_one": "two directions of a Bidirectional layer",
    "unrolled_recurrence": "field unroll, is 'True'",
    "state_that_stays": "field stateful, is 'True'",
    "too_many_recurrent_units": "from 1 to 1024",
    "long_sequence": "sequence that is too long",
    "own_registration_under_a_known_name": "needs the custom object 'sightline>Local",
    "own_layer_without_its_registration": "needs the custom object 'None'",
    "own_layer_under_another_registration": "needs the custom object 'evil>Local",
    "other_things_of_our_own_modules": "'load_checked_model' of 'desktop_app.core.library.inspection'",
    "square_of_many_channels": "'normalise' would need too much memory",
}
"""Kind: words of the sentence; any other guard would say something else."""


def test_no_hostile_kind_gets_through():
    sentence = hostile_models.run(len(CASES) + 60)
    assert f"{len(CASES)} refused with a sentence, 0 code run" in sentence


def test_there_are_as_many_kinds_as_promised():
    assert len(CASES) >= 100
    assert REASONS.keys() == CASES.keys()


@pytest.mark.parametrize("kind", CASES)
def test_the_reason_is_the_right_one(tmp_path, kind):
    path = tmp_path / "model.keras"
    CASES[kind](path)
    assert path.stat().st_size < 300_000
    with low_limits(), pytest.raises(ModelError) as refusal:
        inspect_archive(path)
    assert REASONS[kind] in str(refusal.value)
    assert refusal.value.advice
