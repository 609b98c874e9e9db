"""Checkpoints: everything that a run needs to be resumed as if nothing had happened.

``last.npz`` holds the variables of the network that is being trained (the state of its dropout included), of
the optimiser (the learning rate and the number of steps included), within an epoch those of the metrics, and
the `Progress`. ``best-EPOCH.npz`` holds the variables after the best epoch. A ``best`` file is written before
the ``last`` file that relies on it, and deleted once no ``last`` file does: whenever the power fails, there
is a pair that belongs together.

The `Progress` has the version of the format. A `Progress` of an earlier version is upgraded each time it is
read; its file is replaced by the next checkpoint.
"""

from __future__ import annotations

import contextlib
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import open_regular, replacing
from desktop_app.core.foundation.migration import NewerVersion
from desktop_app.core.foundation.text import printable
from desktop_app.core.training.records.failures import NotFinite
from desktop_app.core.training.records.progress import PROGRESS, Progress
from desktop_app.core.training.runs.run_folder import RunError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import keras
    from numpy.typing import NDArray

Arrays = list["NDArray[Any]"]

_UNREADABLE = (OSError, ValueError, KeyError, EOFError, NotImplementedError, struct.error, zipfile.BadZipFile)
"""Errors that NumPy and zipfile raise about damaged files."""

_PROGRESS = "progress"
_ADVICE = "Start a new training; this run can't be resumed."


class Checkpoints:
    """The checkpoints of one run."""

    def __init__(self, folder: Path) -> None:
        """Use this folder, which exists."""
        self._folder = folder
        self._last = folder / "last.npz"

    @property
    def exists(self) -> bool:
        """Whether there is a checkpoint to resume from."""
        return self._last.exists()

    def save(self, progress: Progress, model: keras.Model, *, best: int | None) -> None:
        """Write where the run stands, and delete the best epochs before ``best``.

        Args:
            progress: Position in the run.
            model: The network that is being trained, compiled and built.
            best: Number of the best epoch so far, whose file exists; None when no epoch is finished.

        Raises:
            NotFinite: A weight is not a number: the checkpoint before is the last good one.
            StorageError: The file cannot be written; the checkpoint before is untouched.
        """
        groups = {"model": values(model.variables), "optimizer": values(model.optimizer.variables)}
        require_finite(groups["model"])
        if progress.step and progress.trained is None:
            groups["metrics"] = values(model.metrics_variables)
        _write(self._last, groups, progress)
        for path in self._folder.glob("best-*.npz"):
            if best is None or path != self._best(best):
                with contextlib.suppress(OSError):
                    path.unlink()

    def save_best(self, epoch: int, variables: Arrays, progress: Progress) -> None:
        """Write the variables after the epoch that is the best so far.

        Raises:
            StorageError: The file cannot be written.
        """
        _write(self._best(epoch), {"model": variables}, progress)

    def read_progress(self) -> Progress:
        """Where the run stood.

        Raises:
            RunError: The checkpoint is damaged.
        """
        return self._read(self._last)[0]

    def read_progress_of_best(self) -> Progress | None:
        """Where the run stood after its best epoch that has a file; None when none can be read."""
        for path in sorted(
            self._folder.glob("best-*.npz"), key=lambda path: path.stat().st_mtime, reverse=True
        ):
            with contextlib.suppress(RunError, StorageError):
                return self._read(path)[0]
        return None

    def restore(self, model: keras.Model) -> None:
        """Give a network and its optimiser, both built, the values of the last checkpoint.

        Raises:
            RunError: The checkpoint is damaged or belongs to another network.
        """
        groups = self._read(self._last)[1]
        self._assign(self._last, model.variables, groups.get("model", []))
        self._assign(self._last, model.optimizer.variables, groups.get("optimizer", []))

    def restore_metrics(self, model: keras.Model) -> None:
        """Give the metrics of a network that has run the values of a checkpoint from within an epoch.

        Raises:
            RunError: The checkpoint is damaged or belongs to another network.
        """
        self._assign(self._last, model.metrics_variables, self._read(self._last)[1].get("metrics", []))

    def read_last(self) -> Arrays:
        """The network's variables in the last checkpoint.

        Raises:
            RunError: The file is damaged.
        """
        return self._read(self._last)[1].get("model", [])

    def read_best(self, epoch: int) -> Arrays:
        """The variables after the best epoch.

        Raises:
            RunError: The file is damaged.
            StorageError: It is missing.
        """
        return self._read(self._best(epoch))[1].get("model", [])

    def assign_best(self, epoch: int, model: keras.Model) -> None:
        """Give a network the variables of the best epoch.

        Raises:
            RunError: The file is damaged or belongs to another network.
            StorageError: It is missing.
        """
        self._assign(self._best(epoch), model.variables, self.read_best(epoch))

    def clear(self) -> None:
        """Delete all checkpoints: the run has ended in a model. What cannot be deleted stays."""
        for path in self._folder.glob("*.npz"):
            with contextlib.suppress(OSError):
                path.unlink()

    def _best(self, epoch: int) -> Path:
        return self._folder / f"best-{epoch}.npz"

    def _read(self, path: Path) -> tuple[Progress, dict[str, Arrays]]:
        try:
            with open_regular(path) as file, np.load(file, allow_pickle=False) as stored:
                place = PROGRESS.upgraded(stored[_PROGRESS].tobytes(), path)
                progress = Progress.model_validate_json(place)
                groups: dict[str, Arrays] = {}
                for name in stored.files:
                    if name != _PROGRESS:
                        groups.setdefault(name.partition("/")[0], []).append(stored[name])
        except NewerVersion as error:
            raise RunError(str(error)) from error
        except ValidationError as error:
            raise self._damaged(path, "the position in the run cannot be read") from error
        except _UNREADABLE as error:
            raise self._damaged(path, printable(str(error))) from error
        return progress, groups

    def _assign(self, path: Path, variables: Sequence[Any], arrays: Arrays) -> None:
        shapes = [tuple(variable.shape) for variable in variables]
        if shapes != [array.shape for array in arrays]:
            raise self._damaged(path, "it belongs to another network")
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)

    @staticmethod
    def _damaged(path: Path, reason: str) -> RunError:
        return RunError(
            f"The checkpoint {printable(str(path))} cannot be used: {reason.rstrip('.')}.", _ADVICE
        )


def values(variables: Sequence[Any]) -> Arrays:
    """Copy variables out of TensorFlow."""
    return [np.asarray(variable.numpy()) for variable in variables]  # `numpy` gives a copy already


def require_finite(arrays: Arrays) -> None:
    """Reject numbers from which no training recovers.

    Raises:
        NotFinite: A number is infinite or not a number.
    """
    for array in arrays:
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise NotFinite


def _write(path: Path, groups: Mapping[str, Arrays], progress: Progress) -> None:
    arrays = {
        f"{group}/{number:05d}": array
        for group, members in groups.items()
        for number, array in enumerate(members)
    }
    arrays[_PROGRESS] = np.frombuffer(progress.model_dump_json().encode(), np.uint8)
    size = sum(array.nbytes for array in arrays.values())
    with replacing(path, size=size) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]  # NumPy's stubs take the names for options
