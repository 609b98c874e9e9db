"""Models that TensorFlow wrote: floating, half, dynamic-range, and 8-bit ones of all kinds of ends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.library.inspection.tflite.summary import inspect_tflite, store_tflite
from tests.core.library.inspection.tflite.interpreter import interpreted
from tests.core.library.inspection.tflite.test_operators import compiled

FOLDER = Path(__file__).parent / "converted"
SHAPE = (1, 12, 10, 3)
KINDS = {"floating": 1e-4, "free_batch": 1e-4, "float16": 1e-4, "dynamic_range": 2 / 255, "int8": 2 / 255}


def pictures():
    for seed in range(12):
        random = np.random.default_rng(seed)
        if seed % 2:
            yield random.uniform(-1, 1, SHAPE).astype(np.float32)
        else:
            squares = random.uniform(-1, 1, (1, 3, 2, 3)).astype(np.float32)
            yield squares.repeat(4, axis=1).repeat(5, axis=2)


def taken(pixels, summary):
    """What the copy takes, halves rounded away from zero as TensorFlow Lite does."""
    if summary.dtype == "float32":
        return pixels.astype(np.float32)
    low = -128 if summary.dtype == "int8" else 0
    steps = pixels / np.float32(summary.scale)
    whole = np.trunc(steps + np.copysign(0.5, steps)) + summary.zero_point
    return np.clip(whole, low, low + 255).astype(summary.dtype)


@pytest.mark.parametrize("name", KINDS)
def test_floating_ends(tmp_path, name):
    original, copy = FOLDER / f"{name}.tflite", tmp_path / "model.tflite"
    store_tflite(original, copy, NEVER)
    network, summary = compiled(copy), inspect_tflite(original)
    assert (summary.dtype == "int8") == (name == "int8")
    for pixels in pictures():
        expected, found = interpreted(original, pixels), network(taken(pixels, summary))[0]
        assert np.abs(found - expected).max() <= KINDS[name]
        assert found.sum() == pytest.approx(1, abs=1e-6)
    assert np.ptp(expected) > 0.05


@pytest.mark.parametrize(("name", "dtype", "lowest"), [("uint8", np.uint8, 0), ("int8", np.int8, -128)])
def test_ends_of_bytes(tmp_path, name, dtype, lowest):
    """The bytes of a picture, scaled as the inspection proposes, come to the network as the same bytes."""
    from desktop_app.core.networks.pixels import affine_of

    original, copy = FOLDER / f"int8_{name}_ends.tflite", tmp_path / "model.tflite"
    summary = inspect_tflite(original)
    affine = affine_of(summary.scaling.likely)
    store_tflite(original, copy, NEVER)
    network = compiled(copy)
    for seed in range(8):
        picture = np.random.default_rng(seed).integers(0, 256, SHAPE)
        expected = (interpreted(original, (picture + lowest).astype(dtype)).astype(float) - lowest) / 256
        values = picture * affine.scale[0] + affine.offset[0]
        assert (taken(values, summary) == picture + lowest).all()
        found = network(taken(values, summary))[0]
        assert np.abs(found - expected).max() <= 2 / 255
        assert found.sum() == pytest.approx(1, abs=1e-6)


def test_what_they_take_and_give():
    for path in sorted(FOLDER.glob("*.tflite")):
        summary = inspect_tflite(path)
        assert (summary.height, summary.width, summary.channels) == (12, 10, 3)
        assert (summary.outputs, summary.kind, summary.layout) == (5, "softmax", "nhwc")
        assert summary.meaning.tasks == ("classification",)
        assert ("numbers have 8 bits" in summary.meaning.reason) == path.stem.startswith("int8")
        assert ("weights have 8 bits" in summary.meaning.reason) == (path.stem == "dynamic_range")
        assert 2_900 < summary.parameters < 3_100
        assert not summary.scaling.decided
        assert summary.eight_bits == (path.stem.startswith("int8") or path.stem == "dynamic_range")
        if path.stem == "int8":
            assert summary.scaling.likely == "symmetric"


def test_the_copy_is_the_same_again(tmp_path):
    """What is stored is inspected once more: nothing changes any more."""
    for path in sorted(FOLDER.glob("*.tflite")):
        first, second = tmp_path / "1.tflite", tmp_path / "2.tflite"
        store_tflite(path, first, NEVER)
        store_tflite(first, second, NEVER)
        assert first.read_bytes() == second.read_bytes()
        most = 4 * path.stat().st_size if path.stem == "dynamic_range" else path.stat().st_size + 1_000
        assert first.stat().st_size < most
