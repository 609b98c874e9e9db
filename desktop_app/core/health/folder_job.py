"""The step of the self-test that works on a whole folder."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.batch.run.runner import run
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.ahead import InPlace
from desktop_app.core.health.checks import CheckFailed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.classify.prediction import Prediction
    from desktop_app.core.foundation.ahead import MakeExecutor


def work_on_folder(
    folder: Path,
    classifier: Classifier,
    expected: Mapping[Path, Prediction],
    make_executor: MakeExecutor = InPlace,
) -> str:
    """Copy pictures into a folder, classify it as a job, and compare with what is known of them.

    Args:
        folder: For the copies. The job goes into the folder of the present home.
        classifier: The model that answers.
        expected: What it said of each picture alone.
        make_executor: Makes the threads that decode pictures.

    Returns:
        What was done, as a sentence.

    Raises:
        SightlineError: The job failed, or answered something else.
    """
    folder.mkdir(parents=True)
    for path in expected:
        shutil.copy(path, folder)
    jobs = paths.jobs()
    jobs.mkdir(parents=True, exist_ok=True)
    with Job(jobs / "self-test.job", JobSpec.for_card(classifier.card, [folder])) as job:
        summary = run(job, classifier, make_executor=make_executor)
        with JobReader(job.path) as reader:
            found = {row.path.name: row.prediction.top.label for row in reader.select() if row.prediction}
        job.delete()
    wanted = {path.name: prediction.top.label for path, prediction in expected.items()}
    if not summary.finished or found != wanted:
        raise CheckFailed(
            f"A folder of {len(wanted)} pictures was not answered as the pictures alone: {summary.sentence}",
            "Please report this.",
        )
    return f"A folder with {summary.answered} pictures was worked on, with the same answers."
