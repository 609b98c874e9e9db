"""The kept files are as they were made, small, and reveal nothing about the computer that made them."""

from __future__ import annotations

import csv
import hashlib
import re

import pytest

from tests.earlier_builds.kept import SCHEMA_1, SCHEMA_2

MOST_BYTES = 640_000
_NEUTRAL = re.compile(rb"/sightline/(app|pictures|filed)\b")
_OF_A_COMPUTER = re.compile(rb"(?<![\w.:/-])/(work|root|home|tmp|usr|opt|Users|var|mnt)/|[A-Z]:\\\\")
_TEXT = {".json", ".csv", ".txt", ".journal"}
BUILDS = (SCHEMA_1, SCHEMA_2)


def kept_files(build):
    return sorted(path for path in build.rglob("*") if path.is_file() and path.name != "sums.csv")


@pytest.mark.parametrize("build", BUILDS)
def test_no_file_was_changed_added_or_lost(build):
    with (build / "sums.csv").open(newline="", encoding="utf-8") as file:
        sums = dict(csv.reader(file))
    found = {
        path.relative_to(build).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept_files(build)
    }
    assert found == sums


@pytest.mark.parametrize("build", BUILDS)
def test_they_are_small(build):
    assert sum(path.stat().st_size for path in kept_files(build)) < MOST_BYTES


@pytest.mark.parametrize("build", BUILDS)
def test_they_hold_no_path_of_a_computer(build):
    for path in kept_files(build):
        content = path.read_bytes()
        if path.suffix in _TEXT or content.startswith(b"SQLite format 3"):
            assert not _OF_A_COMPUTER.search(_NEUTRAL.sub(b"", content)), path
