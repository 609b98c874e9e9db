"""Proofs about labels, amounts and features; `test_proof` has those about classes."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.inference.engine_record import key_of
from desktop_app.core.inference.proof import prove
from desktop_app.core.library.proof import Proof
from tests.meanings import AMOUNTS, FEATURES, LABELS, card_of
from tests.tiny_model import colour_card

RANDOM = np.random.default_rng(3)
ROWS = RANDOM.uniform(0.02, 0.98, (40, 3))


def proof(changes, expected, found, precision="float32"):
    return prove(
        (expected, None),
        (found, None),
        precision=precision,
        engine="OpenVINO 1",
        reference_name="TensorFlow 2",
        processor="any",
        card=card_of(changes),
    )


def test_each_label_is_compared_by_itself():
    other = ROWS.copy()
    other[7, 2] += 0.001
    found = proof(LABELS, ROWS, other)
    assert found.largest_difference == pytest.approx(0.001)
    assert not found.holds
    assert proof(LABELS, ROWS, ROWS + 1e-5).holds


def test_a_label_on_the_other_side_of_its_own_threshold_is_found():
    expected, other = ROWS.copy(), ROWS.copy()
    expected[5], other[5] = (0.1, 0.925, 0.1), (0.1, 0.895, 0.1)  # green counts from 0.9 on
    found = proof(LABELS, expected, other, "bfloat16")
    assert (found.top1, found.clear_agree) == (39 / 40, False)
    expected[5, 1] = 0.915  # less clear than the margin
    assert proof(LABELS, expected, other, "bfloat16").clear_agree


@pytest.mark.parametrize("size", [1e-6, 1, 1e6])
def test_amounts_are_compared_by_their_size(size):
    expected = size * ROWS
    largest = expected.max(axis=0)
    assert proof(AMOUNTS, expected, expected + 5e-5 * largest).holds
    found = proof(AMOUNTS, expected, expected + 5e-4 * largest)
    assert found.largest_difference == pytest.approx(5e-4)
    assert not found.holds
    assert not proof(AMOUNTS, expected, expected + 0.01 * largest, "bfloat16").holds
    assert "0.1% of the largest amount" in found.words


def test_an_amount_that_is_always_zero_must_stay_so():
    zero = np.zeros((40, 3))
    assert proof(AMOUNTS, zero, zero).holds
    assert proof(AMOUNTS, zero, zero + 1e-9).largest_difference == 1


def test_features_are_compared_by_their_length_and_by_what_is_similar():
    rows = RANDOM.normal(size=(40, 3))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert proof(FEATURES, rows, rows).holds
    other = rows.copy()
    other[3] = -other[3]
    found = proof(FEATURES, rows, other)
    assert (found.largest_difference, found.holds) == (1, False)
    assert found.top1 < 1


def test_a_comparison_is_of_a_task():
    plain = {name: value for name, value in LABELS.items() if name == "task"}
    assert key_of(card_of(plain)) != key_of(colour_card())
    assert key_of(card_of(LABELS)) == key_of(card_of(LABELS | {"thresholds": (0.1, 0.2, 0.3)}))


def test_proofs_about_classes_are_written_as_ever():
    """So that the records of earlier builds, whose marks are of the text, are still theirs."""
    about_classes = proof({}, ROWS, ROWS)
    assert "task" not in about_classes.model_dump_json()
    assert Proof.model_validate_json(about_classes.model_dump_json()) == about_classes
    about_amounts = proof(AMOUNTS, ROWS, ROWS)
    assert Proof.model_validate_json(about_amounts.model_dump_json()) == about_amounts
