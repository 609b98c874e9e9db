"""Sums over kinds, and which of them is read first."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.kinds.kind import reads_first
from desktop_app.core.kinds.sums import kind_sums
from desktop_app.core.kinds.tree import kind_tree
from desktop_app.core.library.imagenet_labels import imagenet_labels

LABELS = [entry.label for entry in imagenet_labels()]
IDS = [entry.class_id for entry in imagenet_labels()]
SUMS = kind_sums(IDS)


def row(**probabilities):
    """Spread what is left over classes far apart."""
    found = np.zeros(1000)
    for label, probability in probabilities.items():
        found[LABELS.index(label)] = probability
    rest = [place for place in range(600, 1000, 4) if not found[place]]
    found[rest] += (1 - found.sum()) / len(rest)
    return found


@pytest.mark.parametrize("sharpness", [0.0, 1.0, 5.0, 20.0])
def test_sums_never_exceed_one_and_count_nothing_twice(sharpness):
    dice = np.random.default_rng(int(sharpness))
    members = kind_tree().members
    for _ in range(50):
        logits = dice.normal(size=1000) * sharpness
        probabilities = np.exp(logits - logits.max())
        probabilities /= probabilities.sum()
        sums = SUMS.sums(probabilities)
        by_id = dict(zip(IDS, probabilities.tolist(), strict=True))
        for name, total in zip(SUMS.names, sums.tolist(), strict=True):
            assert total <= 1.0
            assert total == pytest.approx(sum(by_id[entry] for entry in members[name]), abs=1e-12)
        kind = SUMS.choose(probabilities)
        if kind is not None:
            assert 0 <= kind.probability <= 1
            assert kind.classes == len(members[kind.name])
        again = kind and SUMS.kind(kind.name, kind.probability, float(probabilities.max()))
        assert again == kind  # a job keeps no more than these


@pytest.mark.parametrize("count", [1, 2, 5, 32])
def test_a_picture_has_the_same_sums_alone_and_beside_others(count):
    probabilities = np.random.default_rng(count).dirichlet(np.full(1000, 0.01), size=count)
    together = SUMS.sums(probabilities)
    for row_of_many, alone in zip(together, probabilities, strict=True):
        assert np.array_equal(row_of_many, SUMS.sums(alone))
    assert SUMS.choose_each(probabilities) == [SUMS.choose(alone) for alone in probabilities]


def test_no_picture_has_no_kind():
    assert SUMS.choose_each(np.zeros((0, 1000))) == []


def test_a_certain_class_gives_its_kinds_one_and_all_others_zero():
    sums = dict(zip(SUMS.names, SUMS.sums(np.eye(1000)[LABELS.index("tabby")]).tolist(), strict=True))
    assert {name for name, total in sums.items() if total == 1} == {"cat", "mammal", "animal"}
    assert set(sums.values()) == {0.0, 1.0}


def test_several_cats_are_a_cat():
    kind = SUMS.choose(row(Egyptian_cat=0.41, tabby=0.38, tiger_cat=0.07, lynx=0.05))
    assert (kind.name, kind.classes, kind.first) == ("cat", 5, True)
    assert kind.probability == pytest.approx(0.86)
    assert kind.figure == "cat, 86.0%"
    assert kind.together == "all 5 kinds of cat together"


def test_a_sure_class_comes_first_with_its_kind_beside_it():
    kind = SUMS.choose(row(golden_retriever=0.92, Labrador_retriever=0.05))
    assert (kind.name, kind.first) == ("dog", False)
    assert kind.probability == pytest.approx(0.97)


def test_a_kind_that_adds_nothing_is_not_first():
    kind = SUMS.choose(row(goldfish=0.72, tench=0.01, gar=0.01))
    assert (kind.name, kind.first) == ("fish", False)
    kind = SUMS.choose(row(goldfish=0.55, ice_bear=0.4))
    assert (kind.name, kind.first) == ("fish", False), "animal would say less than the goldfish"


def test_the_broader_kind_comes_first_where_the_narrow_one_is_not_likely():
    kind = SUMS.choose(row(tabby=0.25, golden_retriever=0.24, hamster=0.24, lynx=0.2))
    assert (kind.name, kind.first) == ("mammal", True)


def test_many_classes_of_a_kind_outweigh_another_class_at_the_top():
    dogs = ["golden_retriever", "Labrador_retriever", "kuvasz", "Great_Pyrenees", "Samoyed", "clumber"]
    kind = SUMS.choose(row(bucket=0.2, **dict.fromkeys(dogs, 0.12)))
    assert (kind.name, kind.first) == ("dog", True)


def test_nothing_likely_keeps_the_kind_of_the_best_class_in_the_background():
    kind = SUMS.choose(row(tabby=0.2, bucket=0.15, acoustic_guitar=0.15))
    assert (kind.name, kind.first) == ("cat", False)
    assert SUMS.choose(row(bucket=0.3)) is None


@pytest.mark.parametrize(
    ("top", "together", "first"),
    [(0.79, 0.9, True), (0.8, 0.99, False), (0.3, 0.49, False), (0.3, 0.5, True), (0.6, 0.69, False)],
)
def test_the_rule(top, together, first):
    assert reads_first(top, together) is first


@pytest.mark.parametrize(
    "ids",
    [
        ["cats", "dogs"],
        ["n02123045", "dogs"],
        ["n02123045", "n99999999"],
        ["n02123045", "n02124075"],  # all of them cats
        ["n02123045", "n02099601"],  # one of each, and all mammals
    ],
)
def test_other_models_have_no_kinds(ids):
    assert kind_sums(ids) is None


def test_a_part_of_imagenet_has_the_kinds_that_it_can_tell_apart():
    sums = kind_sums(["n02123045", "n02124075", "n02099601"])
    assert sums.names == ("cat",)
    kind = sums.choose(np.array([0.5, 0.3, 0.2]))
    assert (kind.name, kind.classes, kind.first) == ("cat", 2, True)
