"""``sightline classify``: many sources, in order, each answered or named with its reason."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from desktop_app.commands import DONE, INTERRUPTED, SOME_FAILED, WRONG_USAGE
from desktop_app.core.cancellation import NEVER
from desktop_app.core.classify.results import Result, format_results
from desktop_app.core.errors import SightlineError, StorageError, UnreadableImage
from desktop_app.core.images.dropped import source_from_argument
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import FileSource, Source, printable
from desktop_app.core.storage import storage_errors

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

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
        _check_output(options.output)
        library = Library.default()
        library.sweep()
        classifier = load_classifier(options.model or default_model_id(library), library)
    except SightlineError as error:
        return _complain(error)

    card = classifier.card
    print(f"{card.name} ({card.id}) answers on the {classifier.device}.", file=sys.stderr)
    results: list[Result] = []
    streaming = options.format == "text" and options.output is None
    interrupted = False
    try:
        sources = list(_expanded(options.sources, classifier.card.id))
        for result in _progress(_results(sources, options, classifier), len(sources)):
            results.append(result)
            if streaming:
                tqdm.write(result.as_text(), file=sys.stdout)
            elif result.prediction is None:
                tqdm.write(f"{result.source}: {result.reason}", file=sys.stderr)
    except KeyboardInterrupt:
        interrupted = True
        print("Interrupted; what was answered so far is kept.", file=sys.stderr)

    if not streaming:
        try:
            _write(format_results(results, options.format, card.id), options.output)
        except SightlineError as error:
            return _complain(error)
    if interrupted:
        return INTERRUPTED
    return SOME_FAILED if any(result.prediction is None for result in results) else DONE


def _check_output(output: str | None) -> None:
    """Find out before the work whether its results can be written.

    Raises:
        StorageError: The folder is missing or cannot be written to.
    """
    if output is None:
        return
    folder = Path(output).absolute().parent
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):  # noqa: PTH112 never raises
        raise StorageError(
            f"{printable(output)} cannot be written: its folder is missing or closed to you.",
            "Choose a folder that you may write to.",
        )


def _expanded(words: Sequence[str], model_id: str) -> Iterator[Source | Result]:
    """Give the sources in order, folders as their pictures, and a failed result for what cannot be listed."""
    for word in words:
        source = source_from_argument(word)
        if not isinstance(source, FileSource) or not source.is_folder:
            yield source
            continue
        closed: list[Result] = []

        def on_unreadable(folder: Path, error: UnreadableImage, closed: list[Result] = closed) -> None:
            closed.append(Result(FileSource(folder).text, model_id, reason=_sentence(error)))

        try:
            pictures = [FileSource(path) for path in find_pictures(source.path, NEVER, on_unreadable)]
        except UnreadableImage as error:
            yield Result(source.text, model_id, reason=_sentence(error))
            continue
        yield from pictures
        yield from closed
        if not pictures and not closed:
            reason = "There is no picture in this folder. Choose a folder with pictures."
            yield Result(source.text, model_id, reason=reason)


def _results(
    sources: Sequence[Source | Result], options: argparse.Namespace, classifier: Classifier
) -> Iterator[Result]:
    for source in sources:
        yield source if isinstance(source, Result) else _classify_one(source, options, classifier)


def _classify_one(source: Source, options: argparse.Namespace, classifier: Classifier) -> Result:
    started = time.perf_counter()
    spec = classifier.card.input
    try:
        image = load_source(
            source, needed=(spec.height, spec.width), allow_private_hosts=options.allow_private_hosts
        )
        prediction = classifier.predict([image], top=options.top, fit=options.fit)[0]
    except SightlineError as error:
        return Result(source.text, classifier.card.id, reason=_sentence(error))
    return Result(source.text, classifier.card.id, prediction, time.perf_counter() - started)


def _progress(results: Iterator[Result], count: int) -> Iterator[Result]:
    """Show a bar on standard error when that is a terminal and the work takes a while."""
    hidden = not sys.stderr.isatty()
    return iter(tqdm(results, total=count, unit=" pictures", disable=hidden, leave=False, delay=0.5))


def _write(document: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(document)
        return
    path = Path(output)
    if path.exists() and not path.is_file():  # a device or a pipe takes what it is given
        with storage_errors(path):
            path.write_text(document, encoding="utf-8")
        return
    from desktop_app.core.files import write_whole

    write_whole(path, document)


def _sentence(error: SightlineError) -> str:
    return f"{error} {error.advice}".strip()


def _complain(error: SightlineError) -> int:
    print(_sentence(error), file=sys.stderr)
    return WRONG_USAGE
