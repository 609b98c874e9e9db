from pathlib import Path

import pytest

from desktop_app.core.batch.job.rows import Row, Status
from desktop_app.core.classify.prediction import Prediction, ScoredLabel
from desktop_app.core.kinds.kind import Kind
from desktop_app.ui.batch.table.columns import (
    COLUMNS,
    KIND,
    LABEL,
    SECOND,
    SECONDS,
    answer_tip,
    describe,
    path_below,
)
from tests.ui.fake_batch import PETS, job_spec, rows

OTHER = Path("/pictures/other")


@pytest.mark.parametrize(
    ("sources", "source", "path", "shown"),
    [
        ((PETS,), 0, PETS / "a/1.jpg", "a/1.jpg"),
        ((PETS, OTHER), 1, OTHER / "a/1.jpg", "other/a/1.jpg"),
        ((PETS, OTHER / "2.jpg"), 1, OTHER / "2.jpg", "2.jpg"),
        ((PETS,), 0, Path("/filed/cat/1.jpg"), "1.jpg"),
        ((PETS,), 0, PETS / "\udcff.jpg", "\N{REPLACEMENT CHARACTER}.jpg"),
    ],
)
def test_a_path_begins_below_its_folder(sources, source, path, shown):
    row = Row(1, source, path, Status.WAITING)
    assert path_below(row, job_spec(*sources)) == shown


def test_doubt_is_marked():
    spec = job_spec(not_sure_below=0.95)
    (row,) = rows(spec, 1)
    assert COLUMNS[LABEL].text(row, spec) == "cat?"
    assert describe(row, spec) == "b/0.jpg: not sure, perhaps cat, 90.0%"


def test_a_picture_unlike_the_training_pictures_is_marked():
    spec = job_spec()
    row = Row(1, 0, PETS / "1.jpg", Status.DONE, spec.prediction([0], [0.9], distance=1.2), 0.02)
    assert COLUMNS[LABEL].text(row, spec) == "Unlike (cat?)"
    assert describe(row, spec) == "1.jpg: unlike the training pictures, perhaps cat, 90.0%"


def test_a_job_that_keeps_one_label_has_no_second():
    spec = job_spec()
    row = Row(1, 0, PETS / "1.jpg", Status.DONE, spec.prediction([0], [1.0]), 0.02)
    assert COLUMNS[SECOND].text(row, spec) == ""


def test_what_waits_has_no_answer():
    row, spec = Row(1, 0, PETS / "1.jpg", Status.WAITING), job_spec()
    assert [column.text(row, spec) for column in COLUMNS] == ["", "1.jpg", "", "", "", "", "", "Waiting"]
    assert COLUMNS[SECONDS].number


@pytest.mark.parametrize(
    ("first", "told", "tip"),
    [
        (
            True,
            "cat, 86.0% (all 5 kinds of cat together)",
            "cat, 86.0% (all 5 kinds of cat together)",
        ),
        (False, "Egyptian cat, 41.0%", "Egyptian cat, 41.0% (cat, 86.0% for all 5 kinds of cat together)"),
    ],
)
def test_the_kind_stands_beside_the_label(first, told, tip):
    labels = (ScoredLabel(1, "n02124075", "Egyptian_cat", 0.41), ScoredLabel(2, "n02123045", "tabby", 0.38))
    prediction = Prediction(labels, sure=True, kind=Kind("cat", 0.86, 5, first=first))
    row, spec = Row(1, 0, PETS / "1.jpg", Status.DONE, prediction, 0.02), job_spec()
    assert (COLUMNS[KIND].text(row, spec), COLUMNS[LABEL].text(row, spec)) == ("cat", "Egyptian cat")
    assert describe(row, spec) == f"1.jpg: {told}"
    assert answer_tip(row) == tip


def test_a_model_without_kinds_has_none_beside_the_label():
    spec = job_spec()
    (row,) = rows(spec, 1)
    assert (COLUMNS[KIND].text(row, spec), answer_tip(row)) == ("", "")
