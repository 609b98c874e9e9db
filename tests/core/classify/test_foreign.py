"""Models of other programs are imported, compared and answered for, without TensorFlow."""

from __future__ import annotations

import importlib.util

import numpy as np
import onnxruntime
import pytest

from desktop_app.core.classify import foreign, loader
from desktop_app.core.classify.loader import check_answers, load_classifier
from desktop_app.core.classify.pixel_trial import try_pixels
from desktop_app.core.classify.readying import make_ready_now
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.inference import onnx_reference
from desktop_app.core.inference.choice import EngineChoice
from desktop_app.core.inference.engine_record import UNPROVEN, engine_words
from desktop_app.core.inference.proof_pictures import proof_pictures
from desktop_app.core.library.exchange.exporting import export_model
from desktop_app.core.library.exchange.importing import MeaningNeeded, PixelsNeeded, Wishes, import_model
from desktop_app.core.library.store import Library
from desktop_app.core.networks.pixels import affine_of
from tests.core.library.inspection.onnx.making import file_of, node

SIDE = 16
LABELS = ("red", "green", "blue")
WISHES = Wishes(labels=LABELS, preprocessing="imagenet", task="classification")


@pytest.fixture(autouse=True)
def no_tensorflow(monkeypatch):
    monkeypatch.setattr(loader, "load_engine", lambda: pytest.fail("TensorFlow was asked for"))


@pytest.fixture
def library(tmp_path):
    return Library(
        tmp_path / "shipped", tmp_path / "models", tmp_path / "trash", engine_data=paths.engine_data()
    )


@pytest.fixture
def file(tmp_path):
    """A network as PyTorch exports it: channels first, ImageNet's pixels, logits."""
    kernel = np.random.default_rng(5).normal(0, 0.4, (3, 3, 3, 3)).astype(np.float32)
    nodes = [
        node("Conv", ["x", "k"], ["c"], strides=[2, 2]),
        node("Relu", ["c"], ["r"]),
        node("GlobalAveragePool", ["r"], ["g"]),
        node("Flatten", ["g"], ["y"]),
    ]
    shape = ("batch", 3, SIDE, SIDE)
    return file_of(tmp_path / "net.onnx", nodes, {"k": kernel}, shape=shape, producer_name="pytorch")


def imported(library, file, wishes=WISHES):
    return import_model(library, file, wishes, check=check_answers, cancel=NEVER)


def probabilities(file, pixels, preprocessing="imagenet"):
    """What ONNX Runtime answers for the file itself, prepared in NumPy."""
    affine = affine_of(preprocessing)
    values = pixels.astype(np.float32) * np.float32(affine.scale) + np.float32(affine.offset)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    rows = session.run(None, {"x": np.ascontiguousarray(values.transpose(0, 3, 1, 2), np.float32)})[0]
    exponents = np.exp(rows - rows.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)


def test_an_imported_network_answers_as_onnx_runtime_does(library, file):
    card = imported(library, file)
    assert (card.architecture, card.weights_file, card.outputs) == ("onnx", "model.onnx", "logits")
    assert (card.input.layout, card.input.height, card.input.channels) == ("nchw", SIDE, 3)
    classifier = load_classifier(card.id, library, EngineChoice(precision="float32"))
    pictures = proof_pictures(card.input)
    answers, _distances = classifier.answers(pictures)
    assert answers == pytest.approx(probabilities(file, pictures), abs=1e-4)
    assert classifier.by.words == "OpenVINO, float32"


def test_the_comparison_is_kept_on_the_card(library, file):
    card = imported(library, file)
    record = make_ready_now(library, card.id)
    assert record.proofs[0].holds
    assert record.proofs[0].reference == f"onnxruntime {onnxruntime.__version__}"
    assert library.get(card.id).card.proofs == record.proofs
    assert "checked against onnxruntime" in engine_words(library.get(card.id))


def without(*names):
    real = importlib.util.find_spec
    return lambda name: None if name in names else real(name)


def test_the_evaluator_of_the_package_onnx_takes_the_place_of_onnx_runtime(library, file, monkeypatch):
    monkeypatch.setattr(onnx_reference.importlib.util, "find_spec", without("onnxruntime"))
    record = make_ready_now(library, imported(library, file).id)
    assert record.proofs[0].reference.startswith("onnx.reference ")
    assert record.proofs[0].holds


def test_a_network_too_large_for_that_is_said_to_be_unproven(library, file, monkeypatch):
    monkeypatch.setattr(onnx_reference.importlib.util, "find_spec", without("onnxruntime"))
    monkeypatch.setattr(onnx_reference, "MOST_OPERATIONS", 1000)
    card = imported(library, file)
    assert make_ready_now(library, card.id).proofs == ()
    assert engine_words(library.get(card.id)) == UNPROVEN
    assert load_classifier(card.id, library).card.id == card.id


