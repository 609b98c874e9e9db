"""The command ``sightline``: opens the window, or does one thing in the terminal.

Printing help must be instant, so everything beyond the parser is imported when its command runs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from desktop_app import __version__
from desktop_app.commands import DONE, INTERRUPTED, SOME_FAILED, WRONG_USAGE
from desktop_app.commands.data_options import add_data_options
from desktop_app.commands.engine_options import add_engine_options
from desktop_app.commands.model_options import add_models
from desktop_app.commands.numbers import fraction, port, positive
from desktop_app.commands.run_options import add_code, add_recipes, add_runs
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import DamagedInstallation
from desktop_app.core.foundation.gc_pause import collector_resting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PANES = ("classify", "batch", "train", "runs", "models")
"""The titles of the window's panes, for which help must not load Qt."""
PLAIN_WINDOW: dict[str, Any] = {
    "command": "window",
    "sources": [],
    "screenshot": None,
    "theme": None,
    "pane": "",
}
"""What no words at all mean: the window appears sooner when nothing has to be parsed."""
COMMANDS = (
    *("window", "classify", "serve", "train", "labels", "recipes", "runs", "code", "models"),
    *("similar", "group", "crops", "doctor"),
)
"""In the order of the help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The command line without the program's name; ``sys.argv`` by default.

    Returns:
        The exit status.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal cannot show must not keep the rest from being done.
            stream.reconfigure(errors="backslashreplace")
    options = _parsed(words) if words else argparse.Namespace(**PLAIN_WINDOW)
    try:
        status = _run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away, as `head` does: not worth a word.
        _silence_stdout()
        return DONE
    except DamagedInstallation as error:
        return _say(error)
    except OSError as error:
        return _explain(error)
    if arguments is None:
        # Everything is done and written: Ctrl+C until the process has ended changes nothing.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return status


def _parsed(words: list[str]) -> argparse.Namespace:
    if not _names_a_command(words):
        words = ["window", *words]
    return build_parser(words[0] if words[0] in COMMANDS else "").parse_args(words)


def _explain(error: OSError) -> int:
    """Report an error of the output or the installation; anything else is a defect."""
    damage = paths.damage(error)
    if damage is not None:
        return _say(damage)
    if error.filename is not None:
        raise error
    _silence_stdout()
    print(f"The output cannot be written: {error.strerror}.", file=sys.stderr)
    return SOME_FAILED


def _say(error: DamagedInstallation) -> int:
    print(error.reason.sentence, file=sys.stderr)
    return SOME_FAILED


def _silence_stdout() -> None:
    """Keep Python from writing the rest at exit to an output that does not accept it."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _names_a_command(words: list[str]) -> bool:
    """Whether to parse as a command; anything else is a picture to open in the window."""
    return bool(words) and words[0] in {*COMMANDS, "-h", "--help", "--version"}


