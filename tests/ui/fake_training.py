"""The training service without threads, and realistic data for it to report; tests drive it by hand."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.datasets.corrections.applying import corrected
from desktop_app.core.datasets.report import (
    ClassSummary,
    DatasetReport,
    DuplicateGroup,
    Example,
    FileProblem,
)
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.training.outcome.estimate import Estimate, EstimateRequest
from desktop_app.core.training.records.events import EpochEnded, Finished, PauseChanged, Started
from desktop_app.core.training.records.result import TrainingResult
from desktop_app.core.training.runs.run_entry import RunEntry
from desktop_app.core.training.runs.run_record import RunRecord
from desktop_app.core.training.settings.config import TrainingConfig
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation, Mistake
from tests.core.training.epochs import epoch as made_epoch

PETS = Path("/data/pets")
SUMMARY = "Layer      Output          Parameters\nconv 32    (62, 62, 32)    896"


class FakeCorrections(QObject):
    """Keeps decisions in memory and reports each at once; the signals play the search."""

    search_started = Signal()
    search_progressed = Signal(object)
    search_ended = Signal(object)
    search_failed = Signal(object)
    corrected = Signal(object)
    steps_changed = Signal(str, str)
    message = Signal(str, bool)

    def __init__(self):
        super().__init__()
        self.report = None
        self.searching = False
        self.calls = []

    def search(self):
        self.calls.append(("search",))
        self.searching = True
        self.search_started.emit()

    def cancel_search(self):
        self.searching = False
        self.search_failed.emit(None)

    def end_search(self, found):
        """Play the end of a search."""
        self.searching = False
        self.search_ended.emit(found)

    def decide(self, decisions, words):
        self.calls.append(("decide", decisions, words))
        known = dict(self.report.decisions) | decisions
        known = {path: decision for path, decision in known.items() if decision is not None}
        self.report = corrected(self.report, known)
        self.steps_changed.emit(words, "")
        self.corrected.emit(self.report)

    def undo(self):
        self.calls.append(("undo",))

    def redo(self):
        self.calls.append(("redo",))

    def clear(self):
        self.calls.append(("clear",))


class FakeCode(QObject):
    """Records what is asked for; the signals play the answers."""

    written = Signal(str, str, object)
    failed = Signal(str, object)
    saved = Signal(str, bool)

    def __init__(self):
        super().__init__()
        self.calls = []

    def write(self, run_id):
        self.calls.append(("write", run_id))

    def save(self, run_id, folder):
        self.calls.append(("save", run_id, folder))


class FakeTraining(QObject):
    """Records every call; `begin`, `end_epoch`, `end` and the signals play the workers' part."""

    scan_started = Signal(object)
    scan_progressed = Signal(object)
    scan_ended = Signal(object)
    scan_asked = Signal(object)
    scan_failed = Signal(object)
    thumbnail_ready = Signal(object)
    estimated = Signal(object)
    augmentation_ready = Signal(object)
    event_arrived = Signal(object)
    running_changed = Signal(bool)
    runs_changed = Signal(object)
    undo_available = Signal(str)
    message = Signal(str, bool)

    def __init__(self, *runs):
        super().__init__()
        self.report = None
        self.answered = False
        self.corrections = FakeCorrections()
        self.code = FakeCode()
        self.running = False
        self.paused = False
        self.resumed = ""
        self.runs = runs
        self.ends = True
        self.calls = []

    def open_data(self, path, *answers):
        self.calls.append(("open_data", path, *answers))
        self.scan_started.emit(path)

    def answer(self, path, answers):
        self.calls.append(("answer", path, answers))
        self.scan_started.emit(path)

    def reconsider(self, path, answers):
        self.calls.append(("reconsider", path, answers))
        self.scan_started.emit(path)

    def forget_answers(self, path):
        self.calls.append(("forget_answers", path))
        self.scan_started.emit(path)

    def make_crops(self, data, target):
        self.calls.append(("make_crops", data, target))
        self.scan_started.emit(data)

    def cancel_scan(self):
        self.calls.append(("cancel_scan",))

    def request_thumbnails(self, paths):
        self.calls.append(("request_thumbnails", tuple(paths)))

    def estimate(self, request):
        self.calls.append(("estimate", request))

    def preview_augmentation(self, request):
        self.calls.append(("preview_augmentation", request))

    def start(self, config):
        self.calls.append(("start", config))
        self.resumed = ""
        self._run(running=True)

    def resume(self, run_id):
        self.calls.append(("resume", run_id))
        self.resumed = run_id
        self._run(running=True)

    def stop(self):
        self.calls.append(("stop",))

    def cancel(self):
        self.calls.append(("cancel",))

    def pause(self):
        self.calls.append(("pause",))

    def unpause(self):
        self.calls.append(("unpause",))

    def try_out(self, picture):
        self.calls.append(("try_out", picture))

    def refresh_runs(self):
        self.calls.append(("refresh_runs",))

    def rename_run(self, run_id, name):
        self.calls.append(("rename_run", run_id, name))

    def remove_run(self, run_id):
        self.calls.append(("remove_run", run_id))

    def undo_remove_run(self):
        self.calls.append(("undo_remove_run",))

    def empty_runs_trash(self):
        self.calls.append(("empty_runs_trash",))

    def shutdown(self, seconds=2.0):
        """Return `ends`: whether all threads have ended."""
        self.calls.append(("shutdown",))
        return self.ends

    def end_scan(self, report):
        """Play the end of the examination."""
        self.report = self.corrections.report = report
        self.scan_ended.emit(report)

    def begin(self, run_id="run-1", **fields):
        """Play the beginning of a fit; ``fields`` are of `Started`."""
        self._run(running=True)
        self.event_arrived.emit(started(run_id, **fields))

    def end_epoch(self, epoch, *, best=True, **figures):
        """Play the end of an epoch, with these figures instead of others."""
        self.event_arrived.emit(EpochEnded(metrics(epoch, **figures), best))

    def hold(self, *, paused=True):
        """Play that the fit pauses or continues."""
        self.paused = paused
        self.event_arrived.emit(PauseChanged(paused))

    def end(self, result=None):
        """Play the end of the fit; first the event, then that nothing runs."""
        self.event_arrived.emit(Finished(result or training_result()))
        self._run(running=False)

    def change_runs(self, *runs):
        """Play a changed list of runs."""
        self.runs = runs
        self.runs_changed.emit(runs)

    def called(self, name):
        """The arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]

    def _run(self, *, running):
        if running != self.running:
            self.running = running
            self.paused = False
            self.running_changed.emit(running)


def report(folder=PETS, classes=("cats", "dogs"), count=6, **fields):
    """A data set of ``count`` readable pictures in each class, with one broken file and one pair."""
    examples = tuple(
        Example(folder / name / f"{name}.{number}.jpg", label, None)
        for label, name in enumerate(classes)
        for number in range(1, count + 1)
    )
    summaries = tuple(
        ClassSummary(
            name,
            count,
            0,
            0,
            int(label == 0),
            tuple(example.path for example in examples if example.label == label)[:4],
        )
        for label, name in enumerate(classes)
    )
    broken = FileProblem(
        folder / classes[0] / "notes.jpg", Reason("This is text, not a picture.", "Remove it.")
    )
    pair = (examples[0].path, examples[-1].path)
    twins = DuplicateGroup("exact", pair, (classes[0], classes[-1]), (), kept=pair[0], used=pair[1:])
    values = {
        "source": folder,
        "folder": folder,
        "layout": f"{len(classes)} classes, no split yet",
        "classes": summaries,
        "examples": examples,
        "problems": (broken,),
        "duplicates": (twins,),
        "warnings": (f"1 picture is both in {classes[0]} and in {classes[-1]}.",),
        "smallest": (120, 90),
        "median": (500, 375),
        "largest": (1024, 768),
        "modes": {"JPEG RGB": len(examples)},
        "grey": 0,
        "seconds": 0.4,
    }
    return DatasetReport(**(values | fields))


def metrics(epoch, epochs=10, **figures):
    """The figures of an epoch of a fit that learns."""
    learned = 1 - math.exp(-3 * epoch / epochs)
    known = {
        "loss": 0.7 - 0.5 * learned,
        "accuracy": 0.5 + 0.45 * learned,
        "val_loss": 0.7 - 0.35 * learned,
        "val_accuracy": 0.5 + 0.3 * learned,
    }
    return made_epoch(epoch, **(known | figures))


def config(data=PETS, recipe="cats-dogs-cnn", **fields):
    """A planned run; ``fields`` are hyper-parameters."""
    return TrainingConfig(data=data, recipe=recipe, hyperparameters=default_hyperparameters().changed(fields))


def started(run_id="run-1", epochs=10, history=(), **fields):
    """The beginning of a fit on `report`."""
    values = {
        "run_id": run_id,
        "name": "pets cats-dogs-cnn",
        "folder": Path("/runs") / run_id,
        "recipe": "cats-dogs-cnn",
        "task": "classification",
        "classes": ("cats", "dogs"),
        "train": 480,
        "validation": 120,
        "test": 60,
        "steps": 15,
        "epochs": epochs,
        "history": history,
        "parameters": 813_217,
        "summary": SUMMARY,
        "device": "CPU (2 cores)",
    }
    return Started(**(values | fields))


def run(run_id="run-1", name="pets cats-dogs-cnn", state="finished", epochs=10, **fields):
    """A run as lists show it; ``fields`` are of `RunRecord`, or problem and resumable of `RunEntry`."""
    history = tuple(metrics(epoch) for epoch in range(1, epochs + 1))
    problem = fields.pop("problem", "")
    resumable = fields.pop("resumable", state in {"interrupted", "failed"} and epochs > 0)
    done = state in {"finished", "stopped"}
    values = {
        "config": config(),
        "created": "2026-05-04T09:30:00+00:00",
        "ended": "" if state == "running" else "2026-05-04T09:35:20+00:00",
        "classes": ("cats", "dogs"),
        "train": 480,
        "validation": 120,
        "test": 60,
        "parameters": 813_217,
        "device": "CPU (2 cores)",
        "environment": {"Python": "3.11.7", "TensorFlow": "2.20.0"},
        "epochs_done": epochs,
        "best_epoch": epochs or None,
        "metrics": {"val_accuracy": history[-1]["val_accuracy"]} if history else {},
        "model_id": run_id if done else None,
        "message": f"Trained {epochs} epochs." if done else "",
    }
    if done:
        values["metrics"]["test_accuracy"] = 0.783
    record = RunRecord(run_id=run_id, name=name, state=state, **(values | fields))
    return RunEntry(record, Path("/runs") / run_id, history, problem, resumable)


def evaluation(folder=PETS, classes=("cats", "dogs"), right=24, wrong=6):
    """What a model does on ``right + wrong`` test pictures of each class."""
    count = len(classes)
    confusion = [[0] * count for _ in classes]
    for label in range(count):
        confusion[label][label] = right
        confusion[label][(label + 1) % count] += wrong
    mistakes = tuple(
        Mistake(
            folder / classes[0] / f"{classes[0]}.{number}.jpg", classes[0], classes[1], 0.99 - number / 50
        )
        for number in range(1, wrong + 1)
    )
    figures = {"accuracy": right / (right + wrong)} | ({"top_k": 0.95} if count > 3 else {})
    table = Confusion.from_rows(confusion)
    figures |= {"balanced_accuracy": table.balanced_accuracy, "macro_f1": table.macro_f1}
    return ClassificationEvaluation(
        "classification", "test", (right + wrong) * count, figures, 3, table, mistakes, classes
    )


def training_result(status="finished", run_id="run-1", name="pets cats-dogs-cnn", **fields):
    """The end of a run."""
    kept = status in {"finished", "stopped"}
    values = {
        "model_id": "pets-cats-dogs-cnn" if kept else None,
        "epochs": 10,
        "best_epoch": 9 if kept else None,
        "evaluation": evaluation() if kept else None,
        "reason": Reason(
            f"{name} has been trained: 80.0% accurate on 60 test pictures." if kept else "It ended."
        ),
        "seconds": 27.0,
    }
    return TrainingResult(status, run_id, name, **(values | fields))


def estimate(request=None, **fields):
    """What a training would take."""
    request = request or EstimateRequest("cats-dogs-cnn", default_hyperparameters(), 2, 600)
    return Estimate(request, **({"parameters": 813_217, "seconds_per_epoch": 2.5} | fields))
