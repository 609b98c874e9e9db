"""Names of classes beside boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_app.core.datasets.boxes.class_lists import class_names, names_in_yaml

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text",
    [
        "names: [cat, dog]",
        "train: a\nnc: 2\nnames: ['cat', \"dog\"]  # two",
        "names:\n- cat\n- dog\nnc: 2",
        "names:\n  - cat\n  - 'dog'\n",
        "names:\n  0: cat  # a\n  1: dog\ntrain: x",
        "names: {0: cat, 1: dog}",
        "names: [\n  'cat',\n  'dog',\n]\nnc: 2",
    ],
)
def test_every_way_to_list_names(text: str) -> None:
    assert names_in_yaml(text) == {0: "cat", 1: "dog"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("nc: 2", {}),
        ("names:", {}),
        ("names: ['a, b', c]", {0: "a, b", 1: "c"}),
        ("names: [a#b]", {0: "a#b"}),
    ],
)
def test_odd_lists(text: str, names: dict[int, str]) -> None:
    assert names_in_yaml(text) == names


def test_the_first_file_that_has_them(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "other.yaml").write_text("lr: 0.1\n")
    (tmp_path / "a" / "classes.txt").write_text("cat\ndog\n\n")
    assert class_names([tmp_path, tmp_path / "a"]) == {0: "cat", 1: "dog"}
    (tmp_path / "data.yaml").write_text("names: [x, y]\n")
    assert class_names([tmp_path, tmp_path / "a"]) == {0: "x", 1: "y"}
    assert class_names([tmp_path / "gone"]) == {}
