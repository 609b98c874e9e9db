"""Subsets of the pictures in class folders from files beside them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from desktop_app.core.datasets.answers import Answers, GroupRule
from desktop_app.core.datasets.examine.doctor import examine
from tests.core.datasets.labeling.label_sets import layout_of, pictures

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.report import DatasetReport

PARTS = ("train", "train", "train", "validation", "test")
WORDS = {"train": "train", "validation": "val", "test": "test"}


def _classes(folder: Path) -> list[str]:
    """Class folders of cats and dogs with ten pictures each."""
    names = [f"{name}/{name}{number}.png" for name in ("cat", "dog") for number in range(10)]
    pictures(folder, *names)
    return names


def _given(names: list[str]) -> dict[str, str]:
    return {name: PARTS[number % 5] for number, name in enumerate(names)}


def _counts(folder: Path) -> list[tuple[int, int, int]]:
    return _parts_of(examine(folder))


def _parts_of(report: DatasetReport) -> list[tuple[int, int, int]]:
    """Number of pictures in each subset, by class."""
    found = Counter((example.label, example.part) for example in report.examples)
    return [(found[label, "train"], found[label, "validation"], found[label, "test"]) for label in (0, 1)]


def _lists(folder: Path, given: dict[str, str], suffix: str) -> None:
    for part, word in WORDS.items():
        own = [name.removesuffix(suffix) for name, its in given.items() if its == part]
        (folder / f"{word}.txt").write_text("\n".join(own))


def _table(folder: Path, given: dict[str, str], label: str) -> None:
    rows = [",".join(filter(None, (name, label and name[:3], WORDS[part]))) for name, part in given.items()]
    (folder / "split.csv").write_text("\n".join([f"image,{label}{label and ','}split", *rows]))


@pytest.mark.parametrize("kind", ["lists", "names without endings", "table", "table with labels"])
def test_the_split_of_files_is_used_and_said(kind: str, tmp_path: Path) -> None:
    given = _given(_classes(tmp_path / "images"))
    match kind:
        case "lists":
            _lists(tmp_path, given, "")
        case "names without endings":
            _lists(tmp_path, given, ".png")
        case "table":
            _table(tmp_path, given, "")
        case _:
            _table(tmp_path, given, "label")

    report = examine(tmp_path)

    assert _parts_of(report) == [(6, 2, 2)] * 2
    assert any("12 training, 4 validation, 4 test pictures" in line for line in report.warnings)
    used = {path.path.relative_to(tmp_path / "images").as_posix(): path.part for path in report.examples}
    assert used == given


def test_a_column_of_ones_for_validation(tmp_path: Path) -> None:
    names = _classes(tmp_path)
    rows = [f"{name},{number % 5 == 0}" for number, name in enumerate(names)]
    (tmp_path / "labels.csv").write_text("\n".join(["path,is_valid", *rows]))

    assert _counts(tmp_path) == [(8, 2, 0)] * 2


def test_pictures_that_only_lists_of_others_leave_out_are_for_training(tmp_path: Path) -> None:
    names = _classes(tmp_path)
    (tmp_path / "testing_list.txt").write_text("\n".join(names[::5]))

    report = examine(tmp_path)

    assert _parts_of(report) == [(8, 0, 2)] * 2
    assert any(line.endswith("The 16 pictures in no list are for training.") for line in report.warnings)


def test_lists_that_contradict_each_other_are_said_and_not_used(tmp_path: Path) -> None:
    names = _classes(tmp_path)
    (tmp_path / "train.txt").write_text("\n".join(names[:12]))
    (tmp_path / "test.txt").write_text("\n".join(names[8:]))

    layout = layout_of(tmp_path)

    assert layout.parts == ()
    assert layout.warnings == ("test.txt, train.txt put the same pictures into different subsets: not used.",)


@pytest.mark.parametrize("names", [{"train.txt": 20}, {"train.txt": 3, "test.txt": 3}, {"test.txt": 18}])
def test_lists_of_few_pictures_or_of_one_subset_split_nothing(names: dict[str, int], tmp_path: Path) -> None:
    every = _classes(tmp_path)
    start = 0
    for name, count in names.items():
        (tmp_path / name).write_text("\n".join(every[start : start + count]))
        start += count

    assert layout_of(tmp_path).parts == ()


def test_subsets_that_are_folders_go_first(tmp_path: Path) -> None:
    names = _classes(tmp_path / "train")
    pictures(tmp_path / "test", "cat/a.png", "dog/b.png")
    (tmp_path / "test.txt").write_text("\n".join(f"train/{name}" for name in names[::5]))

    assert _counts(tmp_path) == [(10, 0, 1)] * 2


def test_a_file_that_seems_to_split_the_pictures_and_does_not_name_them_is_named(tmp_path: Path) -> None:
    _classes(tmp_path / "images")
    (tmp_path / "train_test_split.txt").write_text("\n".join(f"{number} 1" for number in range(100, 120)))

    assert layout_of(tmp_path).warnings == (
        "train_test_split.txt seems to split the pictures, but does not name them: not used.",
    )


@pytest.mark.parametrize(
    "answers", [Answers(labels=""), Answers(groups=GroupRule(kind="name", pattern=r"(\d)", redraw=True))]
)
def test_the_split_of_files_can_be_set_aside(answers: Answers, tmp_path: Path) -> None:
    _lists(tmp_path, _given(_classes(tmp_path)), "")

    report: DatasetReport = examine(tmp_path, answers=answers)

    assert {example.part for example in report.examples} == {None}


def test_notes_with_a_name_of_a_picture_in_them_are_no_list(tmp_path: Path) -> None:
    _classes(tmp_path)
    (tmp_path / "test.txt").write_text("The pictures for a test\nof the program.\ncat0\nNothing else.")

    assert layout_of(tmp_path).parts == ()


def test_a_list_with_a_count_before_its_columns(tmp_path: Path) -> None:
    given = _given(_classes(tmp_path / "img"))
    lines = [
        "20",
        "image_name  evaluation_status",
        *(f"img/{name}  {WORDS[part]}" for name, part in given.items()),
    ]
    (tmp_path / "list_eval_partition.txt").write_text("\n".join(lines))

    assert _counts(tmp_path) == [(6, 2, 2)] * 2
