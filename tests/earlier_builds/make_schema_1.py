"""Made ``schema_1``, once, with Sightline 0.1.0: the formats before any of them got a second version.

It is kept to show how the files came about. The suite never runs it, and no newer build may make the files
again: they stand for what users of that build have on their disks.

``python -m tests.earlier_builds.make_schema_1`` works in ``/sightline``, so that no file holds a path of the
computer, and copies from there what is to be kept.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import desktop_app
from desktop_app.core.batch.filing.filing import filing
from desktop_app.core.batch.filing.journals import new_journal
from desktop_app.core.batch.job.control import BatchControl
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.job import job as job_module
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.batch.run import runner
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.engine.loading import load_engine
from desktop_app.core.foundation import report_rate
from desktop_app.core.foundation.paths import settings_file
from desktop_app.core.installation.versions import versions
from desktop_app.core.library.card import UNKNOWN_SHA256, Calibration, ClassLabel, ModelCard
from desktop_app.core.library.download.partial_file import PartialFile
from desktop_app.core.library.download.vgg19_weights import OFFICIAL
from desktop_app.core.library.store import Library
from desktop_app.core.library.vgg19.card import vgg19_card
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.own_layers import local_response_normalization
from desktop_app.core.settings import Settings, SettingsStore
from desktop_app.core.training import fit
from desktop_app.core.training.loop import callbacks
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import BatchEnded, CheckpointSaved
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.settings.config import TrainingConfig
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from tests.core.training.tiny import figures, weights
from tests.earlier_builds.pictures import CLASSES, samples, write_pictures

if TYPE_CHECKING:
    from desktop_app.core.training.records.result import TrainingResult

ROOT = Path("/sightline")
HOME = ROOT / "home"
PICTURES = ROOT / "pictures"
KEPT = Path(__file__).resolve().parent / "schema_1"

LEARNED = {
    "input_size": 8,
    "batch_size": 4,
    "epochs": 3,
    "units": 4,
    "dropout": 0.3,
    "flip": True,
    "rotation": 10.0,
    "learning_rate": 0.01,
}


def main() -> None:
    """Make everything, together with what is expected of it."""
    assert desktop_app.__version__ == "0.1.0"
    assert not ROOT.exists()
    os.environ["SIGHTLINE_HOME"] = str(HOME)
    platform.release = lambda: "6.1.0"  # of this computer, which is nobody's business
    callbacks.EVENTS_PER_SECOND = report_rate.REPORTS_PER_SECOND = 1e9
    job_module.COMMIT_ROWS = 1
    write_pictures(PICTURES)
    load_engine()
    expected = {"runs": make_runs()}
    make_models()
    expected["models"] = answers()
    expected["jobs"], expected["filed"] = make_jobs()
    make_the_rest()
    keep(expected)
    shutil.rmtree(ROOT)


def config(name: str, data: str, **changes: object) -> TrainingConfig:
    """Plan a run."""
    tensorboard = bool(changes.pop("tensorboard", False))
    values = default_hyperparameters().changed(LEARNED | changes)
    return TrainingConfig(
        data=PICTURES / data,
        recipe="mlp",
        hyperparameters=values,
        validation_split=0.25,
        test_split=0.25,
        name=name,
        tensorboard=tensorboard,
    )


def train(planned: TrainingConfig, when=lambda _event: "", home: Path = HOME):
    """Train; ``when(event)`` gives the order that an event brings."""
    control = TrainingControl()

    def watch(event: object) -> None:
        if order := when(event):
            getattr(control, order)()

    runs, library = stores(home)
    return fit.train(planned, watch, control.token, runs=runs, library=library)


def stores(home: Path) -> tuple[RunStore, Library]:
    """The runs and the library of a home folder."""
    names = ("runs", "trash-runs", "scratch", "datasets")
    runs = RunStore(*(home / name for name in names))
    return runs, Library(Library.default().shipped, home / "models", home / "trash", home / "downloads")


def in_batch(epoch: int, step: int, order: str):
    """Give an order in a batch."""
    return lambda event: (
        order if isinstance(event, BatchEnded) and (event.epoch, event.step) == (epoch, step) else ""
    )


def make_runs() -> dict[str, object]:
    """Make a run of each kind, and return how the half-finished ones would have ended."""
    plans = {
        "interrupted": config("Interrupted", "two", schedule="one-cycle", seed=1),
        "validating": config(
            "Validating", "two", schedule="plateau", optimizer="sgd", early_stopping=2, epochs=5, seed=2
        ),
        "killed": config("Killed", "two", schedule="cosine", optimizer="adamw", class_weights=True, seed=3),
    }
    found: dict[str, object] = {}
    done = train(config("Finished, four classes", "four", schedule="cosine", tensorboard=True, epochs=4))
    assert done.status == "finished"
    assert done.evaluation.mistakes
    found["finished"] = facts(done)
    done = train(config("Stopped", "two", schedule="constant"), in_batch(2, 2, "stop"))
    assert done.status == "stopped"
    found["stopped"] = facts(done)
    done = train(config("Failed", "one"))
    assert done.status == "failed"
    found["failed"] = {"run_id": done.run_id}
    done = train(config("Removed", "one"))
    RunStore.default().remove(done.run_id)
    found["removed"] = {"run_id": done.run_id}
    done = train(plans["interrupted"], in_batch(2, 2, "interrupt"))
    assert done.status == "interrupted"
    found["interrupted"] = {"run_id": done.run_id}
    found["validating"] = {"run_id": interrupted_while_validating(plans["validating"])}
    found["killed"] = {"run_id": killed(plans["killed"])}
    for name, planned in plans.items():
        found[name] |= uninterrupted(planned)
    return found


def facts(done: TrainingResult) -> dict[str, object]:
    """What a run brought that ended with a model."""
    evaluation = done.evaluation
    return {
        "run_id": done.run_id,
        "model_id": done.model_id,
        "best_epoch": done.best_epoch,
        "figures": figures(RunStore.default().get(done.run_id).folder),
        "part": evaluation.part,
        "accuracy": evaluation.accuracy,
        "top_k": evaluation.top_k,
        "classes": evaluation.classes,
        "confusion": evaluation.confusion,
        "mistakes": [
            [str(mistake.path), mistake.truth, mistake.answer, mistake.probability]
            for mistake in evaluation.mistakes
        ],
    }


def interrupted_while_validating(planned: TrainingConfig) -> str:
    """Interrupt a run when the training of its first epoch is done, and its validation is not."""
    control = TrainingControl()
    validated = callbacks.BatchWatch.validation_batch_ended

    def interrupt(watch: object) -> None:
        control.interrupt()
        validated(watch)

    callbacks.BatchWatch.validation_batch_ended = interrupt
    try:
        done = fit.train(planned, lambda _event: None, control.token)
    finally:
        callbacks.BatchWatch.validation_batch_ended = validated
    assert (done.status, done.epochs) == ("interrupted", 0)
    return done.run_id


def killed(planned: TrainingConfig) -> str:
    """Keep what a kill within the second epoch leaves, right behind a checkpoint."""
    control, store = TrainingControl(), RunStore.default()
    before = {entry.record.run_id for entry in store.list()}

    def watch(event: object) -> None:
        if isinstance(event, CheckpointSaved) and (event.epoch, event.step) == (2, 2):
            (folder,) = (path for path in store.folder.iterdir() if path.name not in before)
            shutil.copytree(folder, ROOT / "killed" / folder.name)
            control.cancel()

    seconds, callbacks.CHECKPOINT_SECONDS = callbacks.CHECKPOINT_SECONDS, 0.0
    done = fit.train(planned, watch, control.token)
    callbacks.CHECKPOINT_SECONDS = seconds
    assert done.status == "cancelled"
    shutil.move(ROOT / "killed" / done.run_id, store.folder)
    return done.run_id


def uninterrupted(planned: TrainingConfig) -> dict[str, object]:
    """Train from beginning to end elsewhere, and note the figures and the weights."""
    home = ROOT / "elsewhere"
    done = train(planned, home=home)
    assert done.status == "finished"
    runs, library = stores(home)
    rows = figures(runs.get(done.run_id).folder)
    sums = {
        name: [float(np.sum(array)), float(np.sum(np.square(array, dtype=np.float64)))]
        for name, array in weights(library, done.model_id).items()
    }
    return {"figures": rows, "weights": sums, "best_epoch": done.best_epoch}


def make_models() -> None:
    """Make models besides those that were trained, and an export."""
    import keras

    library = Library.default()
    keras.utils.set_random_seed(7)
    picture = keras.Input((8, 8, 3))
    hidden = keras.layers.Conv2D(5, 3, activation="relu")(keras.layers.Rescaling(1 / 255)(picture))
    hidden = local_response_normalization()(depth_radius=1, bias=1.0, alpha=0.5, beta=0.5)(hidden)
    hidden = local_response_normalization()()(hidden)
    hidden = keras.layers.GlobalAveragePooling2D()(hidden)
    network = keras.Model(picture, keras.layers.Dense(4, activation="softmax")(hidden))
    library.add(card("own-layers", "Own layers"), network.save)

    picture = keras.Input((8, 8, 3))
    hidden = keras.layers.Conv2D(4, 3, strides=2, activation="relu")(picture)
    hidden = keras.layers.Flatten()(hidden)
    network = keras.Model(picture, keras.layers.Dense(4)(hidden))
    library.add(full_card(), network.save)

    picture = keras.Input((8, 8, 3))
    means = keras.layers.GlobalAveragePooling2D()(keras.layers.Rescaling(1 / 64)(picture))
    network = keras.Model(picture, keras.layers.Dense(4, use_bias=False, activation="softmax")(means))
    library.add(card("removed", "Removed"), network.save)
    library.remove("removed")

    def no_weights(path: Path) -> None:
        path.write_bytes(b"")

    library.add(vgg19_card(verified=True, origin="downloaded"), no_weights)
    (library.installed / "vgg19" / OFFICIAL.name).unlink()
    library.export("own-layers", ROOT / "own-layers.sightline")


def card(model_id: str, name: str) -> ModelCard:
    """The shortest card there is."""
    return ModelCard(
        id=model_id,
        name=name,
        origin="imported",
        weights_sha256=UNKNOWN_SHA256,
        classes=[ClassLabel(class_id=label, label=label) for label in CLASSES],
        input=InputSpec(height=8, width=8),
    )


def full_card() -> ModelCard:
    """A card that leaves nothing out."""
    return ModelCard(
        id="everything",
        name="Everything that a card can say",
        description="Two\nlines.",
        architecture="keras",
        origin="trained",
        weights_file="network.keras",
        weights_sha256=UNKNOWN_SHA256,
        verified=False,
        classes=[ClassLabel(class_id=f"n{number}", label=label) for number, label in enumerate(CLASSES)],
        input=InputSpec(height=8, width=8, channels=3, preprocessing="symmetric", fit="crop", mirrored=True),
        calibration=Calibration(temperature=1.5, not_sure_below=0.45, error_before=0.125, error_after=0.0625),
        parameters=260,
        recipe="mlp",
        metrics={"top1": 0.75, "top3": 1.0, "pictures": 40.0, "test_top1": 0.75, "val_top1": 0.5},
        data="Four colours with noise.",
        versions=versions(),
        licence="MIT",
        source="https://example.org/model",
        created="2026-01-31",
    )


def answers() -> dict[str, list[list[float]]]:
    """Every usable model's output for the sample pictures, in the order of its classes."""
    library, found = Library.default(), {}
    for path in sorted(library.installed.iterdir()):
        if path.name != "vgg19":
            classifier = load_classifier(path.name, library)
            prepared = [classifier.prepare(image) for image in samples()]
            found[path.name] = classifier.probabilities(classifier.outputs(prepared)).tolist()
    return found


