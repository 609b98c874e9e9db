"""The static check of an ONNX file, before an engine sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop_app.core.foundation.files import open_regular
from desktop_app.core.library.inspection.containers.limits import MAX_PARAMETERS
from desktop_app.core.library.inspection.containers.other_kinds import kind_of_file
from desktop_app.core.library.inspection.containers.refusal import naming_the_file
from desktop_app.core.library.inspection.onnx.ending import kind_of, meaning_of
from desktop_app.core.library.inspection.onnx.ends import (
    Picture,
    count_outputs,
    leading_to,
    picture_of,
    wanted_output,
)
from desktop_app.core.library.inspection.onnx.file.parsing import read_onnx
from desktop_app.core.library.inspection.onnx.file.refusing import DAMAGED, refuse_onnx
from desktop_app.core.library.inspection.onnx.file.tensors import check_numbers
from desktop_app.core.library.inspection.onnx.file.wire import Source
from desktop_app.core.library.inspection.onnx.linear_models import rewrite
from desktop_app.core.library.inspection.onnx.operators.call import Value
from desktop_app.core.library.inspection.onnx.scaling import scaling_of
from desktop_app.core.library.inspection.onnx.trace import Traced, trace
from desktop_app.core.library.inspection.result.meaning import Meaning
from desktop_app.core.library.inspection.result.network_summary import NetworkSummary

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.library.inspection.onnx.file.records import Network
    from desktop_app.core.networks.outputs import OutputKind

_MOST_NAMES = 20_000
_ROWS = "Its numbers are taken for the pixels row by row, red, green and blue of each side by side."
_COUNTED = re.compile(r"_\d+$")
"""What Keras puts behind a name when it is exported."""


@dataclass(frozen=True, slots=True)
class OnnxSummary(NetworkSummary):
    """What a checked ONNX file takes and gives.

    Attributes:
        dtype: Number format of its input.
        scale: What one of its input's numbers stands for.
        zero_point: The number that stands for 0.
        labels: Names of its classes, where the file has them.
    """

    dtype: Literal["float32", "uint8"] = "float32"
    scale: float = 1.0
    zero_point: int = 0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that passed.

    Attributes:
        network: Its network: the operators and numbers that its output needs.
        picture: Its input.
        output: Name of its output.
        traced: All its values.
        labels: Names of its classes, where the file has them.
        with_label: Whether it also gives the best class by itself, so that it chooses between classes.
    """

    network: Network
    picture: Picture
    output: str
    traced: Traced
    labels: tuple[str, ...]
    with_label: bool


_FIRST_FIELD = b"\x08"
"""The version of the file format, which all programs write first."""
_AFTER_VERSION = b"\x12\x1a\x22\x28\x32\x3a\x42\x72"
"""What may follow the version of the file format: the fields of a model."""


def is_onnx(path: Path) -> bool:
    """Whether a file is called an ONNX file or begins like one; such files have no mark of their own.

    Raises:
        StorageError: It cannot be read.
    """
    if path.suffix.lower() == ".onnx":
        return True
    with open_regular(path) as file:
        start = file.read(3)
    return (
        len(start) == 3
        and start.startswith(_FIRST_FIELD)
        and 3 <= start[1] <= 20
        and start[2] in _AFTER_VERSION
    )


def inspect_onnx(path: Path, size: tuple[int, int] | None = None) -> OnnxSummary:
    """Check an ONNX file completely without running anything of it.

    Only what is on Sightline's lists passes: operators, their attributes and values for which OpenVINO was
    compared with ONNX Runtime, numbers within the file. Sizes are bounded: all shapes are worked out here,
    before anything large is allocated.

    Args:
        path: The file.
        size: Height and width to check it for, where it leaves them open.

    Returns:
        What the model takes and gives.

    Raises:
        ModelError: It is refused; the sentence says why.
        StorageError: The file cannot be read.
    """
    with naming_the_file(path), open_regular(path) as file:
        _refuse_other_kinds(file.read(512))
        source = Source(file)
        checked = check(source, size)
        network, picture, traced = checked.network, checked.picture, checked.traced
        outputs = count_outputs(traced.values[checked.output])
        kind, operator = kind_of(network, traced.values, checked.output)
        meaning = meaning_of(outputs, kind, operator)
        if checked.with_label:
            kind, meaning = _of_classifier(network, outputs, kind, meaning)
        labels = checked.labels if len(checked.labels) == max(2, outputs) else ()
        return OnnxSummary(
            height=picture.height,
            width=picture.width,
            channels=picture.channels,
            outputs=outputs,
            parameters=sum(tensor.count for tensor in network.tensors.values()),
            scaling=scaling_of(network, traced.values, picture.port.name, picture.channels),
            any_size=picture.any_size,
            operations=traced.operations,
            meaning=meaning,
            layout=picture.layout,
            kind=kind,
            names=_names(network),
            dtype=picture.dtype,
            producer=network.producer,
            remark=_ROWS if picture.layout == "flat" and picture.channels == 3 else "",
            labels=labels,
        )


def _refuse_other_kinds(start: bytes) -> None:
    """Say what a file is that is only called an ONNX file: a pointer of git-LFS, a web page, an archive."""
    if start.startswith(_FIRST_FIELD):
        return
    what, advice = kind_of_file(start)
    if what.endswith(".keras file"):
        refuse_onnx("it is not an ONNX file", DAMAGED)
    refuse_onnx(what, advice)


def check(source: Source, size: tuple[int, int] | None = None) -> Checked:
    """Check an open file.

    Args:
        source: The file.
        size: As `inspect_onnx` has it.

    Raises:
        ModelError: It is refused.
    """
    network = read_onnx(source)
    output, labels = wanted_output(network)
    with_label = len(network.outputs) > 1 or bool(labels)
    network.nodes = leading_to(network, output)
    rewrite(network)
    needed = {name for node in network.nodes for name in node.inputs}
    network.tensors = {name: tensor for name, tensor in network.tensors.items() if name in needed}
    picture = picture_of(network, output, size)
    network.inputs = [picture.port]
    entry = Value(picture.dtype, picture.shape)
    traced = trace(source, network, {picture.port.name: entry}, output)
    if sum(tensor.count for tensor in network.tensors.values()) > MAX_PARAMETERS:
        refuse_onnx(f"it has more than {MAX_PARAMETERS:,} weights")
    for tensor in network.tensors.values():
        check_numbers(source, tensor)
    return Checked(network, picture, output, traced, labels, with_label)


def _of_classifier(
    network: Network, outputs: int, kind: OutputKind, meaning: Meaning
) -> tuple[OutputKind, Meaning]:
    """What a network with a label beside its scores means: scikit-learn's probabilities always sum to 1."""
    if network.learned and outputs > 1 and kind in ("unknown", "sigmoid"):
        kind = "softmax"
    return kind, Meaning(("classification",), "" if kind == "softmax" else meaning.reason)


def _names(network: Network) -> tuple[str, ...]:
    """Names that tell what a network is: those of its classes, operators and weights.

    tf2onnx makes paths of the names of Keras's layers: ``model_1/conv1_conv_1/convolution``.
    """
    found = [*network.clues, *(node.name for node in network.nodes if node.name), *network.tensors]
    if network.producer.startswith("tf2onnx"):
        parts = [part for name in found for part in name.split("/") if part]
        found = list(dict.fromkeys(each for part in parts for each in (part, _COUNTED.sub("", part))))
    return tuple(found[:_MOST_NAMES])
