"""Encodings are recognised, and limits kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_app.core.datasets.annotations import text_file
from desktop_app.core.datasets.annotations.text_file import encoding_of, lines, open_text
from desktop_app.core.datasets.report import DatasetError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Name,Wert\r\nÄpfel,größer\r\n"


@pytest.mark.parametrize(
    ("written", "recognised"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("latin-1", "cp1252"),
        ("ascii", "utf-8"),
    ],
)
def test_every_encoding_gives_the_same_text(written: str, recognised: str, tmp_path: Path) -> None:
    text = TEXT if written != "ascii" else "Name,Wert\r\n"
    (tmp_path / "a.csv").write_bytes(text.encode(written))
    assert encoding_of(tmp_path / "a.csv") == recognised
    with open_text(tmp_path / "a.csv", recognised) as file:
        assert file.read() == text


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "MAX_LINE", 100)
    (tmp_path / "a.csv").write_text("short\n" + "a" * 200)
    with (
        open_text(tmp_path / "a.csv", "utf-8") as file,
        pytest.raises(DatasetError, match=r"a\.csv: line 2 has more than 100 characters"),
    ):
        list(lines(file, "a.csv"))


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "MAX_BYTES", 1_000)
    (tmp_path / "a.csv").write_text("a" * 1_001)
    with pytest.raises(DatasetError, match=r"a\.csv has more than 1\.0 kB"):
        encoding_of(tmp_path / "a.csv")


def test_the_limits_are_these() -> None:
    assert (text_file.MAX_BYTES, text_file.MAX_LINE) == (2_000_000_000, 4_000_000)
