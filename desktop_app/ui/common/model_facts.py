"""A model's entry as text for cards and lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import percent, pixel_size, readable_size
from desktop_app.core.library.download.vgg19_weights import NOTOP, OFFICIAL, PARAMETERS
from desktop_app.core.networks.outputs import DEFAULT_THRESHOLD
from desktop_app.core.networks.pixels import pixel_words

if TYPE_CHECKING:
    from desktop_app.core.library.card import ModelCard
    from desktop_app.workers.classify.messages import ModelEntry

DOWNLOAD_SIZE = readable_size(OFFICIAL.bytes or 0)
"""Size of the published VGG19 weights, in words."""

BACKBONE_SIZE = readable_size(NOTOP.bytes or 0)
"""Size of the published weights of its convolutions alone, in words."""

VGG19_DESCRIPTION = (
    "The published 19-layer network (Simonyan and Zisserman, 2014), trained on ImageNet: recognises "
    "1,000 kinds of animals, plants and things."
)

_PUBLISHED = (
    ("Classes", "1,000"),
    ("Input", f"{pixel_size(224, 224)} RGB"),
    ("Size", DOWNLOAD_SIZE),
    ("Parameters", f"{PARAMETERS:,}"),
    ("Source", OFFICIAL.url),
)
_ORIGINS = {
    "shipped": "Built in",
    "downloaded": "Downloaded",
    "imported": "Imported",
    "trained": "Trained here",
}
_NAMED = {
    "classification": "Classes",
    "multi-label": "Labels",
    "regression": "Amounts",
    "embedding": "Features",
}
_OUTPUTS = {
    "multi-label": "Several labels at once",
    "regression": "Amounts",
    "embedding": "Features, to find similar pictures",
}
_SPLITS = {"test": {"test_top1", "test_mean_ap"}, "validation": {"val_top1", "val_mean_ap"}}
_COLOURS = {1: "grey", 3: "RGB"}
_TELLING = 0.02
"""Difference of the balanced accuracy from the plain one that is worth a word."""
_TOP = re.compile(r"top([1-9]\d*)")


def is_missing(entry: ModelEntry) -> bool:
    """Whether this is the published model, not downloaded yet."""
    return entry.card is None and entry.folder is None


def entry_title(entry: ModelEntry) -> str:
    """Name a model in a list, with the reason why it cannot be used."""
    if is_missing(entry):
        return f"VGG19 (download {DOWNLOAD_SIZE})"
    if entry.problem:
        return f"{entry.name} (cannot be used)"
    features = entry.card is not None and entry.card.task == "embedding"
    return f"{entry.name} (features)" if features else entry.name


def origin(entry: ModelEntry) -> str:
    """The origin of a model, in a word or two."""
    if entry.card is None:
        return "Not installed" if is_missing(entry) else "Damaged"
    return _ORIGINS[entry.card.origin]


def facts(entry: ModelEntry) -> list[tuple[str, str]]:
    """List what is known about a model as pairs of a word and a value."""
    card = entry.card
    if card is None:
        return list(_PUBLISHED) if is_missing(entry) else []
    pairs = [
        ("Outputs", _OUTPUTS.get(card.task, "")),
        (_NAMED[card.task], f"{len(card.classes):,}" if card.classes else ""),
        ("Thresholds", thresholds_words(card)),
        ("Input", f"{pixel_size(card.input.width, card.input.height)} {_COLOURS[card.input.channels]}"),
        ("Image fit", _fit(card)),
        ("Pixels", pixel_words(card.input.preprocessing) if card.origin == "imported" else ""),
        ("Accuracy", _accuracy(card)),
        ("Data", card.data),
        ("Size", entry.size_words),
        ("Engine", entry.engine[:1].upper() + entry.engine[1:]),
        ("Parameters", f"{card.parameters:,}" if card.parameters else ""),
        ("Licence", card.licence),
        ("Source", card.source),
    ]
    return [(word, value) for word, value in pairs if value]


def thresholds_words(card: ModelCard) -> str:
    """From which probability on labels are right; empty where only one class is."""
    if card.task != "multi-label":
        return ""
    each = card.thresholds or (DEFAULT_THRESHOLD,)
    low, high = min(each), max(each)
    return percent(low) if low == high else f"{percent(low)} to {percent(high)}"


def _fit(card: ModelCard) -> str:
    words = card.input.fitting().words
    return f"{words[0].upper()}{words[1:]}"


def _accuracy(card: ModelCard) -> str:
    """Such as "98.0% on 2,000 test pictures, 99.6% top 3", as far as the card tells."""
    if card.task == "multi-label":
        return _of_labels(card)
    known = ((_TOP.fullmatch(key), value) for key, value in card.metrics.items())
    tops = sorted((int(match[1]), value) for match, value in known if match is not None)
    basis = _basis(card)
    words = [f"{percent(value)} {basis if rank == 1 else f'top {rank}'}" for rank, value in tops]
    balanced = card.metrics.get("balanced_accuracy")
    if balanced is not None and abs(balanced - card.metrics.get("top1", balanced)) >= _TELLING:
        words.append(f"{percent(balanced)} balanced (every class counts the same)")
    return ", ".join(words)


def _of_labels(card: ModelCard) -> str:
    """Such as "mean AP 91.3% on 200 test pictures, all labels right on 71.5%"; empty where not measured."""
    known = card.metrics
    if "mean_ap" not in known:
        return ""
    words = f"mean AP {percent(known['mean_ap'])} {_basis(card)}"
    return words + (
        f", all labels right on {percent(known['exact_match'])}" if "exact_match" in known else ""
    )


def _basis(card: ModelCard) -> str:
    """The split that a model's accuracy was measured on, as words."""
    splits = (split for split, keys in _SPLITS.items() if not keys.isdisjoint(card.metrics))
    split = next(splits, "")
    count = round(card.metrics.get("pictures", 0))
    if not split:
        return "on test photos"
    return f"on {count:,} {split} picture{'' if count == 1 else 's'}" if count else f"on {split} pictures"