def make_jobs() -> tuple[dict[str, object], dict[str, list[list[str]]]]:
    """Make a finished, a stopped and a killed job, and the journals of the finished one."""
    found = {}
    loose, nothing = PICTURES / "loose", PICTURES / "nothing"
    finished = job_path(1)
    work(finished, [loose, nothing], base=ROOT)
    found["finished"] = rows_of(finished)
    stopped = job_path(2)
    work(stopped, [Path("pictures/many")], base=ROOT, until=4)
    killed = job_path(3)
    work(killed, [Path("pictures/many")], base=ROOT, until=4, kill=True)
    whole = ROOT / "whole.job"
    work(whole, [Path("pictures/many")], base=ROOT)
    found["stopped"] = found["killed"] = rows_of(whole)
    return found, make_journals(finished)


def job_path(number: int) -> Path:
    """Name a job as the window does."""
    return HOME / "jobs" / f"batch-2026013{number // 2}T12000{number}Z-0000000{number}.job"


def work(path: Path, sources: list[Path], *, base: Path, until: int = 99, kill: bool = False) -> None:
    """Run a new job, to its end or until the given number of pictures is classified."""
    classifier = load_classifier("everything", Library.default())
    control = BatchControl()

    def watch(progress: object) -> None:
        if progress.done >= until and not control.token.cancelled:
            control.cancel()
            if kill:
                (ROOT / "killed").mkdir(exist_ok=True)
                for tail in ("", "-wal"):
                    shutil.copy(f"{path}{tail}", ROOT / "killed" / f"{path.name}{tail}")

    with Job(path, JobSpec.for_card(classifier.card, sources, top=3, base=base)) as job:
        runner.run(job, classifier, control.token, watch, batch_size=4)
    if kill:
        for tail in ("", "-wal"):
            shutil.copy(ROOT / "killed" / f"{path.name}{tail}", f"{path}{tail}")


