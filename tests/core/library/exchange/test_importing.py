"""Models from elsewhere come in checked, whole, and with their labels."""

from __future__ import annotations

import json

import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled, ModelError, StorageError, UsageError
from desktop_app.core.library.card import CARD
from desktop_app.core.library.card_limits import CARD_FILE
from desktop_app.core.library.download.vgg19_weights import OFFICIAL
from desktop_app.core.library.exchange.exporting import export_model
from desktop_app.core.library.exchange.importing import (
    LabelsNeeded,
    MeaningNeeded,
    PixelsNeeded,
    Wishes,
    import_model,
)
from desktop_app.core.library.store import Library
from desktop_app.core.library.vgg19.card import vgg19_card
from desktop_app.core.networks.pixels import PIXEL_WORDS
from tests.core.library.small_vgg19 import small_layout, write_small
from tests.keras_file import CLASSES, SIDE, dense, functional, layer, plain_config, write_keras, write_zip
from tests.tiny_model import COLOURS, colour_card, colour_network

__all__ = ["small_layout"]

LABELS = ["one", "two", "three"]


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")


@pytest.fixture
def plain(tmp_path):
    return write_keras(tmp_path / "My Pets!.keras")


def take(library, path, **arguments):
    """Import without the test of the answers, for which TensorFlow would have to be loaded."""
    more = {name: arguments.pop(name) for name in ("check", "cancel") if name in arguments}
    pixels = "unit" if path.suffix == ".keras" else None
    wishes = Wishes(**({"preprocessing": pixels} | arguments))
    return import_model(library, path, wishes, **({"cancel": NEVER} | more))


def test_a_plain_file_needs_labels(library, plain):
    with pytest.raises(LabelsNeeded) as request:
        take(library, plain)
    assert (request.value.path, request.value.outputs) == (plain, CLASSES)
    assert not library.installed.exists()


def test_a_plain_file_with_labels(library, plain):
    loaded = []
    card = take(library, plain, labels=LABELS, check=lambda card, path: loaded.append(path.read_bytes()))
    entry = library.get("my-pets")
    assert entry.card == card
    assert loaded == [entry.weights.read_bytes()]
    assert [label.label for label in card.classes] == LABELS
    assert (card.name, card.origin, card.verified) == ("My Pets!", "imported", False)
    assert (card.input.height, card.input.width, card.input.channels) == (SIDE, SIDE, 3)
    assert card.parameters == SIDE * SIDE * 3 * CLASSES + CLASSES
    assert card.input.preprocessing == "unit"


