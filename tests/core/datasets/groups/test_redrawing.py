"""A data set whose own split is set aside, from its files to the new split."""

from dataclasses import replace
from pathlib import Path

from desktop_app.core.datasets.answers import Answers, GroupRule
from desktop_app.core.datasets.examine import doctor
from desktop_app.core.datasets.groups.redrawing import undivided
from desktop_app.core.datasets.layout.layout import ClassFolder, LabeledPicture, Layout
from desktop_app.core.datasets.splits.split import split_examples
from tests.core.datasets.odd_files import distinct_picture


def test_a_layout_loses_its_subsets_alone():
    folder = Path("/data")
    layout = Layout(
        folder,
        ("a", "b"),
        (ClassFolder(folder / "train/a", 0, "train"),),
        ("train", "test"),
        pictures=(LabeledPicture(folder / "x.png", 1, "test"),),
    )
    changed = undivided(layout)
    assert changed.folders == (ClassFolder(folder / "train/a", 0, None),)
    assert changed.pictures == (LabeledPicture(folder / "x.png", 1, None),)
    assert replace(changed, folders=layout.folders, pictures=layout.pictures, parts=layout.parts) == layout


def test_patients_in_training_and_test_are_asked_about_and_brought_together(tmp_path):
    number = 0
    for part in ("train", "test"):
        for kind in ("a", "b"):
            for patient in range(8):
                for _ in range(2):
                    path = tmp_path / part / kind / f"patient{patient}" / f"{number}.png"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    distinct_picture(number).save(path)
                    number += 1
    report = doctor.examine(tmp_path)
    (question,) = report.questions
    assert "8 of 8 groups are in training and test" in question.standing
    answers = question.choices[0].answers
    assert answers == Answers(groups=GroupRule(kind="folder", redraw=True))
    again = doctor.examine(tmp_path, answers=answers)
    assert again.questions == ()
    assert again.layout == "2 classes, no split yet"
    split = split_examples(again, validation=0.2, test=0.2, seed=0)
    held = {(row.path.parent.name, row.part) for row in split.rows}
    assert len(held) == 8
    assert {part for _patient, part in held} == {"train", "validation", "test"}
