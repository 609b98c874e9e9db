"""The promise about hostile model files, for TensorFlow Lite, at a small size."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.tflite.summary import inspect_tflite
from tests.hostile_models import low_limits
from tests.hostile_models.tflite_files import TFLITE_CASES
from tests.torture import tflite_models

REASONS = {
    "custom_operator": "custom operator 'no_such_module.run'",
    "custom_operator_under_a_known_number": "custom operator 'no_such_module.run'",
    "operator_of_tensorflow_itself": "TensorFlow itself for the operator 'ReadFile'",
    "python_function": "TensorFlow itself for the operator 'PyFunc'",
    "custom_options": "options that Sightline does not know",
    "endless_loop": "it holds 2 networks",
    "loop_operator_alone": "operator WHILE, which is not on",
    "condition": "operator IF, which is not on",
    "call_of_another_network": "operator CALL_ONCE, which is not on",
    "table_of_texts": "operator number 136, which is not on",
    "variable_operator": "operator VAR_HANDLE, which is not on",
    "variable_tensor": "remembers something from picture to picture",
    "stablehlo_call": "operator number 172, which is not on",
    "unknown_operator": "operator number 250, which is not on",
    "unused_custom_operator": "custom operator 'no_such_module.run'",
    "numbers_outside_the_structure": "numbers outside its own structure",
    "several_networks": "it holds 2 networks",
    "no_network": "it holds 0 networks",
    "two_inputs": "it has 2 inputs",
    "texts": "holds texts",
    "four_bit_numbers": "holds 4-bit numbers",
    "sparse_weights": "is sparse",
    "weights_too_few": "has 428 bytes where 432 are needed",
    "weights_too_many": "has 436 bytes where 432 are needed",
    "weights_that_are_no_numbers": "hold numbers that are none",
    "scale_of_nothing": "scales that are no positive numbers",
    "zero_point_far_away": "an impossible zero point",
    "negative_shape": "damaged or incomplete",
    "many_axes": "damaged or incomplete",
    "operator_that_needs_itself": "used before it is computed",
    "result_computed_twice": "computed twice",
    "result_in_place_of_the_picture": "'tensor0' is computed twice",
    "result_in_place_of_weights": "'conv/kernel' is computed twice, or is in the file already",
    "output_that_nothing_gives": "what comes out is not computed",
    "answer_without_the_picture": "does not depend on the picture",
    "options_of_another_operator": "options of another operator",
    "stride_of_nothing": "impossible stride",
    "wide_dilation": "impossible stride, dilation",
    "too_many_operators": "too many operators",
    "too_many_weights": "too many weights",
    "wide_resize": "RESIZE_BILINEAR would need too much memory",
    "wide_border": "PAD would need too much memory",
    "border_beyond_all_numbers": "PAD has an impossible border",
    "negative_border": "PAD has an impossible border",
    "wide_sum": "ADD would need too much memory",
    "wide_convolution": "CONV_2D would need too much memory",
    "wide_enlargement": "TRANSPOSE_CONV would need too much memory",
    "long_computing": "too much computing",
    "results_that_are_needed_together": "too much memory together",
    "shape_that_overflows": "RESHAPE has an impossible shape",
    "slice_outside": "SLICE cuts out what is not there",
    "places_that_are_not_there": "GATHER takes places that are not there",
    "large_picture": "larger than 4096 pixels",
    "many_outputs": "not one number per class",
    "truncated": "damaged or incomplete",
    "identifier_alone": "damaged or incomplete",
    "empty": "damaged or incomplete",
    "another_identifier": "damaged or incomplete",
    "archive_named_tflite": "damaged or incomplete",
    "pickle_named_tflite": "Python pickle",
}
"""Kind: words of the sentence; any other guard would say something else."""


def test_no_hostile_kind_gets_through():
    sentence = tflite_models.run(len(TFLITE_CASES) + 100)
    assert f"{len(TFLITE_CASES)} refused with a sentence, 0 code run" in sentence


@pytest.mark.parametrize("kind", TFLITE_CASES)
def test_the_reason_is_the_right_one(tmp_path, kind):
    path = tmp_path / "model.tflite"
    TFLITE_CASES[kind](path)
    assert path.stat().st_size < 300_000
    with low_limits(), pytest.raises(ModelError) as refusal:
        inspect_tflite(path)
    assert REASONS[kind] in str(refusal.value)
    assert refusal.value.advice


def test_each_kind_has_a_reason():
    assert REASONS.keys() == TFLITE_CASES.keys()
