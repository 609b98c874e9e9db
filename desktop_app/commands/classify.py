"""``sightline classify``: many sources, in order, each classified or named with its reason."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TextIO

from desktop_app.commands import DONE, INTERRUPTED, SOME_FAILED, WRONG_USAGE
from desktop_app.commands.classify_output import STREAMED, check_output, write_output
from desktop_app.commands.engine_options import engine_choice, running_sentence
from desktop_app.core.classify.results import Result
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import SightlineError, UnreadableImage
from desktop_app.core.images.dropped import source_from_argument
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.left_out import LeftOut
from desktop_app.core.images.load import bring_here, load_seen
from desktop_app.core.images.sources import FileSource, Source

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from desktop_app.core.classify.classifier import Classifier

_FEWEST_FOR_BAR = 2
"""Pictures; a bar for one says nothing."""
MANY = 16
"""Files from which on a job is worth it."""


def classify(options: argparse.Namespace) -> int:
    """Classify ``options.sources`` and write the results.

    Folders and many files are a job, which ``--resume`` resumes; a few files and links are not.

    Returns:
        0 when every source was classified, 1 when some failed, 2 when the model or the output is unusable,
        130 after Ctrl+C; the results until then are written.
    """
    from desktop_app.core.classify.loader import default_model_id
    from desktop_app.core.classify.pool import ModelPool
    from desktop_app.core.library.store import Library

    sources = [source_from_argument(word) for word in options.sources]
    try:
        choice = engine_choice(options)
        check_output(options.output, options.format)
        files = _files_of_a_job(sources, options)
        library = Library.default()
        library.sweep()
        model_id = options.model
        if model_id is None and options.resume:
            from desktop_app.commands.classify_batch import model_to_resume

            model_id = model_to_resume(options, files)
        model_id = model_id or default_model_id(library)
        if options.scheduler:
            from desktop_app.commands.classify_cluster import classify_on_cluster

            return classify_on_cluster(options, files, model_id, library, choice)
        with ModelPool(library, choice=choice).acquire(model_id, tell=_tell) as lease:
            classifier = lease.classifier
            print(running_sentence(classifier.card, classifier.by), file=sys.stderr)
            if files:
                from desktop_app.commands.classify_batch import classify_batch

                return classify_batch(options, files, classifier)
            return _classify_singly(options, sources, classifier)
    except SightlineError as error:
        print(error.reason.sentence, file=sys.stderr)
        return WRONG_USAGE


def _tell(sentence: str) -> None:
    """Say what takes long while the model is made ready, to a person who waits."""
    if sys.stderr.isatty():
        print(sentence, file=sys.stderr)


def is_batch(sources: Sequence[Source]) -> bool:
    """Whether the sources are files and folders only, and enough of them to be worth a job."""
    files = [source for source in sources if isinstance(source, FileSource)]
    if len(files) < len(sources):
        return False
    return len(files) >= MANY or any(source.is_folder for source in files)


def _files_of_a_job(sources: Sequence[Source], options: argparse.Namespace) -> list[FileSource]:
    """Return the sources if they are to be one job, else nothing.

    Raises:
        SightlineError: A job is requested, but links cannot belong to one.
    """
    files = [source for source in sources if isinstance(source, FileSource)]
    if len(files) < len(sources):
        if options.resume:
            raise SightlineError("Links cannot be resumed.", "Name only folders and files with --resume.")
        if options.scheduler:
            raise SightlineError(
                "Links cannot be handed to a cluster.", "Name only folders and files with --scheduler."
            )
        return []
    return files if options.resume or options.scheduler or is_batch(files) else []


def _classify_singly(options: argparse.Namespace, sources: Sequence[Source], classifier: Classifier) -> int:
    """Classify one picture after the other.

    Raises:
        StorageError: The results cannot be written.
    """
    results: list[Result] = []
    left_out = LeftOut()
    streaming = options.format in STREAMED and options.output is None
    interrupted = False
    try:
        expanded = list(_expanded(sources, classifier.card.id, left_out))
        for result in _progress(_results(expanded, options, classifier), len(expanded)):
            results.append(result)
            if streaming:
                _print_beside_bar(_as_line(result, options.format), sys.stdout)
            elif result.prediction is None:
                _print_beside_bar(f"{result.source}: {result.reason}", sys.stderr)
    except KeyboardInterrupt:
        interrupted = True
        print("Interrupted. The results so far are kept.", file=sys.stderr)
    if not streaming:
        card = classifier.card
        top = min(options.top, len(card.classes)) if card.task == "classification" else len(card.classes)
        write_output(results, options, card.id, top=top, by=classifier.by, task=card.task)
    if left_out:
        print(left_out.reason.sentence, file=sys.stderr)
    if interrupted:
        return INTERRUPTED
    failed = left_out.meant_as_pictures or any(result.prediction is None for result in results)
    return SOME_FAILED if failed else DONE


def _expanded(sources: Sequence[Source], model_id: str, left_out: LeftOut) -> Iterator[Source | Result]:
    """Yield sources in order, folders as their pictures, and a failed result for what cannot be listed."""
    for source in sources:
        if not isinstance(source, FileSource) or not source.is_folder:
            yield source
            continue
        closed: list[Result] = []
        others = LeftOut()

        def on_unreadable(folder: Path, error: UnreadableImage, closed: list[Result] = closed) -> None:
            closed.append(Result(FileSource(folder).text, model_id, reason=error.reason.sentence))

        try:
            found = find_pictures(source.path, NEVER, on_unreadable, others)
            pictures = [FileSource(path) for path in found]
        except UnreadableImage as error:
            yield Result(source.text, model_id, reason=error.reason.sentence)
            continue
        left_out.update(others)
        yield from pictures
        yield from closed
        if not pictures and not closed:
            from desktop_app.core.batch.job.listing import no_pictures

            yield Result(source.text, model_id, reason=no_pictures(others))


def _results(
    sources: Sequence[Source | Result], options: argparse.Namespace, classifier: Classifier
) -> Iterator[Result]:
    for source in sources:
        yield source if isinstance(source, Result) else _classify_one(source, options, classifier)


def _classify_one(source: Source, options: argparse.Namespace, classifier: Classifier) -> Result:
    started = time.perf_counter()
    spec = classifier.card.input
    try:
        fitting = spec.fitting(options.fit)
        source = bring_here(source, allow_private_hosts=options.allow_private_hosts)
        seen = load_seen(source, fitting)
        prediction = classifier.predict_prepared([seen.pixels], top=options.top)[0]
        prediction = prediction.looked_at(*seen.layout)
    except SightlineError as error:
        return Result(source.text, classifier.card.id, reason=error.reason.sentence)
    seconds = time.perf_counter() - started
    return Result(source.text, classifier.card.id, prediction, seconds, by=classifier.by)


def _progress(results: Iterator[Result], count: int) -> Iterator[Result]:
    """Show a bar on standard error when that is a terminal and the work takes a while."""
    if count < _FEWEST_FOR_BAR or not sys.stderr.isatty():
        return results
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread that watches over slow bars
    return iter(tqdm(results, total=count, unit=" pictures", leave=False, delay=0.5))


def _print_beside_bar(text: str, stream: TextIO) -> None:
    """Print a line; over the bar where there is one."""
    if "tqdm" in sys.modules:
        from tqdm import tqdm

        tqdm.write(text, file=stream)
    else:
        print(text, file=stream)


def _as_line(result: Result, form: str) -> str:
    if form != "jsonl":
        return result.as_text()
    from desktop_app.core.batch.results.export import json_line

    return json_line(result).rstrip("\n")
