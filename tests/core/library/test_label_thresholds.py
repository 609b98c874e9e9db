"""From which probability on labels are right can be changed, for one of them or all."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import ModelError, UsageError
from desktop_app.core.library.card import read_card
from desktop_app.core.library.label_thresholds import changed_thresholds
from desktop_app.core.library.store import Library
from tests.meanings import AMOUNTS, LABELS, card_of

CARD = card_of(LABELS)


@pytest.mark.parametrize(
    ("changes", "thresholds"),
    [
        ({"red": 0.4}, (0.4, 0.9, 0.5)),
        ({"id-green": 0.2}, (0.5, 0.2, 0.5)),
        ({None: 0.7}, (0.7, 0.7, 0.7)),
        ({"blue": 1, None: 0}, (0, 0, 1)),
    ],
)
def test_some_or_all(changes, thresholds):
    assert changed_thresholds(CARD, changes) == thresholds


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pink": 0.4}, "no label 'pink'"),
        ({"red": 1.5}, "of red is 1.5, not between 0 and 1"),
        ({None: float("nan")}, "is nan, not between"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, words):
    with pytest.raises(UsageError, match=words):
        changed_thresholds(CARD, changes)


def test_an_id_tells_labels_of_the_same_name_apart():
    classes = [{"class_id": name, "label": "jay"} for name in ("a", "b", "c")]
    card = card_of(LABELS | {"classes": classes})
    assert changed_thresholds(card, {"b": 0.1}) == (0.5, 0.1, 0.5)
    with pytest.raises(UsageError, match="several labels 'jay'"):
        changed_thresholds(card, {"jay": 0.1})


def test_only_labels_have_thresholds():
    with pytest.raises(UsageError, match="gives amounts: it has no thresholds"):
        changed_thresholds(card_of(AMOUNTS), {None: 0.5})


def test_the_card_keeps_them(tmp_path):
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    library.add(card_of(LABELS), lambda path: path.write_bytes(b"weights"))
    library.set_thresholds("colours", {"red": 0.25})
    assert read_card(tmp_path / "models" / "colours").thresholds == (0.25, 0.9, 0.5)
    (tmp_path / "models" / "colours").rename(tmp_path / "shipped")
    shipped = Library(tmp_path, tmp_path / "none", tmp_path / "trash")
    with pytest.raises(ModelError, match="built in"):
        shipped.set_thresholds("shipped", {"red": 0.25})
