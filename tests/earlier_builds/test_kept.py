"""The kept files are as they were made, small, and reveal nothing about the computer that made them."""

from __future__ import annotations

import csv
import hashlib
import re

from tests.earlier_builds.kept import SCHEMA_1

MOST_BYTES = 640_000
_NEUTRAL = re.compile(rb"/sightline/(app|pictures|filed)\b")
_OF_A_COMPUTER = re.compile(rb"(?<![\w.:/-])/(work|root|home|tmp|usr|opt|Users|var|mnt)/|[A-Z]:\\\\")
_TEXT = {".json", ".csv", ".txt", ".journal"}


def kept_files():
    return sorted(path for path in SCHEMA_1.rglob("*") if path.is_file() and path.name != "sums.csv")


def test_no_file_was_changed_added_or_lost():
    with (SCHEMA_1 / "sums.csv").open(newline="", encoding="utf-8") as file:
        sums = dict(csv.reader(file))
    found = {
        path.relative_to(SCHEMA_1).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept_files()
    }
    assert found == sums


def test_they_are_small():
    assert sum(path.stat().st_size for path in kept_files()) < MOST_BYTES


def test_they_hold_no_path_of_a_computer():
    for path in kept_files():
        content = path.read_bytes()
        if path.suffix in _TEXT or content.startswith(b"SQLite format 3"):
            assert not _OF_A_COMPUTER.search(_NEUTRAL.sub(b"", content)), path
