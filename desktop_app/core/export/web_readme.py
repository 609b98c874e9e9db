"""The README of a web page: how to open it, what it does with a picture, and what was proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.export.readme import PRECISION_WORDS, RESAMPLE_WORDS, notes, one_line, origin
from desktop_app.core.export.web.page import LICENCES, MODEL_SCRIPT, PAGE, RUNTIME_SCRIPT
from desktop_app.core.export.web.runtime import RUNTIME_NAME
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.networks.input_spec import fit_words

if TYPE_CHECKING:
    from desktop_app.core.export.proof import ExportReport
    from desktop_app.core.export.writing_step import WritingFacts
    from desktop_app.core.library.card import ModelCard


def web_readme_text(card: ModelCard, size: int, report: ExportReport, found: WritingFacts) -> str:
    """Write the README; arguments are those of `readme_text`.

    Args:
        card: The model's card.
        size: Size of all files, in bytes.
        report: What the proof found.
        found: What the process that wrote the model found.
    """
    spec = card.input
    rows = [
        ("Open", f"`{PAGE}`, in a browser of 2023 or later"),
        ("Size", f"{readable_size(size)} in all; the network stays unused"),
        ("Model", f"`{MODEL_SCRIPT}`: ONNX, compressed by gzip, in base64"),
        ("Runtime", f"`{RUNTIME_SCRIPT}`: {RUNTIME_NAME}, WebAssembly on one thread"),
        ("Sees", f"{fit_words(spec.fit, spec.crop_share)}, at {spec.width} x {spec.height}"),
        ("Scaling", f"{RESAMPLE_WORDS[spec.resample]}, computed by the page as in Sightline"),
        ("Precision", PRECISION_WORDS[report.precision]),
    ]
    lines = [
        f"# {one_line(card.name)}: a web page",
        "",
        one_line(card.description) or "An image classifier.",
        "",
        f"Unpack all files into one folder and double-click `{PAGE}`, or put the folder on any web server.",
        "Drop a picture on the page, choose one or paste one. Pictures stay in the browser: the page opens",
        "no connection, and forbids itself to.",
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
        "## Where it may differ from Sightline",
        "",
        "- The browser opens the file: JPEG, PNG, GIF, WebP, AVIF and BMP, but no camera raw or scientific",
        "  files, and seldom TIFF. Of an animation it takes the first frame.",
        "- Sightline decodes a large JPEG at a part of its size, which moves pixels by a level or two.",
        "  Colour profiles may be converted a little differently, too.",
        "- Pictures of more than 50 megapixels are refused.",
        "- The check for pictures unlike those of the training is not in the page.",
        "",
        "## Origin",
        "",
        *origin(card),
        f"Licences of the page and of its runtime: `{LICENCES}`.",
        "",
    ]
    return "\n".join(lines)
