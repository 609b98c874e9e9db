"""What layers in front of a network say about the pixels that it wants."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests.core.library.inspection.keras.test_summary import POOL, pooled
from tests.keras_file import functional, layer, write_keras


def rescaling(name, source, scale, offset=0.0):
    return layer("Rescaling", name, [source], scale=scale, offset=offset)


def arithmetic(name, kind, source, number):
    record = layer(kind, name, [source], module="keras.src.ops.numpy")
    record["config"] = {"name": name}
    record["inbound_nodes"][0]["args"].append(number)
    return record


def normalization(mean, variance, source="picture"):
    return layer("Normalization", "n", [source], axis=[-1], invert=False, mean=mean, variance=variance)


def scaling(tmp_path, *layers):
    return inspect_archive(pooled(tmp_path, [None, 8, 8, 3], *layers)).scaling


@pytest.mark.parametrize(
    "layers",
    [
        [rescaling("r", "picture", 1 / 255)],
        [rescaling("r", "picture", 1 / 127.5, -1.0)],
        [rescaling("r", "picture", [1 / 58, 1 / 57, 1 / 57], [-2.1, -2.0, -1.8])],
        [rescaling("r", "picture", 1.0, -127.0)],
        [arithmetic("a", "TrueDivide", "picture", 127.5), arithmetic("b", "Subtract", "a", 1)],
        [normalization([123.0, 116.0, 103.0], [3400.0, 3200.0, 3300.0])],
        [rescaling("r", "picture", 1 / 255), normalization(None, None, "r")],
    ],
)
def test_networks_that_scale_0_to_255_themselves_get_it(tmp_path, layers):
    path = pooled(tmp_path, [None, 8, 8, 3], *layers)
    if layers[-1]["config"].get("mean", 0) is None:
        config = functional(
            [*layers, layer("GlobalAveragePooling2D", "pool", ["n"], **POOL)], "pool", [None, 8, 8, 3]
        )
        path = write_keras(tmp_path / "n.keras", config, stored_normalization([0.0] * 3, [1.0] * 3))
    found = inspect_archive(path).scaling
    assert (found.decided, found.likely) == (True, "none")
    assert "0..255" in found.reason


@pytest.mark.parametrize(
    ("layers", "likely"),
    [
        ([normalization([0.485, 0.456, 0.406], [0.0524, 0.0502, 0.0506])], "unit"),
        ([rescaling("r", "picture", 2.0, -1.0)], "unit"),
        ([normalization([-0.03, -0.05, -0.1], [0.27, 0.27, 0.28])], "symmetric"),
        ([arithmetic("a", "Subtract", "picture", 0.5)], "unit"),
    ],
)
def test_layers_made_for_small_pixels_propose_them(tmp_path, layers, likely):
    found = scaling(tmp_path, *layers)
    assert (found.decided, found.likely) == (False, likely)
    assert "then gives" in found.reason


@pytest.mark.parametrize(
    "layers",
    [
        [],
        [rescaling("r", "picture", 1.0)],
        [arithmetic("a", "Maximum", "picture", 3)],
        [arithmetic("a", "TrueDivide", "picture", 0)],
        [normalization([0.0], [1.0])],
        [rescaling("r", "picture", 1e300), rescaling("s", "r", 1e300)],
    ],
)
def test_other_layers_say_nothing(tmp_path, layers):
    found = scaling(tmp_path, *layers)
    assert (found.decided, found.likely) == (False, None)


def stored_normalization(mean, variance):
    def write(file):
        file["layers/normalization/vars/0"] = np.array(mean, "f4")
        file["layers/normalization/vars/1"] = np.array(variance, "f4")
        file["layers/normalization/vars/2"] = np.zeros((), "i4")

    return write


def test_a_normalization_adapted_to_its_pictures_keeps_its_numbers_among_the_weights(tmp_path):
    pool = layer("GlobalAveragePooling2D", "pool", ["n"], **POOL)
    config = functional([normalization(None, None), pool], "pool", [None, 8, 8, 3])
    for mean, variance, expected in [
        ([120.0] * 3, [3600.0] * 3, (True, "none")),
        ([0.48] * 3, [0.05] * 3, (False, "unit")),
        ([np.nan] * 3, [1.0] * 3, (False, None)),
    ]:
        path = write_keras(tmp_path / "m.keras", config, stored_normalization(mean, variance))
        found = inspect_archive(path).scaling
        assert (found.decided, found.likely) == expected
