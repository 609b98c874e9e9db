"""The texts in a package: the labels and the README."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from desktop_app.core.export.conversion.formats import FORMATS
from desktop_app.core.export.examples import example
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.library.label_thresholds import thresholds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_app.core.export.conversion.formats import ExportPrecision
    from desktop_app.core.export.proof import ExportReport
    from desktop_app.core.export.writing_step import WritingFacts
    from desktop_app.core.images.decoding.fitting import Resample
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.networks.input_spec import InputSpec
    from desktop_app.core.networks.outputs import Task

PRECISION_WORDS: dict[ExportPrecision, str] = {
    "float32": "float32, as in Sightline",
    "float16": "weights in float16; it computes in float32",
    "int8": "weights in int8, with a scale for each channel",
}

_GIVEN: dict[Task, str] = {
    "classification": "calibrated probabilities of the classes in the order of `labels.txt`",
    "multi-label": "the probability of each label of `labels.txt` by itself, which is right from its "
    "threshold in `thresholds.txt` on",
    "regression": "the amounts that `labels.txt` names",
    "embedding": "features of length 1: the product of those of two pictures says how alike they are",
}
RESAMPLE_WORDS: dict[Resample, str] = {
    "bicubic": "bicubic, antialiased",
    "bilinear": "bilinear, antialiased",
    "lanczos": "Lanczos, antialiased",
    "keras": "bilinear without antialiasing",
    "nearest": "nearest pixel",
}


def labels_text(card: ModelCard) -> str:
    """Name the classes, one a line, in the order of the outputs; names that occur twice get their id.

    Behind the name of an amount stands its unit.
    """
    names = [" ".join(entry.label.split()) for entry in card.classes]
    counts = Counter(names)
    shown = [
        name if counts[name] == 1 else f"{name} ({entry.class_id})"
        for name, entry in zip(names, card.classes, strict=True)
    ]
    if card.units:
        shown = [
            f"{name} ({one_line(unit)})" if unit else name
            for name, unit in zip(shown, card.units, strict=True)
        ]
    return "\n".join(shown) + "\n"


def thresholds_text(card: ModelCard) -> str:
    """The threshold of each label, one a line."""
    return "".join(f"{threshold:g}\n" for threshold in thresholds_of(card))


def readme_text(card: ModelCard, size: int, report: ExportReport, found: WritingFacts) -> str:
    """Write the README.

    Args:
        card: The model's card.
        size: Size of the model, in bytes.
        report: What the proof found.
        found: What the step that wrote the model found out.
    """
    outputs = len(card.classes) or "features"
    facts, spec = FORMATS[report.format], card.input
    several = facts.batch and found.batch
    batch = "any number of pictures at a time" if several else "one picture at a time"
    rows = [
        ("Model", f"`{facts.member}`, {facts.name}, {readable_size(size)}"),
        (
            "Takes",
            f"RGB bytes, uint8 `({'N' if several else 1}, {spec.height}, {spec.width}, 3)`, {batch}",
        ),
        ("Gives", f"float32 `(N, {outputs})`: {_GIVEN[card.task]}"),
        ("Pixels", "0 to 255 as they are: what the network needs is made of them inside the model"),
        ("Fit", _fit_sentence(spec)),
        ("Precision", PRECISION_WORDS[report.precision]),
    ]
    lines = [
        f"# {one_line(card.name)}",
        "",
        one_line(card.description) or "An image classifier.",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {text} |" for name, text in rows),
        "",
        "## Proof",
        "",
        *report.sentences,
        *notes(card, found.computes),
        "All figures are in `proof.json`.",
        "",
        "## Example",
        "",
        f"It needs `pip install {facts.packages}`. Save it beside these files as `example.py`, and run",
        "`python example.py PICTURE`.",
        "",
        "```python",
        example(report.format, spec, card.task),
        "```",
        "",
        "## Origin",
        "",
        *origin(card),
        "",
    ]
    return "\n".join(lines)


def _fit_sentence(spec: InputSpec) -> str:
    size = f"{spec.width} x {spec.height}"
    share = "" if spec.crop_share == 1 else f", {100 * spec.crop_share:.3g}% of the largest one"
    sentence = {
        "squash": f"the whole picture, each side scaled to {size} on its own",
        "crop": f"the centre of the picture in the shape of {size}{share}, scaled to it",
        "both": f"the whole picture, each side scaled to {size} on its own; Sightline takes the mean of this "
        f"and of a centre crop{share}, which this model leaves to the caller",
    }[spec.fit]
    thin = " Of very long or high pictures Sightline asks about parts." if spec.thin == "parts" else ""
    return f"{sentence}; {RESAMPLE_WORDS[spec.resample]}, turned as EXIF says.{thin}"


def notes(card: ModelCard, computes: str) -> Iterator[str]:
    """Say what else of the model is as in Sightline, or not; arguments are those of `readme_text`."""
    if card.input.mirrored:
        yield "It takes the mean over the picture and its mirror image, as in Sightline."
    if computes != "float32":
        yield f"In Sightline the network computes with {computes}; here it does with float32, as compared."


def origin(card: ModelCard) -> Iterator[str]:
    """Name where the model, its licence and its data come from."""
    yield f"Exported from Sightline, where its id is `{card.id}`."
    for name, text in (("Licence", card.licence), ("Source", card.source), ("Data", card.data)):
        if text:
            yield f"{name}: {one_line(text)}"
    if not card.licence:
        yield "Licence: its card names none."


def one_line(text: str) -> str:
    """Put a text of a card, which may have several lines, into one."""
    return " ".join(text.split())
