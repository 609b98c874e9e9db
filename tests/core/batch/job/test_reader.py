from __future__ import annotations

import random
import sqlite3
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.batch.job.errors import JobError
from desktop_app.core.batch.job.filters import RowFilter, Sort
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.listing import Found
from desktop_app.core.batch.job.reader import Counts, JobReader
from desktop_app.core.batch.job.rows import Outcome, Status, pack, seen_text, unpack, with_seen
from desktop_app.core.classify.prediction import PartSeen
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.images.decoding.decode import Layout
from desktop_app.core.kinds.kind import Kind
from desktop_app.core.library.card import ClassLabel
from tests.core.batch.fakes import new_job
from tests.tiny_model import CATS, colour_card

CLASSES = 100
MANY = 100_000


def card():
    # Names whose alphabet is not the order of the classes.
    classes = [
        ClassLabel(class_id=f"n{index}", label=f"Name_{-index % CLASSES:02}") for index in range(CLASSES)
    ]
    return colour_card().changed(classes=[entry.model_dump() for entry in classes])


def fill(path, count):
    """Write a job of which one in twenty failed and the last tenth waits."""
    dice = random.Random(1)
    with new_job(path, Path("/pictures"), card=card()) as job:
        names = [f"Holiday {number // 100}/IMG_{number:06}.JPG" for number in range(count)]
        job.add([Found(0, f"/pictures/{name}".encode(), name.casefold().encode()) for name in names])
        outcomes = []
        for number in range(1, count * 9 // 10 + 1):
            if number % 20 == 0:
                outcomes.append(Outcome(number, reason="It is empty."))
                continue
            first = dice.random() / 2 + 0.5
            classes = dice.sample(range(CLASSES), 2)
            outcomes.append(Outcome(number, classes, (first, 1 - first), dice.random()))
        job.record(outcomes)
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("jobs") / "small.job", 1000)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("jobs") / "large.job", MANY)


@pytest.fixture
def reader(small):
    with JobReader(small) as reader:
        yield reader


def test_counts_and_labels(reader):
    assert reader.counts() == Counts(855, 45, 1000)
    labels = reader.labels()
    assert sum(count for _, count in labels) == 855
    assert [count for _, count in labels] == sorted((count for _, count in labels), reverse=True)
    index, count = labels[0]
    assert len(reader.numbers(RowFilter(label=index))) == count
    assert all(row.prediction.top.class_id == f"n{index}" for row in reader.select(RowFilter(label=index)))


FILTERS = {
    "all": (RowFilter(), lambda row: True),
    "failed": (RowFilter(status=Status.FAILED), lambda row: row.status is Status.FAILED),
    "waiting": (RowFilter(status=Status.WAITING), lambda row: row.status is Status.WAITING),
    "text": (RowFilter(text="DAY 3/img_0003"), lambda row: "Holiday 3/IMG_0003" in str(row.path)),
    "least": (RowFilter(least=0.9), lambda row: row.prediction and row.prediction.top.probability >= 0.9),
    "range": (
        RowFilter(least=0.6, most=0.7, status=Status.DONE),
        lambda row: row.prediction and 0.6 <= row.prediction.top.probability <= 0.7,
    ),
    "label": (RowFilter(label=7), lambda row: row.prediction and row.prediction.top.class_id == "n7"),
    "nothing": (RowFilter(label=7, status=Status.FAILED), lambda row: False),
    "much": (
        RowFilter(label=7, text="holiday", least=0.6),
        lambda row: (
            row.prediction and row.prediction.top.class_id == "n7" and row.prediction.top.probability >= 0.6
        ),
    ),
    "no text that SQL could mistake": (RowFilter(text="%' OR 1"), lambda row: False),
}


@pytest.mark.parametrize(("which", "passes"), FILTERS.values(), ids=FILTERS)
def test_filters(reader, which, passes):
    expected = [row.number for row in reader.select() if passes(row)]
    assert list(reader.numbers(which)) == expected
    assert [row.number for row in reader.select(which)] == expected


KEYS = {
    "found": lambda row: row.number,
    "path": lambda row: str(row.path).casefold(),
    "label": lambda row: row.prediction.top.readable.casefold(),
    "second": lambda row: row.prediction.labels[1].readable.casefold(),
    "probability": lambda row: row.prediction.top.probability,
    "seconds": lambda row: row.seconds,
    "status": lambda row: row.status,
}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", KEYS)
def test_sorting_gives_everything_once_with_the_unanswered_last(reader, column, descending):
    rows = reader.rows_of(reader.numbers(sort=Sort(column, descending)))
    assert sorted(row.number for row in rows) == list(range(1, 1001))
    if column in {"label", "second", "probability", "seconds"}:
        assert all(row.prediction for row in rows[:855])
        assert [row.number for row in rows[855:]] == sorted(row.number for row in rows[855:])
        rows = rows[:855]
    keys = [KEYS[column](row) for row in (reversed(rows) if descending else rows)]
    assert all(before <= after for before, after in pairwise(keys))


