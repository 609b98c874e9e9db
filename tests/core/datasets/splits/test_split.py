import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.datasets.report import (
    ClassSummary,
    DatasetError,
    DatasetReport,
    DuplicateGroup,
    Example,
)
from desktop_app.core.datasets.splits.split import class_weights, quotas, split_examples
from desktop_app.core.datasets.splits.split_file import Split, SplitRow, read_split, write_split

FOLDER = Path("/data")


def report_of(examples, duplicates=()):
    """A report about ``(name, class, part)``; only what the split looks at."""
    names = sorted({name for _, name, _ in examples})
    rows = tuple(Example(FOLDER / path, names.index(name), part) for path, name, part in examples)
    groups = tuple(
        DuplicateGroup("near", tuple(FOLDER / path for path in group), (), ()) for group in duplicates
    )
    classes = tuple(ClassSummary(name, 0, 0, 0, 0, ()) for name in names)
    size = (1, 1)
    return DatasetReport(FOLDER, FOLDER, "", classes, rows, (), groups, (), size, size, size, {}, 0, 0.0)


def numbered(counts, part=None):
    return [(f"{part}/{name}/{n}.jpg", name, part) for name, count in counts.items() for n in range(count)]


def per_class(split):
    return Counter((split.classes[row.label], row.part) for row in split.rows)


def rows_of(split, part):
    return [row for row in split.rows if row.part == part]


def part_of(split, name):
    return next((row.part for row in split.rows if row.path == FOLDER / name), None)


def test_every_class_is_divided_alike():
    split = split_examples(report_of(numbered({"a": 100, "b": 20})), validation=0.2, test=0.1, seed=1)

    assert per_class(split) == {
        ("a", "train"): 70,
        ("a", "validation"): 20,
        ("a", "test"): 10,
        ("b", "train"): 14,
        ("b", "validation"): 4,
        ("b", "test"): 2,
    }
    assert Counter(row.part for row in split.rows) == {"train": 84, "validation": 24, "test": 12}
    assert split.notes == ()


def test_the_split_follows_from_the_seed_whatever_the_order_of_the_files():
    report = report_of(numbered({"a": 50, "b": 50}))
    backwards = replace(report, examples=report.examples[::-1])
    split = split_examples(report, validation=0.2, test=0.2, seed=1)

    assert split_examples(backwards, validation=0.2, test=0.2, seed=1) == split
    assert split_examples(report, validation=0.2, test=0.2, seed=2) != split


def test_the_split_is_the_same_on_every_system():
    split = split_examples(report_of(numbered({"a": 6, "b": 6})), validation=0.2, test=0.2, seed=7)

    assert [str(row.path.name) for row in rows_of(split, "test")] == ["2.jpg", "3.jpg"]


@pytest.mark.parametrize(
    ("count", "expected"), [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (1, 1)), (5, (1, 1)), (10, (2, 2))]
)
def test_small_classes_share_out_what_they_can(count, expected):
    shares = quotas(count, {"validation": 0.2, "test": 0.2})

    assert (shares["validation"], shares["test"]) == expected


