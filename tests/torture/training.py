"""Promise 2: a training resumes, whenever it is killed, and ends as if it had not been."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from desktop_app.core.foundation.files import LEFTOVER_PREFIX
from tests.core.training.tiny import figures, make_data, stores_in, weights

FULL = 50
LONGEST_LIFE = 2.5
"""Seconds after its first sign of life that a process lives at most."""

KILLS_A_RUN = 10
EPOCHS = 12


def run(count: int) -> str:
    """Kill trainings at ``count`` random moments and resume each until it is done.

    Returns:
        The sentence with the figures.
    """
    dice = random.Random(2)
    kills = within = runs = 0
    repeated = 0
    with tempfile.TemporaryDirectory(prefix="sightline-training-") as name:
        data = make_data(Path(name) / "data")
        while kills < count:
            reference = Path(name) / "reference"
            killed = Path(name) / "killed"
            seed = runs
            lines = _live(reference, data, seed, None)
            assert lines[-1]["status"] == "finished", lines[-1]
            split = None
            done = acknowledged = 0
            left = min(KILLS_A_RUN, count - kills)
            while True:
                life = dice.uniform(0, LONGEST_LIFE) if left else None
                lines = _live(killed, data, seed, life)
                split = _check_split(killed, split)
                done, again, acknowledged = _check_progress(lines, done, acknowledged)
                repeated = max(repeated, again)
                if lines and "status" in lines[-1]:
                    assert lines[-1]["status"] == "finished", lines[-1]
                    break
                kills += 1
                left -= 1
                within += bool(lines)
            _check_end(reference, killed)
            runs += 1
            shutil.rmtree(reference)
            shutil.rmtree(killed)
            if not left:
                continue
    return (
        f"{kills} kills during {runs} trainings of {EPOCHS} epochs, {within} of them after the first event: "
        f"{repeated} epoch repeated at most, every history complete, every split the same, final weights and "
        "figures equal to those of uninterrupted runs bit for bit, 0 stray files."
    )


def _live(folder: Path, data: Path, seed: int, seconds: float | None) -> list[dict]:
    """Let a process train for a while, kill it, and return what it reported."""
    command = [sys.executable, "-m", "tests.torture._train_child", folder, data, str(EPOCHS), str(seed)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    rest = process.communicate()[0]
    assert process.returncode in {0, -9}, f"the training process ended by itself: {process.returncode}"
    return [json.loads(line) for line in [first, *rest.splitlines()] if line.strip().endswith("}")]


def _check_split(folder: Path, before: bytes | None) -> bytes | None:
    """The split, once it is written, stays the same."""
    for path in (folder / "runs").glob("*/split.csv"):
        now = path.read_bytes()
        assert before in {None, now}, "the split changed"
        return now
    assert before is None, "the split is gone"
    return None


def _check_progress(lines: list[dict], done: int, acknowledged: int) -> tuple[int, int, int]:
    """What was acknowledged is not done again.

    Args:
        lines: What a process reported.
        done: Epochs that earlier lives had finished.
        acknowledged: Epochs in checkpoints that they reported.

    Returns:
        Epochs finished by now, how many of them this life repeated, epochs in checkpoints by now.
    """
    reported = [line["epoch"] for line in lines if "epoch" in line]
    for line in lines:
        if "started" in line:
            assert line["started"] >= acknowledged, f"{acknowledged} epochs saved, {line['started']} found"
            assert reported == list(range(line["started"] + 1, line["started"] + 1 + len(reported))), reported
    again = sum(epoch <= done for epoch in reported)
    assert again <= 1, f"{again} epochs were repeated"
    saved = [line["checkpoint"] for line in lines if "checkpoint" in line and not line["step"]]
    return max([done, *reported]), again, max([acknowledged, *saved])


def _check_end(reference: Path, killed: Path) -> None:
    """Both runs have the same history and the same model, and nothing is left over."""
    (good, library), (other, other_library) = stores_in(reference), stores_in(killed)
    [entry], [found] = good.list(), other.list()
    rows = figures(found.folder)
    assert [int(row["epoch"]) for row in rows] == list(range(1, EPOCHS + 1)), (
        "the history has gaps or repeats"
    )
    assert rows == figures(entry.folder), "the history differs"
    assert found.record.best_epoch == entry.record.best_epoch
    models = [model.model_id for model in other_library.entries() if model.folder is not None]
    assert models == [found.record.model_id], f"models: {models}"
    expected = weights(library, entry.record.model_id)
    for name, values in weights(other_library, found.record.model_id).items():
        assert np.array_equal(values, expected[name]), f"the weights differ in {name}"
    other.sweep()
    other_library.sweep()
    strays = [str(path) for path in killed.rglob(f"{LEFTOVER_PREFIX}*")]
    assert not strays, f"stray files: {strays}"
    assert not list((killed / "scratch").glob("*")), "scratch files are left"
