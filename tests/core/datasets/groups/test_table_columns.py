"""Groups by columns of tables, such as those of patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers, GroupRule
from desktop_app.core.datasets.groups.grouping import groups_of
from desktop_app.core.datasets.groups.questions import find_groups
from desktop_app.core.datasets.groups.table_columns import word_of_title
from desktop_app.core.datasets.report import Example

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.datasets.question import Question


def _data(folder: Path, header: str, row: str, *, parts: Sequence[str | None] = (None,)) -> list[Example]:
    """Write 24 pictures of two classes, and a table with a row for each."""
    examples = []
    rows = [header]
    for number in range(24):
        part = parts[number % len(parts)]
        path = folder / (part or "") / "ab"[number % 2] / f"ISIC_{number:07}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"not opened")
        examples.append(Example(path, number % 2, part))  # type: ignore[arg-type]
        rows.append(row.format(name=path.stem, number=number, three=number // 3, label="ab"[number % 2]))
    (folder / "metadata.csv").write_text("\n".join(rows))
    return examples


def _questions(folder: Path, examples: list[Example], answers: Answers = NO_ANSWERS) -> tuple[Question, ...]:
    folders = sorted({example.path.parent for example in examples})
    return find_groups(examples, folders, folder, answers).questions


def test_a_column_of_patients_is_proposed_and_keeps_them_together(tmp_path: Path) -> None:
    examples = _data(tmp_path, "isic_id,patient_id,lesion_id", "{name},IP_{three},IL_{three}")

    (question,) = _questions(tmp_path, examples)

    assert question.text == "Keep the pictures of one patient together?"
    assert question.reason == "Column patient_id of a table beside the pictures repeats."
    options = [choice.option for choice in question.choices]
    assert options == ["--group column:patient_id", "--group column:lesion_id", "--group none"]
    rule = question.choices[0].answers.groups
    assert rule == GroupRule(kind="column", column="patient_id")
    paths = [example.path for example in examples]
    grouping = groups_of(paths, [], tmp_path, rule)
    assert grouping.roots.tolist() == [number - number % 3 for number in range(24)]


def test_patients_in_several_subsets_are_counted(tmp_path: Path) -> None:
    examples = _data(tmp_path, "image,patient", "{name},{three}", parts=("train", "test"))

    (question,) = _questions(tmp_path, examples)

    assert question.standing.startswith("8 of 8 groups are in training and test.")
    assert question.choices[0].option == "--group column:patient --new-split"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("image,patient_id", "{name},IP_{number}"),
        ("image,site", "{name},{label}"),
        ("image,patient_id", "{name},"),
        ("image,age", "{name},{three}"),
        ("other,patient_id", "x{name}y,IP_{three}"),
    ],
)
def test_columns_that_name_no_groups(header: str, row: str, tmp_path: Path) -> None:
    assert _questions(tmp_path, _data(tmp_path, header, row)) == ()


def test_pictures_without_a_value_are_in_no_group(tmp_path: Path) -> None:
    examples = _data(tmp_path, "image,patient_id", "{name},IP_{three}")
    table = tmp_path / "metadata.csv"
    table.write_text(table.read_text().replace("IP_0", "").replace("IP_1", "nan"))
    answers = Answers(groups=GroupRule(kind="column", column="Patient ID"))

    found = find_groups(examples, [], tmp_path, answers)

    assert found.warnings == ("6 of 24 pictures are in no group, and split one by one.",)


def test_a_column_that_is_gone_is_said(tmp_path: Path) -> None:
    examples = _data(tmp_path, "image,other", "{name},IP_{three}")
    answers = Answers(groups=GroupRule(kind="column", column="patient_id"))

    (warning,) = find_groups(examples, [], tmp_path, answers).warnings

    assert warning == "No pictures belong together by the rule for groups: they are split one by one."


@pytest.mark.parametrize("values", [{"kind": "column"}, {"kind": "folder", "column": "patient_id"}])
def test_a_rule_names_a_column_only_where_it_goes_by_one(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="groups by column name one"):
        GroupRule.model_validate(values)


@pytest.mark.parametrize(
    ("title", "word"), [("PatientID", "patient"), ("lesion_id", "lesion"), ("age", ""), ("label", "")]
)
def test_what_a_title_says(title: str, word: str) -> None:
    assert word_of_title(title) == word
