"""The promise about hostile model files, for ONNX, at a small size."""

from __future__ import annotations

import random

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.onnx.summary import inspect_onnx
from tests.hostile_models import low_limits
from tests.hostile_models.onnx_files import ONNX_CASES, write_honest

REASONS = {
    "weights_in_another_file": "'w' lie in another file",
    "weights_at_an_absolute_place": "'w' lie in another file",
    "weights_elsewhere_without_saying_so": "'w' lie in another file",
    "constant_in_another_file": "lie in another file",
    "operator_of_another_domain": "'Run' is not one of ONNX's but of 'no_such_module'",
    "operator_of_onnx_runtime": "'FusedMatMul' is not one of ONNX's but of 'com.microsoft'",
    "python_operator": "'PyOp' is not one of ONNX's",
    "operator_that_is_not_listed": "'StringNormalizer' is not on Sightline's list",
    "function_of_its_own": "functions of its own",
    "training_in_the_file": "a training in it",
    "condition_with_networks": "'If' has a network of its own",
    "loop_without_end": "'Loop' has a network of its own",
    "operator_with_an_unknown_attribute": "has the attribute 'library'",
    "reference_to_an_attribute": "'Flatten' has an attribute that is not supported",
    "enlargement": "gives 10,800,000,000 numbers",
    "enlargement_of_what_is_fixed": "gives 8,796,093,022,208 numbers",
    "wide_rim": "operator Pad 'the_Pad' gives",
    "many_copies": "operator Tile 'the_Tile' gives",
    "great_factor": "operator Resize 'the_Resize' gives",
    "wide_outer_product": "operator MatMul 'the_MatMul' gives",
    "long_computing": "more than 3,000,000 multiplications",
    "results_that_are_needed_together": "at a time, more than",
    "too_many_operators": "more than 310 operators",
    "too_many_parts": "too many parts",
    "too_many_weights": "more than 200 groups of numbers",
    "numbers_one_by_one": "stored one by one",
    "long_sequence": "goes through 64 steps, more than 16",
    "large_file": "more than 200 kB",
    "large_picture": "larger than 4096 pixels",
    "shape_beyond_all_numbers": "more than 1,048,576",
    "long_name": "a name in it has 5,000 bytes",
    "counting_without_end": "counts from nothing, or too far",
    "claims_more_than_there_is": "claims more bytes than there are",
    "truncated": "claims more bytes than there are",
    "number_without_end": "a number in it does not end",
    "groups_of_old": "parts of an unknown type",
    "empty": "the file is empty",
    "two_networks": "it has two networks",
    "weights_twice": "'w' are given twice",
    "weights_too_few": "does not hold all the numbers of 'w'",
    "weights_given_in_two_ways": "'w' are given twice",
    "weights_that_are_no_numbers": "'w' hold numbers that are none",
    "weights_beyond_all_numbers": "'w' hold numbers that are none",
    "result_before_its_operator": "does not depend on a picture",
    "operator_that_needs_itself": "needs 'y', which nothing before it gives",
    "result_under_the_name_of_the_picture": "is computed twice",
    "weights_under_the_name_of_a_result": "is computed twice",
    "index_beyond_the_end": "takes what there is not",
    "axis_that_there_is_not": "names an axis that there is not",
    "shape_that_does_not_fit": "a shape in it is impossible",
    "division_by_nothing": "divides whole numbers that are not positive",
    "second_input": "needs 2 inputs (x, more)",
    "answer_without_the_picture": "does not depend on a picture",
    "half_precision": "computes with float16 ('w')",
    "operators_of_the_future": "opset 99",
}
"""Kind: words of the sentence; any other guard would say something else."""


def test_the_honest_file_passes_the_low_limits(tmp_path):
    with low_limits():
        assert inspect_onnx(write_honest(tmp_path / "m.onnx")).outputs == 4


def test_every_kind_has_its_reason():
    assert REASONS.keys() == ONNX_CASES.keys()


@pytest.mark.parametrize("kind", ONNX_CASES)
def test_the_reason_is_the_right_one(tmp_path, kind):
    path = tmp_path / "m.onnx"
    ONNX_CASES[kind](path)
    assert path.stat().st_size < 300_000
    with low_limits(), pytest.raises(ModelError) as refusal:
        inspect_onnx(path)
    assert str(refusal.value).startswith("m.onnx is refused: ")
    assert REASONS[kind] in str(refusal.value)
    assert len(str(refusal.value)) < 300
    assert refusal.value.advice


def test_damage_anywhere_is_refused_or_harmless(tmp_path):
    path = write_honest(tmp_path / "m.onnx")
    original = path.read_bytes()
    refused = 0
    for seed in range(400):
        random_ = random.Random(seed)
        content = bytearray(original)
        for _ in range(random_.randint(1, 3)):
            start = random_.choice((random_.randrange(120), random_.randrange(len(content))))
            content[start : start + random_.choice((1, 2, 8))] = random_.randbytes(
                random_.choice((0, 1, 2, 9))
            )
        path.write_bytes(content)
        try:
            inspect_onnx(path)
        except ModelError:
            refused += 1
    assert refused > 200
