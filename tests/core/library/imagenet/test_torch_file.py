"""Reading torch's old files: what is taken, and that every other name is refused."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.imagenet.torch_file import read_tensors
from tests.core.library.imagenet.torch_writer import Call, Name, dumped, tensor, written

WEIGHTS = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
COUNT = np.array(7, np.int64)


def test_tensors_keep_name_shape_type_and_order():
    found = read_tensors(written({"a.weight": WEIGHTS, "a.count": COUNT}))
    assert list(found) == ["a.weight", "a.count"]
    assert np.array_equal(found["a.weight"], WEIGHTS)
    assert found["a.weight"].dtype == np.float32
    assert found["a.count"].shape == ()
    assert int(found["a.count"]) == 7


def test_a_tensor_may_lie_in_another_order_or_share_a_storage():
    described = {
        "turned": tensor("x", WEIGHTS, shape=(4, 3, 2), strides=(1, 4, 12)),
        "second": tensor("x", WEIGHTS, offset=12, shape=(3, 4), strides=(4, 1)),
    }
    found = read_tensors(written({"x": WEIGHTS}, described=described))
    assert np.array_equal(found["turned"], WEIGHTS.transpose(2, 1, 0))
    assert np.array_equal(found["second"], WEIGHTS[1])
    assert found["turned"].flags.c_contiguous


@pytest.mark.parametrize(
    "described",
    [
        {"x": tensor("x", WEIGHTS, offset=1)},
        {"x": tensor("x", WEIGHTS, offset=-1)},
        {"x": tensor("x", WEIGHTS, strides=(12, 4, 2))},
        {"x": tensor("x", WEIGHTS, strides=(-12, 4, 1))},
        {"x": tensor("x", WEIGHTS, shape=(2, 0, 4))},
        {"x": tensor("x", WEIGHTS, view=("y", 0, 1))},
        {"x": tensor("x", WEIGHTS, kind="module")},
        {"x": tensor("x", WEIGHTS, type=Name("collections", "OrderedDict"))},
        {"x": tensor("other", WEIGHTS)},
        {"x": "a text"},
    ],
)
def test_a_tensor_that_does_not_fit_its_storage_is_refused(described):
    with pytest.raises(ModelError, match="not the torch file"):
        read_tensors(written({"x": WEIGHTS}, described=described))


@pytest.mark.parametrize(
    "name", [("builtins", "print"), ("torch", "HalfStorage"), ("collections", "Counter")]
)
def test_every_other_name_is_refused_and_named(name):
    described = {"x": Call(Name(*name))}
    with pytest.raises(ModelError, match=r"it asks for " + r"\.".join(name)):
        read_tensors(written({"x": WEIGHTS}, described=described))


def test_names_are_refused_in_every_part():
    for content in (dumped(Call(Name("builtins", "list"))), dumped(1)):
        with pytest.raises(ModelError):
            read_tensors(content)


@pytest.mark.parametrize("cut", [0, 1, 10, 60, 200, -1, -8])
def test_a_file_that_ends_early_is_refused(cut):
    with pytest.raises(ModelError):
        read_tensors(written({"x": WEIGHTS})[:cut])


def test_other_files_are_refused():
    for content in (b"", b"PK\x03\x04 a zip", written({"x": WEIGHTS}, magic=1), written({}, little=False)):
        with pytest.raises(ModelError, match="not the torch file"):
            read_tensors(content)
