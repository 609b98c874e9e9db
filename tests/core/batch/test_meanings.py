"""Jobs of models that give several labels, or amounts."""

from __future__ import annotations

import csv
import io
import json

import pytest

from desktop_app.core.batch.filing.filing import CannotSort, carry_out, plan
from desktop_app.core.batch.job.database import NO_LABEL_GIVEN
from desktop_app.core.batch.job.errors import JobError
from desktop_app.core.batch.job.filters import RowFilter, Sort
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.batch.results import parquet
from desktop_app.core.batch.results.export import export_job, results_of
from desktop_app.core.batch.results.scoring import score, why_no_scores
from desktop_app.core.batch.run import runner
from desktop_app.core.batch.run.cluster_worker import model_key
from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.classify.naming import NotAClassifier
from desktop_app.core.classify.results import format_results
from desktop_app.core.classify.results_csv import CsvStyle
from tests.core.batch.fakes import new_job, spec_for, write_picture
from tests.meanings import AMOUNTS, FEATURES, LABELS, MeansNetwork, card_of

PICTURES = {
    "red/both.ppm": (128, 250, 0),  # red 0.88, green 0.98, blue 0.5
    "red/red.ppm": (200, 120, 0),  # green 0.87 stays below its threshold of 0.9
    "blue/none.ppm": (0, 0, 0),
}
_ALL, _AS_FOUND, _PLAIN = RowFilter(), Sort(), CsvStyle()
THRESHOLDS = {"thresholds": (0.6, 0.9, 0.6)}


def run(tmp_path, changes):
    """Classify the pictures; returns the job's file."""
    for name, colour in PICTURES.items():
        write_picture(tmp_path / "in" / name, colour)
    card = card_of(changes)
    path = tmp_path / f"{card.task}.job"
    with new_job(path, tmp_path / "in", card=card, top=1) as job:
        runner.run(job, Classifier(card, MeansNetwork()))
    return path


@pytest.fixture
def labels(tmp_path):
    with JobReader(run(tmp_path, LABELS | THRESHOLDS)) as reader:
        yield reader


@pytest.fixture
def amounts(tmp_path):
    with JobReader(run(tmp_path, AMOUNTS)) as reader:
        yield reader


def names(reader, which=_ALL, sort=_AS_FOUND):
    return [row.path.stem for row in reader.rows_of(reader.numbers(which, sort))]


def test_all_labels_are_kept_whatever_the_number_of_classes(labels):
    found = {row.path.stem: row.prediction for row in labels.select()}
    assert found["both"].name == "green, red"
    assert [entry.label for entry in found["red"].labels] == ["red", "green", "blue"]
    assert [entry.label for entry in found["red"].right] == ["red"]
    assert found["none"].plain == "no label"


def test_pictures_are_counted_and_found_by_each_of_their_labels(labels):
    assert dict(labels.labels()) == {0: 2, 1: 1, NO_LABEL_GIVEN: 1}
    assert sorted(names(labels, RowFilter(label=0))) == ["both", "red"]
    assert names(labels, RowFilter(label=1)) == ["both"]
    assert names(labels, RowFilter(label=2)) == []
    assert names(labels, RowFilter(label=NO_LABEL_GIVEN)) == ["none"]


def test_the_table_sorts_by_the_first_label_and_puts_those_without_first(labels):
    assert names(labels, sort=Sort("label")) == ["none", "both", "red"]


def test_folders_are_not_taken_for_the_truth_about_several_labels(labels):
    assert score(labels) is None
    assert "can have several" in why_no_scores(labels)


def test_copies_go_into_the_folder_of_each_label(labels, tmp_path):
    planned = plan(labels.select(), labels.spec, tmp_path / "out", "copy")
    assert planned.sentence == (
        "2 pictures will be copied into 2 folders; one file for each label, 3 in all; 1 without a label."
    )
    carry_out(planned, tmp_path / "filed.journal")
    out = tmp_path / "out"
    found = {str(path.relative_to(out).as_posix()) for path in out.rglob("*.ppm")}
    assert found == {"red/both.ppm", "green/both.ppm", "red/red.ppm"}


def test_pictures_with_several_labels_are_not_moved(labels, tmp_path):
    with pytest.raises(CannotSort, match="can't be moved"):
        plan(labels.select(), labels.spec, tmp_path / "out", "move")


def test_amounts_are_kept_in_order_and_sorted_by_the_number(amounts):
    found = {row.path.stem: row.prediction for row in amounts.select()}
    assert found["both"].name == "red 2 EUR, green 3.906, blue 0 kg"
    assert names(amounts, sort=Sort("probability", descending=True)) == ["red", "both", "none"]
    assert names(amounts, RowFilter(least=2.0)) == ["both", "red"]
    assert amounts.labels() == []
    assert [each.words for each in amounts.amounts()] == [
        "red: 0 to 3.125 EUR, mean 1.708",
        "green: 0 to 3.906, mean 1.927",
        "blue: 0 to 0 kg, mean 0",
    ]


