"""What ``sightline models import`` shows of a model before and after it is settled: answers for pictures."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import ModelError, UsageError
from desktop_app.core.foundation.text import percent, plain_number, printable
from desktop_app.core.library.label_lists import folder_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.exchange.importing import PixelsNeeded
    from desktop_app.core.library.label_lists import LabelList
    from desktop_app.core.library.store import Library
    from desktop_app.core.trial.messages import Best

_SHOWN = 4


def ordered_names(read: LabelList, order: str | None) -> list[str]:
    """Put names into the order that the user says, where it is not certain.

    Args:
        read: The names as they were written down.
        order: "given" or "folders", as Keras sorts them; None when the user did not say.

    Raises:
        UsageError: The names are in an order of numbers that Keras would not have, and the user did not say;
            or the user contradicts them.
    """
    sorted_names = [] if read.numbered else folder_order(read.names)
    if read.numbered and order == "folders":
        raise UsageError("The names have the numbers of their outputs.", "Leave --label-order out.")
    if order == "folders":
        return sorted(read.names)
    if sorted_names and order is None:
        counted, by_folder = (", ".join(names[:_SHOWN]) for names in (read.names, sorted_names))
        raise UsageError(
            f"The names are in the order of their numbers ({counted}, …), but Keras sorts folders as texts "
            f"({by_folder}, …).",
            "Add --label-order folders where the classes were folders in training, else --label-order given.",
        )
    return read.names


def pixel_lines(needed: PixelsNeeded, pictures: Sequence[Path]) -> list[str]:
    """Describe the choices of pixel values, the likeliest first, after a look at the network itself.

    Args:
        needed: The question.
        pictures: The user's own pictures, to show what the model answers for them; none for a look alone.

    Raises:
        ModelError: The network is refused or fails, or a picture cannot be read.
    """
    from dataclasses import replace

    from desktop_app.core.images.sample_pictures import sample_files
    from desktop_app.core.library.pixel_choices import ranked
    from desktop_app.core.trial.messages import TrialInput, TrialSubject
    from desktop_app.core.trial.opened_model import OpenedModel

    card, files = needed.card, list(pictures) or sample_files()
    given = TrialInput.of(card.input)
    with tempfile.TemporaryDirectory(prefix="sightline-", ignore_cleanup_errors=True) as folder:
        model = OpenedModel(TrialSubject(needed.path, card.task), Path(folder))
        leading = needed.choices[0].preprocessing if needed.choices[0].likely else None
        clue = model.clue(given, files, leading)
        known = clue is None or any(
            (clue.preprocessing, clue.reason) == (one.preprocessing, one.reason) for one in needed.clues
        )
        clues = needed.clues if known or clue is None else (*needed.clues, clue)
        lines = []
        for choice in ranked(card.input.channels, clues):
            likely = " Most likely." if choice.likely else ""
            lines.append(f"  {choice.preprocessing:<18} {choice.words}: {choice.details}.{likely}")
            lines += [f"{'':<21}{reason}" for reason in choice.reasons]
            if pictures:
                best = model.best(replace(given, preprocessing=choice.preprocessing), pictures)
                lines += [f"{'':<21}{line}" for line in _answers(card, pictures, best)]
    return lines


def _answers(card: ModelCard, pictures: Sequence[Path], best: Sequence[Best] | None) -> list[str]:
    if best is None:
        return ["gives no numbers"]
    lines = []
    for path, (index, value) in zip(pictures, best, strict=False):
        if card.task == "regression":
            unit = card.units[index] if card.units else ""
            words = f"{card.classes[index].readable} {plain_number(float(f'{value:.4g}'))} {unit}".rstrip()
        else:
            words = f"{card.classes[index].readable}, {percent(value)}"
        lines.append(f"{printable(path.name)}: {words}")
    return lines


def answer_lines(library: Library, card: ModelCard, pictures: Sequence[Path]) -> list[str]:
    """Say what an imported model answers for pictures, to check its names.

    Raises:
        ModelError: It fails, or a picture cannot be read.
    """
    from desktop_app.core.classify.loader import load_classifier
    from desktop_app.core.foundation.errors import SightlineError
    from desktop_app.core.images.load import load_fitted
    from desktop_app.core.images.sources import FileSource

    classifier = load_classifier(card.id, library)
    lines = []
    for path in pictures:
        try:
            fitted = load_fitted(FileSource(path), card.input.fitting())
        except SightlineError as error:
            raise ModelError(
                f"{printable(path.name)} cannot be read: {error}",
                f"The model is imported: check it by 'sightline classify PICTURE --model {card.id}'.",
            ) from error
        (prediction,) = classifier.predict_prepared([fitted], top=1)
        lines.append(f"{printable(path.name)}: {prediction.sentence}")
    return lines
