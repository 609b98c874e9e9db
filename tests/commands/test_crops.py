"""``sightline crops``: what it writes, and what it says."""

from __future__ import annotations

import json

from desktop_app.cli import main
from tests.core.datasets.boxes import box_sets


def test_crops_are_made_and_counted(tmp_path, capsys):
    box_sets.coco(tmp_path / "set")
    assert main(["crops", str(tmp_path / "set"), str(tmp_path / "crops")]) == 0
    first, *classes, advice = capsys.readouterr().out.splitlines()
    assert first == f"6 crops of 2 classes from 3 pictures in {tmp_path / 'crops'}."
    assert classes == ["  cat: 3", "  dog: 3"]
    assert advice == "To keep the crops of a picture in one split, train with --group 'name:^(.+)_'."
    assert len(list((tmp_path / "crops" / "dog").iterdir())) == 3


def test_json_has_the_counts(tmp_path, capsys):
    box_sets.coco(tmp_path / "set")
    words = ["crops", str(tmp_path / "set"), str(tmp_path / "crops"), "--format", "json", "--min-side", "14"]
    assert main(words) == 2
    assert "only one class (dog)" in capsys.readouterr().err
    words[-1] = "13"
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["crops"], found["pictures"], found["small_boxes"]) == (6, 3, 0)
    assert found["classes"] == {"cat": 3, "dog": 3}


def test_unreadable_pictures_are_named(tmp_path, capsys):
    box_sets.coco(tmp_path / "set")
    (tmp_path / "set/images/a.png").write_bytes(b"nothing")
    assert main(["crops", str(tmp_path / "set"), str(tmp_path / "crops")]) == 1
    shown = capsys.readouterr()
    assert "a.png: This is not a picture" in shown.err
    assert "4 crops of 2 classes from 2 pictures" in shown.out


def test_data_without_boxes_are_refused(tmp_path, capsys):
    box_sets.pictures(tmp_path / "set")
    assert main(["crops", str(tmp_path / "set"), str(tmp_path / "crops")]) == 2
    assert "No boxes around objects" in capsys.readouterr().err
