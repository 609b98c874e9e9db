from __future__ import annotations

import h5py
import numpy as np
import pytest

from desktop_app.core.engine.compiled import CompiledNetwork, NotFinite
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.imagenet.network import lite_backbone, load_lite
from desktop_app.core.library.imagenet.openvino_network import lite_for_openvino
from desktop_app.core.library.imagenet.published import CLASS_COUNT
from desktop_app.core.networks.efficientnet_lite import LITE0, LITE2, layer_shapes
from desktop_app.core.networks.preprocessing import preprocess
from tests.core.library.small_vgg19 import write_small

both = pytest.mark.parametrize("variant", [LITE0, LITE2], ids=lambda variant: variant.name)


def write(path, variant, damage=None):
    """Write seeded random weights of a whole network."""
    shapes = {layer: kernel for layer, (kernel, _bias) in layer_shapes(variant, CLASS_COUNT).items()}
    random = np.random.default_rng(3)
    with h5py.File(write_small(path, {}), "w") as file:
        for layer, (kernel, bias) in layer_shapes(variant, CLASS_COUNT).items():
            group = file.create_group(layer)
            group.attrs["weight_names"] = [b"W:0", b"b:0"]
            taken = kernel[:2] if kernel[-1] == 1 and layer.endswith("depthwise") else kernel[:-1]
            scale = np.sqrt(2 / np.prod(taken))
            group["W:0"] = random.normal(0, scale, shapes[layer]).astype(np.float32)
            group["b:0"] = random.normal(0, 0.1, bias).astype(np.float32)
        if damage is not None:
            damage(file)
    return path


@pytest.fixture(scope="module", params=[LITE0, LITE2], ids=lambda variant: variant.name)
def weights(request, tmp_path_factory):
    """A variant and a file with weights for it."""
    path = tmp_path_factory.mktemp("lite") / "weights.h5"
    return request.param, write(path, request.param)


def pictures(variant):
    return np.random.default_rng(5).integers(0, 256, (3, variant.size, variant.size, 3), dtype=np.uint8)


@pytest.mark.engine
def test_answers_as_keras_does(engine, weights):
    variant, path = weights
    network = CompiledNetwork(lite_for_openvino(variant, path))
    (found,) = network.run(pictures(variant))
    wanted = np.asarray(load_lite(variant, path)(preprocess(pictures(variant), "efficientnet-lite", 3)))
    assert found.shape == (3, 1000)
    assert np.ptp(found) > 0.01
    assert abs(found - wanted).max() < 1e-4


@pytest.mark.engine
def test_the_features_are_keras_s(engine, weights):
    variant, path = weights
    network = CompiledNetwork(lite_for_openvino(variant, path, features_only=True))
    (found,) = network.run(pictures(variant))
    backbone = lite_backbone(variant, variant.size, path)
    wanted = np.asarray(backbone(preprocess(pictures(variant), "efficientnet-lite", 3)))
    assert found.shape == (3, 1280)
    assert np.ptp(found) > 0.1
    assert abs(found - wanted).max() < 1e-4


@both
@pytest.mark.parametrize("layer", ["stem", "block3_depthwise", "predictions"])
def test_weights_that_are_no_numbers_are_refused(tmp_path, variant, layer):
    def damage(file):
        dataset = file[layer]["W:0"]
        dataset[(-1,) * dataset.ndim] = np.nan

    path = write(tmp_path / "weights.h5", variant, damage)
    with pytest.raises(NotFinite, match="numbers that are none"):
        CompiledNetwork(lite_for_openvino(variant, path))


@pytest.mark.parametrize("flaw", ["no HDF5", "missing layer", "wrong shape"])
def test_other_files_are_refused(tmp_path, flaw):
    def damage(file):
        del file["top"]
        if flaw == "wrong shape":
            group = file.create_group("top")
            group.attrs["weight_names"] = [b"W:0", b"b:0"]
            group["W:0"], group["b:0"] = np.zeros((1, 1, 3, 4), "f4"), np.zeros(4, "f4")

    path = write(tmp_path / "weights.h5", LITE0, damage)
    if flaw == "no HDF5":
        path.write_bytes(b"not HDF5 at all")
    with pytest.raises(ModelError, match=r"cannot be read|the layer top is missing or another"):
        lite_for_openvino(LITE0, path)
