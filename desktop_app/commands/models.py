"""``sightline models``: list, show, download, import, prepare, change, export, remove and restore."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.commands import DONE, SOME_FAILED, WRONG_USAGE
from desktop_app.commands.model_export import export
from desktop_app.commands.model_trial import answer_lines, ordered_names, pixel_lines
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import Cancelled, ModelError, SightlineError, UnknownModel, UsageError
from desktop_app.core.foundation.text import counted, printable, readable_size
from desktop_app.core.inference.engine_record import engine_words
from desktop_app.core.library.download.vgg19_weights import BACKBONE_ID, VGG19_ID
from desktop_app.core.library.label_thresholds import thresholds_of
from desktop_app.core.library.store import InstalledModel, Library
from desktop_app.core.networks.outputs import OUTPUT_NOUNS, TASK_WORDS
from desktop_app.core.networks.pixels import pixel_words

_ONCE = (
    "Its first use takes some seconds longer, for TensorFlow and OpenVINO are compared then;\n"
    "  'sightline models prepare {}' does that now."
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.download.transfer import Transfer


def models(options: argparse.Namespace) -> int:
    """Do what ``options.action`` names; without one, list.

    Returns:
        0 when it was done, 1 when it failed, 2 for wrong usage or an unknown model.
    """
    library = Library.default()
    library.sweep()
    actions: dict[str | None, Callable[[argparse.Namespace, Library], int]] = {
        None: _list,
        "list": _list,
        "show": _show,
        "download": _download,
        "import": _import,
        "prepare": _prepare,
        "set": _set,
        "trials": _trials,
        "export": export,
        "remove": _remove,
        "restore": _restore,
    }
    try:
        return actions[options.action](options, library)
    except Cancelled:
        return SOME_FAILED
    except SightlineError as error:
        print(error.reason.sentence, file=sys.stderr)
        return WRONG_USAGE if isinstance(error, UsageError) else SOME_FAILED


def _list(options: argparse.Namespace, library: Library) -> int:
    entries = library.entries()
    if getattr(options, "format", "text") == "json":
        _print_json([_as_json(entry) for entry in entries])
        return DONE
    for entry in entries:
        classes = " " * 13
        if entry.card:
            count = f"{len(entry.card.classes):>5}" if entry.card.classes else " " * 5
            classes = f"{count} {OUTPUT_NOUNS[entry.card.task][1]:<7}"
        state = entry.problem or f"{entry.card.origin if entry.card else ''}{_unverified(entry)}"
        size = readable_size(entry.bytes) if entry.bytes else ""
        print(f"{entry.model_id:<20} {classes}  {size:>10}  {state}")
    return DONE


def _show(options: argparse.Namespace, library: Library) -> int:
    entry = library.get(options.model)
    if options.format == "json":
        _print_json(_as_json(entry) | {"card": entry.card.model_dump() if entry.card else None})
        return DONE
    print(f"{entry.name} ({entry.model_id}){_unverified(entry)}")
    if entry.problem:
        print(f"  cannot be used: {entry.problem}")
    card = entry.card
    if card is None:
        return DONE
    rows = {
        "about": card.description,
        "outputs": TASK_WORDS[card.task] if card.task != "classification" else "",
        OUTPUT_NOUNS[card.task][1]: _class_names(card) if card.classes else "",
        "thresholds": _threshold_words(card),
        **_input_rows(card),
        "parameters": f"{card.parameters:,}" if card.parameters else "",
        "figures": ", ".join(f"{name} {value:g}" for name, value in card.metrics.items()),
        "data": card.data,
        "licence": card.licence,
        "source": card.source,
        "created": card.created,
        "folder": str(entry.folder or ""),
        "size": entry.size_words,
        "engine": engine_words(entry),
    }
    for name, value in rows.items():
        if value:
            print(f"  {name:<11}{value}")
    return DONE


def _threshold_words(card: ModelCard) -> str:
    """The threshold of each label; a single one where they are all the same."""
    if card.task != "multi-label":
        return ""
    each = thresholds_of(card)
    if len(set(each)) == 1:
        return f"{each[0]:g} for all"
    shown = zip(card.classes[:10], each, strict=False)
    more = f", … {len(each) - 10} more" if len(each) > 10 else ""
    return ", ".join(f"{entry.readable} {value:g}" for entry, value in shown) + more


def _class_names(card: ModelCard) -> str:
    units = card.units or ("",) * len(card.classes)
    names = ", ".join(
        f"{entry.readable} ({unit})" if unit else entry.readable
        for entry, unit in zip(card.classes[:10], units, strict=False)
    )
    more = f", … {len(card.classes) - 10} more" if len(card.classes) > 10 else ""
    return f"{len(card.classes)}: {names}{more}"


def _download(options: argparse.Namespace, library: Library) -> int:
    if options.model == BACKBONE_ID:
        return _download_backbone(library)
    from desktop_app.core.library.vgg19.install import install_vgg19

    with _Bar("VGG19") as bar:
        card = install_vgg19(library, on_progress=bar, cancel=NEVER)
    _make_ready(library, card)
    print(f"{card.name} is ready: sightline classify PICTURE --model {card.id}")
    return DONE


def _download_backbone(library: Library) -> int:
    from desktop_app.core.library.vgg19.backbone import download_backbone, weights_file

    if weights_file(library) is None:
        with _Bar("VGG19's convolutions") as bar:
            download_backbone(NEVER, bar)
    print("VGG19's convolutions are ready: sightline train DATA --recipe pretrained --set backbone=vgg19")
    return DONE


def _import(options: argparse.Namespace, library: Library) -> int:
    words = options.words
    if words[0] == VGG19_ID and len(words) == 2:
        card: ModelCard | None = _import_vgg19(options, library, Path(words[1]))
    elif len(words) == 1 and (words[0] != VGG19_ID or Path(words[0]).exists()):
        card = _import_file(options, library, Path(words[0]))
    else:
        print("Say 'models import FILE' or 'models import vgg19 FILE'.", file=sys.stderr)
        return WRONG_USAGE
    if card is None:
        return WRONG_USAGE
    _show_imported(library, card)
    if options.try_on and card.task != "embedding":
        for line in answer_lines(library, card, list(map(Path, options.try_on))):
            print(f"  {line}")
    elif options.labels:
        print("  Check the names with a picture of each class: these are as --labels has them.")
    return DONE


def _show_imported(library: Library, card: ModelCard) -> None:
    """Say what a model was taken for, and how to use it."""
    from desktop_app.core.library.exchange.sources import WEIGHTS_FILES

    command = "similar PICTURE FOLDER" if card.task == "embedding" else "classify PICTURE"
    if card.architecture == "vgg19":
        _make_ready(library, card)
        note = "" if card.verified else " Its weights are not the published ones."
        print(f"{card.name} is ready: sightline {command} --model {card.id}{note}")
    else:
        print(f"Imported {card.name}: sightline {command} --model {card.id}")
    if card.architecture in WEIGHTS_FILES:
        if card.task != "classification":
            print(f"  outputs: {TASK_WORDS[card.task]}")
        if card.classes:
            print(f"  {OUTPUT_NOUNS[card.task][1]}: {_class_names(card)}")
        for name, value in _input_rows(card).items():
            print(f"  {name}: {value}")
        if card.origin == "imported" and card.description and not card.recipe:
            print(f"  {card.description}")
    if card.architecture == "keras":
        print(f"  {_ONCE.format(card.id)}")


def _import_vgg19(options: argparse.Namespace, library: Library, path: Path) -> ModelCard:
    from desktop_app.core.library.vgg19.install import WrongChecksum, import_vgg19

    try:
        with _Bar("VGG19") as bar:
            return import_vgg19(library, path, unverified=options.unverified, on_progress=bar, cancel=NEVER)
    except WrongChecksum as error:
        raise ModelError(
            str(error), "If these are weights of your own training, add --unverified."
        ) from error


def _import_file(options: argparse.Namespace, library: Library, path: Path) -> ModelCard | None:
    """Import a file; None after listing the pixel values to choose from."""
    from desktop_app.core.library.exchange.importing import (
        LabelsNeeded,
        MeaningNeeded,
        PixelsNeeded,
        Wishes,
        import_model,
    )
    from desktop_app.core.library.labels import read_label_list
    from desktop_app.core.library.vgg19.install import may_be_vgg19

    if may_be_vgg19(path):
        return _import_vgg19(options, library, path)
    labels = (
        ordered_names(read_label_list(Path(options.labels)), options.label_order) if options.labels else None
    )
    try:
        return import_model(
            library,
            path,
            Wishes(
                name=options.name,
                labels=labels,
                preprocessing=options.pixels,
                task=options.task,
                fit=options.fit,
                crop_share=options.crop_share,
                resample=options.resize,
                units=[unit.strip() for unit in options.units.split(",")] if options.units else (),
                grey=options.grey,
            ),
            cancel=NEVER,
        )
    except LabelsNeeded as error:
        raise ModelError(
            f"{printable(path.name)} does not name its {counted(error.outputs, *OUTPUT_NOUNS[error.task])}.",
            "Write them into a text file, one a line in the order of the outputs, and add --labels FILE.",
        ) from error
    except MeaningNeeded as error:
        print(f"{error} Add --task with one of these:", file=sys.stderr)
        for task in error.tasks:
            print(f"  {task:<18} {TASK_WORDS[task]}", file=sys.stderr)
        return None
    except PixelsNeeded as error:
        print(f"{error} Add --pixels with one of these:", file=sys.stderr)
        for line in pixel_lines(error, list(map(Path, options.try_on or ()))):
            print(line, file=sys.stderr)
        return None


def _trials(options: argparse.Namespace, _library: Library) -> int:
    """Be the process that tries models for the window."""
    from desktop_app.core.trial.serving import serve_trials

    serve_trials(sys.stdin, sys.stdout, Path(options.folder))
    return DONE


def _set(options: argparse.Namespace, library: Library) -> int:
    changes = _input_changes(options)
    if not changes and not options.threshold:
        raise UsageError(
            "There is nothing to change.",
            "Say --pixels, --fit, --crop-share, --resize, --grey, or --threshold [LABEL=]NUMBER.",
        )
    if options.threshold:
        card = library.set_thresholds(options.model, dict(options.threshold))
        print(f"  {'thresholds':<11}{_threshold_words(card)}")
    if changes:
        card = library.set_input(options.model, changes)
        for name, value in _input_rows(card).items():
            print(f"  {name:<11}{value}")
    return DONE


def _input_changes(options: argparse.Namespace) -> dict[str, Any]:
    """Read what the user says about pictures."""
    said = {
        "preprocessing": options.pixels,
        "fit": options.fit,
        "crop_share": options.crop_share,
        "resample": options.resize,
        "grey": options.grey,
    }
    return {name: value for name, value in said.items() if value is not None}


def _input_rows(card: ModelCard) -> dict[str, str]:
    """Describe how a model gets its pictures."""
    spec = card.input
    shares = " + ".join(f"{share:g} {name}" for share, name in zip(spec.grey, "RGB", strict=True))
    grey = f", grey as {shares}" if spec.channels == 1 else ""
    return {
        "input": f"{spec.width}x{spec.height}, {spec.fit_words}, scaled {spec.resample}",
        "pixels": f"{pixel_words(spec.preprocessing)} ({spec.preprocessing}){grey}",
    }


def _remove(options: argparse.Namespace, library: Library) -> int:
    library.remove(options.model)
    print(f"Moved {options.model} to the trash; 'sightline models restore' restores it.")
    return DONE


def _restore(options: argparse.Namespace, library: Library) -> int:
    trashed = [
        entry for entry in library.trashed() if options.model is None or entry.model_id == options.model
    ]
    if not trashed:
        if options.model is not None:
            raise UnknownModel(f"There is no model '{printable(options.model)}' in the trash.")
        raise ModelError("There is no model in the trash.")
    library.restore(trashed[0])
    print(f"Restored {trashed[0].model_id}.")
    return DONE


def _prepare(options: argparse.Namespace, library: Library) -> int:
    """Make a model ready, and count its pictures in lines that `compare_beside` reads, too."""
    from desktop_app.core.classify.beside import PROGRESS
    from desktop_app.core.classify.loader import usable_model
    from desktop_app.core.classify.readying import compare_here
    from desktop_app.core.engine.compiled import openvino_version
    from desktop_app.core.inference.engine_record import read_record

    entry = usable_model(options.model, library)
    if read_record(entry, openvino_version()) is None:
        compare_here(entry, on_progress=lambda *counts: print(PROGRESS.format(*counts), flush=True))
    print(f"{entry.name}: {engine_words(entry)}")
    return DONE


def _make_ready(library: Library, card: ModelCard) -> None:
    """Make a model ready for OpenVINO; Ctrl+C leaves that to its first use."""
    from desktop_app.core.classify.readying import make_ready_now

    def tell(sentence: str) -> None:
        if sys.stderr.isatty():
            print(sentence, file=sys.stderr)

    try:
        make_ready_now(library, card.id, tell=tell)
    except KeyboardInterrupt:
        print(f"{card.name} is made ready for OpenVINO at its first use.", file=sys.stderr)


class _Bar:
    """A progress bar of bytes on standard error; none when that is not a terminal."""

    def __init__(self, name: str) -> None:
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # no thread that watches over slow bars
        self._bar = tqdm(desc=name, unit="B", unit_scale=True, disable=not sys.stderr.isatty(), leave=False)

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def __call__(self, transfer: Transfer) -> None:
        self._bar.total = transfer.total
        self._bar.update(transfer.done - self._bar.n)


def _unverified(entry: InstalledModel) -> str:
    return ", unverified" if entry.card and not entry.card.verified else ""


def _as_json(entry: InstalledModel) -> dict[str, Any]:
    return {
        "id": entry.model_id,
        "name": entry.name,
        "classes": len(entry.card.classes) if entry.card else None,
        "task": entry.card.task if entry.card else None,
        "bytes": entry.bytes,
        "engine_bytes": entry.engine_bytes,
        "engine": engine_words(entry),
        "folder": str(entry.folder) if entry.folder else None,
        "verified": entry.card.verified if entry.card else None,
        "problem": entry.problem,
    }


def _print_json(document: Any) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))
