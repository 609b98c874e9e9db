"""What version 1 of the app wrote, made of what this one writes."""

from __future__ import annotations

import json

import numpy as np


def make_run_version_1(folder):
    """Write the record, the evaluation and the checkpoints of a run as version 1 did."""
    path = folder / "run.json"
    record = json.loads(path.read_bytes())
    del record["config"]["task"]
    record["config"]["schema_version"] = record["schema_version"] = 1
    path.write_text(json.dumps(record, indent=2) + "\n")
    path = folder / "evaluation.json"
    if path.exists():
        evaluation = json.loads(path.read_bytes())
        del evaluation["task"]
        figures = {"top_k": None} | evaluation.pop("metrics")
        del figures["balanced_accuracy"], figures["macro_f1"]
        evaluation["confusion"] = _rows(evaluation["confusion"])
        path.write_text(json.dumps(evaluation | figures | {"schema_version": 1}))
    for path in (folder / "checkpoints").glob("*.npz"):
        with np.load(path) as stored:
            arrays = dict(stored)
        progress = json.loads(arrays["progress"].tobytes())
        del progress["schema_version"]
        progress["history"] = [_flat(epoch) for epoch in progress["history"]]
        arrays["progress"] = np.frombuffer(json.dumps(progress).encode(), np.uint8)
        np.savez(path, **arrays)


def _rows(confusion):
    rows = np.diag(confusion["found"])
    rows[confusion["truths"], confusion["answers"]] = confusion["counts"]
    return rows.tolist()


def _flat(epoch):
    names = ("loss", "accuracy", "top_k", "val_loss", "val_accuracy", "val_top_k")
    figures = epoch.pop("figures")
    return epoch | {name: figures.get(name) for name in names}


def evaluation_of_version_1(folder, **fields):
    """The contents of an ``evaluation.json``."""
    mistake = {"path": (folder / "a.png").as_uri(), "truth": "a", "answer": "b", "probability": 0.9}
    return {
        "schema_version": 1,
        "part": "test",
        "pictures": 4,
        "accuracy": 0.75,
        "top_k": None,
        "k": 1,
        "confusion": [[1, 1], [0, 2]],
        "mistakes": [mistake],
        "classes": ["a", "b"],
    } | fields


def progress_of_version_1():
    """The place in a run that a checkpoint held, in the third epoch."""
    plain = {"learning_rate": 0.001, "seconds": 2.5}
    first = {"loss": 0.5, "accuracy": 0.75, "top_k": None, "val_loss": 0.625, "val_accuracy": 0.5}
    second = {"loss": 0.25, "accuracy": 1.0, "top_k": 1.0, "val_loss": None, "val_accuracy": None}
    return {
        "phase_starts": [0],
        "step": 3,
        "seconds": 1.5,
        "trained": {"loss": 0.5},
        "history": [
            {"epoch": 1, **plain, **first, "val_top_k": None},
            {"epoch": 2, **plain, **second, "val_top_k": None},
        ],
        "pictures": 12,
        "planned_steps": 40,
    }
