"""``sightline classify``: many sources, in order, each answered or named with its reason."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from desktop_app.commands import DONE, INTERRUPTED, SOME_FAILED, WRONG_USAGE
from desktop_app.core.classify.results import Result, format_results
from desktop_app.core.errors import SightlineError, UnreadableImage
from desktop_app.core.images.dropped import source_from_argument
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import FileSource, Source

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from desktop_app.core.classify.classifier import Classifier

tqdm.monitor_interval = 0  # no thread that watches over slow bars


def classify(options: argparse.Namespace) -> int:
    """Classify ``options.sources`` and write the results.

    Returns:
        0 when every source was answered, 1 when some failed, 2 when the model or the output is unusable,
        130 after Ctrl+C; what was answered until then is written.
    """
    from desktop_app.core.classify.loader import default_model_id, load_classifier
    from desktop_app.core.library.store import Library

    try:
        library = Library.default()
        classifier = load_classifier(options.model or default_model_id(library), library)
    except SightlineError as error:
        return _complain(error)

    card = classifier.card
    print(f"{card.name} ({card.id}) answers on the {classifier.device}.", file=sys.stderr)
    results: list[Result] = []
    streaming = options.format == "text" and options.output is None
    interrupted = False
    try:
        for result in _progress(_results(options, classifier)):
            results.append(result)
            if streaming:
                tqdm.write(result.as_text(), file=sys.stdout)
            elif result.prediction is None:
                tqdm.write(f"{result.source}: {result.reason}", file=sys.stderr)
    except KeyboardInterrupt:
        interrupted = True
        print("Interrupted; what was answered so far is kept.", file=sys.stderr)
    except SightlineError as error:
        return _complain(error)

    if not streaming:
        try:
            _write(format_results(results, options.format, card.id), options.output)
        except SightlineError as error:
            return _complain(error)
    if interrupted:
        return INTERRUPTED
    return SOME_FAILED if any(result.prediction is None for result in results) else DONE


def _results(options: argparse.Namespace, classifier: Classifier) -> Iterator[Result]:
    for word in options.sources:
        source = source_from_argument(word)
        try:
            pictures = list(_expanded(source))
        except UnreadableImage as error:
            yield Result(source.text, classifier.card.id, reason=_sentence(error))
            continue
        for picture in pictures:
            yield _classify_one(picture, options, classifier)


def _expanded(source: Source) -> Iterator[Source]:
    """Give the pictures of a folder, or the source itself.

    Raises:
        UnreadableImage: The folder has no pictures.
    """
    if not isinstance(source, FileSource) or not source.path.is_dir():
        yield source
        return
    empty = True
    for path in find_pictures(source.path):
        empty = False
        yield FileSource(path)
    if empty:
        raise UnreadableImage("There is no picture in this folder.", "Choose a folder with pictures.")


def _classify_one(source: Source, options: argparse.Namespace, classifier: Classifier) -> Result:
    started = time.perf_counter()
    spec = classifier.card.input
    try:
        image = load_source(
            source, needed=(spec.height, spec.width), allow_private_hosts=options.allow_private_hosts
        )
    except UnreadableImage as error:
        return Result(source.text, classifier.card.id, reason=_sentence(error))
    prediction = classifier.predict([image], top=options.top, fit=options.fit)[0]
    return Result(source.text, classifier.card.id, prediction, time.perf_counter() - started)


def _progress(results: Iterator[Result]) -> Iterator[Result]:
    """Show a bar on standard error when that is a terminal; several pictures only."""
    return iter(tqdm(results, unit=" pictures", disable=not sys.stderr.isatty(), leave=False, delay=0.5))


def _write(document: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(document)
        return
    from desktop_app.core.files import write_whole

    write_whole(Path(output), document)


def _sentence(error: SightlineError) -> str:
    return f"{error} {error.advice}".strip()


def _complain(error: SightlineError) -> int:
    print(_sentence(error), file=sys.stderr)
    return WRONG_USAGE
