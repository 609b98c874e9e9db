"""Trains on a small disk that fills up meanwhile, for `full_disk`; prints how each training ended."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import EpochEnded, Preparing, Started, TrainingEvent
from tests.core.training.tiny import make_data, stores_in, tiny_config
from tests.torture._small_disk import filling
from tests.torture.full_disk import NAMED, free_at, require_no_strays

EPOCHS = 3
MOMENTS = ("before the split", "before the first batch", "after an epoch", "before the model is kept")


def is_moment(event: TrainingEvent, moment: str) -> bool:
    """Whether a training has come to one of `MOMENTS`."""
    match event:
        case Preparing():
            return moment == MOMENTS[0]
        case Started():
            return moment == MOMENTS[1]
        case EpochEnded():
            return event.metrics.epoch == {MOMENTS[2]: 1, MOMENTS[3]: EPOCHS}.get(moment)
        case _:
            return False


def check(disk: Path, data: Path, level: int, free: int, *, real: bool) -> str:
    """Train while the disk fills up, then on an empty disk, and see that nothing was lost.

    Returns:
        How the training ended at first.
    """
    work = disk / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    runs, library = stores_in(work)
    done: list[int] = []
    moment = MOMENTS[level % len(MOMENTS)]
    where = f"{moment}, {free} bytes free"
    with contextlib.ExitStack() as fullness:
        waiting = [moment]

        def meddle(event: TrainingEvent) -> None:
            if isinstance(event, EpochEnded):
                done.append(event.metrics.epoch)
            if waiting and is_moment(event, moment):
                waiting.clear()
                fullness.enter_context(filling(disk / "filler", free, real=real))

        config = tiny_config(data, epochs=EPOCHS)
        result = fit.train(
            config,
            meddle,
            TrainingControl().token,
            runs=runs,
            library=library,
            make_executor=ThreadPoolExecutor,
        )
        assert not waiting, f"never came to be {moment}"
    status = result.status
    if status == "failed":
        assert NAMED.search(result.reason.text), f"{where}: {result.reason.text}"
        require_no_strays(work, where)
        [entry] = runs.list()
        assert not entry.problem, entry.problem
        assert [epoch.epoch for epoch in entry.history] == done, f"{where}: {entry.history}"
        assert entry.resumable or not done, f"{where}: the run is {entry.record.state} and cannot be resumed"
        token = TrainingControl().token
        if entry.resumable:
            result = fit.resume(
                entry.record.run_id,
                meddle,
                token,
                runs=runs,
                library=library,
                make_executor=ThreadPoolExecutor,
            )
        else:  # nothing has been learned that could be lost
            result = fit.train(
                config, meddle, token, runs=runs, library=library, make_executor=ThreadPoolExecutor
            )
    assert result.status == "finished", f"{where}: {result.reason.text}"
    assert done == list(range(1, EPOCHS + 1)), f"{where}: the epochs were {done}"
    [model] = [entry for entry in library.entries() if entry.folder is not None]
    assert not model.problem, model.problem
    assert sha256_of(model.weights) == model.card.weights_sha256
    return status


def main() -> None:
    disk, count, real = Path(sys.argv[1]), int(sys.argv[2]), bool(int(sys.argv[3]))
    with tempfile.TemporaryDirectory(prefix="sightline-data-") as name:
        os.environ["SIGHTLINE_HOME"] = f"{name}/home"
        data = make_data(Path(name) / "data")
        for level in range(count):
            free = free_at(level, count, real=real)
            print(check(disk, data, level, free, real=real), flush=True)


if __name__ == "__main__":
    main()
