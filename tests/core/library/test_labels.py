"""Class names that people give."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import ModelError, StorageError
from desktop_app.core.library.labels import MAX_LABEL_BYTES, check_names, class_labels, read_labels


@pytest.mark.parametrize(
    "text",
    ["cat\ndog\n", "cat\r\n\r\n  dog  \r\n", '["cat", "dog"]', '\n [ "cat",\n"dog" ]', "\ufeffcat\ndog"],
)
def test_names_are_read(tmp_path, text):
    path = tmp_path / "labels.txt"
    path.write_bytes(text.encode())
    assert read_labels(path) == ["cat", "dog"]
    assert read_labels(text.removeprefix("\ufeff")) == ["cat", "dog"]


@pytest.mark.parametrize("text", ['["cat", 1]', "[1, 2", "[[[", '{"a": 2}'])
def test_other_json_is_refused(text):
    with pytest.raises(ModelError, match="JSON"):
        read_labels(text)


def test_files_that_are_no_lists(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "long").write_bytes(b"x" * (MAX_LABEL_BYTES + 1))
    with pytest.raises(ModelError, match="UTF-8"):
        read_labels(tmp_path / "binary")
    with pytest.raises(ModelError, match="too long"):
        read_labels(tmp_path / "long")
    with pytest.raises(StorageError):
        read_labels(tmp_path / "nothing")


def test_equal_names_get_different_ids():
    labels = class_labels(["crane", "cat", "crane"])
    assert [label.label for label in labels] == ["crane", "cat", "crane"]
    assert [label.class_id for label in labels] == ["crane", "cat", "crane-2"]


def test_a_file_of_equal_lines_is_numbered_at_once():
    count = 100_000
    ids = [label.class_id for label in class_labels(["cat"] * (count - 1) + ["cat-2"])]
    assert len(set(ids)) == count
    assert (ids[0], ids[1], ids[-2], ids[-1]) == ("cat", "cat-2", f"cat-{count - 1}", "cat-2-2")


def test_names_that_are_too_long_are_cut_and_told_apart():
    long = "x" * 250
    classes = class_labels(["cat", long, "y" * 200, f"{long}y"])
    assert [len(entry.label) for entry in classes] == [3, 190, 200, 192]
    assert len({entry.label for entry in classes}) == len({entry.class_id for entry in classes}) == 4
    assert classes[0].label == "cat"


def test_amounts_may_be_a_single_one():
    check_names(["no", "yes"], 2, "Pets")
    check_names(["price"], 1, "Prices", "regression")
    with pytest.raises(ModelError, match="has 1 amount, but is given 2 names"):
        check_names(["price", "age"], 1, "Prices", "regression")


@pytest.mark.parametrize("names", [["a"], ["a", "b", "c"], ["a", ""], ["a", "b" * 191]])
def test_names_must_fit_the_model(names):
    with pytest.raises(ModelError):
        check_names(names, 2, "Pets")
