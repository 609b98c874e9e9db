"""``sightline train``: from a folder of class folders to a model, or resuming an interrupted run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.commands import DONE, INTERRUPTED, SOME_FAILED, WRONG_USAGE
from desktop_app.commands.interrupts import TERMINATED
from desktop_app.commands.threads import decoding_threads
from desktop_app.core.foundation.errors import Cancelled, SightlineError, UsageError
from desktop_app.core.library.card_limits import MAX_NAME
from desktop_app.core.training.loop.control import TrainingControl

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from desktop_app.commands.interrupts import Interrupts
    from desktop_app.commands.train_report import Report
    from desktop_app.core.datasets.report import DatasetReport, Part
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.training.loop.control import ControlToken
    from desktop_app.core.training.recipes.recipe import Recipe
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.records.result import TrainingResult
    from desktop_app.core.training.settings.config import TrainingConfig
    from desktop_app.core.training.settings.option import Value

    Fit = Callable[[Callable[[TrainingEvent], None], ControlToken], TrainingResult]

_STATUS = {
    "finished": DONE,
    "stopped": DONE,
    "failed": SOME_FAILED,
    "cancelled": INTERRUPTED,
    "interrupted": TERMINATED,
}
_SHORTHANDS = ("epochs", "batch_size", "seed", "learning_rate")


def train(options: argparse.Namespace, interrupts: Interrupts) -> int:
    """Train on ``options.data``, or resume ``options.resume``.

    Ctrl+C once stops and keeps the best epoch, twice discards the run; SIGTERM leaves a run that
    can be resumed. Before the fit both just end the command.

    Args:
        options: The options of the command line.
        interrupts: The handler of signals, installed before anything here was imported.

    Returns:
        0 when there is a model, 1 when the training failed, 2 when data or options are unusable or a
        question about the data must be answered first, 130 when Ctrl+C left no model, 143 after SIGTERM.
    """
    from desktop_app.commands.train_report import JsonReport, TextReport
    from desktop_app.core.datasets.question import DatasetQuestion
    from desktop_app.core.library.store import Library
    from desktop_app.core.training.runs.store import RunStore

    runs = RunStore.default()
    runs.sweep()
    runs.sweep_datasets()
    Library.default().sweep()
    report: Report = JsonReport() if options.format == "jsonl" else TextReport()
    try:
        resumes = options.resume is not None
        fit = _resuming(options) if resumes else _starting(options, report, interrupts.token)
        interrupts.token.check()
    except Cancelled:
        report.close()
        return interrupts.status
    except DatasetQuestion as error:
        report.asked(error.question)
        report.close()
        return WRONG_USAGE
    except SightlineError as error:
        print(error.reason.sentence, file=sys.stderr)
        return WRONG_USAGE
    control = TrainingControl()
    with interrupts.steering(control):
        result = fit(report.event, control.token)
    report.close()
    if result.status == "stopped" and result.model_id is None:
        return INTERRUPTED  # before there was anything to keep
    return _STATUS[result.status]


def _starting(options: argparse.Namespace, report: Report, cancel: CancelToken) -> Fit:
    """Check the options, then the data.

    Raises:
        DatasetQuestion: A question must be answered first.
        SightlineError: Either cannot be used.
        Cancelled: A signal came.
    """
    from desktop_app.commands.data_options import answers_of
    from desktop_app.core.datasets.corrections.checking import examine_corrected
    from desktop_app.core.datasets.examine import doctor
    from desktop_app.core.datasets.question import DatasetQuestion
    from desktop_app.core.datasets.splits.split import check_fractions
    from desktop_app.core.training import fit
    from desktop_app.core.training.recipes import catalogue
    from desktop_app.core.training.recipes.shortage import shortage
    from desktop_app.core.training.settings.config import clean_name

    if options.data is None:
        raise UsageError("There is nothing to train on.", "Name a folder with one folder per class.")
    if options.recipe is None:
        known = ", ".join(recipe.recipe_id for recipe in catalogue.RECIPES)
        raise UsageError("The recipe is missing.", f"Add --recipe with one of: {known}.")
    if (length := len(clean_name(options.name or ""))) > MAX_NAME:
        raise UsageError(f"The name has {length} characters.", f"Use at most {MAX_NAME}.")
    recipe, now = catalogue.offered(options.recipe)
    if now:
        settings = " ".join(f"--set {key}={value}" for key, value in now.items())
        instead = f"--recipe {recipe.recipe_id} {settings}"
        print(f"{options.recipe} is a setting of {recipe.recipe_id} now: {instead}", file=sys.stderr)
    changes = {**now, **_changes(options, recipe)}
    recipe.require(recipe.chosen(changes))
    if options.validation_split is not None and options.test_split is not None:
        check_fractions(options.validation_split, options.test_split, own_parts=False)
    cancel.check()
    examine = examine_corrected if options.corrections else doctor.examine
    data = Path(options.data).absolute()
    answers = answers_of(options, data)
    examined = examine(data, answers=answers, cancel=cancel, on_progress=report.scanned)
    parts = {example.part for example in examined.examples}
    pictures = sum(example.part in {None, "train"} for example in examined.examples)
    config = _config(options, recipe, changes, examined, pictures)
    check_fractions(config.validation_split, config.test_split, own_parts=parts != {None})
    report.examined(examined)
    if examined.required_question is not None:
        raise DatasetQuestion(examined.required_question)
    missing = shortage(recipe, examined)
    if missing is not None:
        raise UsageError(missing.text, missing.advice)
    _say_what_is_not_used(options, parts)
    return lambda on_event, token: fit.train(config, on_event, token, make_executor=decoding_threads)


def _say_what_is_not_used(options: argparse.Namespace, splits: set[Part | None]) -> None:
    """Report options that the folders overrule."""
    own = {"validation": "validation" in splits, "test": splits != {None}}
    for split, overruled in own.items():
        if overruled and getattr(options, f"{split}_split") is not None:
            print(f"The folders define the split, so --{split}-split is not used.", file=sys.stderr)


def _resuming(options: argparse.Namespace) -> Fit:
    """Find the run.

    Raises:
        SightlineError: There is no such run, or it cannot be resumed.
    """
    from desktop_app.commands.data_options import data_options
    from desktop_app.core.training import fit
    from desktop_app.core.training.runs.store import RunStore

    settings = (options.data, options.recipe, options.name, options.validation_split, options.test_split)
    shorthands = [getattr(options, key) for key in _SHORTHANDS]
    switches = (options.set, options.tensorboard, not options.corrections, *data_options(options))
    if any(switches) or any(value is not None for value in (*settings, *shorthands)):
        raise UsageError(
            "A run is resumed with the settings that it was started with.",
            "Leave out everything but --resume RUN and --format.",
        )
    entry = RunStore.default().get(options.resume)
    if not entry.resumable:
        raise UsageError(
            f"The run {entry.record.run_id} cannot be resumed: {entry.sentence.lower()}.",
            "Start a new one, or see 'sightline runs'.",
        )
    return lambda on_event, token: fit.resume(
        entry.record.run_id, on_event, token, make_executor=decoding_threads
    )


def _changes(options: argparse.Namespace, recipe: Recipe) -> dict[str, Value]:
    """Read the settings of the command line; ``--set`` wins over the shorthands.

    Raises:
        SightlineError: A setting is unknown to the recipe or its value out of range.
    """
    settings = {option.key: option for option in recipe.options()}
    words = {key: getattr(options, key) for key in _SHORTHANDS if getattr(options, key) is not None}
    for assignment in options.set:
        key, sign, value = assignment.partition("=")
        if not sign:
            raise UsageError(f"'{assignment}' sets nothing.", "Write --set KEY=VALUE.")
        words[key.strip().replace("-", "_")] = value.strip()
    for key in words:
        if key not in settings:
            raise UsageError(
                f"The recipe {recipe.recipe_id} has no setting '{key}'.",
                f"Its settings are: {', '.join(settings)}.",
            )
    return {key: settings[key].parse(text) for key, text in words.items()}


def _config(
    options: argparse.Namespace,
    recipe: Recipe,
    changes: dict[str, Value],
    examined: DatasetReport,
    pictures: int,
) -> TrainingConfig:
    from desktop_app.core.datasets.answers import NO_ANSWERS
    from desktop_app.core.training.settings.config import TrainingConfig

    values = recipe.chosen(changes, pictures, len(examined.learnt))
    recipe.check(values)
    splits = {"validation_split": options.validation_split, "test_split": options.test_split}
    return TrainingConfig(
        data=Path(options.data).absolute(),
        recipe=recipe.recipe_id,
        task=examined.task,
        hyperparameters=values,
        name=options.name or "",
        tensorboard=options.tensorboard,
        corrections=options.corrections,
        answers=examined.answers or NO_ANSWERS,
        **{key: value for key, value in splits.items() if value is not None},
    )
