"""The table of a model's classes."""

from __future__ import annotations

from desktop_app.core.library.card import ClassLabel
from desktop_app.ui.library.class_table import ClassTable


def shown(*classes):
    table = ClassTable([ClassLabel(class_id=class_id, label=label) for class_id, label in classes])
    return [
        [table.index(row, column).data() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_classes_of_imagenet_have_readable_names_and_kinds(qapp):
    assert shown(("n02124075", "Egyptian_cat"), ("n02012849", "crane"), ("n02909870", "bucket")) == [
        ["0", "Egyptian cat", "n02124075", "cat, mammal, animal"],
        ["1", "crane (bird)", "n02012849", "bird, animal"],
        ["2", "bucket", "n02909870", ""],
    ]


def test_other_classes_have_no_more_than_there_is(qapp):
    assert shown(("my_cats", "my_cats")) == [["0", "my cats"]]
    assert shown(("cats", "my_cats")) == [["0", "my cats", "cats"]]
