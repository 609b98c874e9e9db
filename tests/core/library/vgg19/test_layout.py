"""Only files with VGG19's arrays, and nothing else behind them, are taken for its weights."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.vgg19.layout import check_layout, kernel_shapes
from tests.core.library.small_vgg19 import SMALL, small_layout, write_small
from tests.vgg19_file import SHAPES

__all__ = ["small_layout"]


def test_the_shapes_are_vgg19s():
    assert kernel_shapes() == SHAPES
    parameters = sum(int(np.prod(shape)) + shape[-1] for shape in kernel_shapes().values())
    assert parameters == 143_667_240


@pytest.mark.usefixtures("small_layout")
def test_the_published_layout_passes(tmp_path):
    check_layout(write_small(tmp_path / "weights.h5"))


@pytest.mark.usefixtures("small_layout")
def test_names_may_lie_deeper(tmp_path):
    def nest(file):
        group = file["fc1"]
        group["fc1/kernel:0"] = group["W:0"][()]
        group["fc1/bias:0"] = group["b:0"][()]
        del group["W:0"], group["b:0"]
        group.attrs["weight_names"] = ["fc1/kernel:0", "fc1/bias:0"]

    check_layout(write_small(tmp_path / "weights.h5", damage=nest))


def link(file):
    del file["fc1/b:0"]
    file["fc1/b:0"] = h5py.SoftLink("/fc2/b:0")


def external(file):
    del file["fc1/b:0"]
    file["fc1/b:0"] = h5py.ExternalLink("no_such_file", "/x")


def shape(file):
    del file["fc1/b:0"]
    file["fc1/b:0"] = np.ones(3, "f4")


def missing(file):
    del file["fc2"]


def unnamed(file):
    del file["fc1"].attrs["weight_names"]


def swapped(file):
    file["fc1"].attrs["weight_names"] = [b"b:0", b"W:0"]


def unallocated(file):
    # An array that was never written takes no room, however large it says it is.
    del file["fc1/b:0"]
    file.create_dataset("fc1/b:0", (2,), "f4")


@pytest.mark.usefixtures("small_layout")
@pytest.mark.parametrize("damage", [link, external, shape, missing, unnamed, swapped, unallocated])
def test_other_layouts_are_refused(tmp_path, damage):
    with pytest.raises(ModelError, match=r"^weights\.h5 is refused: ") as refusal:
        check_layout(write_small(tmp_path / "weights.h5", damage=damage))
    assert "weights of VGG19" in refusal.value.advice


@pytest.mark.usefixtures("small_layout")
def test_other_number_formats_are_refused(tmp_path):
    with pytest.raises(ModelError, match="other weights"):
        check_layout(write_small(tmp_path / "weights.h5", SMALL, dtype="f8"))


def test_another_file_is_refused(tmp_path):
    (tmp_path / "weights.h5").write_bytes(b"not HDF5")
    with pytest.raises(ModelError):
        check_layout(tmp_path / "weights.h5")
    with pytest.raises(ModelError, match="block1_conv1"):
        check_layout(write_small(tmp_path / "weights.h5"))