def test_a_network_that_scales_pixels_gets_them_as_they_are(library, tmp_path):
    config = plain_config()
    config["config"]["layers"].insert(
        1, layer("Rescaling", "rescale", ["picture"], scale=1 / 255, offset=0.0)
    )
    flatten = config["config"]["layers"][2]
    flatten["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] = "rescale"
    path = write_keras(tmp_path / "m.keras", config)
    assert take(library, path, labels=LABELS, preprocessing=None).input.preprocessing == "none"
    assert take(library, path, labels=LABELS, preprocessing="symmetric").input.preprocessing == "symmetric"


def rescaling_first():
    config = plain_config()
    config["config"]["layers"].insert(
        1, layer("Rescaling", "rescale", ["picture"], scale=1 / 255, offset=0.0)
    )
    flatten = config["config"]["layers"][2]
    flatten["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] = "rescale"
    return config


def test_what_was_taken_is_said(library, tmp_path):
    path = write_keras(tmp_path / "m.keras", rescaling_first())
    card = take(library, path, labels=LABELS, preprocessing=None)
    assert card.description.endswith(
        "Its layer 'rescale' turns 0..255 into 0..1, so it gets pixels from 0 to 255."
    )
    assert "0..255" not in take(library, path, labels=LABELS, preprocessing="unit").description


def test_a_network_that_does_not_tell_its_pixels_asks(library, plain):
    with pytest.raises(PixelsNeeded, match=r"My Pets!\.keras does not say which pixel values") as needed:
        take(library, plain, labels=LABELS, preprocessing=None)
    assert isinstance(needed.value, UsageError)
    assert {choice.preprocessing for choice in needed.value.choices} == set(PIXEL_WORDS)
    assert needed.value.choices[0].preprocessing == "unit"  # the usual one
    assert not any(choice.likely for choice in needed.value.choices)
    assert [label.label for label in needed.value.card.classes] == LABELS
    assert not library.installed.exists()


def test_a_network_that_is_built_like_a_published_one_has_a_proposal(library, tmp_path):
    config = plain_config()
    config["config"]["name"] = "resnet50"
    with pytest.raises(PixelsNeeded) as needed:
        take(library, write_keras(tmp_path / "m.keras", config), labels=LABELS, preprocessing=None)
    first = needed.value.choices[0]
    assert (first.preprocessing, first.likely) == ("vgg19", True)
    assert "ResNet" in first.reasons[0]


def test_grey_pictures_have_fewer_choices(library, tmp_path):
    pool = layer("GlobalAveragePooling2D", "pool", ["picture"], data_format="channels_last", keepdims=False)
    path = write_keras(tmp_path / "m.keras", functional([pool], "pool", [None, 8, 8, 1]), lambda file: None)
    with pytest.raises(UsageError, match="grey") as refusal:
        take(library, path, labels=["no", "yes"], preprocessing="imagenet")
    assert refusal.value.advice == "Choose none, unit, symmetric, or a scale and an offset."


def test_a_card_that_says_its_pixels_allows_no_others(library, plain, tmp_path):
    take(library, plain, labels=LABELS, name="Pets", preprocessing="symmetric")
    path = export_model(library, "pets", tmp_path / "pets.zip")
    assert take(library, path, preprocessing=None).input.preprocessing == "symmetric"
    with pytest.raises(UsageError, match="says which pixel values"):
        take(library, path, preprocessing="unit")


def test_logits_without_a_loss_are_said_to_be_taken_as_such(library, tmp_path):
    config = plain_config()
    del config["config"]["layers"][-1]
    config["config"]["output_layers"] = [["logits", 0, 0]]
    path = write_keras(tmp_path / "m.keras", config)
    with pytest.raises(MeaningNeeded, match="has no activation") as needed:
        take(library, path, labels=LABELS)
    assert needed.value.tasks == ("classification", "regression", "embedding")
    assert take(library, path, labels=LABELS, task="classification").task == "classification"


def test_one_output_gets_two_labels(library, tmp_path):
    pool = layer("GlobalAveragePooling2D", "pool", ["picture"], data_format="channels_last", keepdims=False)
    config = functional([pool], "pool", [None, None, None, 1])
    path = write_keras(tmp_path / "m.keras", config, lambda file: None)
    with pytest.raises(LabelsNeeded) as request:
        take(library, path)
    assert request.value.outputs == 2
    card = take(library, path, labels=["no", "yes"])
    assert (card.input.height, card.input.width, card.input.channels) == (224, 224, 1)


def test_the_same_name_twice_gets_two_ids(library, plain):
    ids = [take(library, plain, labels=LABELS, name=name).id for name in ("Pets", "pets", "Écureuil", "日本")]
    assert ids == ["pets", "pets-2", "ecureuil", "model"]
    assert take(library, plain, labels=LABELS, name="VGG19").id == "vgg19-2"


def test_a_model_that_came_meanwhile_is_not_replaced(library, plain, monkeypatch):
    first = take(library, plain, labels=LABELS)
    monkeypatch.setattr(Library, "free_id", lambda _library, wanted: wanted)  # as it was a moment before
    with pytest.raises(StorageError, match=r"another model .* by now") as raised:
        take(library, plain, labels=["x", "y", "z"])
    assert "again" in raised.value.advice
    assert [entry.label for entry in library.get(first.id).card.classes] == LABELS


def test_a_name_becomes_one_printable_line(library, plain):
    assert take(library, plain, labels=LABELS, name=" My\n\tpets\x1b ").name == "My pets\ufffd"
    assert take(library, plain, labels=LABELS, name="n" * 200).name == "n" * 200


@pytest.mark.parametrize("name", ["n" * 201, "", " \r\n"])
def test_other_names_are_refused_at_once(library, plain, tmp_path, name):
    take(library, plain, labels=LABELS, name="Pets")
    package = export_model(library, "pets", tmp_path / "pets.zip")
    for path in (plain, package):
        with pytest.raises(UsageError, match="name") as refusal:
            take(library, path, labels=LABELS, name=name)
        assert refusal.value.advice
    assert [path.name for path in library.installed.iterdir()] == ["pets"]


def test_a_card_too_long_to_be_read_again_is_refused(library, plain, monkeypatch):
    monkeypatch.setattr("desktop_app.core.library.store.MAX_CARD_BYTES", 500)
    with pytest.raises(ModelError, match=r"The card of My Pets! has .* more than the 500 bytes"):
        take(library, plain, labels=LABELS)
    assert list(library.installed.iterdir()) == []


def test_the_network_is_checked_with_its_card_before_it_appears(library, plain):
    checked = []

    def check(card, path):
        checked.append((card.name, path.name))
        raise ModelError("It answers nonsense.")

    with pytest.raises(ModelError, match="nonsense"):
        take(library, plain, labels=LABELS, check=check)
    assert checked == [("My Pets!", "model.keras")]
    assert list(library.installed.iterdir()) == []


def test_refusals_name_the_users_file_not_the_copy(library, tmp_path, plain):
    with pytest.raises(ModelError, match=r"^packed\.zip is refused: its card names 2 classes"):
        take(library, packed(tmp_path, plain, count=2))
    assert take(library, plain, labels=LABELS).id == "my-pets"
    long = tmp_path / ("x" * 200 + ".keras")
    long.write_bytes(b"")
    with pytest.raises(ModelError, match=r"^x{77}\.\.\. is refused: the file is empty\.$"):
        take(library, long)


def test_labels_must_fit(library, plain):
    with pytest.raises(ModelError, match=r"^My Pets!\.keras has 3 classes, but is given 2 names\."):
        take(library, plain, labels=LABELS[:2])


def test_what_cannot_be_loaded_is_not_installed(library, plain):
    def fail(card, path):
        raise ModelError("It cannot be loaded.")

    with pytest.raises(ModelError, match="cannot be loaded"):
        take(library, plain, labels=LABELS, check=fail)
    assert list(library.installed.iterdir()) == []


def test_cancelling_leaves_nothing(library, plain):
    source = CancelSource()
    source.cancel()
    with pytest.raises(Cancelled):
        take(library, plain, labels=LABELS, cancel=source.token)
    assert list(library.installed.iterdir()) == []


def test_an_exported_model_comes_back_with_its_labels(library, plain, tmp_path):
    original = take(library, plain, labels=LABELS, name="Pets")
    path = export_model(library, "pets", tmp_path / "pets.zip")
    copy = take(library, path)
    assert copy.id == "pets-2"
    unchanged = {"classes", "input", "name", "parameters", "weights_sha256", "calibration"}
    assert copy.model_dump(include=unchanged) == original.model_dump(include=unchanged)
    library.remove("pets")
    assert take(library, path).id == "pets"


def test_labels_and_name_may_be_replaced(library, plain, tmp_path):
    take(library, plain, labels=LABELS, name="Pets")
    path = export_model(library, "pets", tmp_path / "pets.zip")
    card = take(library, path, labels=["a", "b", "c"], name="Other")
    assert (card.id, card.name) == ("other", "Other")
    assert [label.label for label in card.classes] == ["a", "b", "c"]


def test_names_of_the_models_of_the_app_cannot_be_taken(tmp_path, plain):
    shipped = tmp_path / "shipped"
    write_model(shipped / "everyday", colour_card().changed(id="everyday", name="Everyday"))
    library = Library(shipped, tmp_path / "models", tmp_path / "trash")
    package = packed(tmp_path, plain, name="\u00c9very\N{NO-BREAK SPACE}day!")
    assert take(library, package).name.endswith("day! (imported)")
    assert (
        take(library, packed(tmp_path, plain, name="VGG-19 (ImageNet)")).name
        == "VGG-19 (ImageNet) (imported)"
    )
    assert take(library, packed(tmp_path, plain, name="Every other day")).name == "Every other day"
    for name in ("everyday", "vgg19 imagenet"):
        with pytest.raises(UsageError, match="built-in model"):
            take(library, plain, labels=LABELS, name=name)


def write_model(folder, card):
    folder.mkdir(parents=True)
    (folder / card.weights_file).write_bytes(b"")
    (folder / CARD_FILE).write_text(card.model_dump_json())


def packed(tmp_path, plain, **changes):
    card = json.loads(colour_card().model_dump_json())
    card["classes"] = card["classes"][: changes.pop("count", CLASSES)]
    members = {CARD_FILE: json.dumps(card | changes).encode(), "model.keras": plain.read_bytes()}
    return write_zip(tmp_path / "packed.zip", members)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"count": 2}, "names 2 classes, but it has 3 outputs"),
        ({"input": {"height": 9, "width": 8}}, "another size"),
        ({"input": {"height": 8, "width": 8, "channels": 1}}, "another size"),
        ({"weights_file": "../../x"}, "card is not valid: weights_file"),
        ({"id": "../x"}, "card is not valid: id"),
        ({"classes": []}, "card is not valid: the file: Value error, 0 classes for one of several"),
        ({"description": "x" * 10_001}, "card is not valid: description"),
        ({"unknown": 1}, "card is not valid: unknown"),
        ({"schema_version": 0}, "card is not valid: schema_version"),
        ({"schema_version": 5}, r"refused: its card was made by a newer Sightline \(schema 5\)"),
        ({"task": "guessing"}, "card is not valid: task"),
        ({"thresholds": [0.5] * CLASSES}, "card is not valid: the file: Value error, thresholds"),
        ({"architecture": "vgg19"}, "which it does not contain"),
    ],
)
def test_a_card_must_fit_its_network(library, tmp_path, plain, changes, words):
    assert take(library, packed(tmp_path, plain)).id == "colours"
    with pytest.raises(ModelError, match=words):
        take(library, packed(tmp_path, plain, **changes))
    assert [path.name for path in library.installed.iterdir()] == ["colours"]


