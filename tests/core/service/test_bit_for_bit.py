"""A picture gets the same answer bit for bit, whichever way and in whichever process it is asked about."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from desktop_app.cli import main
from desktop_app.core.batch.run import cluster_worker
from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.library.card import ClassLabel
from desktop_app.core.library.feature_bank import measured
from desktop_app.core.library.store import Library
from desktop_app.core.networks.input_spec import InputSpec
from tests.core.service.everywhere import all_ways, over_http
from tests.tiny_model import CATS, colour_card

pytestmark = [pytest.mark.engine, pytest.mark.own_processor, pytest.mark.usefixtures("engine")]

SIDE = 24
WIDTH = 17
INPUTS = {
    "parts, with a bank": InputSpec(height=SIDE, width=SIDE, thin="parts"),
    "two views, mirrored": InputSpec(
        height=SIDE, width=SIDE, fit="both", crop_share=0.7, mirrored=True, thin="parts"
    ),
    "crop, with a bank": InputSpec(height=SIDE, width=SIDE, fit="crop", crop_share=0.5),
}


def network():
    """Random convolutions: every number of an answer is rounded many times."""
    import keras

    keras.utils.set_random_seed(5)
    picture = keras.Input((SIDE, SIDE, 3))
    layer = keras.layers.Rescaling(1 / 50)(picture)
    for filters in (13, WIDTH):
        layer = keras.layers.Conv2D(filters, 3, activation="relu")(layer)
    layer = keras.layers.GlobalAveragePooling2D(name="features")(layer)
    return keras.Model(picture, keras.layers.Dense(len(CATS), activation="softmax")(layer))


@pytest.fixture(scope="module")
def home(tmp_path_factory, engine):
    """A library with a model for each kind of input, made ready for OpenVINO; and a dozen pictures."""
    folder = tmp_path_factory.mktemp("everywhere")
    (folder / "pictures").mkdir()
    random = np.random.default_rng(3)
    sizes = [(60 + 7 * number, 90) for number in range(9)] + [(20, 400), (500, 30), (31, 1200)]
    for number, size in enumerate(sizes):
        pixels = random.integers(0, 256, (*size[::-1], 3), np.uint8)
        Image.fromarray(pixels).save(folder / "pictures" / f"{number:02}.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGHTLINE_HOME", str(folder / "home"))
        for number, spec in enumerate(INPUTS.values()):
            classes = [{"class_id": class_id, "label": label} for class_id, label in CATS.items()]
            card = colour_card(f"model-{number}").changed(input=spec, classes=classes)
            assert card.classes[0] == ClassLabel(**classes[0])
            known = random.random((60, WIDTH)).astype(np.float32)
            bank = measured(known, known[:0], 20) if spec.fit != "both" else None
            library = Library.default()
            library.add(card, lambda path: network().save(path), bank=bank)
            load_classifier(card.id, library)
    return folder


@pytest.fixture(autouse=True)
def shared_library(home, monkeypatch):
    monkeypatch.setenv("SIGHTLINE_HOME", str(home / "home"))
    cluster_worker._load.cache_clear()
    yield
    cluster_worker._load.cache_clear()


@pytest.fixture(params=range(len(INPUTS)), ids=list(INPUTS))
def model_id(request):
    return f"model-{request.param}"


@pytest.fixture
def pictures(home):
    return sorted((home / "pictures").iterdir())


def rounded(answers):
    """Classes and probabilities as documents and the service write them."""
    return [[[class_id, round(value, 6)] for class_id, value in answer[0]] for answer in answers]


def by_command(capsys, model_id, *words):
    """The command's JSON, of pictures one by one or of a folder."""
    assert main(["classify", "--model", model_id, "--top", "3", "--format", "json", *map(str, words)]) == 0
    output = capsys.readouterr()
    document = json.loads(output.out)
    assert document["engine"]["name"] == "openvino"
    assert "runs on the CPU" in output.err
    assert "OpenVINO, " in output.err
    return [
        [[entry["class_id"], entry["probability"]] for entry in found["predictions"]]
        for found in document["results"]
    ]


def test_all_ways_and_a_second_process_give_the_same_bits(model_id, home, pictures, capsys, tmp_path):
    pool = ModelPool(Library.default())
    ways = all_ways(pool, model_id, pictures, tmp_path)
    wanted = ways["alone"]
    assert len(wanted) == len(pictures) == 12
    for way, found in ways.items():
        assert found == wanted, way
    assert over_http(pool, model_id, pictures) == [[scores, "openvino"] for scores in rounded(wanted)]
    assert by_command(capsys, model_id, *pictures) == rounded(wanted)
    assert by_command(capsys, model_id, home / "pictures") == rounded(wanted)

    environment = os.environ | {"CUDA_VISIBLE_DEVICES": "-1"}
    command = [sys.executable, "-m", "tests.core.service.everywhere", model_id, str(home)]
    child = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    other = json.loads(child.stdout)
    assert other["loaded"] == ["openvino"]
    assert other["ways"] == json.loads(json.dumps(ways))
    assert other["http"] == over_http(pool, model_id, pictures)


def test_the_pictures_are_seen_in_parts_and_far_from_the_bank(pictures, tmp_path):
    found = all_ways(ModelPool(Library.default()), "model-0", pictures, tmp_path)["job"]
    assert sum(part is not None for *_rest, part in found) == 3
    assert all(distance is not None for *_rest, distance, _part in found)
    assert len({scores[0][1] for scores, *_rest in found}) == 12


@pytest.mark.parametrize("engine_name", ["openvino", "tensorflow"])
def test_the_command_writes_what_was_chosen(engine_name, home, pictures, capsys, tmp_path, monkeypatch):
    words = ["classify", "--model", "model-0", "--engine", engine_name, "--precision", "float32"]
    if engine_name == "tensorflow":
        words = words[:-2]
    target = tmp_path / "out.csv"
    for source in ([str(pictures[0])], [str(home / "pictures")]):
        assert main([*words, *source, "--format", "csv", "--output", str(target)]) == 0
        rows = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))
        assert {(row["engine"], row["precision"]) for row in rows} == {(engine_name, "float32")}
    assert ("TensorFlow was chosen." in capsys.readouterr().err) == (engine_name == "tensorflow")


def test_a_folder_resumed_by_another_engine_says_so(home, capsys, tmp_path, monkeypatch):
    words = [
        "classify",
        "--model",
        "model-0",
        str(home / "pictures"),
        "--format",
        "json",
        "--batch-size",
        "4",
    ]
    words += ["--output", str(tmp_path / "out.json")]
    original, calls = Classifier.outputs, []

    def interrupted(self, prepared, batch_size=16):
        calls.append(prepared)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return original(self, prepared, batch_size)

    with monkeypatch.context() as patch:
        patch.setattr(Classifier, "outputs", interrupted)
        assert main([*words, "--engine", "openvino", "--precision", "float32"]) == 130
    capsys.readouterr()
    assert main([*words, "--resume", "--engine", "tensorflow"]) == 0
    said = capsys.readouterr().err
    assert "4 pictures were classified by OpenVINO, float32 on " in said
    assert "8 by TensorFlow, float32" in said
    document = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert document["engine"]["name"] == "tensorflow"
    assert [result.get("engine", {}).get("name") for result in document["results"]] == (
        ["openvino"] * 4 + [None] * 8
    )
