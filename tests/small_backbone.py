"""Backbones so small that they take no time, files of few kilobytes with weights, and a server for them."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from desktop_app.core.library.vgg19 import layout as vgg19_layout
from desktop_app.core.networks import efficientnet_lite
from tests.core.library.small_vgg19 import write_small
from tests.file_server import FileServer

NARROW = ((3, 2), (4, 2), (5, 4), (6, 4), (40, 4))
"""The last ones wide enough for a download that takes several reads."""


@pytest.fixture
def narrow(monkeypatch):
    """Make VGG19 narrow enough for files of few kilobytes."""
    monkeypatch.setattr(vgg19_layout, "BLOCKS", NARROW)
    monkeypatch.setattr(vgg19_layout, "DENSE_UNITS", 2)


TINY_STAGES = ((1, 3, 2, 1, 8), (1, 3, 2, 2, 8), (1, 3, 1, 2, 8))
TINY_FEATURES = 24


@pytest.fixture
def tiny_lite(monkeypatch):
    """Make the ImageNet networks in the box tiny: three blocks of eight channels."""
    monkeypatch.setattr(efficientnet_lite, "_STAGES", TINY_STAGES)
    monkeypatch.setattr(efficientnet_lite, "FEATURES", TINY_FEATURES)


@pytest.fixture
def weights(narrow, tmp_path):
    """Write seeded random weights of the convolutions alone."""
    return write_weights(tmp_path / "made.h5", vgg19_layout.convolution_shapes())


@pytest.fixture
def mirror(weights, serve, monkeypatch):
    """Serve the weights as their publisher would; returns the server's behaviour."""
    files = FileServer(weights.read_bytes())
    monkeypatch.setenv("SIGHTLINE_WEIGHTS_URL", serve(files).url)
    monkeypatch.setenv("SIGHTLINE_NOTOP_MD5", hashlib.md5(files.content).hexdigest())
    yield files
    files.released.set()


def write_weights(path, shapes):
    """Write arrays of these shapes under VGG19's names."""

    def fill(file):
        random = np.random.default_rng(3)
        for layer in shapes:
            for name in ("W:0", "b:0"):
                file[layer][name][...] = random.normal(0, 0.3, file[layer][name].shape)

    return write_small(path, shapes, fill)