class _Parser(argparse.ArgumentParser):
    """A parser that says what is allowed instead of "invalid choice"; its commands are such parsers too."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(
                action, f"'{value}' is not one of {', '.join(map(str, action.choices))}"
            )


def build_parser(only: str = "") -> argparse.ArgumentParser:
    """Describe the command line.

    Args:
        only: The command to describe, if it is known which one is used: all of them take a while.
    """
    parser: argparse.ArgumentParser = _Parser(
        prog="sightline",
        description="Drop a picture to see what it is; drop a folder of class folders to train a model. "
        "Without a command, the window opens.",
        epilog="Exit status: 0 all done; 1 some input failed; 2 wrong usage; 130 interrupted.",
        usage="%(prog)s [SOURCE ...] | COMMAND ...",
    )
    parser.add_argument("--version", action="version", version=f"sightline {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="sightline")
    for name, add in zip(COMMANDS, _ADDERS, strict=True):
        if only in {"", name}:
            add(commands)
    return parser


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name


def _add_doctor(commands: _Commands[argparse.ArgumentParser]) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="versions, devices, why no GPU, paths, self-test",
        epilog="Exit status: 0 everything works; 1 a check failed.",
    )
    doctor.add_argument(
        "--self-test",
        action="store_true",
        help="test everything in a home folder of its own: also train, serve and open the window offscreen",
    )
    doctor.add_argument("--format", choices=("text", "json"), default="text")


def _add_window(commands: _Commands[argparse.ArgumentParser]) -> None:
    window = commands.add_parser("window", help="open the window (the default)")
    window.add_argument("sources", nargs="*", metavar="SOURCE", help="pictures, folders or links to open")
    window.add_argument(
        "--screenshot",
        metavar="FILE",
        help="classify the sources (or the sample pictures), save a picture of the window and quit",
    )
    window.add_argument("--theme", choices=("system", "light", "dark"), help="for this start only")
    window.add_argument("--pane", choices=PANES, default="", help="show this pane, also of an open window")


def _add_classify(commands: _Commands[argparse.ArgumentParser]) -> None:
    classify = commands.add_parser(
        "classify",
        help="print the top labels of pictures, folders and links",
        epilog="Folders are classified as a job that loses nothing: after Ctrl+C or a crash, the same "
        "command with --resume resumes it. Exit status: 0 all classified; 1 some could not be read, or "
        "are in formats that Sightline does not open, and are named or counted; 2 wrong usage; 130 "
        "interrupted.",
    )
    classify.add_argument("sources", nargs="+", metavar="SOURCE", help="a file, a folder or an http(s) link")
    classify.add_argument(
        "--model", metavar="ID", help="default: vgg19 when downloaded, else imagenet-better"
    )
    classify.add_argument("--top", type=positive, default=5, metavar="N", help="labels per picture (5)")
    classify.add_argument("--format", choices=("text", "json", "jsonl", "csv", "parquet"), default="text")
    classify.add_argument(
        "--csv-rows",
        choices=("pictures", "labels"),
        default="pictures",
        help="in CSV, a row for each picture with all its labels, or for each label (pictures)",
    )
    classify.add_argument(
        "--csv-bom",
        action=argparse.BooleanOptionalAction,
        help="begin CSV with a byte order mark, which Excel needs; default: only files on Windows",
    )
    classify.add_argument("--output", metavar="FILE", help="write there instead of standard output")
    classify.add_argument("--resume", action="store_true", help="resume the interrupted job of a folder")
    classify.add_argument("--jobs", type=positive, metavar="N", help="pictures to read at the same time")
    classify.add_argument(
        "--batch-size", type=positive, metavar="N", help="pictures in one call of the network (32)"
    )
    classify.add_argument(
        "--scheduler", metavar="ADDRESS", help="use a Dask cluster at tcp://HOST:PORT: docs/cluster.md"
    )
    classify.add_argument(
        "--fit",
        choices=("squash", "crop", "both"),
        help="use the whole picture, its centre, or the mean of both; default: as the model says",
    )
    add_engine_options(classify)
    classify.add_argument("--allow-private-hosts", action="store_true", help="allow links to local addresses")


def _add_serve(commands: _Commands[argparse.ArgumentParser]) -> None:
    serve = commands.add_parser(
        "serve",
        help="serve the local API to other programs over HTTP",
        epilog="SIGTERM and Ctrl+C finish the requests in flight and end with exit status 0; 2 means that "
        "the service cannot start. The address /docs documents the API.",
    )
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="listen there (127.0.0.1)")
    serve.add_argument("--port", type=port, default=5432, metavar="N", help="5432; 0 takes a free one")
    serve.add_argument("--model", metavar="ID", help="default: vgg19 when downloaded, else imagenet-better")
    token = serve.add_mutually_exclusive_group()
    token.add_argument(
        "--token",
        help="token that requests must send; better set SIGHTLINE_TOKEN, which other users cannot see",
    )
    token.add_argument("--no-token", action="store_true", help="allow everybody who can reach the address")
    serve.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="another name of this computer under which the service is reached",
    )
    serve.add_argument("--allow-private-hosts", action="store_true", help="allow links to local addresses")
    add_engine_options(serve)
    serve.add_argument("--threads", type=positive, default=64, metavar="N", help="requests at a time (64)")


def _add_train(commands: _Commands[argparse.ArgumentParser]) -> None:
    train = commands.add_parser(
        "train",
        help="train a model on a folder with one folder of pictures per class",
        epilog="Ctrl+C once stops and keeps the best epoch as a model; twice discards the run. After "
        "SIGTERM or a crash, --resume resumes it. Exit status: 0 there is a model; 1 the training failed; "
        "2 wrong usage, unusable data or an open question about them; 130 cancelled. Pictures that cannot "
        "be read are named and skipped.",
    )
    train.add_argument("data", nargs="?", metavar="DATA", help="a folder, or a .zip or .tar of one")
    train.add_argument("--recipe", metavar="ID", help="the network; see 'sightline recipes'")
    train.add_argument("--resume", metavar="RUN", help="resume an interrupted run; see 'sightline runs'")
    train.add_argument("--epochs", metavar="N", help="passes over all training pictures")
    train.add_argument("--batch-size", metavar="N", help="pictures per training step")
    train.add_argument("--learning-rate", metavar="F", help="size of each training step")
    train.add_argument("--seed", metavar="N", help="same seed, same training (0)")
    for part, default in (("validation", 0.2), ("test", 0.1)):
        train.add_argument(
            f"--{part}-split",
            type=fraction,
            metavar="F",
            help=f"share of the pictures for {part}, if the folders define no split ({default})",
        )
    train.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="any other setting; 'sightline recipes show ID' lists them",
    )
    train.add_argument("--name", help="name of the run and its model; default: made from recipe and data")
    train.add_argument(
        "--no-corrections",
        dest="corrections",
        action="store_false",
        help="take the labels that the folders say, without your corrections",
    )
    add_data_options(train)
    train.add_argument("--tensorboard", action="store_true", help="write event files for TensorBoard too")
    train.add_argument("--format", choices=("text", "jsonl"), default="text")


def _add_labels(commands: _Commands[argparse.ArgumentParser]) -> None:
    labels = commands.add_parser(
        "labels",
        help="list the pictures of a data set that are probably in the wrong class",
        epilog="Each picture is compared with all others by a network that comes with Sightline; the least "
        "probable label comes first. Nothing is changed: correct labels in the Train pane. "
        "Exit status: 0 done; 2 unusable data.",
    )
    labels.add_argument(
        "data", metavar="DATA", help="a folder with one folder per class, or an archive of one"
    )
    add_data_options(labels)
    labels.add_argument("--top", type=positive, metavar="N", help="print only the first N; default: all")
    labels.add_argument("--format", choices=("text", "json", "csv"), default="text")


def _add_crops(commands: _Commands[argparse.ArgumentParser]) -> None:
    crops = commands.add_parser(
        "crops",
        help="cut what is in the boxes of a data set for detection out of its pictures, into class folders",
        epilog="Boxes are those of COCO, YOLO, Pascal VOC and LabelMe, or of tables with the columns xmin, "
        "ymin, xmax and ymax. The new folder appears whole or not at all. "
        "Exit status: 0 done; 1 some pictures could not be read; 2 no boxes or wrong usage.",
    )
    crops.add_argument("data", metavar="DATA", help="a folder with pictures and boxes, or an archive of one")
    crops.add_argument("output", metavar="OUTPUT", help="the folder to make; it must not exist")
    crops.add_argument(
        "--min-side",
        type=positive,
        default=8,
        metavar="PIXELS",
        help="skip boxes that are narrower or lower (default: %(default)s)",
    )
    crops.add_argument("--format", choices=("text", "json"), default="text")


def _add_similar(commands: _Commands[argparse.ArgumentParser]) -> None:
    similar = commands.add_parser(
        "similar",
        help="list the pictures of a folder that are most like one picture",
        epilog="Exit status: 0 all compared; 1 some could not be read; 2 wrong usage; 130 interrupted.",
    )
    similar.add_argument("picture", metavar="PICTURE")
    similar.add_argument("folder", metavar="FOLDER")
    similar.add_argument("--model", metavar="ID", help="model for features to compare by; default: built in")
    similar.add_argument("--top", type=positive, default=20, metavar="N", help="pictures to list (20)")
    similar.add_argument("--format", choices=("text", "json", "csv"), default="text")


def _add_group(commands: _Commands[argparse.ArgumentParser]) -> None:
    group = commands.add_parser(
        "group",
        help="put the pictures of an unsorted folder into groups that look alike; moves no file",
        epilog="Exit status: 0 all grouped; 1 some could not be read; 2 wrong usage; 130 interrupted.",
    )
    group.add_argument("folder", metavar="FOLDER")
    group.add_argument("--format", choices=("text", "json", "csv"), default="text")


_ADDERS = (
    *(_add_window, _add_classify, _add_serve, _add_train, _add_labels, add_recipes, add_runs, add_code),
    *(add_models, _add_similar, _add_group, _add_crops, _add_doctor),
)
"""In the order of `COMMANDS`."""


def _run(options: argparse.Namespace) -> int:
    run: Callable[[argparse.Namespace], int] = _open_window
    match options.command:
        case "classify":
            with collector_resting():  # which would look through thousands of classes and functions
                from desktop_app.commands.classify import classify as run
        case "serve":
            from desktop_app.commands.serve import serve as run
        case "train":
            return _train(options)
        case "recipes":
            from desktop_app.commands.recipes import recipes as run
        case "runs":
            from desktop_app.commands.runs import runs as run
        case "code":
            from desktop_app.commands.code import code as run
        case "models":
            from desktop_app.commands.models import models as run
        case "labels" | "similar" | "group" | "crops":
            return _run_on_data(options)
        case "doctor":
            from desktop_app.commands.doctor import doctor

            return doctor(options.format, sys.stdout, full=options.self_test)
    return run(options)


def _run_on_data(options: argparse.Namespace) -> int:
    match options.command:
        case "labels":
            from desktop_app.commands.labels import labels as run
        case "crops":
            from desktop_app.commands.crops import crops as run
        case _:
            from desktop_app.commands.similar import similar_or_group as run
    return run(options)


def _train(options: argparse.Namespace) -> int:
    from desktop_app.commands.interrupts import Interrupts

    with Interrupts() as interrupts:
        from desktop_app.commands.train import train

        return train(options, interrupts)


def _open_window(options: argparse.Namespace) -> int:
    from pathlib import Path

    from desktop_app.core.images.dropped import source_from_argument

    try:
        from desktop_app.app import run_gui
    except ImportError as error:
        print(f"The window cannot open: {error}. Run 'make setup', or reinstall Sightline.", file=sys.stderr)
        return WRONG_USAGE
    sources = [source_from_argument(word) for word in options.sources]
    screenshot = Path(options.screenshot) if options.screenshot else None
    return run_gui(sources, screenshot=screenshot, theme=options.theme, pane=options.pane)
