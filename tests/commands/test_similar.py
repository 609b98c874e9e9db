"""``sightline similar`` and ``sightline group`` with features that stand for the network's."""

from __future__ import annotations

import csv
import io
import json

import pytest

from desktop_app.cli import main
from desktop_app.commands import similar as module
from tests.core.features.fake_compute import colour_of, make_compute, make_pictures


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "extractor", lambda _library: make_compute())
    monkeypatch.setattr(module, "naming", lambda _library: lambda means: ["paint"] * len(means))
    return make_pictures(tmp_path / "pictures", 12)


def test_the_most_similar_come_first(pictures, capsys):
    folder = pictures[0].parent
    assert main(["similar", str(pictures[1]), str(folder), "--top", "11"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 11
    assert all(line.endswith(" green.png") for line in lines)


def test_similar_pictures_as_json_and_csv(pictures, capsys):
    words = ["similar", str(pictures[1]), str(pictures[0].parent), "--top", "3", "--format"]
    main([*words, "json"])
    rows = json.loads(capsys.readouterr().out)
    assert [sorted(row) for row in rows] == [["cosine", "path"]] * 3
    main([*words, "csv"])
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["path"] for row in table] == [row["path"] for row in rows]


def test_groups_as_text(pictures, capsys):
    assert main(["group", str(pictures[0].parent)]) == 0
    lines = capsys.readouterr().out.splitlines()
    heads = [line for line in lines if not line.startswith(" ")]
    assert all("such as paint" in head for head in heads if head.startswith("Group"))
    assert len(lines) - len(heads) == len(pictures)


def test_groups_as_json_and_csv(pictures, capsys):
    main(["group", str(pictures[0].parent), "--format", "json"])
    rows = json.loads(capsys.readouterr().out)
    kinds = {}
    for row in rows:
        if row["group"] != "rest":
            kinds.setdefault(row["group"], set()).add(row["path"].split()[-1])
    assert len(rows) == len(pictures)
    assert all(len(kind) == 1 for kind in kinds.values())
    main(["group", str(pictures[0].parent), "--format", "csv"])
    assert len(list(csv.DictReader(io.StringIO(capsys.readouterr().out)))) == len(pictures)


def test_unreadable_pictures_are_counted(pictures, capsys):
    pictures[3].write_bytes(b"no picture")
    assert main(["group", str(pictures[0].parent)]) == 1
    assert "1 picture couldn't be read." in capsys.readouterr().err
    assert main(["similar", str(pictures[0]), str(pictures[0].parent)]) == 1
    assert colour_of(pictures[0]) == "red"


@pytest.mark.parametrize("place", ["none", "."])
def test_without_pictures_there_is_nothing_to_do(tmp_path, place, capsys):
    (tmp_path / "empty").mkdir()
    assert main(["group", str(tmp_path / "empty" / place)]) == 2
    assert capsys.readouterr().err
