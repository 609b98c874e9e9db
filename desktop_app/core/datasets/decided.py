"""What was decided about how a data set is read, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers
from desktop_app.core.datasets.stored_names import path_of
from desktop_app.core.foundation.text import plain_number, printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from desktop_app.core.datasets.answers import FolderMeaning, GroupRule
    from desktop_app.core.images.decoding.reading import PixelReading, Plane, Thin

_MOST_NAMES = 3

_FOLDERS: dict[FolderMeaning, tuple[str, str]] = {
    "train": ("holds training pictures", "hold training pictures"),
    "validation": ("holds validation pictures", "hold validation pictures"),
    "test": ("holds test pictures", "hold test pictures"),
    "unlabeled": ("holds pictures without labels", "hold pictures without labels"),
    "class": ("is a class", "are classes"),
    "ignore": ("is not used", "are not used"),
}
_PLANES: dict[Plane, str] = {
    "first": "First plane of each stack",
    "middle": "Middle plane of each stack",
    "maximum": "Brightest number over all planes of each stack",
    "mean": "Mean over all planes of each stack",
}

_THIN: dict[Thin, str] = {
    "whole": "Very long pictures are squashed whole",
    "crop": "Centre of very long pictures",
    "parts": "Very long pictures are seen part by part",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision about a data set.

    Attributes:
        text: The decision without a full stop: "Classes are 2 levels down".
        others: All other answers; with them the data ask about it again.
    """

    text: str
    others: Answers


def decided(answers: Answers | None, asked: Collection[str] = ()) -> tuple[Decided, ...]:
    """List the decisions, those about folders first; none where all is as the data say by themselves.

    Args:
        answers: The answers.
        asked: Keys of the open questions, whose present answers nobody has decided.
    """
    return tuple(_decided(answers or NO_ANSWERS, asked))


def decisions_line(answers: Answers | None) -> str:
    """List the decisions in one line; empty without any."""
    return "; ".join(entry.text for entry in decided(answers))


def _decided(answers: Answers, asked: Collection[str]) -> Iterator[Decided]:
    if answers.classes_at is not None:
        levels = "1 level" if answers.classes_at == 1 else f"{answers.classes_at} levels"
        yield Decided(f"Classes are {levels} down", answers.changed(classes_at=None))
    yield from _about_folders(answers)
    if answers.labels is not None:
        yield Decided(_about_labels(answers.labels), answers.changed(labels=None))
    if answers.several is not None:
        which = (
            "All labels of a picture are learned"
            if answers.several == "all"
            else "Of several labels, the first counts"
        )
        yield Decided(which, answers.changed(several=None))
    if answers.without_labels is not None:
        kept = answers.without_labels == "keep"
        which = (
            "Pictures without a label show none of them" if kept else "Pictures without a label are skipped"
        )
        yield Decided(which, answers.changed(without_labels=None))
    if answers.masks is not None:
        used = "Masks are used as pictures" if answers.masks else "Masks are not used"
        yield Decided(used, answers.changed(masks=None))
    if answers.groups is not None:
        yield Decided(group_words(answers.groups), answers.changed(groups=None))
    yield from _about_pixels(answers, scaled="levels" not in asked)
    for key in answers.settled:
        rest = tuple(other for other in answers.settled if other != key)
        yield Decided(f"Left as it is: {key.replace('-', ' ')}", answers.changed(settled=rest))


def _about_folders(answers: Answers) -> Iterator[Decided]:
    for meaning, (one, several) in _FOLDERS.items():
        names = [name for name, what in answers.folders.items() if what == meaning]
        if names:
            rest = {name: what for name, what in answers.folders.items() if what != meaning}
            verb = one if len(names) == 1 else several
            yield Decided(f"{_some(names)} {verb}", answers.changed(folders=rest))


def _about_labels(name: str) -> str:
    return f"Labels come from {_shown(name)}" if name else "Labels are the folders' names"


def group_words(rule: GroupRule) -> str:
    """Say which pictures stay together: "Pictures of one folder below the class stay in one split"."""
    anew = "; the folders' own split is set aside" if rule.redraw else ""
    match rule.kind:
        case "folder":
            where = "below the class" if rule.level == 1 else f"{rule.level} levels below the class"
            which = f"Pictures of one folder {where}"
        case "above":
            which = "Pictures of one folder above the classes"
        case "name":
            which = f"Pictures whose names agree in {printable(rule.pattern)}"
        case "column":
            which = f"Pictures with the same value in column {printable(rule.column)}"
        case "time":
            which = f"Pictures taken within {plain_number(rule.seconds)} s"
        case _:
            return f"Pictures are split one by one, without groups{anew}"
    return f"{which} stay in one split{anew}"


def _about_pixels(answers: Answers, *, scaled: bool) -> Iterator[Decided]:
    pixels = answers.pixels

    def without(**values: None) -> Answers:
        return answers.changed(pixels=pixels.model_copy(update=values))

    if scaled and pixels.black is not None:
        yield Decided(_about_levels(pixels), without(black=None, white=None))
    if pixels.plane is not None:
        yield Decided(_PLANES[pixels.plane], without(plane=None))
    if pixels.thin is not None:
        yield Decided(_THIN[pixels.thin], without(thin=None))
    if pixels.bands is not None:
        red, green, blue = (band + 1 for band in pixels.bands)
        yield Decided(f"Bands {red}, {green} and {blue} as red, green and blue", without(bands=None))


def _about_levels(pixels: PixelReading) -> str:
    assert pixels.black is not None
    assert pixels.white is not None
    return f"Brightness {plain_number(pixels.black)} to {plain_number(pixels.white)}"


def _some(names: list[str]) -> str:
    shown = [f"'{_shown(name)}'" for name in names[:_MOST_NAMES]]
    more = len(names) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _shown(name: str) -> str:
    """The name of a file or folder that is written like that of a URI."""
    return printable(str(path_of(name, Path())))
