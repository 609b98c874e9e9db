"""The step of the self-test that classifies a whole folder."""

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
    """Copy pictures into a folder, classify it as a batch job, and compare the predictions.

    Args:
        folder: Folder for the copies. The job goes into the current home folder.
        classifier: The model to use.
        expected: Its prediction for each picture alone.
        make_executor: Makes the threads that decode pictures.

    Returns:
        What was done, as a sentence.

    Raises:
        SightlineError: The job failed, or its predictions differ.
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
            f"A folder of {len(wanted)} pictures got other labels than each one alone: {summary.sentence}",
            "Please report this.",
        )
    return f"A folder with {summary.answered} pictures was classified, with the same predictions."
