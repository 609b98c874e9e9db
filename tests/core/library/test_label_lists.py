"""Class names are read as they are meant: with the numbers that count them left out, and no others."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.label_lists import (
    folder_order,
    list_in_json,
    list_in_lines,
    names_in_json,
    names_in_lines,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("0 cat\n1 dog\n2 bird\n", ["cat", "dog", "bird"]),
        ("1. cat\n2. big dog", ["cat", "big dog"]),
        ("0: cat\n\n1: dog\n", ["cat", "dog"]),
        ("0:cat\n1:dog", ["cat", "dog"]),
        ("0\tcat\n1\tdog", ["cat", "dog"]),
        ("0 - cat\n1 - dog", ["cat", "dog"]),
        ("0 7\n1 3", ["7", "3"]),
        ("index,label\n0,cat\n1,dog", ["cat", "dog"]),
        ("cat;1\ndog;0", ["dog", "cat"]),
        ('0,"a, b"\n1,c', ["a, b", "c"]),
        ("0 Class 1\n1 Class 2", ["Class 1", "Class 2"]),
        ("class_index,class,height,width\n1,owl,224,224\n0,hen,224,224", ["hen", "owl"]),
    ],
)
def test_numbers_that_count_are_left_out(text, names):
    assert names_in_lines(text.splitlines()) == names
    assert list_in_lines(text.splitlines()).numbered


@pytest.mark.parametrize(
    ("text", "names", "left_out"),
    [
        ("label\ncat\ndog", ["cat", "dog"], "the heading label"),
        ("cat, dog,bird", ["cat", "dog", "bird"], ""),
        ('"big, cat";dog', ["big, cat", "dog"], ""),
        ("cat", ["cat"], ""),
        ("", [], ""),
    ],
)
def test_tables_without_numbers(text, names, left_out):
    read = list_in_lines(text.splitlines())
    assert (read.names, read.numbered, read.left_out) == (names, False, left_out)


@pytest.mark.parametrize(
    "lines",
    [
        ["0", "1", "2"],
        ["cat", "1 dog"],
        ["5 cats", "6 dogs"],
        ["0 rose", "2 tulip"],
        ["1 rose", "0 tulip"],
        ["1 euro", "2 euros"],
        ["0 fingers", "1 finger", "2 fingers"],
        ["1.5 mm", "2.7 mm"],
        ["1:10", "2:25"],
        ["tench, Tinca", "shark, white"],
        ["cat, 3", "dog, 9"],
        ["1st floor", "2nd floor"],
    ],
)
def test_numbers_that_belong_to_a_name_stay(lines):
    assert names_in_lines(lines) == lines


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('["b", "a"]', ["b", "a"]),
        ('{"10": 0, "2": 1}', ["10", "2"]),
        ('{"1": "dog", "0": "cat"}', ["cat", "dog"]),
        ('{"0": ["n01", "tench"], "1": ["n02", "shark"]}', ["tench", "shark"]),
        ('{"version": 3, "class_indices": {"b": 1, "a": 0}}', ["a", "b"]),
        ('{"labels": ["x", "y"]}', ["x", "y"]),
        ('{"doc_id": "1", "classes": {"Label": ["x", "y"]}, "format": "tf"}', ["x", "y"]),
        ('{"tfjsVersion": "1", "labels": ["Class 1", "Class 2"], "imageSize": 224}', ["Class 1", "Class 2"]),
        ('[{"id": 1, "name": "y"}, {"id": 0, "name": "x"}]', ["x", "y"]),
        ('[{"name": "y"}, {"name": "x"}]', ["y", "x"]),
    ],
)
def test_json_in_its_usual_forms(text, names):
    assert names_in_json(text) == names


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": 0, "name": 1}]',
        '[{"id": 3, "name": "a"}]',
        '[{"a": 1}]',
        "{",
        "[1, 2]",
        '{"a": "b"}',
        '{"a": 0, "b": 2}',
        '{"a": 0, "b": 0}',
        "{}",
        "3",
    ],
)
def test_other_json_is_refused(text):
    with pytest.raises(ModelError, match="JSON"):
        names_in_json(text)


def test_only_numbers_make_an_order_certain():
    assert list_in_json('{"b": 1, "a": 0}').numbered
    assert not list_in_json('["b", "a"]').numbered
    assert not list_in_lines(["b", "a"]).numbered


@pytest.mark.parametrize(
    ("names", "keras"),
    [
        ([str(number) for number in range(12)], ["0", "1", "10", "11", *map(str, range(2, 10))]),
        (["class_9", "class_10"], ["class_10", "class_9"]),
        ([str(number) for number in range(10)], []),
        (["0", "1", "10", "2"], []),
        (["10", "9", "2"], []),
        (["00", "01", "10"], []),
        (["dog", "cat"], []),
        (["cat", "dog"], []),
        ([], []),
    ],
)
def test_numbers_in_their_order_are_not_in_that_of_folders(names, keras):
    assert folder_order(names) == keras
