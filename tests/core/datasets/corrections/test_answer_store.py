"""Answers about a data set are kept in the user's folder, whole and by the data set's real path."""

from __future__ import annotations

import pytest

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers, GroupRule
from desktop_app.core.datasets.corrections.answer_store import AnswerStore
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.images.decoding.reading import PixelReading

SOME = Answers(
    classes_at=2,
    folders={"a b": "ignore"},
    groups=GroupRule(kind="time", seconds=3),
    pixels=PixelReading(black=10, white=0, bands=(2, 1, 0)),
    settled=("plane",),
)


def test_answers_come_back_also_by_another_link_to_the_same_folder(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    link = tmp_path / "link"
    link.symlink_to(data)
    AnswerStore(data).write(SOME)
    assert AnswerStore(link).read() == SOME
    assert AnswerStore(tmp_path).read() == NO_ANSWERS
    AnswerStore(link).write(NO_ANSWERS)
    assert not AnswerStore(data).path.exists()


def test_a_damaged_file_is_named(tmp_path):
    store = AnswerStore(tmp_path)
    store.write(SOME)
    store.path.write_text("{")
    with pytest.raises(StorageError, match="damaged"):
        store.read()


def test_settling_a_question_keeps_the_rest():
    settled = SOME.settling("groups").settling("groups")
    assert settled.settled == ("plane", "groups")
    assert settled.folders == SOME.folders
