"""Importing models from elsewhere: a network in a file, or a Sightline model with its card."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.foundation.files import scratch_folder
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.library.card import MAX_UNIT, UNKNOWN_SHA256, ModelCard
from desktop_app.core.library.card_limits import CARD_FILE
from desktop_app.core.library.exchange.installing import (
    NO_WISHES,
    Wishes,
    add,
    clean_name,
    one_line,
    own_name,
    slug,
)
from desktop_app.core.library.exchange.packages import check_network, import_package
from desktop_app.core.library.exchange.questions import LabelsNeeded, MeaningNeeded, PixelsNeeded
from desktop_app.core.library.exchange.sources import WEIGHTS_FILES, keep, open_source
from desktop_app.core.library.inspection.containers.archive import holds_card
from desktop_app.core.library.inspection.containers.refusal import naming_the_file
from desktop_app.core.library.labels import amount_names, check_names, class_labels, read_labels
from desktop_app.core.library.pixel_choices import (
    BY_CONTRADICTION,
    BY_SCALING,
    Clue,
    family_clue,
    producer_clue,
)
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.outputs import OUTPUT_NOUNS
from desktop_app.core.networks.pixels import GREY_WEIGHTS, canonical, fits_channels, pixel_choices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.card import ClassLabel
    from desktop_app.core.library.exchange.installing import Check
    from desktop_app.core.library.exchange.sources import Source
    from desktop_app.core.library.inspection.result.network_summary import NetworkSummary
    from desktop_app.core.library.store import Library
    from desktop_app.core.networks.outputs import Task
    from desktop_app.core.networks.pixels import Preprocessing

__all__ = ["LabelsNeeded", "MeaningNeeded", "PixelsNeeded", "Wishes", "import_model", "read_labels"]


def import_model(
    library: Library,
    path: Path,
    wishes: Wishes = NO_WISHES,
    *,
    check: Check | None = None,
    cancel: CancelToken,
) -> ModelCard:
    """Check a model file from elsewhere and install a copy of it.

    The file is inspected before anything in it is loaded. The copy in the library is inspected again
    and tested; only then does the model appear.

    Args:
        library: Library to import into.
        path: A model file, or a file that `export_model` wrote.
        wishes: What the user says about it. Without a name the card's or the file's is taken; without pixel
            values, a network that scales pixels itself gets them as they are.
        check: Function of the card and the copy that raises a `ModelError` when they do not work, for
            instance `desktop_app.core.classify.loader.check_answers`; the library cannot know by itself.
        cancel: Token checked while copying.

    Returns:
        The installed model's card.

    Raises:
        MeaningNeeded: It does not tell what its outputs are for, and the user did not say.
        LabelsNeeded: It brings no names of its classes, and none were given.
        PixelsNeeded: It does not tell its pixel values or contradicts itself, and none were given.
        ModelError: It is refused; the sentence says why.
        UsageError: The name or the pixel values are refused.
        StorageError: It cannot be read, or the disk is too full or refuses.
        Cancelled: The user cancelled.
    """
    if wishes.name is not None:
        wishes = replace(wishes, name=clean_name(wishes.name))
    with naming_the_file(path):
        if holds_card(path, CARD_FILE):
            return import_package(library, path, wishes, check, cancel)
        with contextlib.ExitStack() as stack:

            def scratch() -> Path:
                with storage_errors(library.installed):
                    library.installed.mkdir(parents=True, exist_ok=True)
                return stack.enter_context(scratch_folder(library.installed))

            source = open_source(path, scratch, cancel)
            card = describe(library, path, source, wishes)

            def copy(target: Path) -> None:
                check_network(card, keep(source, target, cancel))
                if check is not None:
                    check(card, target)

            return add(library, card, copy, source.path.stat().st_size)


def describe(library: Library, path: Path, source: Source, wishes: Wishes) -> ModelCard:
    """Describe a model, as far as file and user tell.

    Args:
        library: The library that it is for.
        path: The user's file.
        source: The model in it.
        wishes: What the user says.

    Raises:
        MeaningNeeded, LabelsNeeded, PixelsNeeded: Neither does.
        UsageError: What the user says does not fit.
    """
    summary, described = source.summary, source.described
    task = _task(path, source, wishes)
    try:
        classes = _classes(path, source, task, wishes)
    except LabelsNeeded as error:
        known = replace(wishes, task=task)
        error.input, error.decided = _probable_input(library, path, source, known, error.outputs)
        raise
    name = own_name(library, wishes.name, one_line(path.stem)[:100].strip() or "Model")
    channels: Literal[1, 3] = 3 if summary.channels == 3 else 1
    wanted = _wanted_pixels(path, channels, wishes.preprocessing) or described.preprocessing
    scaling = summary.scaling
    taken = ""
    if scaling.decided and wanted is None:
        taken = f"Its layer {scaling.reason}, so it gets pixels from 0 to 255."
    card = ModelCard(
        id=library.free_id(slug(name)),
        name=name,
        task=task,
        architecture=source.format,
        origin="imported",
        weights_file=WEIGHTS_FILES[source.format],
        weights_sha256=UNKNOWN_SHA256,
        verified=False,
        classes=classes,
        outputs=summary.kind,
        units=_units(path, task, wishes.units, len(classes)),
        input=InputSpec(
            height=summary.height,
            width=summary.width,
            channels=channels,
            preprocessing=wanted or "none",
            layout=summary.layout,
            fit=wishes.fit or described.fit or "squash",
            crop_share=wishes.crop_share or 1.0,
            grey=wishes.grey or GREY_WEIGHTS,
            resample=wishes.resample or described.resample or "bicubic",
            thin="parts",
        ),
        description=" ".join(filter(None, (described.words, summary.meaning.reason, summary.remark, taken))),
        parameters=summary.parameters,
        source=printable(path.name),
        created=datetime.now(UTC).date().isoformat(),
    )
    if wanted is None and not scaling.decided:
        contradicted = scaling.contradicted is not None
        raise PixelsNeeded(path, card, clues_of(summary), summary.producer, contradicted=contradicted)
    return card


def _task(path: Path, source: Source, wishes: Wishes) -> Task:
    """Decide what the outputs are for: what the user says, else what the file leaves no doubt about.

    Raises:
        MeaningNeeded: Nobody says.
    """
    meaning = source.summary.meaning
    if wishes.task is not None:
        return wishes.task
    if source.described.task is not None:
        return source.described.task
    if not meaning.decided:
        raise MeaningNeeded(path, source.summary.outputs, meaning)
    return meaning.tasks[0]


def _classes(path: Path, source: Source, task: Task, wishes: Wishes) -> list[ClassLabel]:
    """Name the outputs.

    Raises:
        LabelsNeeded: They are classes or labels without names, or amounts whose names are asked for.
        ModelError: The names do not fit.
    """
    outputs = source.summary.outputs
    if task == "embedding":
        return []
    wanted = max(2, outputs) if task == "classification" else outputs
    labels = wishes.labels if wishes.labels is not None else source.described.labels
    if labels is None:
        if task != "regression" or wishes.ask_amounts:
            raise LabelsNeeded(path, wanted, task)
        labels = amount_names(outputs)
    check_names(labels, wanted, printable(path.name), task)
    return class_labels(labels)


def _units(path: Path, task: Task, given: Sequence[str], count: int) -> tuple[str, ...]:
    """Give each amount its unit.

    Raises:
        UsageError: There are more units than amounts, or one is too long.
    """
    if not any(given):
        return ()
    units = [one_line(unit).strip() for unit in given]
    if task != "regression" or len(units) > count:
        has = counted(count, *OUTPUT_NOUNS[task])
        raise UsageError(
            f"{printable(path.name)} has {has}, but is given {counted(len(units), 'unit')}.",
            "Give a unit for each amount, or none.",
        )
    if any(len(unit) > MAX_UNIT for unit in units):
        raise UsageError(f"A unit must have {MAX_UNIT} characters at most.", "Give a shorter one.")
    return (*units, *[""] * (count - len(units)))


def _wanted_pixels(path: Path, channels: int, wanted: Preprocessing | None) -> Preprocessing | None:
    """Check the pixel values that the user asks for.

    Raises:
        UsageError: There are no such values, or not for these pictures.
    """
    if wanted is None:
        return None
    name = printable(path.name)
    choices = f"Choose {', '.join(pixel_choices(channels))}, or a scale and an offset."
    try:
        values = canonical(wanted)
    except ValueError as error:
        raise UsageError(f"{name} cannot be given the pixels '{wanted[:60]}': {error}.", choices) from error
    if not fits_channels(values, channels):
        raise UsageError(
            f"{name} takes {'grey' if channels == 1 else 'colour'} pictures, for which there are no pixel "
            f"values '{wanted}'.",
            choices,
        )
    return values


def _probable_input(
    library: Library, path: Path, source: Source, wishes: Wishes, outputs: int
) -> tuple[InputSpec, bool]:
    """How a model gets its pictures, by the likeliest pixels where they are open; whether they are known."""
    numbers = [str(number) for number in range(outputs)]
    try:
        return describe(library, path, source, replace(wishes, labels=numbers)).input, True
    except PixelsNeeded as error:
        likeliest = error.choices[0].preprocessing
        return InputSpec(**error.card.input.model_dump() | {"preprocessing": likeliest}), False


def clues_of(summary: NetworkSummary) -> list[Clue]:
    """What speaks for which pixels: the layers before the network, or its kind where those say nothing."""
    scaling = summary.scaling
    # Torch calls its networks as Keras does, but trains them on other pixels.
    family = producer_clue(summary.producer, summary.channels) or family_clue(summary.names)
    clues = []
    if scaling.likely is not None:
        clues.append(Clue(scaling.likely, BY_SCALING, f"Its layer {scaling.reason}, which suits a network."))
    if scaling.contradicted is not None:
        reason = (
            "What its first BatchNormalization kept of its training fits these, and not what its layers say."
        )
        clues.append(Clue(scaling.contradicted, BY_CONTRADICTION, reason))
    if family is None or (scaling.reason and not clues):
        return clues  # what is done to the pixels before the network, and not its kind, says what it gets
    return [*clues, family]
