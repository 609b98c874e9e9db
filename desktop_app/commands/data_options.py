"""How the command line answers questions about a data set."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from desktop_app.core.datasets.answers import Answers

MEANINGS = ("train", "validation", "test", "unlabeled", "class", "ignore")
"""The values of `FolderMeaning`, which help must not wait for."""

PLANES = ("first", "middle", "maximum", "mean")
EACH = "each"
GROUPS = "none, folder:LEVEL, above:LEVEL, name:PATTERN, time:SECONDS or column:NAME"


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a data set is read."""
    group = parser.add_argument_group(
        "how the data are read", "what the files leave open; an answer is remembered for the folder"
    )
    group.add_argument(
        "--classes-at", type=int, metavar="LEVEL", help="level of the class folders: 1 for those in DATA"
    )
    group.add_argument(
        "--folder",
        action="append",
        default=[],
        metavar="NAME=MEANING",
        help=f"what a folder of DATA stands for: {', '.join(MEANINGS)}; repeat for more",
    )
    group.add_argument(
        "--label-file",
        metavar="FILE[#COLUMN]",
        help="file with the labels and, if it has several, the column; 'none' for the folders' names, "
        "'name:' for the beginnings of the files' names",
    )
    group.add_argument(
        "--several-labels",
        choices=("first", "all"),
        help="of pictures with several labels: learn the first of each, or all of them at once",
    )
    group.add_argument(
        "--without-label",
        choices=("keep", "skip"),
        help="pictures that the file names without any label: they show none of the labels (keep), or are "
        "skipped; with --several-labels all",
    )
    group.add_argument("--masks", choices=("use", "skip"), help="pictures that look like masks of others")
    group.add_argument("--group", metavar="RULE", help=f"pictures that stay in one split: {GROUPS}")
    group.add_argument(
        "--new-split", action="store_true", help="set the folders' own split aside and draw one by --group"
    )
    group.add_argument("--plane", choices=PLANES, help="what is seen of files with several planes")
    group.add_argument(
        "--levels",
        metavar="BLACK:WHITE",
        help="numbers that become black and white, or 'each' for each picture by itself",
    )
    group.add_argument("--bands", metavar="R,G,B", help="bands that become red, green and blue, from 1")
    group.add_argument(
        "--thin", choices=("whole", "crop", "parts"), help="what is seen of very long and very high pictures"
    )
    group.add_argument("--ask-again", action="store_true", help="forget the answers that are remembered")


def data_options(options: argparse.Namespace) -> list[Any]:
    """The values of these options, each empty or None where it was not given."""
    names = ("classes_at", "folder", "label_file", "masks", "group", "plane", "levels", "bands", "thin")
    more = ("several_labels", "without_label", "new_split", "ask_again")
    return [getattr(options, name) or None for name in (*names, *more)]


def answers_of(options: argparse.Namespace, data: Path) -> Answers:
    """Add the options of the command line to what is remembered about a data set, and remember it.

    Args:
        options: The options that `add_data_options` defines.
        data: The data set.

    Raises:
        UsageError: A value cannot be understood.
        StorageError: The answers cannot be read or written.
    """
    from desktop_app.core.datasets.answers import NO_ANSWERS
    from desktop_app.core.datasets.corrections.answer_store import AnswerStore

    store = AnswerStore(data)
    kept = NO_ANSWERS if options.ask_again else store.read()
    answers = kept.changed(**_given(options, kept))
    if options.without_label is not None and answers.several != "all":
        raise UsageError(
            "--without-label is about pictures that may have several labels.",
            "Add --several-labels all, or leave it out.",
        )
    if answers != kept or options.ask_again:
        store.write(answers)
    return answers