@pytest.mark.parametrize("validation", [0.0, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("test", [0.0, 0.05, 0.5])
def test_every_class_keeps_a_training_picture(validation, test):
    for count in range(1, 30):
        shares = quotas(count, {"validation": validation, "test": test})
        assert all(share >= 0 for share in shares.values())
        assert sum(shares.values()) < count
        assert validation or not shares["validation"]
        assert test or not shares["test"]


def test_the_folders_parts_are_kept_and_validation_is_drawn_from_training():
    examples = numbered({"a": 10, "b": 10}, "train") + numbered({"a": 4, "b": 4}, "test")

    split = split_examples(report_of(examples), validation=0.2, test=0.5, seed=1)

    assert Counter(row.part for row in split.rows) == {"train": 16, "validation": 4, "test": 8}
    assert all(row.path.parts[2] == "test" for row in rows_of(split, "test"))


def test_a_validation_part_of_the_folders_is_kept():
    examples = numbered({"a": 10, "b": 10}, "train") + numbered({"a": 1, "b": 1}, "validation")

    split = split_examples(report_of(examples), validation=0.5, test=0.5, seed=1)

    assert Counter(row.part for row in split.rows) == {"train": 20, "validation": 2}


def test_copies_are_never_in_two_parts():
    examples = numbered({"a": 30, "b": 30})
    groups = [[f"None/a/{n}.jpg", f"None/a/{n + 1}.jpg"] for n in range(0, 10, 2)]
    groups += [["None/a/1.jpg", "None/b/1.jpg"], ["None/b/1.jpg", "None/b/2.jpg", "None/b/3.jpg"]]

    for seed in range(20):
        split = split_examples(report_of(examples, groups), validation=0.3, test=0.3, seed=seed)
        assert len(split.rows) == 60
        assert all(len({part_of(split, name) for name in group}) == 1 for group in groups)


def test_the_test_keeps_its_pictures_and_copies_to_train_on_are_left_out():
    examples = numbered({"a": 5, "b": 5}, "train") + numbered({"a": 2, "b": 2}, "test")
    groups = [["train/a/0.jpg", "train/a/1.jpg", "test/a/0.jpg"]]

    split = split_examples(report_of(examples, groups), validation=0.0, test=0.0, seed=1)

    assert part_of(split, "test/a/0.jpg") == "test"
    assert part_of(split, "train/a/0.jpg") is None
    assert part_of(split, "train/a/1.jpg") is None
    assert split.notes == ("2 training pictures are skipped, because the same picture is in another split.",)


def test_a_class_does_not_lose_its_last_training_picture():
    examples = numbered({"a": 1, "b": 5}, "train") + numbered({"a": 2, "b": 2}, "test")

    split = split_examples(
        report_of(examples, [["train/a/0.jpg", "test/a/1.jpg"]]), validation=0.0, test=0.0, seed=1
    )

    assert part_of(split, "train/a/0.jpg") == "train"
    assert part_of(split, "test/a/1.jpg") is None
    assert "1 test picture is skipped" in split.notes[0]


def test_a_class_that_a_part_lacks_is_noted():
    examples = numbered({"a": 8, "b": 8}, "train") + numbered({"a": 2}, "test")

    split = split_examples(report_of(examples), validation=0.2, test=0.2, seed=1)

    assert split.notes == ("No test pictures of b.",)


@pytest.mark.parametrize(("validation", "test"), [(0.6, 0.5), (1.0, 0.0), (-0.1, 0.0), (0.0, float("nan"))])
def test_fractions_that_leave_nothing_are_refused(validation, test):
    with pytest.raises(DatasetError):
        split_examples(report_of(numbered({"a": 9, "b": 9})), validation=validation, test=test, seed=1)


def test_weights_even_out_the_classes():
    labels = [0] * 6 + [1] * 2 + [3] * 4

    weights = class_weights(labels, 4)

    assert weights.dtype == np.float32
    np.testing.assert_allclose(weights, [12 / 18, 2, 0, 1], rtol=1e-6)
    assert np.mean(weights[labels]) == pytest.approx(1)


@pytest.mark.skipif(os.name != "posix", reason="names of bytes exist only on POSIX")
def test_a_split_comes_back_from_its_file_whatever_the_names(tmp_path):
    names = [
        b"plain.jpg",
        b"caf\xe9.jpg",
        b"new\nline.jpg",
        b"a\rb.jpg",
        b'q"u,o"te.jpg',
        b"=1+1",
        b" x ",
        b"\xff" * 200,
    ]
    classes = ("cats, big", 'dogs "small"', "never used", "zwölf\N{CAT FACE}")
    rows = tuple(
        SplitRow(tmp_path / "data" / os.fsdecode(name), n % 2, "train") for n, name in enumerate(names)
    )
    rows += (SplitRow(Path("/elsewhere/folder.jpg"), 3, "test"),)
    split = Split(tmp_path / "data", classes, rows, ("A note, with a comma.",))

    write_split(split, tmp_path / "split.csv")

    assert read_split(tmp_path / "split.csv") == split
    text = (tmp_path / "split.csv").read_bytes()
    assert text.startswith(b'"path","class","part"\n')
    assert b'\n"plain.jpg","cats, big","train"\n' in text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"path,class,part\n",
        b"a,b\n",
        b"path,class,part\n/data,,folder\nx.jpg,unknown,train\n",
        b"path,class,part\n/data,,folder\n,a,class\nx.jpg,a,exam\n",
        b'path,class,part\n/data,,folder\n"x.jpg',
        b"\x00\x01\x02" * 100,
    ],
)
def test_a_damaged_file_is_refused(tmp_path, content):
    (tmp_path / "split.csv").write_bytes(content)

    with pytest.raises(DatasetError, match=r"split\.csv"):
        read_split(tmp_path / "split.csv")


def test_a_file_that_lost_its_last_lines_is_refused(tmp_path):
    split = split_examples(report_of(numbered({"a": 9, "b": 9})), validation=0.2, test=0.1, seed=0)
    path = tmp_path / "split.csv"
    write_split(split, path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-4]))
    with pytest.raises(DatasetError, match="damaged"):
        read_split(path)
    path.write_bytes(b"".join(lines).replace(b'"18","folder"', b'"","folder"'))
    assert read_split(path) == split, "files of the first versions say no number"


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DatasetError, match=r"split\.csv"):
        read_split(tmp_path / "split.csv")
