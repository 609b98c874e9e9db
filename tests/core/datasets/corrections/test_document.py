from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from desktop_app.core.datasets.corrections.document import (
    CORRECTIONS,
    Correction,
    Corrections,
)
from desktop_app.core.datasets.decision import relabel
from desktop_app.core.datasets.stored_names import path_of, stored_name

DIGEST = "0" * 64
FOLDER = Path("/data").absolute()


def entry(path, action="exclude", label=""):
    return Correction(path=path, sha256=DIGEST, action=action, label=label)


@pytest.mark.parametrize("name", ["cats/1.png", "cats/a b.png", "cats/100%.png", "käse/日本.png"])
def test_a_path_is_stored_inside_the_folder_and_found_again(name):
    stored = stored_name(FOLDER / name, FOLDER)
    assert not Path(stored).is_absolute()
    assert path_of(stored, FOLDER) == FOLDER / name


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text_is_stored_too():
    path = FOLDER / os.fsdecode(b"cats/\xff.png")
    assert path_of(stored_name(path, FOLDER), FOLDER) == path


def test_a_path_elsewhere_is_kept_whole():
    elsewhere = Path("/other/1.png").absolute()
    assert path_of(stored_name(elsewhere, FOLDER), FOLDER) == elsewhere


@pytest.mark.parametrize(("action", "label"), [("relabel", ""), ("exclude", "cats"), ("keep", "cats")])
def test_only_a_relabeled_picture_has_a_class(action, label):
    with pytest.raises(ValidationError):
        entry("cats/1.png", action, label)


def test_changes_replace_and_take_back_by_path():
    first = Corrections(data=FOLDER).changed({"b": entry("b"), "a": entry("a")})
    assert [found.path for found in first.corrections] == ["a", "b"]
    second = first.changed({"a": None, "b": entry("b", "relabel", "dogs"), "c": None})
    assert [(found.path, found.decision) for found in second.corrections] == [("b", relabel("dogs"))]


def test_the_version_that_is_written_is_the_newest():
    assert Corrections(data=FOLDER).schema_version == CORRECTIONS.version
