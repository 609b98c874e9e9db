from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.batch.job import reader
from desktop_app.core.batch.job.errors import JobError
from desktop_app.core.batch.job.listing import Found
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.rows import Outcome
from desktop_app.core.batch.results.scoring import score
from desktop_app.core.library.card import ClassLabel
from tests.core.batch.fakes import new_job
from tests.tiny_model import colour_card

NAMES = ("red", "green_apple", "crane", "crane")


def scores_of(tmp_path, answers, sources=(Path("/pictures"),), top=2):
    """Answer pictures, given as path, best and second-best class; None is a picture that failed."""
    classes = [ClassLabel(class_id=f"n0{index}", label=label) for index, label in enumerate(NAMES)]
    card = colour_card().changed(classes=[entry.model_dump() for entry in classes])
    with new_job(tmp_path / "one.job", *sources, card=card, top=top) as job:
        job.add([Found(0, path.encode(), path.encode()) for path, *_ in answers])
        job.record(
            [
                Outcome(number, classes[:top], (0.8, 0.1)[:top]) if classes else Outcome(number, reason="No.")
                for number, (_, *classes) in enumerate(answers, start=1)
            ]
        )
    with JobReader(tmp_path / "one.job") as job:
        return score(job)


def test_accuracy_and_confusion(tmp_path):
    scores = scores_of(
        tmp_path,
        [
            ("/pictures/Red/1.jpg", 0, 1),
            ("/pictures/Red/2.jpg", 1, 0),
            ("/pictures/Red/deeper/3.jpg", 2, 1),
            ("/pictures/green apple/1.jpg", 1, 0),
            ("/pictures/N03/1.jpg", 3, 2),
            ("/pictures/N03/broken.jpg",),
            ("/pictures/other/1.jpg", 0, 1),
            ("/pictures/1.jpg", 0, 1),
        ],
    )
    assert scores.classes == (0, 1, 2, 3)
    assert scores.names == ("red", "green apple", "crane", "crane")
    assert np.array_equal(scores.confusion.dense(), [[1, 1, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]])
    assert (scores.correct, scores.among_top, scores.pictures, scores.outside) == (3, 4, 5, 2)
    assert scores.mistake == "Most frequent mistake: red mistaken for green apple (1 of 3 pictures)."
    assert scores.sentence == (
        "Accuracy 60.0% (top 2: 80.0%) on 5 pictures in the folders of 3 classes; 2 others do not count."
    )


def test_no_mistakes(tmp_path):
    scores = scores_of(tmp_path, [("/pictures/red/1.jpg", 0, 1), ("/pictures/n02/1.jpg", 2, 1)])
    assert scores.mistake == "No mistakes."
    assert scores.accuracy == 1


def test_folders_out_of_balance_are_scored_by_the_balanced_accuracy_first(tmp_path):
    answers = [(f"/pictures/red/{number}.jpg", 0, 1) for number in range(9)]
    scores = scores_of(tmp_path, [*answers, ("/pictures/n02/1.jpg", 0, 1)], top=1)
    assert scores.sentence.startswith("Balanced accuracy 50.0%, accuracy 90.0% on 10 pictures")
    assert scores.mistake.endswith("(1 of 1 picture).")


def test_more_pictures_than_are_read_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "_PIECE", 2)
    answers = [(f"/pictures/{NAMES[number % 2]}/{number}.jpg", number % 2, 2) for number in range(7)]
    assert scores_of(tmp_path, answers).confusion.dense().tolist() == [[4, 0], [0, 3]]


@pytest.mark.parametrize("answers", [b"", b"\0" * 7, b"\xff" * 8, b"\x04\0\0\0\0\0\0\0"])
def test_answers_that_no_model_gave_are_no_scores(tmp_path, answers):
    pictures = [("/pictures/red/1.jpg", 0, 1), ("/pictures/n02/1.jpg", 2, 1)]
    scores_of(tmp_path, pictures)
    with contextlib.closing(sqlite3.connect(tmp_path / "one.job", isolation_level=None)) as connection:
        connection.execute("UPDATE pictures SET answers = ? WHERE id = 2", (answers,))
    with JobReader(tmp_path / "one.job") as job, pytest.raises(JobError, match="damaged"):
        score(job)


def test_a_name_of_two_classes_names_none(tmp_path):
    answers = [("/pictures/crane/1.jpg", 2, 3), ("/pictures/red/1.jpg", 0, 1), ("/pictures/n02/1.jpg", 2, 1)]
    scores = scores_of(tmp_path, answers, top=1)
    assert (scores.pictures, scores.outside) == (2, 1)
    assert "(top" not in scores.sentence


def test_folders_above_the_source_do_not_count(tmp_path):
    answers = [("/red/1.jpg", 0, 1), ("/red/2.jpg", 0, 1)]
    assert scores_of(tmp_path, answers, sources=(Path("/red"),)) is None


def test_one_class_is_no_test(tmp_path):
    assert scores_of(tmp_path, [("/pictures/red/1.jpg", 0, 1), ("/pictures/red/2.jpg", 0, 1)]) is None


def test_relative_sources(tmp_path):
    answers = [("red/1.jpg", 0, 1), ("n03/2.jpg", 3, 1)]
    assert scores_of(tmp_path, answers, sources=(Path(),)).accuracy == 1