def rows_of(path: Path) -> dict[str, object]:
    """What stands in a job."""
    with JobReader(path) as reader:
        rows = [
            {
                "path": row.path.as_posix(),
                "status": row.status.name,
                "labels": [label.label for label in row.prediction.labels] if row.prediction else [],
                "probabilities": [label.probability for label in row.prediction.labels]
                if row.prediction
                else [],
                "reason": row.reason,
            }
            for row in reader.select()
        ]
        problems = [[problem.path.as_posix(), problem.reason] for problem in reader.problems()]
    return {"name": path.name, "rows": rows, "problems": problems}


def make_journals(job: Path) -> dict[str, list[list[str]]]:
    """File pictures of a job: copy them all, and move them until a kill comes after two."""
    with JobReader(job) as reader:
        spec, rows = reader.spec, list(reader.select())
    copied = filing.plan(rows, spec, ROOT / "filed" / "copies", "copy")
    filing.carry_out(copied, new_journal(job))
    moved = filing.plan(rows, spec, ROOT / "filed" / "moved", "move")
    journal = new_journal(job)
    half = ROOT / "half.journal"

    def watch(tried: int, _total: int) -> None:
        if tried == 2:
            half.write_bytes(journal.read_bytes())

    filing.carry_out(moved, journal, on_progress=watch)
    filing.undo(journal)
    half.replace(journal)
    return {
        "copy": [[str(step.source), str(step.target)] for step in copied.steps],
        "move": [[str(step.source), str(step.target)] for step in list(moved.steps)[:2]],
    }


