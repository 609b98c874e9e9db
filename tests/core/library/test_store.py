"""Models are listed, added, removed, restored and exported."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, ModelError, StorageError, UnknownModel, UsageError
from desktop_app.core.library import store
from desktop_app.core.library.card import CARD, ClassLabel, ModelCard, read_card
from desktop_app.core.library.card_limits import CARD_FILE
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.download.vgg19_weights import OFFICIAL
from desktop_app.core.library.exchange.exporting import export_model
from desktop_app.core.library.feature_bank import FeatureBank
from desktop_app.core.library.store import Library
from desktop_app.core.library.vgg19.card import vgg19_card
from desktop_app.core.networks.input_spec import InputSpec


def card(model_id, name=None):
    return ModelCard(
        id=model_id,
        name=name or model_id.title(),
        origin="trained",
        weights_sha256="0" * 64,
        classes=[ClassLabel(class_id=label, label=label) for label in ("cat", "dog")],
        input=InputSpec(height=8, width=8),
    )


@pytest.fixture
def library(tmp_path):
    shipped = Library(tmp_path / "nothing", tmp_path / "shipped", tmp_path / "x")
    shipped.add(card("everyday"), lambda path: path.write_bytes(b"shipped"))
    return Library(tmp_path / "shipped", tmp_path / "home" / "models", tmp_path / "home" / "trash")


def add(library, model_id, name=None, content=b"weights"):
    return library.add(card(model_id, name), lambda path: path.write_bytes(content))


def test_the_default_library_is_this_users(isolated_home):
    library = Library.default()
    assert library.shipped == paths.shipped_models()
    assert library.installed == isolated_home / "models"
    assert library.trash == isolated_home / "trash"
    assert library.downloads == isolated_home / "downloads"


def test_an_empty_library_knows_vgg19(tmp_path):
    entries = Library(tmp_path / "a", tmp_path / "b", tmp_path / "c").entries()
    assert [(entry.model_id, entry.problem) for entry in entries] == [("vgg19", "weights not downloaded yet")]
    assert entries[0].card is None
    assert entries[0].weights is None


def test_a_model_is_found_as_it_is_listed_and_no_other_card_is_read(library, monkeypatch):
    add(library, "other")
    entries = library.entries()
    assert [library.find(entry.model_id) for entry in entries] == entries
    assert library.find("absent") is None
    assert library.find("..") is None
    read = []
    look_at = store._look_at
    monkeypatch.setattr(
        store, "_look_at", lambda folder, **how: read.append(folder) or look_at(folder, **how)
    )
    assert library.get("everyday") == library.find("everyday")
    assert {folder.name for folder in read} == {"everyday"}


def test_the_order_is_everyday_vgg19_then_names(library):
    add(library, "zebra", "ant")
    add(library, "apple", "Bee")
    assert [entry.model_id for entry in library.entries()] == ["everyday", "vgg19", "zebra", "apple"]
    library.add(vgg19_card(verified=True, origin="downloaded"), lambda path: path.write_bytes(b"w"))
    assert [entry.model_id for entry in library.entries()] == ["everyday", "vgg19", "zebra", "apple"]
    assert library.get("vgg19").problem == ""


def test_what_was_added_is_there(library):
    entry = add(library, "mine", content=b"12345")
    assert entry.weights.read_bytes() == b"12345"
    assert entry.card.weights_sha256 == sha256_of(entry.weights)
    assert entry.bytes == 5 + (entry.folder / CARD_FILE).stat().st_size
    assert not entry.shipped
    assert library.get("mine") == entry


def test_a_file_can_be_added(library, tmp_path):
    (tmp_path / "source").write_bytes(b"content")
    assert library.add(card("mine"), tmp_path / "source").weights.read_bytes() == b"content"


def test_a_writer_that_fails_leaves_the_old_model(library):
    add(library, "mine")

    def fail(path):
        path.write_bytes(b"half")
        raise KeyError

    with pytest.raises(KeyError):
        library.add(card("mine", "New"), fail)
    assert library.get("mine").name == "Mine"
    assert [path.name for path in library.installed.iterdir()] == ["mine"]


def test_a_card_is_amended_and_the_weights_stay(library):
    kept = library.add(card("mine"), lambda path: path.write_bytes(b"weights"))
    library.amend(kept, {"metrics": {"top1": 0.9}}, None)
    changed = library.get("mine")
    assert changed.card.metrics == {"top1": 0.9}
    assert changed.card.bank is None
    assert changed.card.weights_sha256 == kept.card.weights_sha256
    bank = FeatureBank(np.eye(4, dtype=np.float32), 1, 0.5)
    library.amend(changed, {}, bank)
    final = library.get("mine")
    assert (final.problem, final.card.bank, final.card.metrics) == ("", bank.facts(), {"top1": 0.9})
    assert (final.folder / final.card.weights_file).read_bytes() == b"weights"


def test_a_model_is_deleted_for_good(library):
    library.add(card("mine"), lambda path: path.write_bytes(b"weights"))
    library.delete("mine")
    assert not (library.installed / "mine").exists()
    assert library.trashed() == []
    with pytest.raises(ModelError):
        library.delete("everyday")


def test_shipped_models_cannot_be_replaced_or_removed(library):
    with pytest.raises(ModelError, match="is a built-in model"):
        add(library, "everyday")
    with pytest.raises(ModelError, match="cannot be removed"):
        library.remove("everyday")


def test_a_shipped_model_answers_for_its_id(library):
    folder = library.installed / "everyday"
    folder.mkdir(parents=True)
    (folder / CARD_FILE).write_text(card("everyday", "Impostor").model_dump_json())
    assert library.get("everyday").name == "Everyday"


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda folder: (folder / CARD_FILE).unlink(), "cannot be read"),
        (lambda folder: (folder / CARD_FILE).write_text("{"), "not valid"),
        (lambda folder: (folder / CARD_FILE).write_text('{"schema_version": 0}'), "not valid"),
        (
            lambda folder: (folder / CARD_FILE).write_text('{"schema_version": 5}'),
            "newer Sightline (schema 5)",
        ),
        (lambda folder: (folder / CARD_FILE).write_bytes(b" " * 9_000_000), "too large"),
        (lambda folder: (folder / "model.keras").unlink(), "model.keras is missing"),
        (lambda folder: folder.rename(folder.with_name("other")), "card is for the model 'mine'"),
    ],
)
def test_a_broken_folder_is_listed_with_its_problem(library, damage, problem):
    damage(add(library, "mine").folder)
    broken = library.entries()[-1]
    assert problem in broken.problem
    with pytest.raises(ModelError, match="cannot be exported"):
        export_model(library, broken.model_id, library.installed / "x.zip")
    library.remove(broken.model_id)
    assert [entry.model_id for entry in library.entries()] == ["everyday", "vgg19"]


def test_stray_files_are_no_models(library):
    add(library, "mine")
    (library.installed / "notes.txt").write_text("x")
    (library.installed / ".hidden").mkdir()
    assert len(library.entries()) == 3


def test_an_unknown_id_names_the_known_ones(library):
    add(library, "mine")
    with pytest.raises(ModelError, match="no model 'yours'") as error:
        library.get("yours")
    assert error.value.advice == "The models are: everyday, vgg19, mine."


def test_free_ids(library):
    add(library, "mine")
    add(library, "mine-2")
    assert library.free_id("mine") == "mine-3"
    assert library.free_id("new") == "new"
    assert library.free_id("vgg19") == "vgg19-2"


def test_the_stamp_of_a_model_changes_with_its_files(library):
    add(library, "pets")
    first = library.stamp("pets")
    assert first == library.stamp("pets")
    assert first not in {None, library.stamp("everyday")}
    add(library, "pets")
    second = library.stamp("pets")
    assert second != first
    trashed = library.remove("pets")
    assert library.stamp("pets") is None
    library.restore(trashed)
    assert library.stamp("pets") == second


def test_removed_models_come_back(library):
    add(library, "mine", content=b"first")
    trashed = library.remove("mine")
    assert "mine" not in [entry.model_id for entry in library.entries()]
    assert library.trashed() == [trashed]
    assert (trashed.model_id, trashed.name) == ("mine", "Mine")
    assert library.restore(trashed).weights.read_bytes() == b"first"
    assert library.trashed() == []
    with pytest.raises(ModelError, match="another model"):
        library.restore(trashed)


def test_the_same_model_can_be_removed_twice(library):
    for content in (b"1", b"2"):
        add(library, "mine", content=content)
        library.remove("mine")
    newest, oldest = library.trashed()
    assert newest.removed > oldest.removed
    assert library.restore(newest).weights.read_bytes() == b"2"


def test_the_trash_can_be_emptied(library):
    add(library, "mine")
    trashed = library.remove("mine")
    library.empty_trash()
    assert library.trashed() == []
    with pytest.raises(ModelError, match="no longer in the trash"):
        library.restore(trashed)
    library.empty_trash()


def test_vgg19_cannot_be_removed_before_it_is_there(library):
    with pytest.raises(ModelError, match="not installed"):
        library.remove("vgg19")


def test_an_export_holds_weights_and_card(library, tmp_path):
    add(library, "mine", content=b"12345")
    path = export_model(library, "mine", tmp_path / "mine.zip")
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == ["card.json", "model.keras"]
        assert archive.read("model.keras") == b"12345"
        assert json.loads(archive.read("card.json"))["id"] == "mine"
    again = export_model(library, "mine", tmp_path / "again.zip")
    assert again.read_bytes() == path.read_bytes()


def test_an_export_that_fails_leaves_the_old_file(library, tmp_path):
    add(library, "mine")
    path = tmp_path / "mine.zip"
    path.write_text("old")
    source = CancelSource()
    source.cancel()
    with pytest.raises(Cancelled):
        export_model(library, "mine", path, cancel=source.token)
    assert path.read_text() == "old"
    with pytest.raises(StorageError):
        export_model(library, "mine", tmp_path / "nowhere" / "mine.zip")
    assert not [entry for entry in library.installed.iterdir() if entry.name.startswith(".")]


def test_a_model_without_weights_file_is_not_exported(library, tmp_path):
    with pytest.raises(ModelError, match="weights not downloaded yet"):
        export_model(library, "vgg19", tmp_path / "x.zip")


def write_version_1(folder):
    """Make of a card what the first version wrote."""
    path = folder / CARD_FILE
    document = json.loads(path.read_bytes())
    del document["task"]
    path.write_text(json.dumps(document | {"schema_version": 1}, indent=2))
    return path.read_bytes()


def test_a_card_of_version_1_is_brought_up_to_date(library):
    entry = add(library, "mine")
    write_version_1(entry.folder)
    assert library.get("mine") == entry
    document = json.loads((entry.folder / CARD_FILE).read_bytes())
    assert (document["schema_version"], document["task"]) == (CARD.version, "classification")
    assert sorted(path.name for path in entry.folder.iterdir()) == [CARD_FILE, "model.keras"]


def test_a_shipped_card_of_version_1_is_read_and_left_alone(library):
    folder = library.shipped / "everyday"
    before = write_version_1(folder)
    assert library.get("everyday").card.task == "classification"
    assert (folder / CARD_FILE).read_bytes() == before


def test_the_shipped_models_have_cards_of_this_version():
    cards = list(paths.shipped_models().glob(f"*/{CARD_FILE}"))
    assert cards
    assert {json.loads(path.read_bytes())["schema_version"] for path in cards} == {CARD.version}
    assert ModelCard.model_fields["schema_version"].default == CARD.version


def test_sweeping_tidies_up(library):
    entry = add(library, "mine")
    for folder in (library.installed, library.installed.parent, entry.folder, library.downloads):
        folder.mkdir(exist_ok=True)
        (folder / ".sightline-00.tmp").write_bytes(b"half")
    (library.trash / "20260101T000000.000000Z").mkdir(parents=True)
    (library.downloads / "weights.h5.lock").touch()
    assert library.sweep() == 6
    assert read_card(entry.folder) == entry.card
    assert library.sweep() == 0


def test_a_download_that_was_installed_before_a_kill_is_removed(library):
    library.downloads.mkdir(parents=True)
    path = library.downloads / OFFICIAL.name
    path.write_bytes(b"weights")
    assert library.sweep() == 0
    assert path.exists()
    library.add(vgg19_card(verified=True, origin="downloaded"), lambda target: target.write_bytes(b"other"))
    assert library.sweep() == 0
    assert path.exists()
    library.add(vgg19_card(verified=True, origin="downloaded"), path)
    assert library.sweep() == 1
    assert not path.exists()


def add_imported(library, model_id="mine", **values):
    return library.add(
        card(model_id).changed(origin="imported", **values), lambda path: path.write_bytes(b"w")
    )


def test_the_pixels_of_an_imported_model_can_be_changed(library):
    add_imported(library)
    before = library.stamp("mine")
    assert library.set_input("mine", {"preprocessing": "imagenet"}).input.preprocessing == "imagenet"
    assert library.get("mine").card.input.preprocessing == "imagenet"
    assert library.stamp("mine") != before  # so that whoever has loaded it loads it again
    assert library.get("mine").problem == ""


def test_those_of_other_models_cannot(library):
    add(library, "trained")
    add_imported(library, "packed", recipe="resnet-small")
    for model_id in ("everyday", "trained", "packed"):
        with pytest.raises(ModelError, match="its pixels are known"):
            library.set_input(model_id, {"preprocessing": "unit"})
        assert library.get(model_id).card.input.preprocessing == "none"
    with pytest.raises(UnknownModel):
        library.set_input("gone", {"preprocessing": "unit"})
    with pytest.raises(ModelError, match="cannot be changed"):
        library.set_input("vgg19", {"preprocessing": "unit"})


def test_grey_pictures_cannot_have_the_means_of_colours(library):
    add_imported(library, input=InputSpec(height=8, width=8, channels=1).model_dump())
    with pytest.raises(UsageError, match="grey"):
        library.set_input("mine", {"preprocessing": "vgg19"})
    assert library.set_input("mine", {"preprocessing": "symmetric"}).input.preprocessing == "symmetric"