def test_without_another_engine_it_is_unproven_too(library, file, monkeypatch):
    monkeypatch.setattr(onnx_reference.importlib.util, "find_spec", without("onnxruntime", "onnx"))
    card = imported(library, file)
    assert make_ready_now(library, card.id).proofs == ()


def test_one_that_answers_otherwise_is_refused(library, file, monkeypatch):
    def odd(_architecture, _path, _found, _pictures):
        return "Another Engine 1.0", lambda values: np.full((len(values), 3), values.mean(), np.float32)

    card = imported(library, file)
    monkeypatch.setattr(foreign, "_reference", odd)
    with pytest.raises(ModelError, match=r"points apart from those of Another Engine 1\.0") as error:
        load_classifier(card.id, library)
    assert error.value.advice
    assert engine_words(library.get(card.id)).startswith("None. OpenVINO cannot answer for it")


def test_tensorflow_is_refused_with_a_sentence(library, file):
    card = imported(library, file)
    with pytest.raises(ModelError, match="was imported as ONNX, which TensorFlow cannot run") as error:
        load_classifier(card.id, library, EngineChoice(engine="tensorflow"))
    assert "OpenVINO" in error.value.advice


def test_a_gpu_is_not_used_and_that_is_said(library, file, monkeypatch):
    from desktop_app.core.devices import probe

    card = imported(library, file)
    monkeypatch.setattr(probe, "gpu_expected", lambda: True)
    by = load_classifier(card.id, library, EngineChoice(precision="float32")).by
    assert by.on_processor
    assert by.reason == "Models imported as ONNX are computed by OpenVINO on the processor, not on the GPU."


def test_what_the_file_leaves_open_is_asked(library, file):
    with pytest.raises(MeaningNeeded) as meaning:
        imported(library, file, Wishes(labels=LABELS, preprocessing="imagenet"))
    assert meaning.value.tasks[0] == "classification"
    with pytest.raises(PixelsNeeded) as pixels:
        imported(library, file, Wishes(labels=LABELS, task="classification"))
    assert pixels.value.choices[0].preprocessing == "imagenet"
    assert "PyTorch" in pixels.value.choices[0].reasons[0]


def test_other_pixels_give_other_answers(library, file):
    card = imported(library, file, Wishes(labels=LABELS, preprocessing="unit", task="classification"))
    classifier = load_classifier(card.id, library, EngineChoice(precision="float32"))
    pictures = proof_pictures(card.input)[:4]
    answers, _distances = classifier.answers(pictures)
    assert answers == pytest.approx(probabilities(file, pictures, "unit"), abs=1e-4)


def test_a_damaged_copy_is_refused_before_openvino_reads_it(library, file):
    card = imported(library, file)
    path = library.get(card.id).weights
    data = path.read_bytes()
    path.write_bytes(data.replace(b"\x22\x04Conv", b"\x22\x04Cunv"))
    with pytest.raises(ModelError, match="'Cunv' is not on Sightline's list"):
        load_classifier(card.id, library)


def test_a_card_of_another_layout_is_refused(library, file):
    card = imported(library, file)
    path = library.get(card.id).weights
    odd = card.changed(input=card.input.model_dump() | {"layout": "nhwc"})
    with pytest.raises(ModelError, match="another input than its card says"):
        check_answers(odd, path)


def test_each_choice_of_pixels_is_tried(library, file):
    with pytest.raises(PixelsNeeded) as needed:
        imported(library, file, Wishes(labels=LABELS, task="classification"))
    pictures = [np.full((20, 30, 3), shade, np.uint8) for shade in ((200, 30, 60), (10, 90, 240))]
    trial = try_pixels(file, needed.value.card, needed.value.clues, pictures, NEVER)
    assert {"imagenet", "unit", "none", "vgg19"} <= trial.answers.keys()
    fitted = np.stack([np.full((SIDE, SIDE, 3), shade, np.uint8) for shade in ((200, 30, 60), (10, 90, 240))])
    for choice in ("imagenet", "unit"):
        expected = probabilities(file, fitted, choice)
        found = trial.answers[choice]
        assert [label.lower() for label, _ in found] == [LABELS[row.argmax()] for row in expected]
        assert [share for _, share in found] == pytest.approx(expected.max(axis=1), abs=1e-4)


def test_it_goes_out_and_comes_in_as_one_file(library, file, tmp_path):
    card = imported(library, file)
    package = export_model(library, card.id, tmp_path / "net.sightline")
    again = import_model(library, package, check=check_answers, cancel=NEVER)
    assert (again.architecture, again.input, again.outputs) == ("onnx", card.input, card.outputs)
    assert library.get(again.id).weights.read_bytes() == library.get(card.id).weights.read_bytes()


def test_a_card_that_wants_mirror_images_is_refused(library, file):
    card = imported(library, file)
    odd = card.changed(input=card.input.model_dump() | {"mirrored": True})
    with pytest.raises(ModelError, match="mirror images"):
        check_answers(odd, library.get(card.id).weights)
