"""Models of earlier builds are listed, give the same output, and can be restored and imported."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.paths import downloads
from desktop_app.core.images.decoding.reading import AS_STORED
from desktop_app.core.library.card import CARD, read_card
from desktop_app.core.library.card_limits import CARD_FILE
from desktop_app.core.library.download.partial_file import PartialFile
from desktop_app.core.library.download.vgg19_weights import OFFICIAL
from desktop_app.core.library.exchange.importing import Wishes, import_model
from desktop_app.core.library.proof import MOST_APART
from desktop_app.core.library.store import Library
from tests.earlier_builds.kept import SCHEMA_1, SCHEMA_2
from tests.earlier_builds.pictures import CLASSES, samples

OWN = {"own-layers", "everything", "finished-four-classes", "stopped"}
AS_PROVEN = MOST_APART["float32"]
THE_MODULE_IN_THE_FILE = "desktop_app.core.library.own_layers"


@pytest.fixture
def library(root):
    return Library.default()


def answers(library, model_id):
    classifier = load_classifier(model_id, library)
    prepared = [classifier.prepare(image) for image in samples()]
    return classifier.probabilities(classifier.outputs(prepared))


def test_every_model_is_listed_without_a_problem(library):
    problems = {entry.model_id: entry.problem for entry in library.entries() if not entry.shipped}
    assert {model_id for model_id, problem in problems.items() if not problem} == OWN
    assert problems.keys() - OWN == {"vgg19"}, "whose weights are too large to be kept"
    assert problems["vgg19"] == f"its file {OFFICIAL.name} is missing"


def test_the_card_of_vgg19_is_read(library):
    card = library.get("vgg19").card
    (library.installed / "vgg19" / card.weights_file).write_bytes(b"")
    assert library.get("vgg19").problem == ""
    assert (card.architecture, card.origin, card.verified) == ("vgg19", "downloaded", True)
    assert (card.input.height, card.input.width, card.input.preprocessing) == (224, 224, "vgg19")
    assert (card.input.fit, card.input.crop_share) == ("crop", 0.875), "as its figures were published"
    assert (len(card.classes), card.classes[282].readable) == (1000, "tiger cat")
    assert (card.metrics["top1"], card.metrics["top5"]) == (0.713, 0.9)


def test_nothing_that_a_card_says_is_lost(library):
    card = library.get("everything").card
    assert (card.name, card.description) == ("Everything that a card can say", "Two\nlines.")
    assert (card.architecture, card.origin, card.weights_file) == ("keras", "trained", "network.keras")
    assert (card.verified, card.parameters, card.recipe) == (False, 260, "mlp")
    assert card.bank is None, "which no card had then"
    assert [(entry.class_id, entry.label) for entry in card.classes] == [
        (f"n{number}", label) for number, label in enumerate(CLASSES)
    ]
    assert (card.input.height, card.input.width, card.input.channels) == (8, 8, 3)
    assert (card.input.preprocessing, card.input.fit, card.input.mirrored) == ("symmetric", "crop", True)
    assert card.input.crop_share == 1
    assert (card.calibration.temperature, card.calibration.not_sure_below) == (1.5, 0.45)
    assert (card.calibration.error_before, card.calibration.error_after) == (0.125, 0.0625)
    metrics = {"top1": 0.75, "top3": 1.0, "pictures": 40.0, "test_top1": 0.75, "val_top1": 0.5}
    assert {name: card.metrics[name] for name in metrics} == metrics
    assert (card.data, card.licence, card.created) == ("Four colours with noise.", "MIT", "2026-01-31")
    assert card.source == "https://example.org/model"
    assert card.versions["Sightline"] == "0.1.0"


def card_of_version_2(folder, model_id, **changes):
    document = json.loads((SCHEMA_2 / f"{model_id}.json").read_bytes())
    (folder / CARD_FILE).write_text(json.dumps(document | changes, indent=2))
    return document, read_card(folder)


def test_a_card_of_version_2_says_the_same_as_before(tmp_path):
    before, card = card_of_version_2(tmp_path, "everything")
    now = json.loads(card.model_dump_json())
    assert now["input"].pop("crop_share") == 1
    assert now["input"].pop("pixels") == AS_STORED.model_dump()
    assert now["input"].pop("thin") == "whole"
    assert now.pop("bank") is None
    assert now.pop("proofs") == []
    assert (now.pop("outputs"), now.pop("thresholds"), now.pop("units")) == (None, [], [])
    assert (now["input"].pop("resample"), now["input"].pop("layout")) == ("bicubic", "nhwc")
    assert now["input"].pop("grey") == [0.299, 0.587, 0.114]
    assert now == before | {"schema_version": CARD.version}
    assert json.loads((tmp_path / CARD_FILE).read_bytes())["schema_version"] == CARD.version


@pytest.mark.parametrize(("verified", "expected"), [(True, ("crop", 0.875)), (False, ("squash", 1.0))])
def test_vgg19_gets_the_crop_of_its_published_figures(tmp_path, verified, expected):
    before, card = card_of_version_2(tmp_path, "vgg19", verified=verified)
    assert before["input"]["fit"] == "squash"
    assert (card.input.fit, card.input.crop_share) == expected
    assert (card.metrics, len(card.classes)) == (before["metrics"], 1000)
    assert read_card(tmp_path) == card


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("model_id", sorted(OWN))
def test_a_model_answers_what_it_did(library, said, model_id):
    np.testing.assert_allclose(answers(library, model_id), said["models"][model_id], atol=AS_PROVEN)


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_a_file_names_the_module_of_our_own_layer_and_still_loads(library, said):
    file = SCHEMA_1 / "home" / "models" / "own-layers" / "model.keras"
    with zipfile.ZipFile(file) as archive:
        assert f'"module": "{THE_MODULE_IN_THE_FILE}"' in archive.read("config.json").decode()
    card = import_model(library, file, Wishes(labels=CLASSES, preprocessing="none"), cancel=NEVER)
    np.testing.assert_allclose(answers(library, card.id), said["models"]["own-layers"], atol=AS_PROVEN)


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_an_exported_model_is_imported(library, said):
    before = library.get("own-layers").card
    card = import_model(library, SCHEMA_1 / "own-layers.sightline", cancel=NEVER)
    assert (card.name, card.classes, card.input) == (before.name, before.classes, before.input)
    assert card.id == "own-layers-2"
    np.testing.assert_allclose(answers(library, card.id), said["models"]["own-layers"], atol=AS_PROVEN)


def test_a_removed_model_is_restored(library):
    (removed,) = library.trashed()
    assert (removed.model_id, removed.name) == ("removed", "Removed")
    assert library.restore(removed).problem == ""
    assert "removed" in {entry.model_id for entry in library.entries()}


def test_a_download_resumes(root):
    part = PartialFile(downloads(), OFFICIAL)
    assert (part.bytes, part.validator, part.length) == (14, '"a-strong-etag"', 1000)
