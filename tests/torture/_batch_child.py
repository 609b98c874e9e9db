"""Works on a batch job until it is killed; prints a line for each picture it classifies and each commit.

``python -m tests.torture._batch_child JOB FOLDER [--real]``: with a stand-in for the network, or with the
real one and threads that decode.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.batch.job import job as job_module
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.run import runner
from desktop_app.core.foundation import report_rate
from tests.core.batch.fakes import FakeClassifier, spec_for

if TYPE_CHECKING:
    import numpy as np

BATCH_SIZE = 4


def main() -> None:
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    report_rate.REPORTS_PER_SECOND = 1e9
    job_module.COMMIT_ROWS = 8  # so that kills find commits everywhere
    with Job(path, spec_for(folder)) as job:
        tell = partial(print, flush=True)
        tell("start", job.done + job.failed)
        answer, options = _real() if "--real" in sys.argv else _stand_in(tell)
        summary = runner.run(
            job,
            answer,
            on_progress=lambda progress: tell("kept", progress.done + progress.failed),
            batch_size=BATCH_SIZE,
            **options,
        )
    tell("end", summary.left)


def _real():
    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.engine.loading import load_engine
    from tests.tiny_model import colour_card, colour_network

    load_engine()
    return Classifier.of_keras(colour_card(), colour_network(), "CPU"), {"make_executor": ThreadPoolExecutor}


def _stand_in(tell):
    class Telling(FakeClassifier):
        def outputs(self, prepared, batch_size=16):
            for pixels in prepared:
                tell("seen", number_in(pixels))
            return super().outputs(prepared, batch_size)

    return Telling(), {}


def number_in(pixels: np.ndarray) -> int:
    """The number that `batch_jobs` hid in the colour of a picture."""
    red, green, blue = pixels[0, 0].tolist()
    return red << 16 | green << 8 | blue


if __name__ == "__main__":
    main()