def make_the_rest() -> None:
    """Make the settings and half of a download; the scan cache came with the trainings."""
    SettingsStore(settings_file()).save(
        Settings(theme="dark", model_id="everything", fit="crop", allow_private_hosts=True)
    )
    downloads = HOME / "downloads"
    downloads.mkdir()
    part = PartialFile(downloads, OFFICIAL)
    part.begin('"a-strong-etag"', 1000)
    with part.appending(None) as file:
        file.write(b"the first part")


def keep(expected: dict[str, object]) -> None:
    """Copy what to keep, without traces of this computer, and summarize it."""
    shutil.rmtree(KEPT, ignore_errors=True)
    with contextlib.suppress(OSError):
        (HOME / "scratch").rmdir()
    for path in HOME.rglob("*.lock"):
        path.unlink()
    shutil.copytree(HOME, KEPT / "home")
    shutil.copy(ROOT / "own-layers.sightline", KEPT)
    for path in KEPT.rglob("events.out.tfevents.*"):  # their names have the name of the computer
        path.rename(path.with_name(f"events.out.tfevents.{path.name.split('.')[3]}.computer.1.0.v2"))
    for log in KEPT.rglob("log.txt"):  # tracebacks name the folder of the sources
        text = log.read_text(encoding="utf-8").replace(str(KEPT.parents[2]), "/sightline/app")
        log.write_text(text.replace(sys.base_prefix, "/usr"), encoding="utf-8")
    text = json.dumps({"build": desktop_app.__version__} | expected, indent=1, ensure_ascii=False)
    (KEPT / "expected.json").write_text(text + "\n", encoding="utf-8")
    files = sorted(path for path in KEPT.rglob("*") if path.is_file())
    with (KEPT / "sums.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(
            (path.relative_to(KEPT).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
            for path in files
        )


if __name__ == "__main__":
    main()
