"""Trains on data sets full of odd files, in a process that `odd_training` watches; prints a line for each."""

from __future__ import annotations

import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desktop_app.core.datasets.answers import NO_ANSWERS
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import EpochEnded, Preparing, Started, TrainingEvent, Warned
from tests.core.datasets.odd_files import OddDataset, low_pixel_limit, make_odd_dataset, photo
from tests.core.training.tiny import stores_in, tiny_config

MOMENTS = ("before they are read", "while they are read", "while the network learns", "before it goes on")


def damage(path: Path, number: int) -> None:
    """Delete a picture, or put something else in its place."""
    half = path.read_bytes()[: path.stat().st_size // 2]
    if number:
        path.unlink()
    match number:
        case 0:
            path.write_bytes(half)
        case 1:
            path.write_bytes(b"rewritten in the meantime")
        case 2:
            path.write_bytes(b"")
        case 3:
            os.mkfifo(path)
        case 4:
            path.symlink_to(path.name)
        case 5:
            path.mkdir()
        case _:
            pass


class Meddler:
    """Gets the events of a fit, and damages pictures at one moment of it."""

    def __init__(self, moment: str, victims: list[Path]) -> None:
        self.events: list[TrainingEvent] = []
        self._moment, self._victims = moment, victims
        self.control = TrainingControl()

    def __call__(self, event: TrainingEvent) -> None:
        """Note an event, and meddle once."""
        self.events.append(event)
        reading = isinstance(event, Preparing) and event.message == "Reading pictures"
        learning = isinstance(event, EpochEnded)
        examined = isinstance(event, Warned) and "skipped; the run" in event.message
        if dict(zip(MOMENTS, (examined, reading, learning, False), strict=True))[self._moment]:
            self.meddle()
        if learning and self._moment == MOMENTS[3] and self._victims:
            self.control.interrupt()

    def meddle(self) -> None:
        """Damage every victim, once."""
        while self._victims:
            damage(self._victims.pop(), len(self._victims) % 7)

    def warnings(self) -> str:
        """All that was warned of."""
        return "\n".join(event.message for event in self.events if isinstance(event, Warned))


def check(folder: Path, seed: int) -> tuple[int, int]:
    """Train on one data set to the end.

    Returns:
        Number of good pictures, without damaged ones, and of bad files, with damaged ones.
    """
    moment = MOMENTS[seed % len(MOMENTS)]
    made = make_odd_dataset(folder / "data", seed)
    victims = [made.folder / "dogs" / f"victim {number}.jpg" for number in range(7)]
    for number, path in enumerate(victims):
        path.write_bytes(photo(1_000_000 + 10 * seed + number))
    runs, library = stores_in(folder)
    meddler = Meddler(moment, list(victims))
    first_frames = NO_ANSWERS.changed(pixels=PixelReading(plane="first"))
    config = tiny_config(made.folder, epochs=2, batch_size=16, seed=seed, answers=first_frames)
    result = fit.train(
        config, meddler, meddler.control.token, runs=runs, library=library, make_executor=ThreadPoolExecutor
    )
    if moment == MOMENTS[3]:
        assert result.status == "interrupted", result
        meddler.meddle()
        meddler.control = TrainingControl()
        result = fit.resume(
            result.run_id,
            meddler,
            meddler.control.token,
            runs=runs,
            library=library,
            make_executor=ThreadPoolExecutor,
        )
    assert result.status == "finished", f"{moment}: {result.reason.sentence}"
    assert not library.get(str(result.model_id)).problem
    log = (runs.folder / result.run_id / "log.txt").read_text(encoding="utf-8")
    _require_listed(made, log)
    left_out = [path for path in victims if f"{printable(str(path))} is skipped: " in log]
    assert bool(left_out) == ("skipped: " in meddler.warnings()), f"{moment}: nobody was warned"
    _require_used(meddler, made, victims, left_out, moment)
    return made.good, len(made.bad) + len(left_out)


def _require_listed(made: OddDataset, log: str) -> None:
    """Every bad file is in the run's log, with a reason."""
    for path, kind in made.bad.items():
        _, found, rest = log.partition(f"Skipped: {printable(str(path))}: ")
        assert found, f"not listed: {kind}"
        reason = rest.split("\n", 1)[0]
        assert len(reason.split()) > 2, f"no reason for {kind}: {reason}"
        assert reason.endswith("."), f"no sentence for {kind}: {reason}"


def _require_used(
    meddler: Meddler, made: OddDataset, victims: list[Path], left_out: list[Path], moment: str
) -> None:
    """Every picture that is whole was used, and each that was damaged in time caused a warning."""
    if moment in {MOMENTS[0], MOMENTS[3]}:
        assert left_out == victims, f"{moment}: only {len(left_out)} of {len(victims)} were warned of"
    if moment == MOMENTS[2]:
        assert not left_out
    last = [event for event in meddler.events if isinstance(event, Started)][-1]
    used, expected = last.train + last.validation + last.test, made.good + len(victims) - len(left_out)
    assert used == expected, f"{moment}: {used} of {expected} pictures were used"


if __name__ == "__main__":
    for text in sys.argv[1:]:
        with low_pixel_limit(), tempfile.TemporaryDirectory(prefix="sightline-odd-") as name:
            os.environ["SIGHTLINE_HOME"] = str(Path(name) / "home")
            good, bad = check(Path(name), int(text))
        print(text, good, bad, flush=True)
