"""The command ``sightline``: opens the window, or does one thing in the terminal.

Printing help must be instant, so everything beyond the parser is imported when its command runs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from typing import TYPE_CHECKING

from desktop_app import __version__
from desktop_app.commands import DONE, INTERRUPTED, SOME_FAILED, WRONG_USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = ("window", "classify", "models", "doctor")


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
    options = build_parser().parse_args(words if _names_a_command(words) else ["window", *words])
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
    except OSError as error:
        if error.filename is not None:
            raise
        _silence_stdout()
        print(f"The output cannot be written: {error.strerror}.", file=sys.stderr)
        return SOME_FAILED
    return status


def _silence_stdout() -> None:
    """Keep Python from writing what is left at its end to an output that does not take it."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _names_a_command(words: list[str]) -> bool:
    """Whether to parse as a command; anything else is a picture to open in the window."""
    first = next((word for word in words if not word.startswith("-")), None)
    if first is None:
        return any(word in {"-h", "--help", "--version"} for word in words)
    return first in COMMANDS


def build_parser() -> argparse.ArgumentParser:
    """Describe the whole command line."""
    parser = argparse.ArgumentParser(
        prog="sightline",
        description="Drop a picture, read what it is. Without a command, the window opens.",
        epilog="Exit status: 0 all done; 1 some input failed; 2 wrong usage; 130 interrupted.",
        usage="%(prog)s [SOURCE ...] | COMMAND ...",
    )
    parser.add_argument("--version", action="version", version=f"sightline {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_window(commands)
    _add_classify(commands)
    _add_models(commands)
    doctor = commands.add_parser("doctor", help="versions, devices, why no GPU, paths, self-test")
    doctor.add_argument("--format", choices=("text", "json"), default="text")
    return parser


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name


def _add_window(commands: _Commands[argparse.ArgumentParser]) -> None:
    window = commands.add_parser("window", help="open the window (the default)")
    window.add_argument("sources", nargs="*", metavar="SOURCE", help="pictures, folders or links to open")
    window.add_argument(
        "--screenshot",
        metavar="FILE",
        help="classify the sources (or the sample pictures), save a picture of the window and quit",
    )
    window.add_argument("--theme", choices=("system", "light", "dark"), help="for this start only")


def _add_classify(commands: _Commands[argparse.ArgumentParser]) -> None:
    classify = commands.add_parser("classify", help="print the top labels of pictures, folders and links")
    classify.add_argument("sources", nargs="+", metavar="SOURCE", help="a file, a folder or an http(s) link")
    classify.add_argument("--model", metavar="ID", help="default: vgg19 when installed, else everyday")
    classify.add_argument("--top", type=_positive, default=5, metavar="N", help="labels per picture (5)")
    classify.add_argument("--format", choices=("text", "json", "csv"), default="text")
    classify.add_argument("--output", metavar="FILE", help="write there instead of standard output")
    classify.add_argument(
        "--fit", choices=("squash", "crop"), help="how pictures are fitted; default: as the model says"
    )
    classify.add_argument(
        "--allow-private-hosts",
        action="store_true",
        help="let links lead to this computer and the local network",
    )


def _add_models(commands: _Commands[argparse.ArgumentParser]) -> None:
    models = commands.add_parser("models", help="list, show, download, import, export, remove models")
    actions = models.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="all models (the default)")
    show = actions.add_parser("show", help="the card of one model")
    for parser in (listing, show):
        parser.add_argument("--format", choices=("text", "json"), default="text")
    show.add_argument("model", metavar="ID")
    download = actions.add_parser("download", help="fetch the published weights of vgg19")
    download.add_argument("model", metavar="ID", choices=("vgg19",))
    importing = actions.add_parser(
        "import",
        help="add a model from a file",
        description="'import FILE' adds a .keras model or a model exported by Sightline; "
        "'import vgg19 FILE' takes a weights file of VGG19 that you already have.",
    )
    importing.add_argument("words", nargs="+", metavar="[vgg19] FILE")
    importing.add_argument("--name", help="name of the model; default: the file's name")
    importing.add_argument("--labels", metavar="FILE", help="text file with one class name a line")
    importing.add_argument(
        "--unverified", action="store_true", help="accept vgg19 weights other than the published ones"
    )
    export = actions.add_parser("export", help="write a model with its card to one file")
    export.add_argument("model", metavar="ID")
    export.add_argument("file", metavar="FILE")
    remove = actions.add_parser("remove", help="move a model to the trash")
    remove.add_argument("model", metavar="ID")
    restore = actions.add_parser("restore", help="take the last removed model back out of the trash")
    restore.add_argument("model", metavar="ID", nargs="?")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _run(options: argparse.Namespace) -> int:
    if options.command == "classify":
        from desktop_app.commands.classify import classify

        return classify(options)
    if options.command == "models":
        from desktop_app.commands.models import models

        return models(options)
    if options.command == "doctor":
        from desktop_app.commands.doctor import doctor

        return doctor(options.format, sys.stdout)
    return _open_window(options)


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
    return run_gui(sources, screenshot=screenshot, theme=options.theme)
