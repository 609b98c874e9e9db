"""Labels from folders, from files, from both, and what is asked where they disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_app.core.datasets.answers import NO_ANSWERS
from desktop_app.core.datasets.corrections.checking import examine_corrected
from desktop_app.core.datasets.corrections.store import CorrectionStore
from desktop_app.core.datasets.decision import EXCLUDE, relabel
from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.datasets.question import DatasetQuestion
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.datasets.splits.split import split_examples
from tests.core.datasets.labeling.label_sets import labels_of, layout_of, numbered, pictures

if TYPE_CHECKING:
    from pathlib import Path


OWN = ("w.png", "x.png", "y.png", "z.png")


def _table(path: Path, labels: dict[str, str], header: str = "file,label") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *(f"{name},{label}" for name, label in labels.items())]) + "\n")


def _classes(folder: Path, count: int = 6) -> dict[str, str]:
    """Class folders of cats and dogs; returns the labels."""
    labels = {f"{name}/{name}{number}.png": name for name in ("cat", "dog") for number in range(count)}
    pictures(folder, *labels)
    return labels


def test_the_subsets_are_those_of_the_folders_with_a_table_each(tmp_path: Path) -> None:
    for part, count in (("train", 8), ("valid", 4), ("test", 2)):
        names = numbered(tmp_path / part, count)
        rows = [f"{name}, {1 - number % 2}, {number % 2}" for number, name in enumerate(names)]
        (tmp_path / part / "_classes.csv").write_text("\n".join(["filename, cat, dog", *rows]))
    layout = layout_of(tmp_path)
    assert layout.parts == ("train", "validation", "test")
    assert len(layout.pictures) == 14
    assert {(picture.path.parent.name, picture.part) for picture in layout.pictures} == {
        ("train", "train"),
        ("valid", "validation"),
        ("test", "test"),
    }


def test_lists_that_are_named_like_subsets(tmp_path: Path) -> None:
    names = numbered(tmp_path / "images", 12)
    for part, some in (("train", names[:8]), ("val", names[8:])):
        lines = [f"images/{name} {int(name[:3]) % 2}" for name in some]
        (tmp_path / f"{part}.txt").write_text("\n".join(lines))
    layout = layout_of(tmp_path)
    assert layout.parts == ("train", "validation")
    assert sum(picture.part == "validation" for picture in layout.pictures) == 4


def test_a_column_with_subsets(tmp_path: Path) -> None:
    names = numbered(tmp_path / "images", 12)
    parts = ("train", "train", "val", "test")
    rows = [f"{name},{parts[number % 4]},{'ab'[number // 6]}" for number, name in enumerate(names)]
    (tmp_path / "meta.csv").write_text("\n".join(["image,split,label", *rows]))
    layout = layout_of(tmp_path)
    assert layout.parts == ("train", "validation", "test")
    assert [picture.part for picture in layout.pictures if picture.path.name == "003.png"] == ["test"]


def test_the_same_names_in_several_subsets_and_a_table_for_one(tmp_path: Path) -> None:
    names = numbered(tmp_path / "train", 8)
    numbered(tmp_path / "test", 8)
    _table(
        tmp_path / "train.csv", {name[:3]: "ab"[number % 2] for number, name in enumerate(names)}, "id,label"
    )
    layout = layout_of(tmp_path)
    assert {picture.path.parent.name for picture in layout.pictures} == {"train"}
    assert [(entry.path.name, entry.part, entry.pictures) for entry in layout.unlabeled] == [
        ("test", "test", 8)
    ]
    assert layout.warnings[1] == (
        "8 pictures in 'test' (test) have no labels: not used, and no accuracy is measured on them."
    )


def test_names_that_fit_several_pictures_are_not_guessed(tmp_path: Path) -> None:
    names = numbered(tmp_path / "a1", 8)
    numbered(tmp_path / "b2", 8)
    pictures(tmp_path / "a1", *OWN)
    labels = {name: "ab"[number % 2] for number, name in enumerate([*names, *OWN])}
    _table(tmp_path / "labels.csv", labels)
    layout = layout_of(tmp_path, NO_ANSWERS.changed(labels="labels.csv"))
    assert {picture.path.name for picture in layout.pictures} == set(OWN)
    assert any(
        line.startswith(
            "Names in labels.csv that fit several pictures, so they were not used: 8, such as 000.png"
        )
        for line in layout.warnings
    )


def test_validation_with_an_annotation_file_beside_class_folders(tmp_path: Path) -> None:
    for name in ("n01", "n02"):
        pictures(tmp_path / "train" / name / "images", *(f"{name}_{number}.png" for number in range(8)))
        (tmp_path / "train" / name / f"{name}_boxes.txt").write_text(
            "".join(f"{name}_{number}.png\t{number % 3}\t0\t63\t{60 + number % 3}\n" for number in range(8))
        )
    pictures(tmp_path / "val" / "images", *(f"val_{number}.png" for number in range(6)))
    pictures(tmp_path / "test" / "images", *(f"test_{number}.png" for number in range(6)))
    rows = [f"val_{number}.png\tn0{1 + number % 2}\t0\t{number}\t62\t63\n" for number in range(6)]
    (tmp_path / "val" / "val_annotations.txt").write_text("".join(rows))
    layout = layout_of(tmp_path)
    assert layout.classes == ("n01", "n02")
    assert layout.parts == ("train", "validation")
    assert {entry.part for entry in layout.folders} == {"train"}
    assert {picture.path.name: layout.classes[picture.label] for picture in layout.pictures} == {
        f"val_{number}.png": f"n0{1 + number % 2}" for number in range(6)
    }
    assert [entry.path.name for entry in layout.unlabeled] == ["test"]
    assert not any("'val' has" in line for line in layout.warnings)
    report = examine(tmp_path)
    assert [(entry.train, entry.validation, entry.test) for entry in report.classes] == [(8, 3, 0), (8, 3, 0)]


@pytest.mark.parametrize("names", [{"cat": "cat", "dog": "dog"}, {"cat": "tabby", "dog": "beagle"}])
def test_a_table_that_agrees_with_the_folders_changes_nothing(names: dict[str, str], tmp_path: Path) -> None:
    labels = _classes(tmp_path)
    before = layout_of(tmp_path)
    _table(tmp_path / "labels.csv", {path: names[label] for path, label in labels.items()})
    assert layout_of(tmp_path) == before


def test_a_table_of_other_facts_changes_nothing(tmp_path: Path) -> None:
    labels = _classes(tmp_path)
    before = layout_of(tmp_path)
    cameras = {path: f"cam{number % 2},2026-01-0{1 + number % 5}" for number, path in enumerate(labels)}
    _table(tmp_path / "facts.csv", cameras, "file,camera,date")
    assert layout_of(tmp_path) == before


def test_a_table_that_contradicts_the_folders_is_asked_about(tmp_path: Path) -> None:
    labels = _classes(tmp_path) | {"cat/cat3.png": "dog"}
    _table(tmp_path / "labels.csv", labels)
    with pytest.raises(DatasetQuestion) as caught:
        layout_of(tmp_path)
    question = caught.value.question
    assert question.required
    assert question.reason == "labels.csv gives 1 of 12 pictures another label than their folder."
    folders, file = question.choices
    assert (folders.option, file.option) == ("--label-file none", '--label-file "labels.csv#label"')
    assert len(layout_of(tmp_path, folders.answers).folders) == 2
    assert labels_of(tmp_path, file.answers) == labels


def test_folders_of_parts_of_the_pictures_are_not_taken_for_classes(tmp_path: Path) -> None:
    for number in range(12):
        pictures(tmp_path / f"scans_{'old' if number < 6 else 'new'}", f"I{number:03}.png")
    labels = {f"I{number:03}": "ab"[number % 2] for number in range(12)}
    _table(tmp_path / "metadata.csv", labels, "image_id,dx")
    with pytest.raises(
        DatasetQuestion, match=r"metadata.csv gives 12 of 12 pictures another label"
    ) as caught:
        layout_of(tmp_path)
    assert caught.value.question.choices[0].option == '--label-file "metadata.csv#dx"'


def test_the_same_data_set_as_from_folders(tmp_path: Path) -> None:
    labels = _classes(tmp_path / "folders", 10)
    pictures(tmp_path / "table", *(path.replace("/", "_") for path in labels))
    for path in labels:
        (tmp_path / "table" / path.replace("/", "_")).write_bytes((tmp_path / "folders" / path).read_bytes())
    _table(
        tmp_path / "table" / "labels.csv", {path.replace("/", "_"): label for path, label in labels.items()}
    )
    one, other = examine(tmp_path / "folders"), examine(tmp_path / "table")
    assert one.class_names == other.class_names
    assert [example.label for example in one.examples] == [example.label for example in other.examples]
    names = [example.path.relative_to(tmp_path / "folders").as_posix() for example in one.examples]
    assert [name.replace("/", "_") for name in names] == [example.path.name for example in other.examples]
    assert len(split_examples(other, validation=0.2, test=0.2, seed=1).rows) == 20


def test_corrections_apply_to_labels_from_a_file(tmp_path: Path) -> None:
    names = numbered(tmp_path / "data", 12)
    _table(tmp_path / "data" / "labels.csv", {name: "ab"[number % 2] for number, name in enumerate(names)})
    data = tmp_path / "data"
    CorrectionStore(data).change(data, {data / "000.png": relabel("b"), data / "001.png": EXCLUDE})
    report = examine_corrected(data)
    given = {example.path.name: report.class_names[example.label] for example in report.examples}
    assert given["000.png"] == "b"
    assert "001.png" not in given
    assert report.corrected == 2
    assert not report.lost


def test_an_unreadable_table_beside_class_folders_is_no_obstacle(tmp_path: Path) -> None:
    _classes(tmp_path)
    before = layout_of(tmp_path)
    (tmp_path / "notes.csv").write_bytes(b'\x00\x01"' * 1000)
    (tmp_path / "data.json").write_text('{"a": ')
    assert layout_of(tmp_path) == before


def test_a_link_of_a_table_that_leads_nowhere(tmp_path: Path) -> None:
    numbered(tmp_path, 4)
    (tmp_path / "labels.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(DatasetError, match=r"labels.csv cannot be read"):
        layout_of(tmp_path)


def test_labels_at_the_beginning_of_names_are_asked_about(tmp_path: Path) -> None:
    labels = {f"{label}.{number}.png": label for label in ("cat", "red_fox") for number in range(6)}
    pictures(tmp_path, *labels)
    with pytest.raises(DatasetQuestion) as caught:
        layout_of(tmp_path)
    names, none = caught.value.question.choices
    assert names.text == "The beginnings of the file names: cat (6), red_fox (6)"
    assert names.option == "--label-file name:"
    assert labels_of(tmp_path, names.answers) == labels
    with pytest.raises(DatasetError, match="12 pictures but no class folders"):
        layout_of(tmp_path, none.answers)


@pytest.mark.parametrize("pattern", ["IMG_{:04}.png", "DSC{:05}.png", "{:03}.png", "holiday.png{:02}.png"])
def test_names_that_cameras_give_are_no_labels(pattern: str, tmp_path: Path) -> None:
    numbered(tmp_path, 12, pattern)
    pictures(tmp_path, *(f"image ({number}).png" for number in range(12)))
    with pytest.raises(DatasetError, match="24 pictures but no class folders"):
        layout_of(tmp_path)


def test_a_table_whose_names_fit_several_pictures_each_is_no_reason_to_trust_folders(tmp_path: Path) -> None:
    names = numbered(tmp_path / "site1", 8)
    numbered(tmp_path / "site2", 8)
    _table(tmp_path / "labels.csv", {name: "ab"[number % 2] for number, name in enumerate(names)})
    with pytest.raises(
        DatasetQuestion, match=r"labels.csv may have labels, but its names fit several"
    ) as caught:
        layout_of(tmp_path)
    (folders,) = caught.value.question.choices
    assert folders.option == "--label-file none"
    assert len(layout_of(tmp_path, folders.answers).folders) == 2
