"""The promise about hostile model files, at a small size."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests.hostile_models import CASES
from tests.torture import hostile_models


def test_no_hostile_kind_gets_through():
    sentence = hostile_models.run(len(CASES) + 60)
    assert f"{len(CASES)} refused with a sentence, 0 code run" in sentence


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("lambda_byte_code", "'Lambda'"),
        ("vocabulary_file", "'StringLookup'"),
        ("custom_object", "custom object 'evil>Evil'"),
        ("function_as_activation", "list of activation functions"),
        ("traversal_in_the_archive", "which a model file does not have"),
        ("zip_bomb_in_the_weights", "model.weights.h5 is compressed"),
        ("external_link_in_the_weights", "link to somewhere else"),
        ("external_storage_in_the_weights", "from another file"),
        ("shape_bomb_in_the_weights", "in pieces, compressed or virtually"),
        ("unallocated_array_in_the_weights", "do not hold all the numbers"),
        ("as_many_units_as_allowed", "not those that its layers need"),
        ("huge_build_shape", "saved for another input"),
        ("deep_json", "nests too deeply"),
        ("calls_that_multiply", "too many layers"),
        ("endless_computing", "too much computing"),
        ("numbers_that_repeat_the_picture", "Rescaling layer does not fit"),
        ("results_that_are_needed_together", "too much memory together"),
        ("results_that_live_long", "too much memory together"),
        ("borders_before_a_resize", "'resize' would need too much memory"),
        ("wide_middle_of_a_convolution", "'separable' would need too much memory"),
        ("lambda_in_both_directions", "'Lambda' of 'keras.layers', which is not a recurrent layer"),
        ("custom_object_in_both_directions", "custom object 'evil>LSTM'"),
        ("function_as_recurrent_activation", "list of activation functions"),
        ("huge_build_shape_in_both_directions", "'forward' was saved for another input"),
        ("both_directions_are_one", "two directions of a Bidirectional layer"),
        ("unrolled_recurrence", "field unroll, is 'True'"),
        ("state_that_stays", "field stateful, is 'True'"),
        ("a_million_recurrent_units", "from 1 to 1024"),
        ("endless_sequence", "sequence that is too long"),
        ("own_registration_under_a_known_name", "needs the custom object 'sightline>Local"),
        ("own_layer_without_its_registration", "needs the custom object 'None'"),
        ("own_layer_under_another_registration", "needs the custom object 'evil>Local"),
        ("other_things_of_our_own_modules", "'load_checked_model' of 'desktop_app.core.library.inspection'"),
        ("square_of_many_channels", "'normalise' would need too much memory"),
        ("hdf5_model_named_keras", "an HDF5 file"),
        ("pickle_named_keras", "Python pickle"),
    ],
)
def test_the_reason_is_the_right_one(tmp_path, kind, words):
    path = tmp_path / "model.keras"
    CASES[kind](path, tmp_path / "sentinel")
    with pytest.raises(ModelError) as refusal:
        inspect_archive(path)
    assert words in str(refusal.value)
    assert refusal.value.advice
