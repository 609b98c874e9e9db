"""The files of one run."""

from __future__ import annotations

import contextlib
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from desktop_app.core.foundation.errors import SightlineError, UsageError
from desktop_app.core.foundation.files import leased, open_regular, write_whole
from desktop_app.core.foundation.locking import exclusive, exclusive_soon
from desktop_app.core.foundation.migration import NewerVersion, replace_outdated
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import printable
from desktop_app.core.installation.versions import versions
from desktop_app.core.training.records import history as epochs
from desktop_app.core.training.runs.evaluation_file import (
    EVALUATION,
    evaluation_from_json,
    evaluation_to_json,
)
from desktop_app.core.training.runs.run_record import RUN, RunRecord
from desktop_app.core.training.task.label_table import to_csv
from desktop_app.core.training.task.multi_label_evaluation import MultiLabelEvaluation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from desktop_app.core.training.records.events import EpochMetrics
    from desktop_app.core.training.settings.config import TrainingConfig
    from desktop_app.core.training.task.evaluation import Evaluation
    from desktop_app.core.training.task.task import Task

LABELS_FILE = "labels.csv"
MAX_TEXT_BYTES = 64 * 1024 * 1024
"""Limit of a file's size, far above the longest history, record or list of mistakes."""

NEW = ".new"
"""Suffix of what `files.sweep_leftovers` removes when its writer was killed."""

_LOCK_TRIES = 40
"""Attempts to take the lock: a check whether the run is at work holds it for a moment."""


class RunError(SightlineError):
    """A run is missing, damaged, at work already or cannot be resumed."""


class UnknownRun(RunError, UsageError):
    """No run has this id."""


class RunFolder:
    """The files of one run, and how they are read and written.

    Attributes:
        path: The folder; its name is the run's id.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.split_file = path / "split.csv"
        self.corrections_file = path / "corrections.json"
        self.checkpoints = path / "checkpoints"
        self.log_file = path / "log.txt"
        self.tensorboard = path / "tensorboard"
        self._record_file = path / "run.json"
        self._metrics_file = path / "metrics.csv"
        self._evaluation_file = path / "evaluation.json"
        self._lock_file = path / "run.lock"

    @property
    def run_id(self) -> str:
        """The folder's name."""
        return self.path.name

    def begin(self, config: TrainingConfig, *, name: str, run_id: str = "") -> None:
        """Make the folder of a run that has not begun to train.

        Args:
            config: Configuration of the training.
            name: Readable name.
            run_id: Name that the folder will have; its present name by default.

        Raises:
            StorageError: The folder cannot be made, or exists already.
        """
        with storage_errors(self.path):
            self.path.mkdir(parents=True)
            self.checkpoints.mkdir()
        record = RunRecord(
            run_id=run_id or self.run_id,
            name=name,
            config=config,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            environment=versions(),
        )
        self.write_record(record)

    def discard(self) -> None:
        """Delete a run; a kill meanwhile leaves no half of it.

        Raises:
            StorageError: The run cannot be deleted.
        """
        folder = self.path.parent
        with storage_errors(self.path, verb="deleted"), leased(folder, self.path) as lease:
            doomed = lease.with_suffix(NEW)
            self.path.rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)

    def read_record(self) -> RunRecord:
        """Read ``run.json``; one of an earlier version is upgraded unless the run is at work.

        Raises:
            RunError: The record is missing, damaged or of a newer version.
        """
        name = printable(str(self._record_file))
        try:
            text = _read(self._record_file)
        except SightlineError as error:
            raise RunError(f"{str(error).rstrip('.')}.", "Remove this run.") from error
        try:
            current = RUN.upgraded(text, self._record_file)
            record = RunRecord.model_validate_json(current)
        except NewerVersion as error:
            raise RunError(str(error)) from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the file"
            raise RunError(f"{name} is not valid: {where}: {first['msg']}.", "Remove this run.") from error
        if record.run_id != self.run_id:
            raise RunError(f"{name} belongs to the run '{printable(record.run_id)}'.", "Remove this run.")
        replace_outdated(self._record_file, text, current, lock=self._lock_file)
        return record

    def write_record(self, record: RunRecord) -> None:
        """Replace ``run.json``.

        Raises:
            StorageError: The file cannot be written; the old one is untouched.
        """
        write_whole(self._record_file, record.model_dump_json(indent=2) + "\n")

    def read_history(self) -> tuple[EpochMetrics, ...]:
        """Read ``metrics.csv``; a missing or damaged one is empty: the checkpoint holds the same."""
        with contextlib.suppress(SightlineError, ValueError):
            return epochs.from_csv(_read(self._metrics_file).decode())
        return ()

    def write_history(self, history: Sequence[EpochMetrics], task: Task) -> None:
        """Replace ``metrics.csv``, which has the columns of the task.

        Raises:
            StorageError: The file cannot be written; the old one is untouched.
        """
        write_whole(self._metrics_file, epochs.to_csv(history, task))

    def read_evaluation(self) -> Evaluation | None:
        """Read ``evaluation.json``; None when there is none that can be read."""
        with contextlib.suppress(SightlineError, ValueError):
            text = _read(self._evaluation_file)
            current = EVALUATION.upgraded(text, self._evaluation_file)
            evaluation = evaluation_from_json(current)
            replace_outdated(self._evaluation_file, text, current, lock=self._lock_file)
            return evaluation
        return None

    def write_evaluation(self, evaluation: Evaluation) -> None:
        """Replace ``evaluation.json``, and for several labels at once ``labels.csv`` with a row for each.

        Raises:
            StorageError: The file cannot be written; the old one is untouched.
        """
        write_whole(self._evaluation_file, evaluation_to_json(evaluation))
        if isinstance(evaluation, MultiLabelEvaluation):
            write_whole(self.path / LABELS_FILE, to_csv(evaluation))

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Hold the run's lock during the body.

        Raises:
            RunError: Another process, or another thread of this one, works on the run.
            StorageError: The lock file cannot be made.
        """
        with contextlib.ExitStack() as stack:
            with storage_errors(self._lock_file):
                got = stack.enter_context(exclusive_soon(self._lock_file, _LOCK_TRIES))
            if got:
                yield
                return
        raise RunError(
            f"The run '{self.run_id}' is at work already.", "Wait until it ends, or stop it where it runs."
        )

    @property
    def is_at_work(self) -> bool:
        """Whether somebody holds the run's lock."""
        if self._lock_file.exists():
            with contextlib.suppress(OSError), exclusive(self._lock_file) as got:
                return not got
        return False


def _read(path: Path) -> bytes:
    with open_regular(path) as file, storage_errors(path, verb="read"):
        return file.read(MAX_TEXT_BYTES)