def test_amounts_are_not_sorted_into_folders_or_scored(amounts, tmp_path):
    with pytest.raises(CannotSort, match="estimates amounts"):
        plan(amounts.select(), amounts.spec, tmp_path / "out", "copy")
    assert score(amounts) is None
    assert why_no_scores(amounts) == ""


@pytest.mark.parametrize("form", ["text", "csv", "json", "labels"])
@pytest.mark.parametrize("which", ["labels", "amounts"])
def test_documents_are_those_of_the_window_letter_by_letter(request, which, form, tmp_path):
    reader = request.getfixturevalue(which)
    form, style = ("csv", CsvStyle("labels")) if form == "labels" else (form, CsvStyle())
    export_job(reader, tmp_path / "out", form, style)
    written = (tmp_path / "out").read_bytes().decode()
    assert written == format_results(list(results_of(reader)), form, "colours", style)


def exported(reader, tmp_path, form, style=_PLAIN):
    export_job(reader, tmp_path / "out", form, style)
    return (tmp_path / "out").read_text(encoding="utf-8")


def test_json_names_the_labels_that_are_right_with_every_threshold(labels, tmp_path):
    document = json.loads(exported(labels, tmp_path, "json"))
    both = next(each for each in document["results"] if "both" in each["source"])
    assert (both["task"], both["labels"]) == ("multi-label", ["green", "red"])
    assert [(each["label"], each["threshold"], each["right"]) for each in both["predictions"]] == [
        ("green", 0.9, True),
        ("red", 0.6, True),
        ("blue", 0.6, False),
    ]


def test_json_has_amounts_with_units(amounts, tmp_path):
    document = json.loads(exported(amounts, tmp_path, "json"))
    red = next(each for each in document["results"] if "red.ppm" in each["source"])
    assert (red["task"], red["predictions"]) == ("regression", [])
    assert red["amounts"][0] == {"class_id": "id-red", "name": "red", "value": 3.125, "unit": "EUR"}


def test_csv_has_columns_for_what_is_given(labels, tmp_path):
    rows = list(csv.DictReader(io.StringIO(exported(labels, tmp_path, "csv"))))
    both = next(row for row in rows if "both" in row["source"])
    assert (both["result"], both["label1"], both["threshold1"], both["right1"]) == (
        "green, red", "green", "0.9", "yes",
    )  # fmt: skip
    by_label = csv.DictReader(io.StringIO(exported(labels, tmp_path, "csv", CsvStyle("labels"))))
    assert len(list(by_label)) == 9


def test_csv_of_amounts_calls_nothing_a_probability(amounts, tmp_path):
    rows = list(csv.DictReader(io.StringIO(exported(amounts, tmp_path, "csv"))))
    red = next(row for row in rows if "red.ppm" in row["source"])
    assert (red["amount1"], red["value1"], red["unit1"]) == ("red", "3.125", "EUR")
    assert not any("probability" in name for name in red)
    by_amount = list(csv.DictReader(io.StringIO(exported(amounts, tmp_path, "csv", CsvStyle("labels")))))
    assert {(row["label"], row["probability"], row["unit"]) for row in by_amount} == {
        ("red", "", "EUR"), ("green", "", ""), ("blue", "", "kg"),
    }  # fmt: skip


def test_parquet_has_lists_of_labels_and_amounts(labels, amounts):
    """Their rows, without the package that writes them."""
    rows = [parquet._row(result) for reader in (labels, amounts) for result in results_of(reader)]
    assert ["green", "red"] in [row.get("labels") for row in rows]
    (red,) = [row for row in rows if "amounts" in row and "red.ppm" in str(row["source"])]
    assert red["amounts"][0]["value"] == 3.125
    assert red["probability"] is red["label"] is None


def test_text_marks_what_is_right(labels, amounts, tmp_path):
    text = exported(labels, tmp_path, "text")
    assert "both.ppm  green, red\n   98.0%  * green\n   88.1%  * red\n   50.0%    blue\n" in text
    assert "3.125 EUR  red\n" in exported(amounts, tmp_path, "text")


def test_earlier_builds_can_read_what_they_could_have_made(tmp_path):
    assert "task" not in json.loads(spec_for(tmp_path).as_stored())
    stored = spec_for(tmp_path, card=card_of(AMOUNTS)).as_stored()
    assert JobSpec.model_validate_json(stored).units == ("EUR", "", "kg")


def test_a_job_is_not_resumed_with_another_meaning(tmp_path):
    path = run(tmp_path, {"outputs": "logits"})
    with pytest.raises(JobError, match="when the model gave one of several classes"):
        Job(path, spec_for(tmp_path / "in", card=card_of(LABELS), top=1))


def test_no_job_is_made_for_features(tmp_path):
    with pytest.raises(NotAClassifier):
        spec_for(tmp_path, card=card_of(FEATURES))


def test_a_worker_of_a_cluster_must_take_the_outputs_for_the_same(tmp_path):
    assert model_key(card_of(LABELS)) != model_key(card_of({"outputs": "logits"}))
    assert model_key(card_of(LABELS)) == model_key(card_of(LABELS | THRESHOLDS))  # applied here
