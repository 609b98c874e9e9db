"""Transfer learning takes its convolutions from a weights file, keeps them, and says when there is none."""

from __future__ import annotations

import hashlib

import h5py
import numpy as np
import pytest

from desktop_app.commands.model_options import DOWNLOADS
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled, DownloadError, ModelError
from desktop_app.core.library.download.vgg19_weights import OFFICIAL
from desktop_app.core.library.store import Library
from desktop_app.core.library.vgg19 import backbone
from desktop_app.core.library.vgg19 import layout as vgg19_layout
from desktop_app.core.library.vgg19.card import vgg19_card
from desktop_app.core.training.recipes import catalogue
from tests.core.library.small_vgg19 import write_small
from tests.small_backbone import NARROW, mirror, narrow, weights, write_weights
from tests.vgg19_file import SHAPES

__all__ = ["mirror", "narrow", "weights"]


def put_in_place(weights):
    target = paths.backbones() / backbone.NOTOP.name
    target.parent.mkdir(parents=True)
    weights.rename(target)
    return target


def build(classes=2, **changes):
    recipe = catalogue.get("vgg19-transfer")
    values = recipe.defaults(100, classes).changed({"input_size": 32, "units": 8, **changes})
    recipe.check(values)
    return recipe.build(values, classes)


def stored(path, layer):
    with h5py.File(path, "r") as file:
        return [file[layer][name][...] for name in ("W:0", "b:0")]


def test_the_convolutions_are_vgg19s():
    assert vgg19_layout.convolution_shapes() == {
        name: shape for name, shape in SHAPES.items() if name.startswith("block")
    }


def test_the_published_file_is_known():
    file = backbone.notop_file()
    assert file == backbone.NOTOP
    assert file.url.rpartition("/")[0] == OFFICIAL.url.rpartition("/")[0]
    # 16 convolutions as float32, and what HDF5 needs around them.
    arrays = 4 * sum(int(np.prod(shape)) + shape[-1] for shape in vgg19_layout.convolution_shapes().values())
    assert 0 < file.bytes - arrays < 100_000


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_without_weights_it_says_what_it_needs():
    assert backbone.weights_file() is None
    with pytest.raises(backbone.BackboneMissing) as error:
        build()
    assert str(error.value) == "VGG19's weights need a one-time download (80.1 MB)."
    assert f"'sightline models download {backbone.BACKBONE_ID}'" in error.value.advice
    assert backbone.BACKBONE_ID in DOWNLOADS
    assert "Start from scratch" in error.value.advice
    assert error.value.file == backbone.NOTOP


@pytest.mark.engine
@pytest.mark.usefixtures("engine", "narrow")
def test_random_weights_only_when_asked():
    network = build(random_weights=True)
    kernel, bias = network.full.get_layer("block1_conv1").get_weights()
    assert kernel.std() > 0.1
    assert not bias.any()


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("top", [True, False])
def test_the_stored_convolutions_are_taken(weights, top, tmp_path):
    if top:
        whole = write_weights(tmp_path / "whole.h5", vgg19_layout.kernel_shapes())
        card = vgg19_card(verified=False, origin="imported")
        used = Library.default().add(card, whole).weights
    else:
        used = put_in_place(weights)
    assert backbone.weights_file() == used
    network = build()
    for layer in vgg19_layout.convolution_shapes():
        for have, want in zip(network.full.get_layer(layer).get_weights(), stored(used, layer), strict=True):
            np.testing.assert_array_equal(have, want)


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_backbone_and_head_together_are_the_network(weights):
    put_in_place(weights)
    network = build(classes=3)
    picture = np.random.default_rng(0).normal(0, 50, (2, 32, 32, 3)).astype("f4")
    features = network.backbone(picture, training=False)
    assert features.shape == (2, NARROW[-1][0])
    parts = network.head(features, training=False)
    np.testing.assert_allclose(parts, network.full(picture, training=False), rtol=1e-5)
    assert network.full.get_layer("block5_conv4") is network.backbone.get_layer("block5_conv4")


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_only_the_head_learns_until_the_last_block_is_thawed(weights):
    used = put_in_place(weights)
    network = build()
    assert [layer.name for layer in network.fine_tune] == [f"block5_conv{number}" for number in (1, 2, 3, 4)]
    assert len(network.full.trainable_weights) == len(network.head.trainable_weights) == 4
    picture = np.random.default_rng(0).normal(0, 50, (4, 32, 32, 3)).astype("f4")
    network.full.compile(optimizer="adam", loss="categorical_crossentropy")
    network.full.fit(picture, np.eye(2, dtype="f4")[[0, 1, 0, 1]], verbose=0)
    for layer in vgg19_layout.convolution_shapes():
        np.testing.assert_array_equal(network.full.get_layer(layer).get_weights()[0], stored(used, layer)[0])
    for layer in network.fine_tune:
        layer.trainable = True
    assert len(network.full.trainable_weights) == 4 + 2 * len(network.fine_tune)


def test_a_download_is_kept(mirror):
    reports = []
    path = backbone.download_backbone(NEVER, reports.append)
    assert path == paths.backbones() / backbone.NOTOP.name == backbone.weights_file()
    assert path.read_bytes() == mirror.content
    assert reports[-1].done == len(mirror.content)
    assert list(paths.downloads().iterdir()) == []


def test_a_cancelled_download_leaves_no_backbone(mirror):
    source = CancelSource()
    source.cancel()
    with pytest.raises(Cancelled):
        backbone.download_backbone(source.token, str)
    assert backbone.weights_file() is None
    assert backbone.download_backbone(NEVER, str).is_file()


def test_other_bytes_are_not_kept(mirror, monkeypatch):
    monkeypatch.setenv("SIGHTLINE_NOTOP_MD5", "0" * 32)
    with pytest.raises(DownloadError, match="What came is not"):
        backbone.download_backbone(NEVER, str)
    assert backbone.weights_file() is None


def test_another_layout_is_not_kept(mirror, monkeypatch, tmp_path):
    other = write_small(tmp_path / "other.h5", {"block1_conv1": (3, 3, 3, 3)}).read_bytes()
    mirror.content = other
    monkeypatch.setenv("SIGHTLINE_NOTOP_MD5", hashlib.md5(other).hexdigest())
    with pytest.raises(ModelError, match="block1_conv2 is missing"):
        backbone.download_backbone(NEVER, str)
    assert backbone.weights_file() is None


@pytest.mark.parametrize(
    ("name", "value"), [("SIGHTLINE_NOTOP_MD5", "x"), ("SIGHTLINE_WEIGHTS_URL", "ftp://x")]
)
def test_a_senseless_environment_is_said(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(DownloadError, match=name):
        backbone.notop_file()


def link(file):
    del file["block1_conv1/b:0"]
    file["block1_conv1/b:0"] = h5py.ExternalLink("/etc/hostname", "/x")


def swap(file):
    file["block1_conv1"].attrs["weight_names"] = [b"b:0", b"W:0"]


@pytest.mark.engine
@pytest.mark.usefixtures("engine", "narrow")
@pytest.mark.parametrize("damage", [link, swap])
def test_a_damaged_file_is_refused_before_it_is_read(damage, tmp_path):
    put_in_place(write_small(tmp_path / "made.h5", vgg19_layout.convolution_shapes(), damage))
    with pytest.raises(ModelError, match=r"notop\.h5 is refused"):
        build()
