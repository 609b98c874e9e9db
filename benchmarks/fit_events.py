"""Measures what events cost: the fit's own epochs beside a bare ``model.fit`` on the same batches.

``python -m benchmarks.fit_events [--rounds 7] [--recipe ID] [--pictures N]`` trains the same compiled network
on the same batches in turns, with the callback that polls, thins and reports, and without any, and prints the
ratio of the medians. Both without validation and checkpoints, which a bare fit has not.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.turns import take_turns
from desktop_app.core.datasets.pipeline.allocation import allocate
from desktop_app.core.datasets.pipeline.arrays import PictureStore
from desktop_app.core.datasets.pipeline.batches import Batches
from desktop_app.core.engine.loading import load_engine
from desktop_app.core.training.loop.callbacks import BatchWatch, as_callbacks
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.loop.endings import Gate
from desktop_app.core.training.loop.optimizers import make_optimizer
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.runs.journal import Journal
from desktop_app.core.training.task.classification import CLASSIFICATION, compile_model

if TYPE_CHECKING:
    from benchmarks.frame.plan import Plan
    from desktop_app.core.training.records.events import TrainingEvent

CLASSES = 2


def main() -> None:
    """Take turns and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--recipe", default="cats-dogs-cnn")
    parser.add_argument("--pictures", type=int, default=1600)
    options = parser.parse_args()
    load_engine()
    model, batches = _prepare(options.recipe, options.pictures)
    seen: list[TrainingEvent] = []
    watch = _watch(batches, seen)
    seconds = _by_turns(model, batches, watch, options.rounds)
    bare, watched = seconds["bare"], seconds["with events"]
    for number, (plain, with_events) in enumerate(zip(bare, watched, strict=True), 1):
        print(f"round {number}: bare {plain:.3f} s, with events {with_events:.3f} s")
    ratio = statistics.median(watched) / statistics.median(bare)
    print(
        f"{batches.steps} batches, {len(seen)} events in all: medians {statistics.median(bare):.3f} s bare, "
        f"{statistics.median(watched):.3f} s with events, ratio {ratio:.4f}"
    )


def measure(plan: Plan) -> list[Figure]:
    """Train the network of cats-dogs-cnn with and without events."""
    load_engine()
    model, batches = _prepare("cats-dogs-cnn", plan.count(160, 1600))
    seconds = _by_turns(model, batches, _watch(batches, []), 2 * plan.runs)
    return [
        Figure(
            "events during a fit, an epoch of cats-dogs-cnn",
            "bare `model.fit` on the same pipeline",
            own=tuple(seconds["with events"]),
            other=tuple(seconds["bare"]),
            goal=Goal(1.03),
            digits=3,
        )
    ]


def _by_turns(model: Any, batches: Batches, watch: BatchWatch, rounds: int) -> dict[str, list[float]]:
    """Seconds of an epoch, bare and with events; the first round compiles."""
    epochs = {"bare": 0, "with events": 0}

    def epoch(way: str) -> float:
        number = epochs[way]
        epochs[way] += 1
        if way == "bare":
            return _seconds(model, batches, number, None)
        watch.begin_epoch(number + 1, epochs_after=rounds - number, step=0, seconds=0.0)
        return _seconds(model, batches, number, watch)

    return take_turns({way: partial(epoch, way) for way in epochs}, rounds)


def _prepare(recipe_id: str, pictures: int) -> tuple[Any, Batches]:
    recipe = catalogue.get(recipe_id)
    values = recipe.defaults(pictures, CLASSES)
    network = recipe.build(values, CLASSES)
    _batch, height, width, _channels = network.full.input_shape
    random = np.random.default_rng(0)
    pixels, _on_disk = allocate((pictures, height, width, 3), np.uint8, Path(tempfile.gettempdir()))
    pixels[:] = random.integers(0, 256, pixels.shape, np.uint8)
    batches = Batches(
        PictureStore(pixels, np.ones(pictures, bool), on_disk=False),
        np.arange(pictures),
        random.integers(0, CLASSES, pictures),
        class_count=CLASSES,
        outputs=network.full.output_shape[-1],
        batch_size=values.batch_size,
        seed=0,
        preprocessing=recipe.preprocessing,
        channels=recipe.channels,
        augmentation=values.augmentation,
    )
    optimizer = make_optimizer(values, schedule="constant", peak=values.learning_rate, steps=batches.steps)
    compile_model(network.full, optimizer, values, CLASSES)
    return network.full, batches


def _watch(batches: Batches, seen: list[TrainingEvent]) -> BatchWatch:
    """Make a watch as in a run: its events go through the log as well."""
    journal = Journal(Path("/dev/null"))

    def emit(event: TrainingEvent) -> None:
        journal.note_event(event)
        seen.append(event)

    gate = Gate(TrainingControl().token, emit)
    shown = CLASSIFICATION.live
    return BatchWatch(gate, emit, lambda: None, steps=batches.steps, batch_size=32, shown=shown)


def _seconds(model: Any, batches: Batches, epoch: int, watch: BatchWatch | None) -> float:
    callbacks = None if watch is None else as_callbacks(watch, model)
    data = batches.epoch(epoch)
    began = time.perf_counter()
    model.fit(data, initial_epoch=epoch, epochs=epoch + 1, shuffle=False, verbose=0, callbacks=callbacks)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