def _given(options: argparse.Namespace, kept: Answers) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if options.classes_at is not None:
        if not 1 <= options.classes_at <= 16:
            raise UsageError(f"--classes-at {options.classes_at} is no level.", "Levels go from 1 to 16.")
        given["classes_at"] = options.classes_at
    if options.folder:
        given["folders"] = {**kept.folders, **dict(_meaning(text) for text in options.folder)}
    if options.label_file is not None:
        special = {"none": "", "name:": "name:"}
        own = special.get(options.label_file)
        given["labels"] = _label_file(options.label_file, options.data) if own is None else own
    words = {
        "several": options.several_labels,
        "without_labels": options.without_label,
        "masks": None if options.masks is None else options.masks == "use",
    }
    given |= {name: value for name, value in words.items() if value is not None}
    if options.group is not None or options.new_split:
        given["groups"] = _groups(options, kept)
    pixels = kept.pixels.model_dump() | _pixels(options)
    if pixels != kept.pixels.model_dump():
        given["pixels"] = pixels
    if options.levels is not None:
        others = [key for key in kept.settled if key != "levels"]
        given["settled"] = (*others, *(["levels"] if options.levels == EACH else []))
    return given


def _meaning(text: str) -> tuple[str, str]:
    from desktop_app.core.datasets.stored_names import stored_name

    name, sign, meaning = text.rpartition("=")
    if not sign or not name or meaning not in MEANINGS:
        raise UsageError(
            f"--folder {text} says nothing about a folder.",
            f"Write NAME=MEANING, with one of: {', '.join(MEANINGS)}.",
        )
    return stored_name(Path(name.strip("/")), Path()), meaning


def _label_file(text: str, data: str) -> str:
    """Write a file with labels, and after a "#" a column of it, as the answers keep it."""
    from urllib.parse import quote

    if (Path(data).absolute() / text).exists() or Path(text).exists():
        return _stored(text, data)
    path, sign, column = text.rpartition("#")
    return f"{_stored(path, data)}#{quote(column, safe=' ')}" if sign else _stored(text, data)


def _stored(path: str, data: str) -> str:
    from desktop_app.core.datasets.stored_names import stored_name

    inside = Path(data).absolute()
    given = Path(path)
    beside = given.exists() and not (inside / given).exists()
    return stored_name(given.absolute() if beside else inside / given, inside)


def _groups(options: argparse.Namespace, kept: Answers) -> dict[str, Any]:
    rule = kept.groups.model_dump() if kept.groups is not None else {}
    if options.group is not None:
        rule = _rule(options.group)
        try:
            re.compile(rule.get("pattern", ""))
        except re.error as error:
            advice = "Write a regular expression, such as name:(patient\\d+)."
            raise UsageError(f"--group {options.group}: {error}.", advice) from error
    return rule | {"redraw": options.new_split}


def _rule(text: str) -> dict[str, Any]:
    kind, _sign, value = text.partition(":")
    try:
        if kind == "none" and not value:
            return {"kind": "none"}
        if kind in {"folder", "above"}:
            return {"kind": kind, "level": int(value or "1")}
        if kind == "name" and value:
            return {"kind": kind, "pattern": value}
        if kind == "column" and value:
            return {"kind": kind, "column": value}
        if kind == "time":
            return {"kind": kind, "seconds": float(value or "10")}
    except ValueError:
        pass
    raise UsageError(f"--group {text} is no rule.", f"Write {GROUPS}.")


def _pixels(options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if options.plane is not None:
        found["plane"] = options.plane
    if options.thin is not None:
        found["thin"] = options.thin
    if options.levels is not None:
        each = options.levels == EACH
        black_and_white = [None, None] if each else _numbers("--levels", options.levels, ":", 2, float)
        found["black"], found["white"] = black_and_white
    if options.bands is not None:
        bands = _numbers("--bands", options.bands, ",", 3, int)
        if min(bands) < 1:
            raise UsageError(f"--bands {options.bands}: bands are counted from 1.", "")
        found["bands"] = tuple(band - 1 for band in bands)
    return found


def _numbers(option: str, text: str, separator: str, count: int, kind: type[Any]) -> list[Any]:
    parts = text.split(separator)
    try:
        numbers = [kind(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        example = {":": "0:4095", ",": "3,2,1"}[separator]
        raise UsageError(f"{option} {text} cannot be understood.", f"Write {option} {example}.")
    return numbers
