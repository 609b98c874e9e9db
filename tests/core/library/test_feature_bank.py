"""What is far from the training pictures is unlike them; the file of their features is checked in full."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.card import MAX_BANK_BYTES, BankFacts, read_card
from desktop_app.core.library.card_limits import FEATURES_FILE
from desktop_app.core.library.feature_bank import (
    MAX_ROWS,
    MIN_PICTURES,
    DamagedBank,
    FeatureBank,
    bank_from,
    measured,
    read_bank,
)
from desktop_app.core.library.store import Library
from tests.feature_model import BLUE, GREEN, RED, known_features, red_and_green
from tests.tiny_model import colour_card

NOTHING = np.empty((0, 3))


def around(centre, count, spread=0.05, seed=0):
    return np.random.default_rng(seed).normal(centre, spread, (count, len(centre))).astype(np.float32)


def test_an_outlier_of_two_tight_clusters_is_unlike():
    distances = red_and_green().distances(np.array([RED, GREEN, BLUE, (130, 130, 10)], float))
    assert (distances[:2] < 1).all()
    assert (distances[2:] > 50).all()


def test_the_length_of_features_does_not_count():
    bank = red_and_green()
    np.testing.assert_allclose(
        bank.distances(np.array([RED], float)), bank.distances(np.array([RED]) * 1e-4), atol=1e-3
    )
    assert bank.distances(np.zeros((1, 3)))[0] > 1


def test_the_distance_is_that_to_the_neighbour_of_the_rank():
    angles = np.radians([0, 1, 2, 3, 4, 90])
    rows = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    distance = FeatureBank(rows, 5, 0.5).distances(np.array([[1.0, 0.0]]))
    np.testing.assert_allclose(distance, (1 - np.cos(np.radians(4))) / 0.5, atol=1e-6)


@pytest.mark.parametrize("fresh", [0, 200])
def test_about_one_new_picture_in_twenty_of_the_same_classes_is_a_false_alarm(fresh):
    centre = np.ones(8)
    bank = measured(around(centre, 400), around(centre, fresh, seed=1), 200)
    alarms = (bank.distances(around(centre, 4000, seed=2)) > 1).mean()
    assert 0.01 < alarms < 0.08


def test_new_pictures_count_where_the_network_knows_its_training_pictures_too_well():
    learned, fresh = around(np.ones(8), 100, 0.001), around(np.ones(8), 100, 0.2, seed=1)
    blind = measured(learned, np.empty((0, 8)), 50, tuned=True)
    seeing = measured(learned, fresh, 50, tuned=True)
    new = around(np.ones(8), 1000, 0.2, seed=2)
    assert (blind.distances(new) > 1).mean() > 0.9
    assert (seeing.distances(new) > 1).mean() < 0.1


@pytest.mark.parametrize(("smallest", "neighbours"), [(3, 1), (99, 1), (200, 2), (5000, 3)])
def test_small_classes_are_compared_with_fewer_neighbours(smallest, neighbours):
    assert measured(known_features(), NOTHING, smallest).neighbours == neighbours


def test_too_few_pictures_say_nothing():
    features = known_features()
    assert measured(features[: MIN_PICTURES - 1], NOTHING, 5) is None
    assert measured(features[:MIN_PICTURES], NOTHING, 5) is not None


def test_identical_features_have_a_threshold_too():
    bank = measured(np.ones((30, 4)), np.empty((0, 4)), 15)
    assert bank.threshold > 0
    assert bank.distances(np.ones((1, 4)))[0] < 1


def test_the_file_gives_the_same_bank():
    bank = red_and_green()
    again = bank_from(bank.data(), bank.facts())
    np.testing.assert_array_equal(again.rows, bank.rows)
    assert (again.neighbours, again.threshold) == (bank.neighbours, bank.threshold)


def with_rows(rows):
    """Data and facts of rows that no training has made; the sum is right."""
    data = np.asarray(rows, "<f2").tobytes()
    facts = BankFacts(
        rows=len(rows),
        width=rows.shape[1],
        neighbours=1,
        threshold=0.1,
        sha256=hashlib.sha256(data).hexdigest(),
    )
    return data, facts


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda data, facts: (data[:-2], facts), "another size"),
        (lambda data, facts: (data + b"\0\0", facts), "another size"),
        (lambda data, facts: (data, facts.model_copy(update={"width": 4})), "another size"),
        (lambda data, facts: (bytes(len(data)), facts), "checksum"),
        (lambda *_: with_rows(np.full((2, 3), np.nan)), "not a number"),
        (lambda *_: with_rows(np.full((2, 3), np.inf)), "not a number"),
        (lambda *_: with_rows(np.full((2, 3), 100.0)), "longer than 1"),
    ],
)
def test_other_files_are_damaged(change, what):
    bank = red_and_green()
    data, facts = change(bank.data(), bank.facts())
    with pytest.raises(DamagedBank, match=what):
        bank_from(data, facts)


@pytest.mark.parametrize(
    "fields",
    [
        {"rows": 100_000, "width": 100_000},
        {"rows": MAX_BANK_BYTES // 2 + 1, "width": 1},
        {"rows": 0},
        {"neighbours": 41},
        {"neighbours": 0},
        {"threshold": 0.0},
        {"threshold": float("inf")},
        {"threshold": float("nan")},
        {"sha256": "x"},
    ],
)
def test_a_card_cannot_describe_an_impossible_bank(fields):
    card = colour_card().changed(bank=red_and_green().facts())
    with pytest.raises(ValueError, match="bank"):
        card.changed(bank=card.bank.model_dump() | fields)


def test_the_limits_are_these():
    assert MAX_BANK_BYTES == 8 * 1024 * 1024
    assert MAX_ROWS * 1280 * 2 < MAX_BANK_BYTES


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")


def add(library, bank):
    return library.add(colour_card(), lambda path: path.write_bytes(b"weights"), bank=bank)


def test_the_library_keeps_it_beside_the_weights(library):
    entry = add(library, red_and_green())
    assert entry.card.bank == red_and_green().facts() == read_card(entry.folder).bank
    np.testing.assert_array_equal(read_bank(entry).rows, red_and_green().rows)
    assert sorted(path.name for path in entry.folder.iterdir()) == ["card.json", FEATURES_FILE, "model.keras"]
    again = add(library, None)
    assert (again.card.bank, read_bank(again)) == (None, None)
    assert not (again.folder / FEATURES_FILE).exists()


def test_a_missing_or_changed_file_is_named(library):
    entry = add(library, red_and_green())
    path = entry.folder / FEATURES_FILE
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(ModelError, match=r"features\.f16 is damaged") as error:
        read_bank(entry)
    assert "import" in error.value.advice
    path.unlink()
    with pytest.raises(ModelError, match="damaged"):
        read_bank(entry)
    assert library.get("colours").problem == f"its file {FEATURES_FILE} is missing"