def test_a_filtered_page_of_answers_in_order(reader):
    which = RowFilter(text="holiday 1/")
    rows = reader.rows_of(reader.numbers(which, Sort("probability"))[90:])
    answered = [row for row in reader.select(which) if row.prediction]
    assert len(answered) == 95
    assert [row.number for row in rows[:5]] == [
        row.number for row in sorted(answered, key=lambda row: row.prediction.top.probability)[90:]
    ]
    assert [row.status for row in rows[5:]] == [Status.FAILED] * 5


def test_new_results_come_up_to_the_first_that_waits(small):
    with JobReader(small) as reader:
        assert [row.number for row in reader.rows(0, 10)] == list(range(1, 11))
        assert [row.number for row in reader.rows(895)] == list(range(896, 901))
        assert reader.rows(900) == []


def test_answers_that_make_no_sense_are_damage(tmp_path):
    path = fill(tmp_path / "one.job", 20)
    for answers in (b"odd", b"\xff" * 8, b""):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE pictures SET answers = ? WHERE id = 1", (answers,))
        connection.close()
        with JobReader(path) as reader, pytest.raises(JobError, match="damaged"):
            reader.rows_of([1])


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ("label = 1000", JobReader.labels),
        ("label = x'00'", JobReader.labels),
        ("path = 7", lambda reader: reader.rows_of([1])),
        ("status = 9", lambda reader: reader.rows_of([1])),
        ("reason = CAST(x'ff' AS TEXT)", lambda reader: reader.rows_of([1])),
    ],
)
def test_values_that_make_no_sense_are_damage(tmp_path, change, read):
    path = fill(tmp_path / "one.job", 20)
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE pictures SET {change} WHERE id = 1")
    connection.close()
    with JobReader(path) as reader, pytest.raises(JobError, match=r"damaged|cannot be used"):
        read(reader)


def test_a_job_with_flipped_bits_is_read_or_refused_in_words(tmp_path):
    path = fill(tmp_path / "one.job", 100)
    content = path.read_bytes()
    draw = random.Random(4)
    refused = 0
    for _ in range(300):
        damaged = bytearray(content)
        for _ in range(3):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        path.write_bytes(damaged)
        try:
            with JobReader(path) as reader:
                reader.counts(), reader.labels(), reader.problems(), list(reader.select())
                reader.rows_of(reader.numbers(sort=Sort("label")))
        except SightlineError:
            refused += 1
    assert 20 < refused < 300


