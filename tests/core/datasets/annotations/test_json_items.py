"""JSON documents item by item."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from desktop_app.core.datasets.annotations import json_items
from desktop_app.core.datasets.annotations.json_items import items_of
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled

if TYPE_CHECKING:
    from pathlib import Path


def _items(path: Path, text: str) -> list[tuple[str, object, bool]]:
    path.write_text(text)
    return [tuple(item) for item in items_of(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.json"


def test_members_and_items_of_arrays(path: Path) -> None:
    text = '{"a": 1, "b": [{"c": 2}, {"c": 3}], "d": ["x", "y"], "e": [], "f": {"g": 4}}'
    assert _items(path, text) == [
        ("a", 1, False),
        ("b", {"c": 2}, True),
        ("b", {"c": 3}, True),
        ("d", ["x", "y"], False),
        ("e", [], False),
        ("f", {"g": 4}, False),
    ]


def test_an_array_and_lines(path: Path) -> None:
    expected = [("", {"a": 1}, True), ("", {"a": 2}, True)]
    assert _items(path, '[{"a": 1}, {"a": 2}]') == expected
    assert _items(path, '{"a": 1}\n{"a": 2}\n') == expected


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64])
def test_values_across_the_pieces_that_are_read(
    piece: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_items, "_PIECE", piece)
    document = {
        "numbers": [1234567, 2.5e10, -0.25, 7],
        "words": [{"ü": "a\\u00e9\n"}, {"b": None}],
        "last": 42,
    }
    items = _items(path, json.dumps(document))
    assert items == [
        ("numbers", [1234567, 2.5e10, -0.25, 7], False),
        ("words", {"ü": "a\\u00e9\n"}, True),
        ("words", {"b": None}, True),
        ("last", 42, False),
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "[1, ", '{"a" 1}', "{} x", "nothing", '{"a": [}', "[" * 100_000, "{1: 2}", '"text"']
)
def test_what_is_no_document_is_said(text: str, path: Path) -> None:
    with pytest.raises(DatasetError, match=r"a\.json is no valid JSON document"):
        _items(path, text)


def test_the_limits_are_these() -> None:
    assert json_items.MAX_ITEM == 16_000_000


def test_an_item_that_never_ends_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_items, "MAX_ITEM", 100)
    monkeypatch.setattr(json_items, "_PIECE", 10)
    with pytest.raises(DatasetError, match="no valid JSON"):
        _items(path, '["' + "a" * 1_000)


def test_it_can_be_cancelled(path: Path) -> None:
    path.write_text("[1, 2]")
    source = CancelSource()
    source.cancel()
    with pytest.raises(Cancelled):
        list(items_of(path, source.token))
