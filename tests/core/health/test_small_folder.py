"""Class folders are cut from pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.health.small_folder import SUBSETS, write_small_folder


def test_every_class_has_pictures_in_every_part_and_none_is_there_twice(tmp_path):
    random = np.random.default_rng(0)
    pictures = {
        Path(f"/samples/{name}.jpg"): random.integers(0, 256, (60, 90, 3), np.uint8)
        for name in ("cat", "dog")
    }
    write_small_folder(tmp_path / "data", pictures)
    report = examine(tmp_path / "data")
    assert [entry.name for entry in report.classes] == ["cat", "dog"]
    assert not report.problems
    parts = [example.part for example in report.examples]
    expected = {subset: 2 * count for subset, count in SUBSETS.items()}
    assert {subset: parts.count(subset) for subset in SUBSETS} == expected
    files = [path.read_bytes() for path in (tmp_path / "data").rglob("*.png")]
    assert len(set(files)) == len(files)
