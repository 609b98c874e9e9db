"""Tables of labels as people have them: every way to write the same labels gives the same data set."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from desktop_app.core.datasets.answers import NO_ANSWERS
from desktop_app.core.datasets.question import DatasetQuestion
from desktop_app.core.datasets.report import DatasetError
from tests.core.datasets.labeling.label_sets import labels_of, layout_of, numbered, pictures

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [f"{number:03}" for number in range(12)]
LABELS = ["cat" if number % 3 else "dog" for number in range(12)]
TRUTH = {f"{name}.png": label for name, label in zip(NAMES, LABELS, strict=True)}


def _rows(form: str, header: str = "", end: str = "\n") -> bytes:
    pairs = zip(NAMES, LABELS, strict=True)
    rows = [form.format(name=name, label=label, number=int(name)) for name, label in pairs]
    return (end.join([*([header] if header else []), *rows]) + end).encode()


def _one_hot(yes: str, no: str) -> bytes:
    rows = ["image,cat,dog"]
    rows += [
        f"{name},{yes if label == 'cat' else no},{yes if label == 'dog' else no}"
        for name, label in zip(NAMES, LABELS, strict=True)
    ]
    return "\n".join(rows).encode()


COMMA = _rows("{name}.png,{label}", "filename,label")
FILES = {
    "name with extension": ("labels.csv", COMMA),
    "name without extension": ("labels.csv", _rows("{name},{label}", "id,breed")),
    "zeros lost": ("labels.csv", _rows("{number},{label}", "id,breed")),
    "another extension": ("labels.csv", _rows("{name}.jpg,{label}", "id,breed")),
    "label before name": ("labels.csv", _rows("{label},{name}.png", "class,file")),
    "no header": ("labels.csv", _rows("{name}.png,{label}")),
    "semicolons": ("labels.csv", _rows("{name}.png;{label}", "file;class")),
    "tabs": ("labels.tsv", _rows("{name}.png\t{label}", "file\tclass")),
    "bars": ("labels.txt", _rows("{name}.png|{label}", "file|class")),
    "spaces": ("train_list.txt", _rows("{name}.png {label}")),
    "aligned with spaces": ("list.txt", _rows("{name}.png      {label}")),
    "Excel's first line": ("labels.csv", b"sep=;\n" + _rows("{name}.png;{label}", "file;class")),
    "spaces after commas": ("labels.csv", _rows("{name}.png, {label}", "file, class")),
    "quoted": ("labels.csv", _rows('"{name}.png","{label}"', '"file","class"')),
    "single quotes": ("labels.csv", _rows("'{name}.png','{label}'", "'file','class'")),
    "Windows lines": ("labels.csv", _rows("{name}.png,{label}", "file,class", "\r\n")),
    "old Mac lines": ("labels.csv", _rows("{name}.png,{label}", "file,class", "\r")),
    "empty lines": ("labels.csv", COMMA.replace(b"\n", b"\n\n")),
    "UTF-8 with a mark": ("labels.csv", b"\xef\xbb\xbf" + COMMA),
    "UTF-16": ("labels.csv", COMMA.decode().encode("utf-16")),
    "UTF-16 without a mark": ("labels.csv", COMMA.decode().encode("utf-16-le")),
    "UTF-32": ("labels.csv", COMMA.decode().encode("utf-32")),
    "one column for each label": ("labels.csv", _one_hot("1", "0")),
    "with fractions": ("labels.csv", _one_hot("1.0", "0.0")),
    "with words": ("labels.csv", _one_hot("True", "False")),
    "path from another computer": ("labels.csv", _rows("C:\\data\\{name}.png,{label}", "path,label")),
    "path in other folders": ("labels.csv", _rows("/home/somebody/set/{name}.png,{label}", "path,label")),
    "path from here": ("labels.csv", _rows("./{name}.png,{label}", "path,label")),
    "in upper case": ("labels.csv", _rows("{name}.PNG,{label}", "path,label")),
    "more columns": (
        "labels.csv",
        _rows("{number},{name}.png,480,640,{label}", "row,file,width,height,label"),
    ),
    "number and name of the class": (
        "labels.csv",
        COMMA.replace(b"cat\n", b"cat,0\n")
        .replace(b"dog\n", b"dog,1\n")
        .replace(b"label", b"label,class_id"),
    ),
    "a column that is the same throughout": ("labels.csv", _rows("{name}.png,{label},web", "f,label,source")),
    "box of one object each": ("val_annotations.txt", _rows("{name}.png\t{label}\t{number}\t0\t62\t63")),
    "a list of one label": ("labels.csv", _rows("{name}.png,\"['{label}']\"", "file,labels")),
    "JSON by file": ("labels.json", json.dumps(TRUTH).encode()),
    "JSON by file with a mark": ("labels.json", b"\xef\xbb\xbf" + json.dumps(TRUTH).encode()),
    "JSON by label": (
        "labels.json",
        json.dumps(
            {label: [name for name in TRUTH if TRUTH[name] == label] for label in ("cat", "dog")}
        ).encode(),
    ),
    "JSON with lists of one": (
        "labels.json",
        json.dumps({name: [label] for name, label in TRUTH.items()}).encode(),
    ),
    "JSON records": (
        "labels.json",
        json.dumps([{"file_name": name, "label": label} for name, label in TRUTH.items()]).encode(),
    ),
    "JSON records under a name": (
        "labels.json",
        json.dumps(
            {"version": 1, "items": [{"image": name, "class": label} for name, label in TRUTH.items()]}
        ).encode(),
    ),
    "JSON pairs": (
        "dataset.json",
        json.dumps({"labels": [[name, label] for name, label in TRUTH.items()]}).encode(),
    ),
    "JSON record by file": (
        "labels.json",
        json.dumps({name: {"label": label, "user": "x"} for name, label in TRUTH.items()}).encode(),
    ),
    "JSON lines": (
        "metadata.jsonl",
        "\n".join(json.dumps({"file_name": name, "label": label}) for name, label in TRUTH.items()).encode(),
    ),
    "COCO without boxes": (
        "annotations.json",
        json.dumps(
            {
                "images": [{"id": 7 + number, "file_name": name} for number, name in enumerate(TRUTH)],
                "categories": [{"id": 1, "name": "cat"}, {"id": 3, "name": "dog"}],
                "annotations": [
                    {"id": number, "image_id": 7 + number, "category_id": 1 if label == "cat" else 3}
                    for number, label in enumerate(TRUTH.values())
                ],
            }
        ).encode(),
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_every_way_to_write_labels_gives_the_same_ones(kind: str, tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    name, content = FILES[kind]
    (tmp_path / name).write_bytes(content)
    assert labels_of(tmp_path) == TRUTH


@pytest.mark.parametrize("where", [".", "images", "train/images", "a b/c"])
def test_pictures_in_other_folders_than_the_table(where: str, tmp_path: Path) -> None:
    numbered(tmp_path / where, 12)
    (tmp_path / "labels.csv").write_bytes(COMMA)
    assert {path.rpartition("/")[2]: label for path, label in labels_of(tmp_path).items()} == TRUTH


def test_a_table_beside_the_folder_of_the_pictures(tmp_path: Path) -> None:
    numbered(tmp_path / "set" / "images", 12)
    (tmp_path / "set" / "labels.csv").write_bytes(COMMA)
    assert labels_of(tmp_path / "set" / "images") == TRUTH


def test_a_latin_1_table_is_read_and_said(tmp_path: Path) -> None:
    pictures(tmp_path, "ä.png", "b.png", "c.png", "d.png")
    (tmp_path / "labels.csv").write_bytes(
        "file,label\nä.png,Bär\nb.png,Bär\nc.png,Kuh\nd.png,Kuh\n".encode("latin-1")
    )
    assert labels_of(tmp_path) == {"ä.png": "Bär", "b.png": "Bär", "c.png": "Kuh", "d.png": "Kuh"}
    assert "labels.csv is not UTF-8 and was read as Windows-1252." in layout_of(tmp_path).warnings


def test_numbers_are_labels(tmp_path: Path) -> None:
    numbered(tmp_path, 4)
    (tmp_path / "labels.csv").write_text("id,level\n0,0\n1,2.0\n2,2\n3,0.0\n")
    assert labels_of(tmp_path) == {"000.png": "0", "001.png": "2", "002.png": "2", "003.png": "0"}


def test_the_notes_say_where_labels_come_from_and_what_is_missing(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    (tmp_path / "labels.csv").write_bytes(COMMA + b"gone.png,cat\nlost.png,dog\n")
    pictures(tmp_path, "new.png")
    layout = layout_of(tmp_path)
    assert layout.warnings == (
        "Labels from labels.csv, column label: 12 of 13 pictures have one.",
        "Pictures of labels.csv that are not there: 2, such as gone.png in line 14.",
    )
    assert [(problem.path.name, problem.reason.text) for problem in layout.problems] == [
        ("new.png", "labels.csv has no label for this picture.")
    ]


def test_contradicting_rows_are_listed_and_equal_ones_are_one(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    (tmp_path / "labels.csv").write_bytes(COMMA + b"003.png,cat\n005.png,cat\n")
    layout = layout_of(tmp_path)
    assert len(layout.pictures) == 11
    assert [problem.reason.text for problem in layout.problems] == [
        "labels.csv contradicts itself: 'dog' and, in line 14, 'cat'."
    ]


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (["healthy", "scab", "rust", "scab rust"], "scab, rust"),
        (["healthy", "scab", "rust", "scab|rust"], "scab, rust"),
        (["healthy", "scab", "rust", '"scab, rust"'], "scab, rust"),
        (["healthy", "scab", "rust", "scab;rust"], "scab, rust"),
        (["0", "5", "16 0", "5 16"], "16, 0"),
        (["\"['a']\"", "\"['a', 'b']\"", "\"['b']\"", "\"['b']\""], "a, b"),
    ],
)
def test_cells_with_several_labels_are_asked_about(cells: list[str], shown: str, tmp_path: Path) -> None:
    numbered(tmp_path, 24)
    rows = [f"{number:03}.png,{cells[number % len(cells)]}" for number in range(24)]
    (tmp_path / "labels.csv").write_text("\n".join(["image,labels", *rows]))
    with pytest.raises(DatasetError, match=rf"several labels, such as {shown} \(line \d+\)\.") as caught:
        layout_of(tmp_path)
    assert "Add --several-labels all for All of them" in caught.value.advice


@pytest.mark.parametrize("name", ["tench, Tinca tinca", "hot dog", "black/white", "a; b"])
def test_a_name_with_a_separator_is_one_label(name: str, tmp_path: Path) -> None:
    numbered(tmp_path, 8)
    rows = [f'{number:03}.png,"{name if number % 2 else "other"}"' for number in range(8)]
    (tmp_path / "labels.csv").write_text("\n".join(["image,label", *rows]))
    assert set(labels_of(tmp_path).values()) == {name, "other"}


def test_columns_with_several_ones_are_asked_about(tmp_path: Path) -> None:
    numbered(tmp_path, 8)
    rows = [f"{number:03}.png,1,{number % 2},0" for number in range(8)]
    (tmp_path / "labels.csv").write_text("\n".join(["image,beach,sea,dog", *rows]))
    with pytest.raises(
        DatasetError, match=r"gives 4 of 8 pictures several labels, such as beach, sea \(line 3\)"
    ):
        layout_of(tmp_path)


def test_one_of_several_columns_of_ones_can_be_chosen(tmp_path: Path) -> None:
    numbered(tmp_path, 8)
    rows = [f"{number:03}.png,1,{number % 2},0" for number in range(8)]
    (tmp_path / "labels.csv").write_text("\n".join(["image,beach,sea,dog", *rows]))
    assert set(labels_of(tmp_path, NO_ANSWERS.changed(labels="labels.csv#sea")).values()) == {"0", "1"}


def test_several_columns_are_asked_about(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    colors = ["red", "green", "blue"]
    rows = [f"{number:03}.png,{LABELS[number]},{colors[number % 2]}" for number in range(12)]
    (tmp_path / "labels.csv").write_text("\n".join(["image,animal,color", *rows]))
    with pytest.raises(DatasetQuestion) as caught:
        layout_of(tmp_path)
    first, second = caught.value.question.choices
    assert (first.text, second.text) == (
        "Column animal of labels.csv: cat (8), dog (4)",
        "Column color of labels.csv: red (6), green (6)",
    )
    assert set(labels_of(tmp_path, second.answers).values()) == {"red", "green"}
    assert labels_of(tmp_path, first.answers) == TRUTH


def test_a_column_called_label_is_used_and_the_others_are_offered(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    rows = [f"{number:03}.png,{'ab'[number % 2]},{LABELS[number]}" for number in range(12)]
    (tmp_path / "labels.csv").write_text("\n".join(["image,camera,label", *rows]))
    layout = layout_of(tmp_path)
    assert labels_of(tmp_path) == TRUTH
    (question,) = layout.questions
    assert not question.required
    assert question.standing == "The labels are those of column label of labels.csv."
    assert set(labels_of(tmp_path, question.choices[1].answers).values()) == {"a", "b"}


def test_several_files_are_asked_about(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    (tmp_path / "labels.csv").write_bytes(COMMA)
    (tmp_path / "old.csv").write_bytes(COMMA.replace(b"000.png,dog", b"000.png,cat"))
    with pytest.raises(DatasetQuestion, match="Several files may hold the labels") as caught:
        layout_of(tmp_path)
    assert [choice.option for choice in caught.value.question.choices] == [
        '--label-file "labels.csv#label"',
        '--label-file "old.csv#label"',
    ]
    assert labels_of(tmp_path, caught.value.question.choices[0].answers) == TRUTH


def test_the_same_labels_twice_are_no_question(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    (tmp_path / "labels.csv").write_bytes(COMMA)
    (tmp_path / "labels.json").write_text(json.dumps(TRUTH))
    assert labels_of(tmp_path) == TRUTH


def test_an_example_of_a_submission_is_no_label_file(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    (tmp_path / "sample_submission.csv").write_bytes(COMMA)
    with pytest.raises(DatasetError, match=r"12 pictures but no class folders") as caught:
        layout_of(tmp_path)
    assert "sample_submission.csv is an example" in caught.value.advice


def test_an_answer_whose_file_is_gone_is_said(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    (tmp_path / "labels.csv").write_bytes(COMMA)
    layout = layout_of(tmp_path, NO_ANSWERS.changed(labels="other.csv"))
    assert layout.warnings[0] == "other.csv was chosen for the labels, but has none for these pictures."
    assert len(layout.pictures) == 12


def test_a_workbook_is_named(tmp_path: Path) -> None:
    numbered(tmp_path, 3)
    (tmp_path / "labels.xlsx").write_bytes(b"PK\3\4")
    with pytest.raises(DatasetError) as caught:
        layout_of(tmp_path)
    assert "in labels.xlsx, an Excel workbook, save them as a CSV file" in caught.value.advice


def test_a_table_of_other_pictures_is_named(tmp_path: Path) -> None:
    numbered(tmp_path, 3, "x{}.png")
    (tmp_path / "labels.csv").write_bytes(COMMA)
    with pytest.raises(DatasetError, match=r"no class folders, and no labels of its pictures in labels.csv"):
        layout_of(tmp_path)


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    (tmp_path / "labels.csv").write_bytes(COMMA + b'"003.png,cat\n')
    with pytest.raises(DatasetError, match=r"labels.csv: line 14 cannot be read"):
        layout_of(tmp_path)


def test_labels_that_are_alike_are_said(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    (tmp_path / "labels.csv").write_bytes(COMMA.replace(b"001.png,cat", b"001.png,Cat"))
    layout = layout_of(tmp_path)
    assert layout.classes == ("Cat", "cat", "dog")
    assert layout.warnings[-1] == "Different classes in labels.csv, though alike: 'cat' and 'Cat'."


def test_a_single_label_is_refused(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    (tmp_path / "labels.csv").write_bytes(COMMA.replace(b"dog", b"cat"))
    with pytest.raises(DatasetError, match=r"labels.csv gives all 12 pictures the same label, cat"):
        layout_of(tmp_path)


def test_tags_that_contain_each_other_are_several(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    tags = ["haze primary", "agriculture clear primary water", "clear primary"]
    rows = [f"{number:03},{tags[number % 3]}" for number in range(12)]
    (tmp_path / "train.csv").write_text("\n".join(["image_name,tags", *rows]))
    with pytest.raises(DatasetError, match=r"train.csv gives 12 of 12 pictures several labels"):
        layout_of(tmp_path)


def test_another_column_is_not_taken_because_the_labels_are_several(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    found = ["Mass", "Mass|Edema", "Edema"]
    rows = [f"{number:03}.png,{found[number % 3]},{'MF'[number % 2]}" for number in range(12)]
    (tmp_path / "entries.csv").write_text("\n".join(["Image Index,Finding Labels,Patient Gender", *rows]))
    with pytest.raises(DatasetError, match=r"entries.csv gives 4 of 12 pictures several labels"):
        layout_of(tmp_path)
    chosen = NO_ANSWERS.changed(labels="entries.csv#Patient Gender")
    assert set(labels_of(tmp_path, chosen).values()) == {"M", "F"}


def test_a_column_that_is_not_called_so_is_asked_about_among_others(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    rows = [f"{number:03}.png,{number * 1.37:.2f},{'ab'[number % 2]}" for number in range(12)]
    (tmp_path / "facts.csv").write_text("\n".join(["image,weight,source", *rows]))
    with pytest.raises(DatasetQuestion) as caught:
        layout_of(tmp_path)
    column, none = caught.value.question.choices
    assert column.text == "Column source of facts.csv: a (6), b (6)"
    assert len(labels_of(tmp_path, column.answers)) == 12
    with pytest.raises(DatasetError, match="12 pictures but no class folders"):
        layout_of(tmp_path, none.answers)


def test_a_table_of_measurements_has_no_labels(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    rows = [f"{number:03}.png,{20 + number * 1.37:.2f}" for number in range(12)]
    (tmp_path / "ages.csv").write_text("\n".join(["file,age", *rows]))
    with pytest.raises(DatasetError, match=r"no labels of its pictures in ages.csv"):
        layout_of(tmp_path)


def test_a_text_file_with_the_label_beside_each_picture(tmp_path: Path) -> None:
    numbered(tmp_path, 12)
    for name, label in zip(NAMES, LABELS, strict=True):
        (tmp_path / f"{name}.txt").write_text(f"{label}\n")
    assert labels_of(tmp_path) == TRUTH
    for name in NAMES:
        (tmp_path / f"{name}.txt").write_text(f"A picture of number {name}\n")
    with pytest.raises(DatasetError, match="12 pictures but no class folders"):
        layout_of(tmp_path)


def test_the_only_box_in_the_text_file_of_each_picture_is_no_label(tmp_path: Path) -> None:
    for number, name in enumerate(numbered(tmp_path, 8)):
        (tmp_path / name).with_suffix(".txt").write_text(f"{number % 2} 0.5 0.5 0.4 0.4\n")

    with pytest.raises(DatasetError, match="YOLO data set"):
        layout_of(tmp_path)


@pytest.mark.parametrize("header", ["file,photographer", "file,age", "file,label,confidence"])
def test_a_column_that_may_say_something_else_is_asked_about(header: str, tmp_path: Path) -> None:
    rows = [f"{name},{number % 2},{number // 4 % 2}" for number, name in enumerate(numbered(tmp_path, 16))]
    cells = header.count(",") + 1
    table = [header, *(",".join(row.split(",")[:cells]) for row in rows)]
    (tmp_path / "table.csv").write_text("\n".join(table))

    with pytest.raises(DatasetQuestion) as caught:
        layout_of(tmp_path)

    question = caught.value.question
    assert [choice.text.partition(":")[0] for choice in question.choices] == [
        f"Column {header.split(',')[1]} of table.csv",
        "None of them",
    ]
    assert layout_of(tmp_path, question.choices[0].answers).classes == ("0", "1")


@pytest.mark.parametrize("title", ["partition", "split", "is_valid", "fold"])
def test_numbers_of_subsets_are_no_labels(title: str, tmp_path: Path) -> None:
    rows = [f"{name},{number % 2}" for number, name in enumerate(numbered(tmp_path, 16))]
    (tmp_path / "list.csv").write_text("\n".join([f"file,{title}", *rows]))

    with pytest.raises(DatasetError, match=r"no labels of its pictures in list\.csv") as caught:
        layout_of(tmp_path)

    assert not isinstance(caught.value, DatasetQuestion)


def test_remarks_in_a_list_are_no_names_of_columns(tmp_path: Path) -> None:
    names = numbered(tmp_path / "images", 12, "{:03}.png")
    lines = ["#Image CLASS-ID SPECIES BREED ID", "#ID: 1:37 Class ids", "#more"]
    lines += [f"{name[:3]} {number % 3 + 1} 1 1" for number, name in enumerate(names)]
    (tmp_path / "list.txt").write_text("\n".join(lines))

    layout = layout_of(tmp_path)

    assert layout.classes == ("1", "2", "3")
    assert layout.warnings[0] == "Labels from list.txt, column 2: 12 of 12 pictures have one."


def test_addresses_with_a_query_name_their_pictures(tmp_path: Path) -> None:
    names = numbered(tmp_path / "images", 8)
    rows = [f"https://example.org/a/{name}?size=200,{'ab'[number % 2]}" for number, name in enumerate(names)]
    (tmp_path / "labels.csv").write_text("\n".join(["url,label", *rows]))

    assert len(labels_of(tmp_path)) == 8


@pytest.mark.parametrize("columns", ["site,camera,file,species", "file,site,camera,species"])
def test_folders_and_names_in_columns_of_their_own(columns: str, tmp_path: Path) -> None:
    rows, labels = [], {}
    for number, (site, camera) in enumerate(
        (site, camera) for site in ("SiteA", "SiteB") for camera in ("CAM01", "CAM02")
    ):
        for name in numbered(tmp_path / site / camera / "2023-05-01", 4):
            species = ("deer", "fox")[(number + int(name[:3])) % 2]
            values = {"site": site, "camera": camera, "file": name, "species": species}
            rows.append(",".join(values[title] for title in columns.split(",")))
            labels[f"{site}/{camera}/2023-05-01/{name}"] = species
    (tmp_path / "labels.csv").write_text("\n".join([columns, *rows]))

    assert labels_of(tmp_path) == labels


def test_labels_of_several_words_in_a_list_with_spaces(tmp_path: Path) -> None:
    names = numbered(tmp_path / "images", 12, "{:07}.png")
    labels = ("707-320", "A320", "Boeing 737")
    lines = [f"{name.removesuffix('.png')} {labels[number % 3]}" for number, name in enumerate(names)]
    (tmp_path / "variants.txt").write_text("\n".join(lines))

    assert set(labels_of(tmp_path).values()) == set(labels)
    assert len(labels_of(tmp_path)) == 12
