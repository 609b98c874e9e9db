from __future__ import annotations

import pytest

from tests.earlier_builds.kept import SCHEMA_1, expected, unfold


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A folder as ``/sightline`` was, whose home is that of this test."""
    folder = tmp_path / "sightline"
    monkeypatch.setenv("SIGHTLINE_HOME", str(unfold(folder, SCHEMA_1)))
    return folder


@pytest.fixture(scope="session")
def said():
    """What the earlier build said about its files."""
    return expected(SCHEMA_1)
