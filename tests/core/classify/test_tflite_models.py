"""TensorFlow Lite models and exports are imported, compared with their own interpreter, and classify."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from desktop_app.core.classify import foreign
from desktop_app.core.classify.loader import check_answers, load_classifier
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.inference.choice import EngineChoice
from desktop_app.core.inference.engine_record import read_record
from desktop_app.core.inference.proof_pictures import proof_pictures
from desktop_app.core.library.exchange.exporting import export_model
from desktop_app.core.library.exchange.importing import PixelsNeeded, Wishes, import_model
from desktop_app.core.library.proof import EIGHT_BITS_APART
from desktop_app.core.library.store import Library
from tests import exports
from tests.core.library.inspection.tflite.interpreter import interpreted
from tests.exports import LABELS, pack, unpack
from tests.tflite_file import Net, classifier

CONVERTED = Path(__file__).parents[1] / "library" / "inspection" / "tflite" / "converted"
FLOAT32 = EngineChoice(precision="float32")
FIVE = Wishes(labels=tuple("abcde"), preprocessing="symmetric")


@pytest.fixture
def library(tmp_path):
    return Library(
        tmp_path / "shipped", tmp_path / "models", tmp_path / "trash", engine_data=paths.engine_data()
    )


def imported(library, path, wishes=FIVE):
    return import_model(library, path, wishes, check=check_answers, cancel=NEVER)


def own_answer(path, pictures):
    """What the interpreter answers for the file itself, its pixels prepared as for -1 to 1."""
    return np.concatenate(
        [
            interpreted(path, (picture[None] / np.float32(127.5) - 1).astype(np.float32))
            for picture in pictures
        ]
    )


@pytest.mark.parametrize(
    ("name", "most", "bits"),
    [
        ("floating", 1e-4, ""),
        ("float16", 1e-4, ""),
        ("dynamic_range", 2 / 255, "Its weights have 8 bits"),
        ("int8", 2 / 255, "Its numbers have 8 bits"),
    ],
)
def test_answers_are_those_of_the_interpreter(library, name, most, bits):
    path = CONVERTED / f"{name}.tflite"
    card = imported(library, path)
    assert (card.architecture, card.weights_file, card.outputs) == ("tflite", "model.tflite", "softmax")
    assert card.description.startswith(bits)
    assert bool(card.description) == bool(bits)
    network = load_classifier(card.id, library, FLOAT32)
    pictures = proof_pictures(card.input)
    answers, _distances = network.answers(pictures)
    assert np.abs(answers - own_answer(path, pictures)).max() <= most
    assert answers.sum(axis=1) == pytest.approx(1)
    record = read_record(library.get(card.id), network_version())
    proof = record.proof("float32", record.proofs[0].processor)
    assert proof.holds
    assert proof.pictures >= 32
    assert proof.reference.startswith("TFLite ")
    assert (proof.own_spread is not None) == (name == "int8")
    assert proof.allowed == (EIGHT_BITS_APART if name == "int8" else 1e-4)


def network_version():
    from desktop_app.core.engine.compiled import openvino_version

    return openvino_version()


def test_a_file_that_does_not_say_its_pixels_asks(library):
    with pytest.raises(PixelsNeeded) as asked:
        imported(library, CONVERTED / "int8_uint8_ends.tflite", Wishes(labels=tuple("abcde")))
    likeliest = asked.value.choices[0].preprocessing
    assert likeliest.startswith("scale=")
    assert "holds bytes that stand for" in asked.value.clues[0].reason


def test_a_network_of_other_answers_is_refused(library, monkeypatch):
    """As if OpenVINO computed something else than the interpreter."""
    card = imported(library, CONVERTED / "floating.tflite")

    def turned(path, *_more):
        return "TFLite 0", lambda picture: interpreted(path, picture)[:, ::-1]

    monkeypatch.setattr(foreign, "_reference", lambda _kind, path, *_more: turned(path))
    with pytest.raises(ModelError, match="points apart from those of TFLite"):
        load_classifier(card.id, library, FLOAT32)


def test_an_eight_bit_network_may_not_be_farther_away(library, monkeypatch):
    card = imported(library, CONVERTED / "int8.tflite")

    def moved(path, *_more):
        def compute(picture):
            rows = interpreted(path, picture).copy()
            rows[:, 0] += 0.02
            return rows / rows.sum()

        return "TFLite 0", compute

    monkeypatch.setattr(foreign, "_reference", lambda _kind, path, *_more: moved(path))
    monkeypatch.setattr(foreign, "_other_way", lambda path: moved(path)[1])
    with pytest.raises(ModelError, match="points apart from those of TFLite"):
        load_classifier(card.id, library, FLOAT32)


def test_tensorflow_is_refused_with_a_sentence(library):
    card = imported(library, CONVERTED / "floating.tflite")
    with pytest.raises(ModelError, match="imported as TensorFlow Lite, which TensorFlow cannot run"):
        load_classifier(card.id, library, EngineChoice(engine="tensorflow"))


@pytest.mark.parametrize("way", ["archive", "folder", "file"])
def test_teachable_machine_as_its_own_example_asks_it(library, tmp_path, way):
    """Labels, pixels and fitting come from the export; the answers are those of its example program."""
    files = exports.teachable_machine()
    folder = unpack(tmp_path / "mine", files)
    chosen = {"folder": folder, "file": folder / "model_unquant.tflite"}.get(way)
    card = imported(library, chosen or pack(tmp_path / "mine.zip", files), Wishes())
    assert [label.label for label in card.classes] == list(LABELS)
    assert (card.input.preprocessing, card.input.fit, card.input.resample) == ("symmetric", "crop", "lanczos")
    assert "Teachable Machine" in card.description
    random = np.random.default_rng(1)
    picture = random.integers(0, 256, (40, 60, 3), dtype=np.uint8).repeat(9, axis=0).repeat(9, axis=1)
    network = load_classifier(card.id, library, FLOAT32)
    (found,) = network.predict([picture], top=3)
    fitted = np.asarray(ImageOps.fit(Image.fromarray(picture), (224, 224), Image.Resampling.LANCZOS))
    expected = own_answer(folder / "model_unquant.tflite", [fitted])[0]
    answers = {entry.label: entry.probability for entry in found.labels}
    assert [answers[label] for label in LABELS] == pytest.approx(expected, abs=1e-4)


def test_a_quantised_teachable_machine_gets_the_bytes_as_they_are(library, tmp_path):
    files = exports.teachable_machine("model.tflite")
    path = unpack(tmp_path / "mine", files)
    card = imported(library, pack(tmp_path / "mine.zip", files), Wishes())
    pictures = proof_pictures(card.input)[::4]
    network = load_classifier(card.id, library, FLOAT32)
    answers, _distances = network.answers(pictures)
    own = [interpreted(path / "model.tflite", picture[None])[0] / 256 for picture in pictures]
    assert np.abs(answers - np.array(own)).max() <= 2 / 255


def test_lobe(library, tmp_path):
    card = imported(library, pack(tmp_path / "mine.zip", exports.lobe()), Wishes())
    assert [label.label for label in card.classes] == list(LABELS)
    assert (card.input.preprocessing, card.input.fit, card.input.resample) == ("unit", "crop", "bicubic")


def test_a_description_that_does_not_fit_its_network(library, tmp_path):
    files = exports.teachable_machine() | {"model_unquant.tflite": exports.floating(96).bytes()}
    with pytest.raises(ModelError, match="pictures of 224 x 224 x 3, but its network takes 96 x 96 x 3"):
        imported(library, pack(tmp_path / "mine.zip", files), Wishes())


def test_fewer_labels_than_outputs(library, tmp_path):
    files = exports.teachable_machine(labels="0 Cats\n1 Dogs\n")
    with pytest.raises(ModelError, match="3 classes, but is given 2 names"):
        imported(library, pack(tmp_path / "mine.zip", files), Wishes())


def test_a_folder_gets_a_sentence(library, tmp_path):
    folder = unpack(tmp_path / "bert", {"config.json": b"{}", "model.safetensors": b"x"})
    with pytest.raises(ModelError, match="bert is refused: it is a Hugging Face model") as refusal:
        imported(library, folder, Wishes())
    assert "optimum-cli" in refusal.value.advice


@pytest.mark.parametrize(
    ("shape", "layout"),
    [((1, 12, 12), "nhw"), ((1, 432), "flat"), ((1, 3, 12, 12), "nchw"), ((1, 12, 12, 1), "nhwc")],
)
def test_layouts(library, tmp_path, shape, layout):
    net = Net(shape)
    size = int(np.prod(shape))
    flat = net.add("RESHAPE", [0, net.constant([1, size], "int32")], (1, size))
    weights = net.constant(np.random.default_rng(2).normal(0, 0.1, (5, size)))
    dense = net.add("FULLY_CONNECTED", [flat, weights, -1], (1, 5), options=("FullyConnectedOptions", {}))
    net.add("SOFTMAX", [dense], (1, 5), options=("SoftmaxOptions", {"beta": 1.0}))
    path = net.write(tmp_path / "m.tflite")
    card = imported(library, path, Wishes(labels=tuple("abcde"), preprocessing="unit"))
    assert card.input.layout == layout
    network = load_classifier(card.id, library, FLOAT32)
    picture = np.random.default_rng(3).integers(0, 256, (1, 12, 12, 3), dtype=np.uint8)
    values = picture / np.float32(255)
    if card.input.channels == 1:
        values = (values * np.float32([0.299, 0.587, 0.114])).sum(axis=-1, keepdims=True)
    if layout == "nchw":
        values = values.transpose(0, 3, 1, 2)
    expected = interpreted(path, np.ascontiguousarray(values.reshape(shape), np.float32))
    assert network.answers(picture)[0] == pytest.approx(expected, abs=1e-4)


def test_a_package_of_ours_is_cleaned_again(library, tmp_path):
    card = imported(library, classifier(side=12).write(tmp_path / "m.tflite"),
                    Wishes(labels=("a", "b", "c"), preprocessing="unit"))  # fmt: skip
    package = export_model(library, card.id, tmp_path / "mine.sightline")
    other = Library(tmp_path / "s", tmp_path / "other", tmp_path / "t", engine_data=paths.engine_data())
    again = import_model(other, package, Wishes(), check=check_answers, cancel=NEVER)
    assert again.classes == card.classes
    assert other.get(again.id).weights.read_bytes() == library.get(card.id).weights.read_bytes()


def test_an_eight_bit_network_may_differ_as_its_own_engine_does(library, monkeypatch):
    """TensorFlow Lite's faster kernels give other numbers than its plain ones."""
    card = imported(library, CONVERTED / "int8.tflite")

    def other(path):
        def compute(picture):
            rows = interpreted(path, picture).copy()
            rows[:, 0] += 0.02
            return rows / rows.sum()

        return compute

    monkeypatch.setattr(foreign, "_other_way", other)
    load_classifier(card.id, library, FLOAT32)
    (proof,) = read_record(library.get(card.id), network_version()).proofs
    assert 0.01 < proof.own_spread < 0.02
    assert proof.allowed == 2 * proof.own_spread
    assert "own two ways" in proof.words
