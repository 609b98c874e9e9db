"""The cache of features: what it remembers, and that it is never a reason to fail."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

from desktop_app.core.features import cache as module
from desktop_app.core.features.cache import FeatureCache


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"some bytes")
    return path


def vector(*values):
    return np.array(values, np.float32)


def test_it_remembers_over_a_restart(tmp_path, picture):
    with FeatureCache(tmp_path / "f.db", "a", 3) as cache:
        cache.put(picture, picture.stat(), vector(1, 2, 0.5))
    with FeatureCache(tmp_path / "f.db", "a", 3) as cache:
        found = cache.get(picture, picture.stat())
    assert found.tolist() == [1, 2, 0.5]
    assert found.dtype == np.float32


def test_a_changed_file_is_not_known(tmp_path, picture):
    with FeatureCache(tmp_path / "f.db", "a", 1) as cache:
        cache.put(picture, picture.stat(), vector(1))
        picture.write_bytes(b"other bytes, and more")
        assert cache.get(picture, picture.stat()) is None


def test_features_of_another_maker_or_length_are_dropped(tmp_path, picture):
    with FeatureCache(tmp_path / "f.db", "a", 1) as cache:
        cache.put(picture, picture.stat(), vector(1))
    with FeatureCache(tmp_path / "f.db", "a", 2) as cache:
        assert cache.get(picture, picture.stat()) is None
    with FeatureCache(tmp_path / "f.db", "b", 1) as cache:
        assert cache.get(picture, picture.stat()) is None


def test_a_damaged_file_is_made_again(tmp_path, picture):
    (tmp_path / "f.db").write_bytes(b"not a database" * 1000)
    with FeatureCache(tmp_path / "f.db", "a", 1) as cache:
        cache.put(picture, picture.stat(), vector(1))
        assert cache.get(picture, picture.stat()) is not None


def test_it_is_no_reason_to_fail(tmp_path, picture):
    (tmp_path / "f.db").mkdir()
    with FeatureCache(tmp_path / "f.db", "a", 1) as cache:
        cache.put(picture, picture.stat(), vector(1))
        cache.commit()
        assert cache.get(picture, picture.stat()) is None


def test_the_rows_that_were_unused_for_longest_go(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    paths = [tmp_path / name for name in "abc"]
    for second, path in enumerate(paths):
        path.write_bytes(b"x")
        with FeatureCache(tmp_path / "f.db", "a", 1, clock=lambda second=second: second) as cache:
            cache.put(path, path.stat(), vector(second))
    with sqlite3.connect(tmp_path / "f.db") as connection:
        kept = connection.execute("SELECT path FROM feature ORDER BY used").fetchall()
    connection.close()
    assert [name for (name,) in kept] == [str(path).encode() for path in paths[1:]]