def test_a_package_of_version_1_is_imported(library, tmp_path, plain):
    card = {
        name: value for name, value in json.loads(colour_card().model_dump_json()).items() if name != "task"
    }
    members = {
        CARD_FILE: json.dumps(card | {"schema_version": 1}).encode(),
        "model.keras": plain.read_bytes(),
    }
    imported = take(library, write_zip(tmp_path / "old.sightline", members))
    assert (imported.task, imported.schema_version) == ("classification", CARD.version)
    assert library.get(imported.id).card == imported


def test_a_card_cannot_write_to_the_terminal(library, tmp_path, plain):
    classes = [{"class_id": label, "label": f"\x1b[2J{label}\n"} for label in COLOURS]
    card = take(library, packed(tmp_path, plain, name="\x1b]0;title\x07", classes=classes, licence="a\nb"))
    assert card.name == "\N{REPLACEMENT CHARACTER}]0;title\N{REPLACEMENT CHARACTER}"
    assert card.classes[0].label == "\N{REPLACEMENT CHARACTER}[2Jred"
    assert card.licence == "a b"


def test_a_packed_network_is_inspected_too(library, tmp_path, plain):
    config = plain_config()
    config["config"]["layers"][1]["class_name"] = "Lambda"
    hostile = write_keras(tmp_path / "hostile.keras", config)
    with pytest.raises(ModelError, match="Lambda"):
        take(library, packed(tmp_path, hostile))


