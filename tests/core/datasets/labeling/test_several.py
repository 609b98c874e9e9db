"""Pictures with several labels: asked about, and learned as was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_app.core.datasets.answers import NO_ANSWERS
from desktop_app.core.datasets.question import DatasetQuestion
from desktop_app.core.datasets.report import DatasetError
from tests.core.datasets.labeling.label_sets import labels_of, layout_of, numbered, pictures

if TYPE_CHECKING:
    from pathlib import Path

ALL = NO_ANSWERS.changed(several="all")
FIRST = NO_ANSWERS.changed(several="first")
SETS = [("cat",), ("dog",), ("cat", "outdoor"), ("outdoor",), ("dog", "outdoor"), ()] * 4


def sets_of(folder: Path, answers=ALL) -> dict[str, frozenset[str]]:
    """The labels of each picture, by its name."""
    layout = layout_of(folder, answers)
    assert layout.combinations is not None
    return {picture.path.name: frozenset(layout.combinations[picture.label]) for picture in layout.pictures}


def _write(folder: Path, form: str) -> None:
    names = numbered(folder, len(SETS))
    rows = zip(names, SETS, strict=True)
    if form == "columns":
        lines = ["file,cat,dog,outdoor"]
        lines += [
            f"{name},{','.join(str(int(label in own)) for label in ('cat', 'dog', 'outdoor'))}"
            for name, own in rows
        ]
    elif form == "rows":
        lines = ["file,label"]
        lines += [f"{name},{label}" for name, own in rows for label in own or ("",)]
    elif form == "list":
        lines = ["file,labels"]
        lines += [f'{name},"{list(own)}"' if own else f"{name}," for name, own in rows]
    else:
        lines = ["file,labels"]
        lines += [f'{name},"{form.join(own)}"' for name, own in rows]
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")


EVERY_FORM = pytest.mark.parametrize("form", ["|", ";", ", ", "columns", "rows", "list"])


@EVERY_FORM
def test_several_labels_are_asked_about_however_they_are_written(form: str, tmp_path: Path) -> None:
    _write(tmp_path, form)
    with pytest.raises(DatasetQuestion, match="gives 8 of 20 pictures several labels") as caught:
        layout_of(tmp_path)
    question = caught.value.question
    assert question.required
    assert not question.proposed
    everything, first = question.choices
    assert (everything.option, first.option) == ("--several-labels all", "--several-labels first")
    assert "outdoor (12), cat (8), dog (8)" in everything.text
    assert "cat (8), dog (8), outdoor (4)" in first.text
    assert set(labels_of(tmp_path, first.answers).values()) == {"cat", "dog", "outdoor"}
    assert len(sets_of(tmp_path, everything.answers)) == 20


@EVERY_FORM
def test_all_labels_are_learned_at_once(form: str, tmp_path: Path) -> None:
    _write(tmp_path, form)
    expected = {f"{number:03}.png": frozenset(own) for number, own in enumerate(SETS) if own}
    assert sets_of(tmp_path) == expected
    assert layout_of(tmp_path, ALL).sentence == "3 labels, several at once, no split yet"


@EVERY_FORM
def test_the_first_of_several_labels_is_learned(form: str, tmp_path: Path) -> None:
    _write(tmp_path, form)
    expected = {f"{number:03}.png": own[0] for number, own in enumerate(SETS) if own}
    assert labels_of(tmp_path, FIRST) == expected
    assert layout_of(tmp_path, FIRST).combinations is None


@pytest.mark.parametrize("form", ["|", "columns", "rows"])
def test_pictures_without_a_label_are_asked_about_and_kept_when_asked(form: str, tmp_path: Path) -> None:
    _write(tmp_path, form)
    layout = layout_of(tmp_path, ALL)
    (question,) = layout.questions
    assert not question.required
    assert question.standing == "4 pictures that labels.csv names without any label are skipped."
    kept, skipped = question.choices
    assert sets_of(tmp_path, kept.answers)["005.png"] == frozenset()
    assert len(sets_of(tmp_path, kept.answers)) == len(SETS)
    assert "005.png" not in sets_of(tmp_path, skipped.answers)
    assert not layout_of(tmp_path, kept.answers).questions
    pictures(tmp_path, "stray.png")  # which no row names: nobody has said that it shows nothing
    assert "stray.png" not in sets_of(tmp_path, kept.answers)


def test_labels_of_files_for_each_subset_go_together(tmp_path: Path) -> None:
    for part in ("train", "valid"):
        numbered(tmp_path / part, 8)
        rows = [f"{number:03}.png,1,{number % 2}" for number in range(8)]
        (tmp_path / part / "_classes.csv").write_text("\n".join(["filename,a,b", *rows]))
    layout = layout_of(tmp_path, ALL)
    assert layout.combinations is not None
    found = {
        picture.path.relative_to(tmp_path).as_posix(): (layout.combinations[picture.label], picture.part)
        for picture in layout.pictures
    }
    assert found["train/001.png"] == (("a", "b"), "train")
    assert found["valid/002.png"] == (("a",), "validation")


def test_a_few_contradictions_are_still_skipped_when_nothing_was_decided(tmp_path: Path) -> None:
    numbered(tmp_path, 24)
    rows = [f"{number:03}.png,{'ab'[number % 2]}" for number in range(24)]
    (tmp_path / "labels.csv").write_text("\n".join(["file,label", *rows, "000.png,b"]))
    assert len(labels_of(tmp_path)) == 23
    assert sets_of(tmp_path)["000.png"] == {"a", "b"}
    assert labels_of(tmp_path, FIRST)["000.png"] == "a"


def test_folders_have_one_label_each(tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        numbered(tmp_path / name, 4)
    with pytest.raises(DatasetError, match="the labels are the names of the folders, one for each picture"):
        layout_of(tmp_path, ALL)
    assert layout_of(tmp_path).classes == ("cat", "dog")


def test_names_with_commas_stay_apart(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    rows = [f"{number:03}.png,{('a, b|c', 'a|b', 'c')[number % 3]}" for number in range(12)]
    rows = [f'{row.split(",", 1)[0]},"{row.split(",", 1)[1]}"' for row in rows]
    (tmp_path / "labels.csv").write_text("\n".join(["file,labels", *rows]))
    found = sets_of(tmp_path)
    assert found["000.png"] == {"a, b", "c"}
    assert found["001.png"] == {"a", "b"}
