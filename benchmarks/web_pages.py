"""Exports every model as a web page, opens each in Chromium from its folder and drops pictures on it.

``python -m benchmarks web_pages [--models ID ...] [--precisions NAME ...] [--runtime PATH]``: the models are
those of ``exports``. The pictures are one of noise and the samples as PNG of 640 pixels at most, and the
samples as they are. Answers are compared with Sightline's own by TensorFlow in float32.

Prints a line for each model and precision: the archive, the page unpacked, seconds from opening to the first
answer and for a later one, the largest difference of the first class's probability for the PNG files and for
the samples' JPEG files, and the pictures with the same first class. Ends with status 1 when a page failed,
named another class or, for float32, differed by more than 0.001 for a PNG file.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from benchmarks.exports import prepared_models
from desktop_app.core.classify.loader import load_network, usable_model
from desktop_app.core.export.conversion.formats import EXPORT_PRECISIONS
from desktop_app.core.export.exporting import export_beside
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.images.decoding.decode import read_fitted, read_image
from desktop_app.core.images.sample_pictures import sample_files
from desktop_app.core.library.store import Library
from tests.core.export.web.pages import answer_for, page_address
from tests.core.service.browser import PROGRAM, Browser

if TYPE_CHECKING:
    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.export.conversion.formats import ExportPrecision

MOST_APART = 1e-3
SIDE = 640


def main() -> int:
    """Try every page.

    Returns:
        0 when all went well, else 1.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="*", metavar="ID", help="only these, by id or recipe")
    parser.add_argument("--precisions", nargs="*", choices=EXPORT_PRECISIONS, default=["float32"])
    parser.add_argument("--runtime", type=Path, help="the npm package, or its folder; else it is downloaded")
    options = parser.parse_args()
    if PROGRAM is None:
        print("There is no Chromium.", file=sys.stderr)
        return 1
    failed = 0
    for model_id in prepared_models(options.models):
        for precision in options.precisions:
            line, well = _try(model_id, precision, options.runtime)
            failed += not well
            print(f"{model_id:<18} {precision:<8} {line}", flush=True)
    print(f"{failed} failed." if failed else "All pages answered as Sightline does.")
    return 1 if failed else 0


def _try(model_id: str, precision: ExportPrecision, runtime: Path | None) -> tuple[str, bool]:
    library = Library.default()
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as name:
        folder = Path(name)
        package = folder / "page.zip"
        export_beside(library, model_id, package, form="web", precision=precision, runtime=runtime)
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder / "page")
        size = package.stat().st_size
        unpacked = sum(each.stat().st_size for each in (folder / "page").iterdir())
        classifier = _classifier(library, model_id)
        exact, photos = _pictures()
        browser = _browser(folder / "profile")
        try:
            started = time.monotonic()
            browser.open(page_address(folder / "page"))
            answer_for(browser, exact[0])
            first = time.monotonic() - started
            started = time.monotonic()
            rows = [np.array(answer_for(browser, data)) for data in exact + photos]
            later = (time.monotonic() - started) / len(rows)
            clean = not browser.complaints
        finally:
            browser.close()
    wanted = [_row(classifier, data) for data in exact + photos]
    apart = [abs(row[one.argmax()] - one.max()) for row, one in zip(rows, wanted, strict=True)]
    same = sum(row.argmax() == one.argmax() for row, one in zip(rows, wanted, strict=True))
    png, jpeg = max(apart[: len(exact)]), max(apart[len(exact) :])
    line = (
        f"{readable_size(size):>8}  {readable_size(unpacked):>8}  {first:5.1f} s  {later:5.2f} s  "
        f"{png:.1e}  {jpeg:.1e}  {same} of {len(rows)}"
    )
    well = clean and same == len(rows) and (precision != "float32" or png <= MOST_APART)
    return line, bool(well)


def _browser(profile: Path) -> Any:
    kind: Any = Browser  # the tests have no types
    return kind(profile)


def _classifier(library: Library, model_id: str) -> Classifier:
    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.engine.loading import load_engine
    from desktop_app.core.export.conversion.stock_network import float32_network

    load_engine()
    entry = usable_model(model_id, library)
    assert entry.card is not None
    classifier = Classifier.of_keras(entry.card, float32_network(load_network(entry)), "CPU")
    classifier.warm_up()
    return classifier


def _row(classifier: Classifier, data: bytes) -> Any:
    seen = read_fitted(data, classifier.card.input.fitting())
    return classifier.probabilities(classifier.outputs([seen]))[0]


def _pictures() -> tuple[list[bytes], list[bytes]]:
    """Files whose pixels are the same to every decoder, and photographs as they are."""
    noise = np.random.default_rng(3).integers(0, 256, (300, 500, 3), np.uint8)
    exact = [Image.fromarray(noise)]
    for path in sample_files():
        picture = Image.fromarray(read_image(path))
        picture.thumbnail((SIDE, SIDE))
        exact.append(picture)
    coded = []
    for picture in exact:
        stream = io.BytesIO()
        picture.save(stream, "PNG")
        coded.append(stream.getvalue())
    return coded, [path.read_bytes() for path in sample_files()]


if __name__ == "__main__":
    sys.exit(main())