def test_a_damaged_package_is_refused(library, tmp_path, plain):
    path = packed(tmp_path, plain)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x03\x04", 100) + 2000] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ModelError, match="damaged"):
        take(library, path)


@pytest.mark.usefixtures("small_layout")
def test_vgg19_weights_travel_too(library, tmp_path):
    library.add(vgg19_card(verified=False, origin="imported"), write_small(tmp_path / "w.h5"))
    path = export_model(library, "vgg19", tmp_path / "vgg19.zip")
    card = take(library, path)
    assert (card.id, card.architecture, card.verified) == ("vgg19-2", "vgg19", False)
    assert library.get("vgg19-2").weights.name == OFFICIAL.name


@pytest.mark.usefixtures("small_layout")
def test_a_card_that_does_not_fit_vgg19_is_refused(library, tmp_path):
    card = vgg19_card(verified=True, origin="downloaded").model_dump(mode="json")
    card["classes"] = card["classes"][:10]
    weights = write_small(tmp_path / "w.h5").read_bytes()
    path = write_zip(tmp_path / "p.zip", {CARD_FILE: json.dumps(card).encode(), OFFICIAL.name: weights})
    with pytest.raises(ModelError, match="does not fit VGG19"):
        take(library, path)


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_a_network_of_keras_is_imported_and_loads(library, tmp_path):
    path = tmp_path / "colours.keras"
    colour_network().save(path)
    card = import_model(library, path, Wishes(labels=COLOURS), cancel=NEVER)
    assert card.input.preprocessing == "none"
    assert library.get("colours").problem == ""


def _price(file):
    file["layers/dense/vars/0"] = np.ones((SIDE * SIDE * 3, 1), np.float32)
    file["layers/dense/vars/1"] = np.zeros(1, np.float32)


def test_amounts_get_names_and_units(library, tmp_path):
    layers = [
        layer("Flatten", "flatten", ["picture"], data_format="channels_last"),
        dense("price", "flatten", SIDE * SIDE * 3, 1),
    ]
    path = write_keras(tmp_path / "price.keras", functional(layers, "price", [None, SIDE, SIDE, 3]), _price)
    assert take(library, path, task="regression").classes[0].label == "value"
    card = take(library, path, task="regression", labels=["price"], units=["EUR"])
    assert ([entry.label for entry in card.classes], card.units) == (["price"], ("EUR",))
    with pytest.raises(LabelsNeeded, match="what its 1 amount is called"):
        take(library, path, task="regression", ask_amounts=True)
    with pytest.raises(UsageError, match="has 1 amount, but is given 2 units"):
        take(library, path, task="regression", labels=["price"], units=["EUR", "kg"])


def test_units_are_for_amounts(library, plain):
    with pytest.raises(UsageError, match="has 3 classes, but is given 1 unit"):
        take(library, plain, labels=LABELS, units=["kg"])
