"""The user's training runs, each in its folder."""

from __future__ import annotations

import contextlib
import itertools
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.datasets.archives.unpacked_folders import sweep_unpacked
from desktop_app.core.datasets.splits.split_file import read_split_folder
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import SightlineError, UsageError
from desktop_app.core.foundation.files import leased, sweep_leftovers
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import natural_key, printable
from desktop_app.core.library.card_limits import MAX_NAME
from desktop_app.core.training.runs.naming import default_name, numbered
from desktop_app.core.training.runs.place import Place
from desktop_app.core.training.runs.run_entry import RunEntry
from desktop_app.core.training.runs.run_folder import NEW, RunError, RunFolder, UnknownRun
from desktop_app.core.training.runs.run_record import RunRecord
from desktop_app.core.training.settings.config import TrainingConfig, clean_name
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.core.training.task import catalogue

if TYPE_CHECKING:
    from desktop_app.core.library.store import Library

_STAMP = "%Y%m%dT%H%M%S.%fZ"

WITHOUT_A_WORD = "It ended without warning: it was killed, the power failed, or memory ran out."
_SHOWN_RUNS = 10
_ALL_DONE = "Resume it: all epochs are done, only keeping and evaluating the model is left."
_LESS_MEMORY = "Resume it; if this happens again, train with half the batch size or a smaller input."


class RunStore:
    """Finds, makes, renames and removes runs; holds no state besides the folders."""

    def __init__(
        self, folder: Path, trash: Path, scratch: Path | None = None, datasets: Path | None = None
    ) -> None:
        """Use these folders.

        Args:
            folder: Folder of the runs; made with the first one.
            trash: Folder of removed runs, on the same disk as ``folder``.
            scratch: Folder for pictures of runs that do not fit into memory; beside ``folder`` by default.
            datasets: Folder of unpacked archives; beside ``folder`` by default.
        """
        self.folder = folder
        self.trash = trash
        self.scratch = scratch or folder.parent / "scratch"
        self.datasets = datasets or folder.parent / "datasets"

    @classmethod
    def default(cls) -> RunStore:
        """The runs of this user."""
        return cls(paths.runs(), paths.runs_trash(), paths.scratch(), paths.datasets())

    def create(self, config: TrainingConfig) -> RunFolder:
        """Make the folder of a new run, whole or not at all; its id is the day and the recipe.

        A run in the trash keeps its id, so that it can be restored. The name is numbered when another run
        has it: in a list they could not be told apart.

        Raises:
            StorageError: The folder cannot be made.
        """
        today = datetime.now(UTC).date()
        name = config.name or default_name(config.data, config.recipe, archive=config.data.is_file())
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            with leased(self.folder, self.folder / "new run") as lease:
                fresh = lease.with_suffix(NEW)
                removed = {path.name for stamp in _subfolders(self.trash) for path in _subfolders(stamp)}
                for run_id in _ids(f"{today.isoformat()}-{config.recipe}"):
                    if run_id in removed:
                        continue
                    shutil.rmtree(fresh, ignore_errors=True)
                    RunFolder(fresh).begin(config, name=numbered(name, self._names()), run_id=run_id)
                    if self._take(fresh, self.folder / run_id):
                        break
        return RunFolder(self.folder / run_id)

    def place(self, folder: RunFolder, library: Library) -> Place:
        """Say where a run of this store writes."""
        return Place(folder, self.scratch / folder.run_id, library)

    def _names(self) -> set[str]:
        """The names of all runs that can be read."""
        names = set()
        for path in _subfolders(self.folder):
            with contextlib.suppress(SightlineError):
                names.add(RunFolder(path).read_record().name)
        return names

    def open(self, run_id: str) -> RunFolder:
        """Find the folder of a run.

        Raises:
            UnknownRun: No run has this id; the known ids are listed.
        """
        known = sorted((path.name for path in _subfolders(self.folder)), key=natural_key)
        if run_id not in known:
            latest = printable(", ".join(known[-_SHOWN_RUNS:]))
            if len(known) > _SHOWN_RUNS:
                advice = f"The latest runs are: {latest}; 'sightline runs' lists all."
            else:
                advice = f"The runs are: {latest}." if known else "No network has been trained here yet."
            raise UnknownRun(f"There is no run '{printable(run_id)}'.", advice)
        return RunFolder(self.folder / run_id)

    def list(self) -> tuple[RunEntry, ...]:
        """List every run, the newest first, damaged ones with their problem."""
        entries = [_look_at(RunFolder(path)) for path in _subfolders(self.folder)]
        return tuple(
            sorted(entries, key=lambda entry: (entry.record.created, entry.record.run_id), reverse=True)
        )

    def get(self, run_id: str) -> RunEntry:
        """Look at one run.

        Raises:
            UnknownRun: No run has this id; the known ids are listed.
        """
        return _look_at(self.open(run_id))

    def rename(self, run_id: str, name: str) -> RunEntry:
        """Give a run another readable name; its id, and the model that it has made, keep theirs.

        Raises:
            UsageError: There is no such run, or the name is empty or too long.
            RunError: The run is damaged or at work.
            StorageError: The record cannot be written.
        """
        clean = clean_name(name)
        if not 0 < len(clean) <= MAX_NAME:
            raise UsageError(f"A run's name has 1 to {MAX_NAME} characters, not {len(clean)}.")
        folder = self.open(run_id)
        with folder.at_work():
            folder.write_record(folder.read_record().model_copy(update={"name": clean}))
        return _look_at(folder)

    def remove(self, run_id: str) -> RunEntry:
        """Move a run to the trash; its model stays in the library.

        Returns:
            The run before it was removed.

        Raises:
            UnknownRun: No run has this id.
            RunError: The run is at work.
            StorageError: The folder cannot be moved.
        """
        folder = self.open(run_id)
        entry = _look_at(folder)
        if folder.is_at_work:
            raise RunError(f"The run '{run_id}' is at work.", "Stop or cancel it first.")
        target = self.trash / datetime.now(UTC).strftime(_STAMP) / run_id
        with storage_errors(target):
            target.parent.mkdir(parents=True)
            folder.path.rename(target)
        return entry

    def restore_last(self) -> RunEntry | None:
        """Restore the run that was removed last.

        Returns:
            The run; None when the trash is empty.

        Raises:
            RunError: Another run has its id by now.
            StorageError: The folder cannot be moved.
        """
        for stamp in sorted(_subfolders(self.trash), reverse=True):
            for path in _subfolders(stamp):
                target = self.folder / path.name
                if target.exists():
                    raise RunError(f"The run '{path.name}' cannot be restored: there is another one.")
                with storage_errors(target):
                    self.folder.mkdir(parents=True, exist_ok=True)
                    path.rename(target)
                    stamp.rmdir()
                return _look_at(RunFolder(target))
        return None

    def empty_trash(self) -> None:
        """Delete removed runs for good.

        Raises:
            StorageError: Something in the trash cannot be deleted.
        """
        for stamp in _subfolders(self.trash):
            with storage_errors(stamp, verb="deleted"):
                shutil.rmtree(stamp)

    def discard(self, folder: RunFolder) -> None:
        """Delete a cancelled run and its scratch files; a kill meanwhile leaves no half of it."""
        self.clear_scratch(folder.run_id)
        folder.discard()

    def clear_scratch(self, run_id: str) -> None:
        """Delete a run's scratch files."""
        shutil.rmtree(self.scratch / run_id, ignore_errors=True)

    def sweep(self) -> int:
        """Remove what killed runs left. To be called at every start.

        Returns:
            Number of leftovers removed.
        """
        swept = sweep_leftovers(self.folder)
        for path in _subfolders(self.folder):
            swept += sweep_leftovers(path) + sweep_leftovers(path / "checkpoints")
        for path in _subfolders(self.scratch):
            if not RunFolder(self.folder / path.name).is_at_work:
                self.clear_scratch(path.name)
                swept += 1
        for stamp in _subfolders(self.trash):
            with contextlib.suppress(OSError):  # not empty: a removed run that can be restored
                stamp.rmdir()
                swept += 1
        return swept

    def sweep_datasets(self) -> int:
        """Delete unpacked archives that no run, removed ones included, was made from and nobody uses.

        Returns:
            Number of folders deleted.
        """
        return sweep_unpacked(self.datasets, self._data_folders)

    def _data_folders(self) -> set[Path]:
        removed = [path for stamp in _subfolders(self.trash) for path in _subfolders(stamp)]
        splits = (RunFolder(path).split_file for path in [*_subfolders(self.folder), *removed])
        return {folder for split in splits if (folder := read_split_folder(split)) is not None}

    @staticmethod
    def _take(fresh: Path, target: Path) -> bool:
        """Move a new run to its final folder; False when that exists."""
        if target.exists():
            return False
        try:
            fresh.rename(target)
        except OSError:
            if target.exists():  # somebody was quicker
                return False
            raise
        return True


