"""Writing the files of a page: the model and the runtime as scripts, so that it also opens from a folder.

A page that was opened from a folder may not fetch the files beside it, but it may load scripts. So whatever
it needs is in scripts: compressed by gzip, which browsers undo themselves, and written in base64.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections import Counter
from typing import TYPE_CHECKING

from desktop_app.core.export.conversion.formats import FORMATS
from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.export.web.runtime import RUNTIME_NAME
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.kinds.tree import readable_name
from desktop_app.core.library.label_thresholds import thresholds_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.export.web.runtime import WebRuntime
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.networks.outputs import OutputKind

PAGE, MODEL_SCRIPT, RUNTIME_SCRIPT, LICENCES = "index.html", "model.js", "runtime.js", "LICENCES.txt"
_SCRIPTS = ("preparation.js", "views.js", "page.js")

MOST_MODEL_BYTES = 200_000_000
"""Size of the ONNX file that a page may carry: phones end a page that takes much more memory than this."""

REMARK = (
    "The engines opened the model alone: how the page prepares a picture, and the runtime in a browser, are "
    "not part of this proof."
)


def check_page(card: ModelCard) -> None:
    """Refuse a model that a page would have nothing right to show of.

    Raises:
        CannotExport: It is one.
    """
    if card.task == "embedding":
        raise CannotExport(
            f"{card.name} gives features, which a page has nothing to show of.", "Choose another format."
        )
    if card.input.pixels != PixelReading(thin=card.input.pixels.thin):
        raise CannotExport(
            f"{card.name} was trained on pictures whose planes, bands, black or white were chosen, and a "
            "browser reads pictures in its own way.",
            "Choose another format.",
        )


def check_kind(card: ModelCard, kind: OutputKind) -> None:
    """Refuse a model for two views of a picture whose probabilities do not give its own outputs.

    Raises:
        CannotExport: It is one.
    """
    several = kind == "sigmoid" and len(card.classes) > 2 and card.task == "classification"
    if several and card.input.fit == "both":
        raise CannotExport(
            f"{card.name} takes the mean over two views of a picture before its outputs are made to sum to "
            "1, which a page cannot do.",
            "Choose another format.",
        )


def write_page(
    folder: Path, card: ModelCard, kind: OutputKind, labels: Sequence[str], runtime: WebRuntime
) -> None:
    """Turn a folder with the ONNX model into one with the page.

    Args:
        folder: Folder with the model alone, which becomes a script.
        card: The model's card.
        kind: What the network's outputs mean, see `Classifier.kind`.
        labels: A name for each output.
        runtime: What computes it in the browser.

    Raises:
        CannotExport: The model is too large.
        OSError: It cannot be read or written.
    """
    model = folder / FORMATS["web"].member
    size = model.stat().st_size
    if size > MOST_MODEL_BYTES:
        raise CannotExport(
            f"{card.name} is too large for a web page: {readable_size(size)}, and at most "
            f"{readable_size(MOST_MODEL_BYTES)} open in common browsers.",
            "Choose a smaller precision, or another format.",
        )
    own = paths.resources() / "web"
    facts = page_facts(card, kind, labels)
    _write_script(
        folder / MODEL_SCRIPT, "sightlineModel", {"facts": facts, "model": _packed(model.read_bytes())}
    )
    model.unlink()
    worker = (own / "worker.js").read_text(encoding="utf-8")
    program = f"{runtime.code}\n{worker}"
    _write_script(
        folder / RUNTIME_SCRIPT, "sightlineRuntime", {"code": program, "wasm": _packed(runtime.wasm)}
    )
    for name in (PAGE, *_SCRIPTS):
        (folder / name).write_bytes((own / name).read_bytes())
    style = [paths.resources() / "service" / "service.css", own / "page.css"]
    (folder / "page.css").write_bytes(b"".join(each.read_bytes() for each in style))
    (folder / "icon.svg").write_bytes((paths.resources() / "icons" / "sightline.svg").read_bytes())
    (folder / LICENCES).write_text(_licences(), encoding="utf-8", newline="\n")


def page_labels(card: ModelCard) -> list[str]:
    """Name the outputs as the window does, in their order; names that occur twice get their id.

    Raises:
        DamagedInstallation: The list of ImageNet's names cannot be read.
    """
    names = [" ".join(readable_name(entry.class_id, entry.label).split()) for entry in card.classes]
    counts = Counter(names)
    return [
        name if counts[name] == 1 else f"{name} ({entry.class_id})"
        for name, entry in zip(names, card.classes, strict=True)
    ]


def page_facts(card: ModelCard, kind: OutputKind, labels: Sequence[str]) -> dict[str, object]:
    """What the page must know of a model.

    Args:
        card: The model's card.
        kind: What the network's outputs mean.
        labels: A name for each output.
    """
    spec = card.input
    several = card.task == "multi-label"
    return {
        "name": card.name,
        "description": " ".join(card.description.split()),
        "origin": _origin(card),
        "task": card.task,
        "kind": kind,
        "temperature": card.calibration.temperature,
        "notSureBelow": card.calibration.not_sure_below,
        "labels": list(labels),
        "thresholds": list(thresholds_of(card)) if several else [],
        "units": list(card.units),
        "input": {
            "height": spec.height,
            "width": spec.width,
            "fit": spec.fit,
            "cropShare": spec.crop_share,
            "resample": spec.resample,
            "inParts": spec.thin == "parts",
            "thinCropped": spec.thin != "parts" and spec.pixels.thin in {"crop", "parts"},
        },
    }


def _origin(card: ModelCard) -> str:
    words = " ".join(card.licence.split()).rstrip(".")
    licence = f" Licence of the model: {words}." if words else ""
    return f"Exported from Sightline; computed by {RUNTIME_NAME}.{licence}"


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode("ascii")


def _write_script(path: Path, name: str, content: dict[str, object]) -> None:
    """JSON is JavaScript; written in ASCII it is so in every encoding."""
    path.write_text(f"globalThis.{name} = {json.dumps(content)};\n", encoding="ascii", newline="\n")


def _licences() -> str:
    own = (paths.resources() / "licences" / "Sightline.txt").read_text(encoding="utf-8")
    others = (paths.resources() / "web" / "runtime-licences.txt").read_text(encoding="utf-8")
    line = "_" * 40
    return f"The page itself is a part of Sightline, under the MIT licence:\n\n{own}\n{line}\n\n{others}"
