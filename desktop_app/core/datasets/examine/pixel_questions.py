"""What the numbers of a data set leave open: which plane, which bands, and what is black and white."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop_app.core.datasets.examine.brightness import alike, common_levels, number_range
from desktop_app.core.datasets.question import Choice, Question
from desktop_app.core.foundation.text import counted, plain_number
from desktop_app.core.images.decoding.levels import DEPTHS, Levels
from desktop_app.core.images.decoding.number_facts import proposed_bands

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.report import NumberRange
    from desktop_app.core.images.decoding.number_facts import NumberFacts
    from desktop_app.core.images.decoding.reading import Plane

LEVELS = "levels"
_PICTURES = 4

_MIXED = (
    "Some pictures hold whole numbers and some fractions: each is brightened by itself, so dim and bright "
    "pictures may look alike."
)

_PLANES: dict[Plane, str] = {
    "first": "The first",
    "middle": "The middle one",
    "maximum": "The brightest value at each point",
    "mean": "The mean of all of them",
}

_BANDS: dict[int, tuple[tuple[tuple[int, int, int], str], ...]] = {
    2: (((0, 0, 0), "The first band in grey"), ((1, 1, 1), "The second band in grey")),
    3: (
        ((0, 1, 2), "red, green and blue"),
        ((0, 0, 0), "The first band in grey"),
        ((1, 1, 1), "The second band in grey"),
        ((2, 2, 2), "The third band in grey"),
    ),
    4: (
        ((0, 1, 2), "red, green and blue before near infrared"),
        ((2, 1, 0), "blue, green and red before near infrared"),
        ((3, 0, 1), "near infrared, red and green"),
    ),
    5: (
        ((0, 1, 2), "red, green and blue first"),
        ((2, 1, 0), "blue, green and red first"),
        ((3, 2, 1), "near infrared, red and green after blue"),
    ),
    7: (((2, 1, 0), "red, green and blue of Landsat 7"), ((3, 2, 1), "red, green and blue of Landsat 8")),
    12: (((3, 2, 1), "red, green and blue of Sentinel-2"), ((7, 3, 2), "near infrared of Sentinel-2")),
    13: (((3, 2, 1), "red, green and blue of Sentinel-2"), ((7, 3, 2), "near infrared of Sentinel-2")),
}
"""Usual orders of the bands, by their number; from 0."""


@dataclass(frozen=True, slots=True)
class PixelFindings:
    """How the pictures of a data set are read.

    Attributes:
        answers: The answers, with the scale that holds when nobody has chosen one.
        questions: What is open.
        notes: Sentences about what follows from the numbers.
        numbers: Numbers of the pictures of more than 8 bits; None when there are none.
    """

    answers: Answers
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    numbers: NumberRange | None = None


def about_pixels(paths: Sequence[Path], facts: Mapping[int, NumberFacts], answers: Answers) -> PixelFindings:
    """Find out what is open, and choose the scale.

    Args:
        paths: Paths of the readable pictures.
        facts: Facts about the unusual ones, by index.
        answers: What was decided.
    """
    if not facts:
        return PixelFindings(answers)
    questions = (*_about_planes(paths, facts, answers), *_about_bands(paths, facts, answers))
    numeric = {index: entry for index, entry in facts.items() if entry.quantiles}
    if not numeric:
        return PixelFindings(answers, questions)
    found = _scaled(paths, numeric, answers)
    return replace(found, questions=(*questions, *found.questions))


def _scaled(paths: Sequence[Path], numeric: Mapping[int, NumberFacts], answers: Answers) -> PixelFindings:
    """Choose the scale of the pictures of more than 8 bits."""
    reading, entries = answers.pixels, list(numeric.values())
    if reading.black is not None and reading.white is not None:
        chosen = Levels(reading.black, reading.white)
        return PixelFindings(answers, numbers=number_range(entries, chosen))
    mixed = len({entry.floating for entry in entries}) > 1
    levels = common_levels(entries)
    if LEVELS in answers.settled or mixed or levels.black == levels.white:
        notes = (_MIXED,) if mixed and LEVELS not in answers.settled else ()
        return PixelFindings(answers, notes=notes, numbers=number_range(entries, None))
    scaled = answers.changed(pixels=reading.model_dump() | {"black": levels.black, "white": levels.white})
    numbers = number_range(entries, levels)
    if alike(entries):
        return PixelFindings(scaled, numbers=numbers)
    standing = f"The numbers {_range(levels)} are shown from black to white, alike in all pictures."
    asked = _about_levels(answers, levels, entries, _extremes(paths, numeric), standing)
    return PixelFindings(scaled, (asked,), (standing,), numbers)


def _about_planes(
    paths: Sequence[Path], facts: Mapping[int, NumberFacts], answers: Answers
) -> Iterator[Question]:
    stacks = {index: entry for index, entry in facts.items() if entry.planes > 1}
    if answers.pixels.plane is not None or not stacks:
        return
    entry = next(iter(stacks.values()))
    counts = sorted({stack.planes for stack in stacks.values()})
    number = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    word = entry.plane_word
    reason = f"{counted(len(stacks), 'picture has', 'pictures have')} {number} {word}."
    blank = sum(stack.first_blank for stack in stacks.values())
    if blank:
        shown = "all" if blank == len(stacks) else f"{blank:,}"
        reason += f" In {shown} of them the first shows nothing."
    order: list[Plane] = ["first", "middle", "maximum", "mean"]
    if blank:
        hidden = any(stack.middle_blank for stack in stacks.values())
        order = ["maximum", "mean", "middle", "first"] if hidden else ["middle", "maximum", "mean", "first"]
    samples = tuple(paths[index] for index in list(stacks)[:: max(len(stacks) // _PICTURES, 1)][:_PICTURES])
    yield Question(
        key="plane",
        text=f"Which of the {word} should be used?",
        choices=tuple(
            Choice(
                text=_PLANES[plane],
                option=f"--plane {plane}",
                answers=answers.changed(pixels=answers.pixels.model_dump() | {"plane": plane}),
                pictures=samples,
                reading=answers.pixels.model_copy(
                    update={"plane": plane, "bands": answers.pixels.bands or _bands_of(entry)}
                ),
            )
            for plane in order
        ),
        reason=reason,
        proposed=bool(blank),
    )


def _about_bands(
    paths: Sequence[Path], facts: Mapping[int, NumberFacts], answers: Answers
) -> Iterator[Question]:
    many = {index: entry for index, entry in facts.items() if entry.bands}
    if answers.pixels.bands is not None or not many:
        return
    count, pictures = Counter(entry.bands for entry in many.values()).most_common(1)[0]
    samples = [index for index, entry in many.items() if entry.bands == count]
    shown = tuple(paths[index] for index in samples[:: max(len(samples) // _PICTURES, 1)][:_PICTURES])
    names = facts[samples[0]].band_names
    fallback = ((proposed_bands(count), "the first three"),)
    yield Question(
        key="bands",
        text="Which bands are red, green and blue?",
        choices=tuple(
            Choice(
                text=_named_bands(bands, meaning, names),
                option=f"--bands {','.join(str(band + 1) for band in bands)}",
                answers=answers.changed(pixels=answers.pixels.model_dump() | {"bands": bands}),
                pictures=shown,
                reading=answers.pixels.model_copy(update={"bands": bands}),
            )
            for bands, meaning in _BANDS.get(count, fallback)
        ),
        reason=f"{counted(pictures, 'picture has', 'pictures have')} {count} bands.",
        proposed=count in {3, 12, 13},
    )


def _bands_of(entry: NumberFacts) -> tuple[int, int, int] | None:
    return proposed_bands(entry.bands) if entry.bands else None


def _named_bands(bands: tuple[int, int, int], meaning: str, names: tuple[str, ...]) -> str:
    if len(set(bands)) == 1:
        return f"{meaning} ({names[bands[0]]})" if names else meaning
    red, green, blue = (names[band] if names else str(band + 1) for band in bands)
    return f"{red}, {green} and {blue} ({meaning})"


def _about_levels(
    answers: Answers,
    levels: Levels,
    entries: Sequence[NumberFacts],
    samples: tuple[Path, ...],
    standing: str,
) -> Question:
    def choice(found: Levels, text: str, detail: str = "") -> Choice:
        chosen = answers.changed(
            pixels=answers.pixels.model_dump() | {"black": found.black, "white": found.white}
        )
        option = f"--levels {found.black:g}:{found.white:g}"
        return Choice(text, option, chosen, detail, samples, chosen.pixels)

    choices = [choice(Levels(*levels), f"{_range(levels)}, the range of these pictures")]
    highest = max(entry.quantiles[-1] for entry in entries)
    if not any(entry.floating for entry in entries) and min(entry.quantiles[0] for entry in entries) >= 0:
        choices += [
            choice(Levels(0, depth), f"{_range(Levels(0, depth))}, the range of {bits} bits")
            for bits, depth in zip((8, 10, 12, 14, 16), DEPTHS, strict=True)
            if bits > 8 and highest <= depth
        ]
    alone = answers.settling(LEVELS)
    choices.append(
        Choice(
            "Each picture by itself",
            "--levels each",
            alone,
            "Dim and bright pictures may then look alike.",
            samples,
            answers.pixels,
        )
    )
    return Question(
        key=LEVELS,
        text="Which numbers are black and white?",
        choices=tuple(choices),
        reason="The numbers in the pictures go beyond 255, and some pictures are much brighter than others.",
        required=False,
        standing=standing,
    )


def _extremes(paths: Sequence[Path], numeric: Mapping[int, NumberFacts]) -> tuple[Path, ...]:
    """A few pictures from the dimmest to the brightest."""
    order = sorted(numeric, key=lambda index: numeric[index].quantiles[-2])
    chosen = {order[round(place * (len(order) - 1) / (_PICTURES - 1))]: None for place in range(_PICTURES)}
    return tuple(paths[index] for index in chosen)


def _range(levels: Levels) -> str:
    return f"{plain_number(levels.black)} to {plain_number(levels.white)}"
