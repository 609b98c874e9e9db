"""VGG19's layout with tiny arrays, so that files of it take kilobytes instead of 575 MB."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from desktop_app.core.library.vgg19 import layout as vgg19_layout
from tests.vgg19_file import SHAPES

SMALL = {name: (*(1 for _ in shape[:-1]), 2) for name, shape in SHAPES.items()}


@pytest.fixture
def small_layout(monkeypatch):
    """Make the layout check expect the tiny arrays."""
    monkeypatch.setattr(vgg19_layout, "kernel_shapes", lambda: SMALL)


def write_small(path, shapes=SMALL, damage=None, dtype="f4"):
    """Write such a file; ``damage`` gets it open for changes."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [name.encode() for name in shapes]
        for name, shape in shapes.items():
            group = file.create_group(name)
            group.attrs["weight_names"] = [b"W:0", b"b:0"]
            group["W:0"] = np.ones(shape, dtype)
            group["b:0"] = np.ones(shape[-1], dtype)
        if damage is not None:
            damage(file)
    return path
