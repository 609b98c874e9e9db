"""``sightline runs``: list, show, rename, remove and restore training runs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from desktop_app.commands import DONE, SOME_FAILED, WRONG_USAGE
from desktop_app.commands.train_report import epoch_row, figure, plain
from desktop_app.core.datasets.decided import decisions_line
from desktop_app.core.foundation.errors import SightlineError, UsageError
from desktop_app.core.foundation.text import printable
from desktop_app.core.training.runs.run_folder import RunError, RunFolder
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.task.label_table import text_lines
from desktop_app.core.training.task.metric import VALIDATION
from desktop_app.core.training.task.multi_label_evaluation import MultiLabelEvaluation

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.core.training.runs.run_record import RunRecord
    from desktop_app.core.training.task.metric import Metric

_LABELS = 20
"""Most labels whose figures are printed."""


def runs(options: argparse.Namespace) -> int:
    """Do what ``options.action`` names; without one, list.

    Returns:
        0 when it was done, 1 when it failed, 2 when there is no such run or no such name can be given.
    """
    store = RunStore.default()
    store.sweep()
    actions: dict[str | None, Callable[[argparse.Namespace, RunStore], None]] = {
        None: _list,
        "list": _list,
        "show": _show,
        "rename": _rename,
        "remove": _remove,
        "restore": _restore,
    }
    try:
        actions[options.action](options, store)
    except SightlineError as error:
        print(error.reason.sentence, file=sys.stderr)
        return WRONG_USAGE if isinstance(error, UsageError) else SOME_FAILED
    return DONE


def _list(options: argparse.Namespace, store: RunStore) -> None:
    entries = store.list()
    if options.format == "json":
        _print_json([_as_json(entry) for entry in entries])
        return
    width = max((len(entry.record.run_id) for entry in entries), default=0)
    wide = 21 if any(entry.record.unbalanced for entry in entries) else 12
    for entry in entries:
        shown = entry.task.shown
        best = f"val. {shown.brief(entry.validated)}" if entry.validated is not None else ""
        test = f"test {shown.brief(entry.tested)}" if entry.tested is not None else ""
        resumable = ", can be resumed" if entry.resumable else ""
        print(f"{entry.record.run_id:<{width}}  {best:>{wide}}  {test:>{wide}}  {entry.sentence}{resumable}")
    if not entries:
        print("No run yet: sightline train FOLDER --recipe cats-dogs-cnn", file=sys.stderr)


def _show(options: argparse.Namespace, store: RunStore) -> None:
    entry = store.get(options.run)
    if options.format == "json":
        history = plain(entry.history, entry.task)
        _print_json(_as_json(entry) | {"record": entry.record.model_dump(mode="json"), "history": history})
        return
    record = entry.record
    metrics = entry.task.metrics_for(len(record.classes))
    print(f"{record.name} ({record.run_id})")
    parts = f"{record.train:,} training, {record.validation:,} validation, {record.test:,} test"
    if record.corrections:
        parts += f" ({record.corrections:,} corrected)"
    rows = {
        "state": entry.sentence,
        "problem": entry.problem,
        "message": record.reason.sentence,
        "recipe": record.config.recipe,
        "data": printable(str(record.config.data)),
        "read as": printable(decisions_line(record.config.answers)),
        entry.task.noun[1]: _classes(record),
        "pictures": parts if record.train else "",
        "figures": ", ".join(_figure(name, value, metrics) for name, value in record.metrics.items()),
        "model": record.model_id or "",
        "device": record.device,
        "versions": ", ".join(f"{name} {version}" for name, version in record.environment.items()),
        "created": record.created,
        "ended": record.ended,
        "folder": printable(str(entry.folder)),
    }
    for name, value in rows.items():
        if value:
            print(f"  {name:<10}{value}")
    evaluation = RunFolder(entry.folder).read_evaluation()
    if isinstance(evaluation, MultiLabelEvaluation):
        for line in text_lines(evaluation, _LABELS):
            print(line)
    settings = record.config.hyperparameters.model_dump()
    print("  settings  " + ", ".join(f"{key}={value}" for key, value in settings.items()))
    for epoch in entry.history:
        print(f"  epoch {epoch.epoch:>3}  {epoch_row(epoch, entry.task, len(record.classes))}")
    if entry.resumable:
        print(f"Resume with: sightline train --resume {record.run_id}")


def _classes(record: RunRecord) -> str:
    return f"{len(record.classes)}: {', '.join(record.classes[:10])}" if record.classes else ""


def _figure(name: str, value: float, metrics: tuple[Metric, ...]) -> str:
    """Such as "val. loss 0.5800" and "test accuracy 75.0%"."""
    for prefix, words in ((VALIDATION, "val. "), ("test_", "test "), ("", "")):
        for metric in metrics:
            if name == f"{prefix}{metric.name}":
                return f"{words}{metric.label} {figure(metric, value)}"
    return f"{name} {value:.4f}"


def _rename(options: argparse.Namespace, store: RunStore) -> None:
    store.rename(options.run, options.name)
    print(f"Renamed {options.run}.")


def _remove(options: argparse.Namespace, store: RunStore) -> None:
    store.remove(options.run)
    print(f"Moved {options.run} to the trash; 'sightline runs restore' restores it.")


def _restore(_options: argparse.Namespace, store: RunStore) -> None:
    entry = store.restore_last()
    if entry is None:
        raise RunError("There is no run in the trash.")
    print(f"Restored {entry.record.run_id}.")


def _as_json(entry: RunEntry) -> dict[str, Any]:
    record = entry.record
    return {
        "id": record.run_id,
        "name": record.name,
        "recipe": record.config.recipe,
        "state": record.state,
        "sentence": entry.sentence,
        "created": record.created,
        "ended": record.ended,
        "epochs": record.epochs_done,
        "planned_epochs": entry.planned_epochs,
        "best_epoch": record.best_epoch,
        "metrics": plain(record.metrics, entry.task),
        "model": record.model_id,
        "resumable": entry.resumable,
        "folder": str(entry.folder),
        "problem": entry.problem,
    }


def _print_json(document: Any) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))
