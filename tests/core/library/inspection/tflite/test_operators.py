"""OpenVINO's answers for each operator of the list beside those of TensorFlow Lite's own interpreter."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.engine.compiled import openvino_core, read_network
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.library.inspection.tflite import summary
from desktop_app.core.library.inspection.tflite.operators.listing import BUILTIN_NAMES, KINDS
from tests.core.library.inspection.tflite import shaping_cases
from tests.core.library.inspection.tflite.interpreter import interpreted
from tests.core.library.inspection.tflite.operator_cases import CASES, SCALE, ZERO, build
from tests.tflite_file import schema

assert shaping_cases  # adds its cases

FLOAT_APART = 1e-4
STEPS_APART = 2.01
"""Of the 8-bit numbers."""
ELSEWHERE = {
    "SHAPE": "test_shapes.py: computed before any picture comes",
    "CAST": "test_copy.py: bytes that become floating numbers",
}


class AnyPicture:
    """An entry of any shape: operators are tried on small arrays that are no pictures."""

    channels, height, width, any_size, layout = 3, 1, 1, False, "nhwc"

    def __init__(self, tensor, _size=None) -> None:
        self.shape = tuple(tensor.shape)


def quantised(pixels, dtype):
    """The 8-bit numbers that the copy takes, halves rounded away from zero."""
    low, zero = (-128, ZERO) if dtype == "int8" else (0, ZERO + 128)
    steps = pixels / np.float32(SCALE)
    whole = np.trunc(steps + np.copysign(np.float32(0.5), steps)) + zero
    return np.clip(whole, low, low + 255).astype(dtype)


def compiled(path):
    model = read_network(path)
    return openvino_core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})


@pytest.mark.parametrize("name", CASES)
def test_answers_are_alike(tmp_path, monkeypatch, name):
    monkeypatch.setattr(summary, "entry_of", AnyPicture)
    shape, _make, dtypes = CASES[name]
    for dtype in dtypes:
        original, copy = build(name, dtype).write(tmp_path / "a.tflite"), tmp_path / "copy.tflite"
        summary.store_tflite(original, copy, NEVER)
        pixels = np.random.default_rng(3).uniform(-1, 1, shape).astype(np.float32)
        taken = pixels if dtype == "float32" else quantised(pixels, dtype)
        expected, kept = interpreted(original, pixels), interpreted(copy, taken)
        found = compiled(copy)(taken)[0]
        assert np.ptp(expected) > 0
        step = 0.05 if name.startswith("FULLY") else SCALE
        limit = FLOAT_APART if dtype == "float32" else STEPS_APART * step
        assert found.shape == expected.shape
        assert np.abs(found - expected).max() <= limit, dtype
        assert np.abs(kept - expected).max() <= (0 if dtype == "float32" else 0.02), dtype


def test_every_operator_of_the_list_is_compared():
    tried = set(ELSEWHERE)
    for name, (_shape, _make, dtypes) in CASES.items():
        net = build(name, dtypes[-1])
        codes = [net.model.operatorCodes[one.opcodeIndex].builtinCode for one in net.graph.operators]
        tried |= {KINDS[code].name for code in codes}
    assert tried == {kind.name for kind in KINDS.values()}


def test_operators_for_whole_numbers_are_compared_with_them():
    tried = {name.partition(" ")[0] for name, (_shape, _make, dtypes) in CASES.items() if len(dtypes) == 3}
    tried |= {"QUANTIZE", "DEQUANTIZE", "CAST", "SHAPE"}
    tried |= {"BATCH_TO_SPACE_ND"}  # with SPACE_TO_BATCH_ND
    assert tried == {kind.name for kind in KINDS.values() if kind.whole}


def test_numbers_are_those_of_the_schema():
    names = schema()
    tables = {value: name for name, value in vars(names.BuiltinOptions).items() if isinstance(value, int)}
    for kind in KINDS.values():
        assert getattr(names.BuiltinOperator, kind.name) == kind.code
        fields = getattr(names, f"{tables[kind.options_type]}T", None)
        assert bool(kind.options_type) == (fields is not None)
    for code, name in BUILTIN_NAMES.items():
        assert getattr(names.BuiltinOperator, name) == code
