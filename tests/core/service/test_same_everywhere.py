"""A picture gets the same answer alone, in a folder, on a cluster and over HTTP, with every image fit."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from desktop_app.cli import main
from desktop_app.core.batch.run import cluster_worker
from desktop_app.core.batch.run.cluster_worker import Question, answer_chunk, model_key
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.store import Library
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.readings import softmax
from desktop_app.core.service.activity import Activity
from desktop_app.core.service.answering import Answering
from desktop_app.core.service.app import make_app
from desktop_app.core.service.models import Models
from desktop_app.core.service.options import ServiceOptions
from tests.tiny_model import COLOURS, colour_card, colour_network

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]
SHARE = 0.5


@pytest.fixture(params=["squash", "crop", "both"])
def card(request):
    cluster_worker._load.cache_clear()
    made = colour_card().changed(input=InputSpec(height=8, width=8, fit=request.param, crop_share=SHARE))
    yield Library.default().add(made, lambda path: colour_network().save(path)).card
    cluster_worker._load.cache_clear()


@pytest.fixture
def pictures(tmp_path):
    """Pictures whose centre and whole differ, with an odd number of pixels."""
    random = np.random.default_rng(1)
    (tmp_path / "pictures").mkdir()
    for number in range(5):
        pixels = random.integers(0, 60, (120 + number, 321, 3), np.uint8)
        pixels[:, 130:190, number % 3] += 190
        Image.fromarray(pixels).save(tmp_path / "pictures" / f"{number}.png")
    return sorted((tmp_path / "pictures").iterdir())


def by_hand(path, fit):
    """What the network is built to say, from Pillow's own pixels."""
    image = Image.open(path)
    side = SHARE * image.height
    box = (
        (image.width - side) / 2,
        (image.height - side) / 2,
        (image.width + side) / 2,
        (image.height + side) / 2,
    )
    views = {
        "squash": image.resize((8, 8), Image.Resampling.BICUBIC),
        "crop": image.resize((8, 8), Image.Resampling.BICUBIC, box=box),
    }
    wanted = list(views) if fit == "both" else [fit]
    means = [np.asarray(views[view], np.float64).mean(axis=(0, 1)) / 64 for view in wanted]
    return np.mean([softmax(row[None])[0] for row in means], axis=0)


def alone(card, pictures):
    classifier = load_classifier(card.id, Library.default())
    return [
        {
            entry.label: entry.probability
            for entry in classifier.predict([load_source(FileSource(path))])[0].labels
        }
        for path in pictures
    ]


def by_command(capsys, *words):
    assert main(["classify", "--model", "colours", "--format", "json", *map(str, words)]) == 0
    results = json.loads(capsys.readouterr().out)["results"]
    return [{entry["label"]: entry["probability"] for entry in found["predictions"]} for found in results]


def on_a_cluster(card, pictures):
    question = Question(model_key(card), card.input.fit, card.input.crop_share, 3, 4, 2)
    outcomes = answer_chunk(question, list(enumerate(pictures))).outcomes
    return [
        {COLOURS[index]: value for index, value in zip(found.classes, found.probabilities, strict=True)}
        for found in outcomes
    ]


def over_http(pictures):
    options = ServiceOptions(port=5432, model_id="colours")
    activity = Activity()
    models = Models(ModelPool(Library.default()), "colours", on_batch=activity.batch_ran)
    client = make_app(Answering(models, options, activity), activity, options, 5432).test_client()
    found = []
    for path in pictures:
        answer = client.post(
            "/api/v1/classify_image",
            data=path.read_bytes(),
            content_type="image/png",
            base_url="http://127.0.0.1:5432",
        ).json
        found.append({entry["label"]: entry["probability"] for entry in answer["predictions"]})
    return found


def test_the_answer_is_the_same_everywhere(card, pictures, capsys):
    answers = {
        "alone": alone(card, pictures),
        "command": by_command(capsys, *pictures),
        "folder": by_command(capsys, pictures[0].parent),
        "cluster": on_a_cluster(card, pictures),
        "http": over_http(pictures),
    }
    wanted = [dict(zip(COLOURS, by_hand(path, card.input.fit), strict=True)) for path in pictures]
    for way, found in answers.items():
        assert len(found) == len(pictures), way
        for mine, theirs in zip(found, wanted, strict=True):
            assert mine == pytest.approx(theirs, abs=2e-6), way


@pytest.mark.parametrize("fit", ["squash", "crop", "both"])
@pytest.mark.parametrize("source", ["file", "folder"])
def test_an_option_of_the_command_takes_the_place_of_the_cards_fit(card, pictures, capsys, fit, source):
    words = pictures if source == "file" else [pictures[0].parent]
    found = by_command(capsys, *words, "--fit", fit)
    for mine, path in zip(found, pictures, strict=True):
        assert mine == pytest.approx(dict(zip(COLOURS, by_hand(path, fit), strict=True)), abs=2e-6)
