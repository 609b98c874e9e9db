"""A made-up evaluation of several labels at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from desktop_app.core.training.task.multi_label_evaluation import evaluate

NAMES = ("cat", "dog", "outdoor", "a label with a name that is much too long for any column")


def label_evaluation(count=200, part="test", names=NAMES):
    """An evaluation on made-up probabilities, the same each time."""
    random = np.random.default_rng(0)
    logits = random.normal(size=(count, len(names))) * 2 - np.arange(len(names))
    truth = random.random(logits.shape) < 1 / (1 + np.exp(-logits))
    shares = 1 / (1 + np.exp(-logits))
    paths = [Path(f"/data/{number}.jpg") for number in range(count)]
    return evaluate([shares], truth.astype(np.uint8), part=part, classes=names, paths=paths)
