"""``sightline models``: its actions and their options.

Printing help must be instant, so what core knows is repeated here, and tests compare the two.
"""

from __future__ import annotations

import argparse

from desktop_app.commands.numbers import share

DOWNLOADS = ("vgg19", "vgg19-backbone")
"""The ids of what can be downloaded."""
PIXELS = ("none", "unit", "symmetric", "vgg19", "imagenet", "bgr", "efficientnet-lite")
"""The names of `core.networks.pixels`."""
_PIXELS_HELP = (
    f"pixel values it was trained on: {', '.join(PIXELS)}, or others as 'scale=1/255 offset=-0.5 order=bgr'"
)
TASKS = ("classification", "multi-label", "regression", "embedding")
EXPORT_FORMATS = ("keras", "onnx", "litert", "openvino", "saved-model", "web", "sightline")
EXPORT_PRECISIONS = ("float32", "float16", "int8")
"""The names of `core.export.conversion.formats`."""
FITS = ("squash", "crop", "both")
LABEL_ORDERS = ("given", "folders")
RESAMPLES = ("bicubic", "bilinear", "keras", "lanczos", "nearest")


def add_models(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command with its actions and options."""
    models = commands.add_parser(
        "models", help="list, show, download, import, prepare, change, export, remove models"
    )
    actions = models.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="all models (the default)")
    show = actions.add_parser("show", help="the card of one model")
    for parser in (listing, show):
        parser.add_argument("--format", choices=("text", "json"), default="text")
    show.add_argument("model", metavar="ID")
    download = actions.add_parser(
        "download",
        help="fetch the published weights of vgg19, or of its convolutions alone, to train on",
        description="'download vgg19' fetches the whole model (575 MB); 'download vgg19-backbone' only the "
        "convolutions (80 MB), to train on. An unfinished download is resumed.",
    )
    download.add_argument("model", metavar="ID", choices=DOWNLOADS)
    importing = actions.add_parser(
        "import",
        help="add a model from a file",
        description="'import FILE' adds a model: Keras (.keras, .h5), ONNX, TensorFlow Lite, an export of "
        "Teachable Machine or Lobe (ZIP or folder), or one exported by Sightline; "
        "'import vgg19 FILE' takes a weights file of VGG19 that you already have.",
    )
    importing.add_argument("words", nargs="+", metavar="[vgg19] FILE")
    importing.add_argument(
        "--task", choices=TASKS, help="what its outputs are for, where its file does not say"
    )
    importing.add_argument("--units", metavar="UNITS", help="units of the amounts it estimates: EUR,kg")
    _add_input_options(importing)
    importing.add_argument("--name", help="name of the model; default: the file's name")
    importing.add_argument("--labels", metavar="FILE", help="class names: one a line, CSV or JSON")
    importing.add_argument(
        "--label-order",
        choices=LABEL_ORDERS,
        help="for names that are numbers: as --labels has them, or as Keras sorts folders (0, 1, 10, 2)",
    )
    importing.add_argument(
        "--try",
        dest="try_on",
        nargs="+",
        metavar="PICTURE",
        help="show what it answers for these: under each choice of pixels, or once it is imported",
    )
    importing.add_argument(
        "--unverified", action="store_true", help="accept vgg19 weights other than the published ones"
    )
    preparing = actions.add_parser(
        "prepare", help="compare OpenVINO with TensorFlow for a model now, not at its first use"
    )
    preparing.add_argument("model", metavar="ID")
    trials = actions.add_parser("trials")  # for the window alone, and so without help: see `core.trial`
    trials.add_argument("folder")
    changing = actions.add_parser(
        "set", help="change how an imported model gets its pictures, or thresholds of labels"
    )
    changing.add_argument("model", metavar="ID")
    changing.add_argument(
        "--threshold",
        type=_threshold,
        action="append",
        metavar="[LABEL=]NUMBER",
        help="probability (0 to 1) from which on a label is right, of those that a model gives at once; of "
        "all of them without a label. May be repeated",
    )
    _add_input_options(changing)
    _add_export(actions)
    remove = actions.add_parser("remove", help="move a model to the trash")
    remove.add_argument("model", metavar="ID")
    restore = actions.add_parser("restore", help="restore the last removed model from the trash")
    restore.add_argument("model", metavar="ID", nargs="?")


def _threshold(text: str) -> tuple[str | None, float]:
    """Read "cat=0.4", or "0.4" for all labels; a name may have an equals sign itself."""
    name, equals, number = text.rpartition("=")
    try:
        return (name if equals else None), float(number)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number, or LABEL=NUMBER") from None


def _add_input_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pixels", type=_pixels, metavar="VALUES", help=_PIXELS_HELP)
    parser.add_argument("--fit", choices=FITS, help="how pictures are brought to its shape (squash)")
    parser.add_argument(
        "--crop-share", type=share, metavar="SHARE", help="the share of each side that a crop keeps (1)"
    )
    parser.add_argument("--resize", choices=RESAMPLES, help="how pictures are scaled (bicubic)")
    parser.add_argument(
        "--grey",
        type=_grey,
        metavar="R,G,B",
        help="shares of the colours in grey pictures (0.299,0.587,0.114)",
    )


def _grey(text: str) -> tuple[float, ...]:
    """Check three shares; they need not sum to 1."""
    shares = tuple(share(part) for part in text.split(","))
    if len(shares) != 3:
        raise argparse.ArgumentTypeError(f"'{text}' is not three shares, such as 0.299,0.587,0.114")
    return shares


def _pixels(text: str) -> str:
    """Check pixel values; "bgr-means" is another word for what cards call vgg19."""
    from desktop_app.core.networks.pixels import canonical

    try:
        return canonical("vgg19" if text == "bgr-means" else text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; the names are {', '.join(PIXELS)}") from error


def _add_export(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    export = actions.add_parser(
        "export",
        help="write a model to one file, for other programs or another Sightline",
        description="For other programs the file is a zip archive (NAME.zip) with the model, labels.txt, a "
        "README with an example in Python, and proof.json. It is written only after another engine has "
        "opened the model and answered as Sightline does. 'web' is a page that classifies pictures in a "
        "browser without a network. 'sightline' is what 'models import' takes.",
    )
    export.add_argument("model", metavar="ID")
    export.add_argument("file", metavar="FILE")
    export.add_argument("--format", choices=EXPORT_FORMATS, default="sightline", help="default: sightline")
    export.add_argument(
        "--precision",
        choices=EXPORT_PRECISIONS,
        default="float32",
        help="numbers of the weights, not in keras and saved-model: float16 halves them, int8 quarters them",
    )
    export.add_argument(
        "--runtime",
        metavar="PATH",
        help="for web: the npm package onnxruntime-web-1.14.0.tgz, or its folder; else it is downloaded once "
        "(17 MB)",
    )
    # What the command starts itself with, to write and, in the packaged app, to ask in other processes.
    export.add_argument("--step", action="store_true", help=argparse.SUPPRESS)
    export.add_argument("--ask", nargs=2, help=argparse.SUPPRESS)
