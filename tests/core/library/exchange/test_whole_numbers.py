"""What takes whole numbers gets pixels that they can hold, or is refused."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.images.sample_pictures import sample_files
from desktop_app.core.library.exchange.changing import set_input
from desktop_app.core.library.exchange.exporting import export_model
from desktop_app.core.library.exchange.importing import Wishes, import_model
from desktop_app.core.library.store import Library
from desktop_app.core.trial.messages import TrialInput, TrialSubject
from desktop_app.core.trial.opened_model import OpenedModel
from tests.core.library.inspection.onnx.making import file_of, node
from tests.keras_file import plain_config, write_keras
from tests.tflite_file import Net

LABELS = ("one", "two", "three")


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")


def as_keras(folder):
    config = plain_config()
    config["config"]["layers"][0]["config"]["dtype"] = "uint8"
    return write_keras(folder / "m.keras", config)


def as_onnx(folder):
    nodes = [
        node("Cast", ["x"], ["f"], to=1),
        node("Transpose", ["f"], ["t"], perm=[0, 3, 1, 2]),
        node("Conv", ["t", "w"], ["c"]),
        node("GlobalAveragePool", ["c"], ["p"]),
        node("Flatten", ["p"], ["z"]),
        node("Softmax", ["z"], ["y"], axis=1),
    ]
    weights = {"w": np.ones((3, 3, 3, 3), np.float32)}
    return file_of(folder / "m.onnx", nodes, weights, shape=("n", 8, 8, 3), dtype=TensorProto.UINT8)


def as_tflite(folder):
    net = Net((1, 8, 8, 3), "uint8", scale=1 / 255, zero=0)
    value = net.add("DEQUANTIZE", [0], (1, 8, 8, 3), options=("DequantizeOptions", {}))
    mean = net.add("MEAN", [value, net.constant([1, 2], "int32")], (1, 3), options=("ReducerOptions", {}))
    net.add("SOFTMAX", [mean], (1, 3), options=("SoftmaxOptions", {"beta": 1.0}))
    return net.write(folder / "m.tflite")


def take(library, path, pixels=None):
    return import_model(library, path, Wishes(labels=LABELS, preprocessing=pixels), cancel=NEVER)


@pytest.mark.parametrize("write", [as_keras, as_onnx])
def test_whole_numbers_hold_no_fractions(library, tmp_path, write):
    path = write(tmp_path)
    for pixels, shades in {"unit": 2, "symmetric": 2, "vgg19": 132}.items():
        with pytest.raises(UsageError, match=f"hold {shades} of 256 shades") as refused:
            take(library, path, pixels)
        assert refused.value.reason.advice == "Choose none or bgr."
    assert not any(entry.model_id == "m" for entry in library.entries())
    card = take(library, path)
    assert card.input.preprocessing == "none"
    assert card.description.endswith("so it gets pixels from 0 to 255.")


@pytest.mark.parametrize("write", [as_keras, as_onnx])
def test_nor_are_they_set_to_any_later(library, tmp_path, write):
    card = take(library, write(tmp_path))
    with pytest.raises(UsageError, match="takes whole numbers"):
        set_input(library, card.id, {"preprocessing": "symmetric"})
    assert library.get(card.id).card == card
    changed = set_input(library, card.id, {"preprocessing": "bgr"})
    assert changed.input.preprocessing == "bgr"
    assert "0 to 255" not in changed.description  # which is no longer what happens


def test_quantised_numbers_hold_what_they_stand_for(library, tmp_path):
    path = as_tflite(tmp_path)
    with pytest.raises(UsageError, match="hold 2 of 256 shades") as refused:
        take(library, path, "none")
    assert refused.value.reason.advice == "Choose unit."
    assert take(library, path, "unit").input.preprocessing == "unit"


def test_a_card_cannot_bring_them_either(library, tmp_path):
    card = take(library, as_onnx(tmp_path))
    library.set_input(card.id, {"preprocessing": "symmetric"})  # past the check
    export_model(library, card.id, tmp_path / "m.sightline", cancel=NEVER)
    with pytest.raises(UsageError, match="takes whole numbers"):
        import_model(library, tmp_path / "m.sightline", cancel=NEVER)


@pytest.mark.engine
def test_its_pixels_can_still_be_tried(tmp_path):
    folder = tmp_path / "trial"
    folder.mkdir()
    model = OpenedModel(TrialSubject(as_tflite(tmp_path), "classification"), folder)
    given = TrialInput("unit", "squash", 1.0, "bicubic", (0.299, 0.587, 0.114))
    assert model.best(given, sample_files()[:1])
