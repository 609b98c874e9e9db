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
        "Only 3 of 4 folders are named after classes: green apple, N03 and Red, but not other. If these "
        "names are the true classes: accuracy 60.0% (top 2: 80.0%) on 5 pictures in the folders of 3 "
        "classes; 2 others do not count."
    )


def test_the_sentence_where_every_folder_is_named_after_a_class(tmp_path):
    answers = [("/pictures/red/1.jpg", 0, 1), ("/pictures/n03/1.jpg", 2, 1), ("/pictures/1.jpg", 0, 1)]
    scores = scores_of(tmp_path, answers)
    assert scores.doubt == ""
    assert scores.sentence == (
        "Accuracy 50.0% (top 2: 50.0%) on 2 pictures in the folders of 2 classes; 1 other does not count."
    )


def labelled(tmp_path, names, folders, predicted=None):
    """Score one picture in each folder, classified as the class whose number stands at its place."""
    classes = [ClassLabel(class_id=name, label=name) for name in names]
    card = colour_card().changed(classes=[entry.model_dump() for entry in classes])
    predicted = predicted or [0] * len(folders)
    with new_job(tmp_path / "one.job", Path("/pictures"), card=card, top=1) as job:
        paths = [f"/pictures/{folder}/{number}.jpg".encode() for number, folder in enumerate(folders)]
        job.add([Found(0, path, path) for path in paths])
        job.record([Outcome(number, (place,), (0.8,)) for number, place in enumerate(predicted, start=1)])
    with JobReader(tmp_path / "one.job") as job:
        return score(job)


def test_upper_and_lower_case_are_two_classes(tmp_path):
    scores = labelled(tmp_path, "AaBb", "AaBb", [0, 1, 2, 2])
    assert scores.accuracy == 0.75
    assert scores.confusion.dense().tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0]]


@pytest.mark.parametrize(
    ("names", "folders", "counted"),
    [
        (("red fox", "dog"), ("Red_Fox", "DOG"), 2),
        (("cafe\u0301", "Strasse"), ("caf\xe9", "stra\xdfe"), 2),
        (("red  fox", "dog"), ("red fox ", "dog"), 2),
        (("A", "a", "dog", "cat"), ("A", "dog", "cat"), 3),
        (("A", "dog", "cat"), ("A", "a", "dog", "cat"), 3),  # "a" stands beside the folder of the class A
        (("Red fox", "red_fox", "dog", "cat"), ("RED FOX", "dog", "cat"), 2),  # either may be meant
        (("Red fox", "red_fox", "dog"), ("Red fox", "RED FOX", "dog"), 3),  # only one is left
        (("A", "dog"), ("2024/A", "2025/a", "dog"), 3),  # not beside each other
        (("cat", "Train"), ("train/cat", "train/Train"), 2),
        (("cat", "Train", "dog"), ("train/cat", "train/dog", "other/x"), 2),
    ],
)
def test_names_are_compared_exactly_then_loosely_where_one_class_is_left(tmp_path, names, folders, counted):
    assert labelled(tmp_path, names, folders).pictures == counted


def test_an_exact_name_further_up_goes_before_a_loose_one_nearer(tmp_path):
    scores = labelled(tmp_path, ("cat", "Front", "dog"), ("cat/front", "dog/front"), [0, 2])
    assert scores.accuracy == 1


def test_folders_of_months_are_not_taken_for_digits_without_a_word(tmp_path):
    scores = labelled(tmp_path, [str(digit) for digit in range(10)], [str(month) for month in range(1, 13)])
    assert scores.doubt == (
        "Only 9 of 12 folders are named after classes: 1, 2, 3, 4, 5 and 4 more, but not 10, 11 and 12."
    )
    assert scores.sentence.startswith(f"{scores.doubt} If these names are the true classes: accuracy 0.0% on")


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


def test_as_many_answers_as_there_are_classes_say_nothing(tmp_path):
    classes = [ClassLabel(class_id=name, label=name) for name in "ab"]
    card = colour_card().changed(classes=[entry.model_dump() for entry in classes])
    with new_job(tmp_path / "one.job", Path("/pictures"), card=card, top=2) as job:
        paths = [f"/pictures/{name}/1.jpg".encode() for name in "ab"]
        job.add([Found(0, path, path) for path in paths])
        job.record([Outcome(number, (0, 1), (0.8, 0.2)) for number in (1, 2)])
    with JobReader(tmp_path / "one.job") as job:
        scores = score(job)
    assert scores.top == 1
    assert "top 2" not in scores.sentence