@pytest.mark.parametrize("column", KEYS)
@pytest.mark.parametrize(
    "which",
    [RowFilter(), RowFilter(status=Status.FAILED), RowFilter(label=5), RowFilter(least=0.55, text="7/img")],
    ids=["all", "failed", "label", "text"],
)
def test_pages_of_a_hundred_thousand_rows_are_turned_quickly(large, which, column):
    """In processor time, so that other work on the machine does not count."""
    with JobReader(large) as reader:
        sort = Sort(column, descending=True)
        numbers = reader.numbers(which, sort)
        assert len(numbers) > 500
        assert _quickest(lambda: reader.numbers(which, sort)) < 0.25
        for offset in (0, len(numbers) // 2, len(numbers) - 50):
            assert _quickest(lambda offset=offset: reader.rows_of(numbers[offset : offset + 50])) < 0.01


def test_a_hundred_thousand_rows_are_counted_quickly(large):
    with JobReader(large) as reader:
        assert _quickest(reader.counts) < 0.1
        assert _quickest(reader.labels) < 0.25


def _quickest(call):
    seconds = []
    for _ in range(3):
        started = time.process_time()
        call()
        seconds.append(time.process_time() - started)
    return min(seconds)


def cats_job(path):
    classes = [ClassLabel(class_id=class_id, label=label) for class_id, label in CATS.items()]
    job = new_job(path, Path("/p"), card=colour_card().model_copy(update={"classes": classes}))
    job.add([Found(0, f"/p/{number}".encode(), f"{number}".encode()) for number in range(3)])
    return job


def test_a_job_keeps_the_kinds(tmp_path):
    with cats_job(tmp_path / "a.job") as job:
        job.record(
            [
                Outcome(1, (0, 1), (0.45, 0.4), kind="cat", kind_probability=0.85),
                Outcome(2, (2, 0), (0.9, 0.1)),
                Outcome(3, reason="It is empty."),
            ]
        )
    with JobReader(tmp_path / "a.job") as reader:
        found = [row.prediction for row in reader.select()]
        assert found[0].kind == Kind("cat", 0.85, 2, first=True)
        assert [prediction and prediction.kind for prediction in found[1:]] == [None, None]
        assert list(reader.numbers(sort=Sort("kind", descending=True))) == [1, 2, 3]
        assert list(reader.numbers(RowFilter(kind="cat"))) == [1]
        assert list(reader.numbers(RowFilter(kind="dog"))) == []
        assert reader.groups() == [(2, 1), ("cat", 1)]


def test_a_kind_that_this_version_does_not_know_is_left_out(tmp_path):
    with cats_job(tmp_path / "a.job") as job:
        job.record([Outcome(1, (0, 1), (0.45, 0.4), kind="moggy", kind_probability=0.85)])
    with JobReader(tmp_path / "a.job") as reader:
        assert next(reader.select()).prediction.kind is None


def without_columns(path, *columns):
    """Make the file one of an earlier build."""
    with sqlite3.connect(path) as connection:
        for column in columns:
            connection.execute(f"ALTER TABLE pictures DROP COLUMN {column}")
    connection.close()


@pytest.mark.parametrize("others", [(), ("distance",)])
def test_a_file_of_an_earlier_build_is_read_and_gets_kinds_when_it_is_resumed(tmp_path, others):
    path = tmp_path / "a.job"
    with cats_job(path) as job:
        job.record([Outcome(1, (0, 1), (0.45, 0.4))])
    without_columns(path, "kind", "kind_probability", *others)
    with JobReader(path) as reader:
        assert [row.prediction and row.prediction.kind for row in reader.select()] == [None, None, None]
        assert list(reader.numbers(sort=Sort("kind"))) == [1, 2, 3]
        assert (list(reader.numbers(RowFilter(kind="cat"))), reader.groups()) == ([], [])
        with Job(path) as job:
            job.record([Outcome(2, (1, 0), (0.45, 0.4), kind="cat", kind_probability=0.85, distance=0.5)])
        (resumed,) = reader.rows_of([2])
        assert resumed.prediction.kind == Kind("cat", 0.85, 2, first=True)
        assert resumed.prediction.distance == 0.5


def test_a_file_with_kinds_gets_distances_when_it_is_resumed(tmp_path):
    path = tmp_path / "a.job"
    cat = {"kind": "cat", "kind_probability": 0.85}
    with cats_job(path) as job:
        job.record([Outcome(1, (0, 1), (0.45, 0.4), **cat)])
    without_columns(path, "distance")
    unlike = RowFilter(unlike=True)
    with JobReader(path) as reader:
        first = next(reader.select()).prediction
        assert (first.kind, first.distance) == (Kind("cat", 0.85, 2, first=True), None)
        assert (list(reader.numbers(unlike)), list(reader.select(unlike))) == ([], [])
        assert list(reader.numbers(RowFilter(kind="cat"), Sort("kind"))) == [1]
        with Job(path) as job:
            assert (job.done, job.total) == (1, 3)
            job.record([Outcome(2, (1, 0), (0.45, 0.4), **cat, distance=1.5)])
        assert list(reader.numbers(unlike)) == [2]
        assert [row.prediction.name for row in reader.rows_of([1, 2])] == ["cat", "Unlike any class"]


@pytest.mark.parametrize(
    ("part", "layout", "words"),
    [
        (PartSeen(3, 8), Layout(side="top"), "part 3 of 8, from the top"),
        (None, Layout(12, "frames"), "the first of 12 frames"),
        (PartSeen(1, 4), Layout(2, "pages", "left"), "the first of 2 pages, part 1 of 4, from the left"),
        (None, Layout(squashed=True), "squashed to the shape of others"),
        (None, Layout(), ""),
    ],
)
def test_what_was_seen_of_a_picture_is_kept(tmp_path, part, layout, words):
    path = tmp_path / "seen.job"
    with new_job(path, Path("/pictures"), card=card()) as job:
        job.add([Found(0, b"/pictures/a.tif", b"a.tif")])
        job.record([Outcome(1, [3, 4], [0.75, 0.25], seen=seen_text(part, layout))])

    with JobReader(path) as reader:
        (row,) = reader.select(RowFilter())
    assert row.prediction.seen == words
    assert words in row.prediction.sentence


@pytest.mark.parametrize("text", ["[1]", "[null, 2]", "7", "no"])
def test_what_was_seen_and_is_damaged_is_an_error(small, text):
    with JobReader(small) as reader:
        prediction = next(iter(reader.select(RowFilter(status=Status.DONE)))).prediction

    with pytest.raises(ValueError, match=r".+"):
        with_seen(prediction, text)


@pytest.mark.parametrize("count", [1, 2, 5, 1000])
def test_the_best_classes_are_packed_in_eight_bytes_each(count):
    dice = np.random.default_rng(count)
    classes, probabilities = dice.integers(0, 2**32, count).tolist(), dice.random(count).tolist()
    array = np.empty(count, [("class", "<u4"), ("probability", "<f4")])
    array["class"], array["probability"] = classes, probabilities

    packed = pack(classes, probabilities)

    assert packed == array.tobytes()
    assert unpack(packed) == (classes, np.float32(probabilities).astype(float).tolist())
