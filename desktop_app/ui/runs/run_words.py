"""The words for a run's entry, in lists and details."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop_app.core.datasets.decided import decisions_line
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.text import plain_number, printable, time_span
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.settings.options import OPTIONS
from desktop_app.core.training.task.metric import VALIDATION
from desktop_app.ui.common.controls.number_box import OFF

if TYPE_CHECKING:
    from desktop_app.core.training.recipes.recipe import Recipe
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.core.training.settings.option import Option, Value
    from desktop_app.ui.common.controls.icon_view import IconTone

_TONES: dict[str, IconTone] = {
    "running": "accent",
    "failed": "danger",
    "interrupted": "warning",
    "finished": "muted",
    "stopped": "muted",
}
_SHOWN_CLASSES = 12


def tone(entry: RunEntry) -> IconTone:
    """The colour of a run's state, by meaning."""
    return "danger" if entry.problem else _TONES[entry.record.state]


def moment(stamp: str, *, exact: bool = False) -> str:
    """Write a UTC time stamp (ISO 8601) in the time zone of this computer; empty when it is none.

    It has the year, or when it is to be ``exact`` the second.
    """
    try:
        when = datetime.fromisoformat(stamp)
    except ValueError:
        return ""
    local = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone()
    return f"{local.day} {local:%b, %H:%M:%S}" if exact else f"{local.day} {local:%b %Y, %H:%M}"


def subtitle(entry: RunEntry) -> str:
    """The start time, and the recipe."""
    recipe = "" if entry.problem else _recipe(entry)
    return " · ".join(part for part in (moment(entry.record.created), recipe) if part)


def figures(entry: RunEntry) -> tuple[str, str]:
    """The headline metric with its splits, test and validation; empty where not known."""
    test, validation, text = entry.tested, entry.validated, entry.task.shown.brief
    return (
        "" if test is None else f"test {text(test)}",
        "" if validation is None else f"validation {text(validation)}",
    )


def describe(entry: RunEntry) -> str:
    """The whole run in one line, for a screen reader."""
    parts = [entry.record.name, entry.sentence, *figures(entry), subtitle(entry)]
    return ", ".join(part for part in parts if part)


def facts(entry: RunEntry) -> list[tuple[str, str]]:
    """List what is known about a run as pairs of a word and a value."""
    record = entry.record
    if entry.problem:
        return [("Folder", printable(str(entry.folder)))]
    best, test, text = entry.validated, entry.tested, entry.task.shown.brief
    at = f" in epoch {record.best_epoch}" if record.best_epoch is not None else ""
    classes = ", ".join(record.classes[:_SHOWN_CLASSES])
    more = f", … {len(record.classes) - _SHOWN_CLASSES} more" if len(record.classes) > _SHOWN_CLASSES else ""
    pictures = f"{record.train:,} training, {record.validation:,} validation, {record.test:,} test"
    if record.corrections:
        pictures += f" ({record.corrections:,} corrected)"
    pairs = [
        ("Recipe", _recipe(entry)),
        ("Data", printable(str(record.config.data))),
        ("Read as", decisions_line(record.config.answers)),
        (
            entry.task.noun[1].capitalize(),
            f"{len(record.classes):,}: {classes}{more}" if record.classes else "",
        ),
        ("Pictures", pictures if record.train else ""),
        ("Validation", f"{text(best)}{at}{_others(entry, VALIDATION)}" if best is not None else ""),
        ("Test", f"{text(test)}{_others(entry, 'test_')}" if test is not None else ""),
        ("Epochs", f"{record.epochs_done} of {entry.planned_epochs}"),
        ("Started", moment(record.created)),
        ("Ended", moment(record.ended)),
        ("Training time", time_span(sum(epoch.seconds for epoch in entry.history)) if entry.history else ""),
        ("Parameters", f"{record.parameters:,}" if record.parameters else ""),
        ("Device", record.device),
        ("Model", record.model_id or ""),
        ("Versions", ", ".join(f"{name} {version}" for name, version in record.environment.items())),
        ("Folder", printable(str(entry.folder))),
    ]
    return [(word, value) for word, value in pairs if value]


def _others(entry: RunEntry, prefix: str) -> str:
    """The figures of a split besides the headline: ", balanced accuracy 74.3%, macro F1 73.9%"."""
    task, known = entry.task, entry.record.metrics
    others = (
        f", {metric.label} {metric.text(known[f'{prefix}{metric.name}'])}"
        for metric in task.metrics_for(len(entry.record.classes))
        if metric.name not in task.live and f"{prefix}{metric.name}" in known
    )
    return "".join(others)


def settings(entry: RunEntry) -> list[tuple[str, str]]:
    """List the hyper-parameters that a run uses as pairs of their name in the form and their value."""
    if entry.problem:
        return []
    record = entry.record
    values = record.config.hyperparameters.model_dump() | record.chosen
    recipe = _recipe_of(entry)
    used = OPTIONS.keys() if recipe is None else recipe.uses
    return [(option.label, _value(option, values[key])) for key, option in OPTIONS.items() if key in used]


def _recipe(entry: RunEntry) -> str:
    """The name of its network; the id of one that does not exist any more."""
    recipe = _recipe_of(entry)
    return entry.record.config.recipe if recipe is None else recipe.name


def _recipe_of(entry: RunEntry) -> Recipe | None:
    try:
        return catalogue.get(entry.record.config.recipe)
    except SightlineError:
        return None


def _value(option: Option, value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if option.off_at_zero and not value:
        return OFF
    text = plain_number(value) if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else ""
    if not text:
        return dict(option.choices).get(str(value), str(value))
    unit = option.unit if option.unit == "°" else f" {option.unit}"
    return f"{text}{unit}".rstrip()
