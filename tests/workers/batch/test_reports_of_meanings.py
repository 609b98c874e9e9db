"""What is said about jobs of labels and amounts once they rest."""

from __future__ import annotations

import pytest

from desktop_app.core.batch.run import runner
from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.workers.batch.reports import score_job
from tests.core.batch.fakes import new_job, write_picture
from tests.meanings import AMOUNTS, LABELS, MeansNetwork, card_of

UNSCORED = (
    "The folders' names are not compared with the predictions: a folder names one label, and a picture can "
    "have several."
)


@pytest.mark.parametrize(
    ("changes", "remarks"),
    [
        (LABELS, (UNSCORED,)),
        (
            AMOUNTS,
            (
                "red: 0 to 3.906 EUR, mean 1.953.",
                "green: 0 to 0, mean 0.",
                "blue: 0 to 3.906 kg, mean 1.953.",
            ),
        ),
    ],
)
def test_labels_have_no_scores_and_amounts_a_range(tmp_path, changes, remarks):
    write_picture(tmp_path / "in" / "red" / "a.ppm", (250, 0, 0))
    write_picture(tmp_path / "in" / "blue" / "b.ppm", (0, 0, 250))
    card = card_of(changes)
    with new_job(tmp_path / "one.job", tmp_path / "in", card=card) as job:
        runner.run(job, Classifier(card, MeansNetwork()))
    found = score_job(tmp_path / "one.job", NEVER)
    assert (found.scores, found.remarks) == (None, remarks)