def _ids(wanted: str) -> itertools.chain[str]:
    return itertools.chain([wanted], (f"{wanted}-{number}" for number in itertools.count(2)))


def _look_at(folder: RunFolder) -> RunEntry:
    """Read a run folder; whatever is wrong with it becomes its problem."""
    history = folder.read_history()
    try:
        record = folder.read_record()
        catalogue.get(record.config.task)
    except SightlineError as error:
        return RunEntry(_stub(folder), folder.path, history, problem=str(error))
    if record.state == "running" and not folder.is_at_work:
        values = record.config.hyperparameters
        done = record.epochs_done >= values.epochs + values.fine_tune_epochs
        advice = _ALL_DONE if done else _LESS_MEMORY
        record = record.model_copy(
            update={"state": "interrupted", "message": WITHOUT_A_WORD, "advice": advice}
        )
    resumable = record.state == "interrupted" or (
        record.state in {"failed", "stopped"} and any(folder.checkpoints.glob("last.npz"))
    )
    return RunEntry(record, folder.path, history, resumable=resumable)


def _stub(folder: RunFolder) -> RunRecord:
    """Make a substitute for the record of a damaged run."""
    created = ""
    with contextlib.suppress(OSError):
        modified = datetime.fromtimestamp(folder.path.stat().st_mtime, UTC)
        created = modified.isoformat(timespec="seconds")
    config = TrainingConfig(data=Path(), recipe="", hyperparameters=default_hyperparameters())
    name = printable(folder.run_id)
    return RunRecord(run_id=folder.run_id, name=name, config=config, state="failed", created=created)


def _subfolders(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except OSError:
        return []
