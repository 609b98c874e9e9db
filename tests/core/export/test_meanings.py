"""Exports of models that give labels, amounts or features."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.export.exporting import export_beside
from desktop_app.core.export.proof import Compared, compare
from desktop_app.core.images.decoding.decode import read_fitted
from desktop_app.core.images.sample_pictures import sample_files
from desktop_app.core.inference.choice import EngineChoice
from desktop_app.core.library.store import Library
from tests.core.export.models import write_here
from tests.meanings import AMOUNTS, FEATURES, LABELS, card_of, install

ROWS = np.array([[0.2, 0.95, 30.0], [0.6, 0.5, 10.0], [0.1, 0.2, 0.0]])


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("changes", [LABELS, AMOUNTS, FEATURES], ids=["labels", "amounts", "features"])
@pytest.mark.parametrize("form", ["onnx", "openvino"])
def test_the_example_prints_what_fits(form, changes, tmp_path):
    library = Library.default()
    entry = install(library, changes)
    path = tmp_path / "colours.zip"
    result = export_beside(library, entry.model_id, path, form=form, write=write_here)
    assert all(proof.task == changes["task"] for proof in result.report.proofs)
    assert all(proof.largest_difference <= 1e-6 for proof in result.report.proofs)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
        names = set(archive.namelist())
    code = re.search(r"```python\n(.+?)```", (tmp_path / "README.md").read_text(), re.DOTALL).group(1)
    (tmp_path / "example.py").write_text(code)
    command = [sys.executable, "-P", "example.py", sample_files()[0]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    match changes["task"]:
        case "multi-label":
            assert (tmp_path / "thresholds.txt").read_text() == "0.5\n0.9\n0.5\n"
            labels, row = what_sightline_says(library, entry)
            rows = zip(labels, row, (0.5, 0.9, 0.5), strict=True)
            right = [name for name, share, least in rows if share >= least]
            assert [line.split("% ")[1] for line in lines] == right
        case "regression":
            _names, row = what_sightline_says(library, entry)
            assert (tmp_path / "labels.txt").read_text().splitlines()[0].endswith(" (EUR)")
            assert [float(line.split()[0]) for line in lines] == pytest.approx(row, rel=0.05)
            assert lines[0].endswith("(EUR)")
        case _:
            assert "labels.txt" not in names
            features = [float(each) for each in done.stdout.strip(" []\n").split()]
            assert len(features) == 3
            assert np.linalg.norm(features) == pytest.approx(1, abs=1e-5)


def what_sightline_says(library, entry):
    classifier = load_classifier(entry.model_id, library, EngineChoice("tensorflow"))
    picture = read_fitted(sample_files()[0], classifier.card.input.fitting("squash"))
    (row,) = classifier.probabilities(classifier.outputs([picture]))
    return [entry.label for entry in classifier.card.classes], row


def compared(changes, found):
    return compare(ROWS, found, "Engine", Compared(card_of(changes), "Sightline", "float32"))


def test_labels_are_the_same_above_their_thresholds():
    moved = ROWS + np.array([[0, -0.1, 0], [0, 0, 0], [0, 0, 0]])
    proof = compared(LABELS, moved)
    assert proof.largest_difference == pytest.approx(0.1)
    assert proof.same_first == pytest.approx(2 / 3)
    assert "has the same labels for 66.7%" in proof.sentence


def test_amounts_differ_by_shares_of_the_largest_one():
    proof = compared(AMOUNTS, ROWS + np.array([[0, 0, 0.3], [0, 0, 0], [0, 0, 0]]))
    assert proof.largest_difference == pytest.approx(0.01)
    assert "1.0e-02 of the largest amount at most." in proof.sentence


def test_features_differ_by_shares_of_their_length():
    rows = np.eye(3)
    proof = compare(rows, rows[[0, 2, 1]], "Engine", Compared(card_of(FEATURES), "Sightline", "float32"))
    assert proof.largest_difference == 1.0
    assert "of the features' length" in proof.sentence
