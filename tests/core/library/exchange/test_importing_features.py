"""The features of training pictures travel with a model, checked."""

from __future__ import annotations

import hashlib
import json
import zipfile

import numpy as np
import pytest

from desktop_app.core.classify.loader import check_answers
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.card_limits import CARD_FILE, FEATURES_FILE
from desktop_app.core.library.exchange import packages
from desktop_app.core.library.exchange.exporting import export_model
from desktop_app.core.library.exchange.importing import import_model
from desktop_app.core.library.feature_bank import read_bank
from desktop_app.core.library.inspection.containers.archive import Archive
from desktop_app.core.library.store import Library
from tests.feature_model import feature_network, install_feature_model, red_and_green
from tests.keras_file import write_zip


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")


@pytest.fixture
def with_bank(library, tmp_path, engine):
    """Export a model with the features of its training pictures."""
    install_feature_model(library)
    return export_model(library, "colours", tmp_path / "colours.sightline")


def repacked(package, path, change):
    """Write a package again after a change of its members, name to content."""
    with zipfile.ZipFile(package) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    write_zip(path, members)
    return path


def describe_bank(members, **fields):
    card = json.loads(members[CARD_FILE])
    card["bank"] |= fields
    members[CARD_FILE] = json.dumps(card).encode()


@pytest.mark.engine
def test_the_features_of_training_pictures_come_along(library, with_bank, tmp_path):
    library.remove("colours")
    card = import_model(library, with_bank, cancel=NEVER)
    assert card.bank == red_and_green().facts()
    assert read_bank(library.get(card.id)).data() == red_and_green().data()
    again = export_model(library, card.id, tmp_path / "again.sightline")
    with zipfile.ZipFile(with_bank) as before, zipfile.ZipFile(again) as after:
        assert before.read(FEATURES_FILE) == after.read(FEATURES_FILE) == red_and_green().data()


def replace_numbers(value, rows=40, width=3):
    def change(members):
        data = np.full((rows, width), value, "<f2").tobytes()
        members[FEATURES_FILE] = data
        describe_bank(members, rows=rows, width=width, sha256=hashlib.sha256(data).hexdigest())

    return change


def forget_the_bank(members):
    card = json.loads(members[CARD_FILE])
    card["bank"] = None
    members[CARD_FILE] = json.dumps(card).encode()


@pytest.mark.engine
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda members: describe_bank(members, width=4), "another size than its card says"),
        (lambda members: describe_bank(members, rows=39), "another size than its card says"),
        (replace_numbers(0.25, width=6), "no layer with the 6 features"),
        (lambda members: members.update({FEATURES_FILE: bytes(240)}), "its checksum is not"),
        (replace_numbers(np.nan), "not a number"),
        (replace_numbers(5.0), "longer than 1"),
        (lambda members: members.pop(FEATURES_FILE), "which it does not contain"),
        (forget_the_bank, "which its card does not name"),
        (lambda members: describe_bank(members, threshold=-1), "its card is not valid: bank.threshold"),
        (lambda members: describe_bank(members, rows=90_000, width=90_000), "its card is not valid: bank"),
    ],
)
def test_hostile_features_are_refused(library, with_bank, tmp_path, change, why):
    package = repacked(with_bank, tmp_path / "hostile.sightline", change)
    before = [entry.model_id for entry in library.entries()]
    with pytest.raises(ModelError, match="is refused") as refusal:
        import_model(library, package, check=check_answers, cancel=NEVER)
    assert why in str(refusal.value)
    assert [entry.model_id for entry in library.entries()] == before


@pytest.mark.engine
def test_features_above_the_limit_are_refused_by_their_header(library, with_bank, monkeypatch):
    monkeypatch.setitem(packages._WITH_BANK, FEATURES_FILE, 239)
    monkeypatch.setattr(Archive, "read", lambda *_: pytest.fail("nothing is read"))
    with pytest.raises(ModelError, match=r"features\.f16 claims to have"):
        import_model(library, with_bank, cancel=NEVER)


@pytest.mark.engine
def test_a_network_without_the_layer_is_refused(library, with_bank, tmp_path):
    other = tmp_path / "other.keras"
    feature_network("others").save(other)
    change = {"model.keras": other.read_bytes()}
    package = repacked(with_bank, tmp_path / "other.sightline", lambda members: members.update(change))
    with pytest.raises(ModelError, match="no layer with the 3 features"):
        import_model(library, package, check=check_answers, cancel=NEVER)
