"""Runs that have their split but were not trained, and scripts as modules."""

from __future__ import annotations

import contextlib
import io
import types

from desktop_app.core.datasets.examine import doctor
from desktop_app.core.datasets.splits.split import split_examples
from desktop_app.core.datasets.splits.split_file import write_split
from desktop_app.core.training.runs.run_folder import RunFolder


def begun(runs, config, **record):
    """Begin a run up to its split; ``record`` are other fields of its record. Returns its entry."""
    run = runs.create(config)
    report = doctor.examine(config.data)
    split = split_examples(
        report, validation=config.validation_split, test=config.test_split, seed=config.hyperparameters.seed
    )
    write_split(split, run.split_file)
    change(run, **({"state": "interrupted"} | record))
    return runs.get(run.run_id)


def change(run, **fields):
    """Change fields of a run's record."""
    folder = RunFolder(run.path)
    folder.write_record(folder.read_record().model_copy(update=fields))


def loaded(text, folder):
    """Execute a script as a module in this folder, without its main part."""
    module = types.ModuleType("train")
    module.__file__ = str(folder / "train.py")
    exec(compile(text, module.__file__, "exec"), module.__dict__)
    return module


def trained(module):
    """Run the main part of a script; returns the figures of every epoch, and what it prints."""
    figures = []
    keep = module.KeepBest.on_epoch_end

    def note(callback, epoch, logs=None):
        keep(callback, epoch, logs)
        figures.append(dict(logs))

    module.KeepBest.on_epoch_end = note
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        module.main()
    return figures, printed.getvalue()
