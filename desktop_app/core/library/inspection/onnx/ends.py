"""The two ends of a network: the input that takes the picture, and the output that is wanted."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from desktop_app.core.library.inspection.containers.limits import DEFAULT_SIDE, MAX_OUTPUTS, MAX_SIDE
from desktop_app.core.library.inspection.containers.refusal import short
from desktop_app.core.library.inspection.onnx.file.parsing import ML_DOMAIN
from desktop_app.core.library.inspection.onnx.file.refusing import listed, refuse_damaged, refuse_onnx

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.onnx.file.records import Network, Node, Port
    from desktop_app.core.library.inspection.onnx.operators.call import Value
    from desktop_app.core.networks.input_spec import Layout

_COLOURS = (1, 3)
_ADVICE_SIZE = (
    "Export it with the size of its pictures, such as (1, 3, 224, 224); the number of them may be open."
)
_ADVICE_ONE_OUTPUT = "Export it with the classes' scores as its only output."


@dataclass(frozen=True, slots=True)
class Picture:
    """What a network's input takes.

    Attributes:
        port: The input.
        layout: The order of its axes.
        height: Height, in pixels.
        width: Width, in pixels.
        channels: 1 (grey) or 3 (RGB).
        any_size: Whether the file leaves height or width open.
    """

    port: Port
    layout: Layout
    height: int
    width: int
    channels: Literal[1, 3]
    any_size: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one picture."""
        height, width, channels = self.height, self.width, self.channels
        match self.layout:
            case "nhwc":
                return (1, height, width, channels)
            case "nchw":
                return (1, channels, height, width)
            case "nhw":
                return (1, height, width)
        return (1, height * width * channels)

    @property
    def dtype(self) -> Literal["float32", "uint8"]:
        """Number format of the input."""
        return "uint8" if self.port.dtype == "uint8" else "float32"


def wanted_output(network: Network) -> tuple[str, tuple[str, ...]]:
    """Choose the output with the scores of the classes.

    scikit-learn's models and those of some services also give the best class as a number or a text, and their
    probabilities as a list of mappings: these go, and the numbers behind the mappings are taken.

    Returns:
        Its name; and the names of the classes, where the file gives them in its last operator.

    Raises:
        ModelError: There is none, or more than one.
    """
    producers = {name: node for node in network.nodes for name in node.outputs if name}
    found: list[tuple[str, tuple[str, ...]]] = []
    for port in network.outputs:
        node = producers.get(port.name)
        if node is not None and node.domain == ML_DOMAIN and node.kind == "ZipMap" and node.inputs:
            found.append((node.inputs[0], _labels(node)))
        elif port.dtype == "float32":
            found.append((port.name, ()))
    if not found:
        dtypes = listed(port.dtype or "a list" for port in network.outputs) or "none"
        refuse_onnx(f"its outputs are no scores of classes in float32, but {dtypes}", _ADVICE_ONE_OUTPUT)
    if len(found) > 1:
        named = listed(port.name for port in network.outputs)
        refuse_onnx(f"it has {len(found)} outputs of numbers ({named})", _ADVICE_ONE_OUTPUT)
    return found[0]


def _labels(node: Node) -> tuple[str, ...]:
    texts = node.attributes.get("classlabels_strings")
    numbers = node.attributes.get("classlabels_int64s")
    if isinstance(texts, list) and all(isinstance(text, bytes) for text in texts):
        return tuple(text.decode(errors="replace")[:200] for text in texts)
    if isinstance(numbers, list) and all(isinstance(number, int) for number in numbers):
        return tuple(map(str, numbers))
    return ()


def leading_to(network: Network, output: str) -> list[Node]:
    """Keep the operators that an output depends on; the others are never looked at."""
    wanted = {output}
    kept = []
    for node in reversed(network.nodes):
        if wanted.intersection(filter(None, node.outputs)):
            kept.append(node)
            wanted.update(filter(None, node.inputs))
    return kept[::-1]


def picture_of(network: Network, output: str, size: tuple[int, int] | None = None) -> Picture:
    """Find the input for pictures among those that are needed.

    Args:
        network: The network.
        output: Name of its output.
        size: Height and width, for sides that the file leaves open.

    Raises:
        ModelError: It does not take pictures, or something else besides.
    """
    needed = {name for node in network.nodes for name in node.inputs} | {output}
    ports = [port for port in network.inputs if port.name in needed]
    if not ports:
        refuse_damaged("its output does not depend on a picture")
    if len({port.name for port in ports}) != len(ports):
        refuse_damaged("it has an input twice")
    if len(ports) != 1:
        names = listed(port.name for port in ports)
        refuse_onnx(
            f"it needs {len(ports)} inputs ({names}) and not just a picture",
            "Put everything but the picture into the network before the export: Keras, for one, leaves the "
            "numbers of a Normalization layer out, but keeps those of a Rescaling layer.",
        )
    picture = _picture(ports[0])
    if size is None or not picture.any_size:
        return picture
    open_sides = _sides_of(picture)
    height, width = (wanted if side is None else side for side, wanted in zip(open_sides, size, strict=True))
    return replace(picture, height=height, width=width)


def _sides_of(picture: Picture) -> tuple[int | None, ...]:
    """Height and width as the file has them, None where they are open."""
    shape = picture.port.shape or ()
    return shape[2:4] if picture.layout == "nchw" else shape[1:3]


def _picture(port: Port) -> Picture:
    if port.dtype not in ("float32", "uint8"):
        refuse_onnx(
            f"its input {short(port.name)} takes {port.dtype or 'no numbers'} and not float32 or uint8",
            "Export it with an input of float32: model.float() in PyTorch, FloatTensorType in scikit-learn.",
        )
    shape = port.shape
    if shape is None or not 2 <= len(shape) <= 4:
        axes = "an open number of axes" if shape is None else f"{len(shape)} axes"
        refuse_onnx(f"its input {short(port.name)} has {axes} and is no picture", _ADVICE_SIZE)
    if shape[0] not in (None, 1):
        if len(shape) == 3 and shape[0] == 3:
            refuse_onnx("its input has no axis for the number of pictures", _ADVICE_SIZE)
        refuse_onnx(
            f"its input takes exactly {shape[0]} pictures at a time",
            "Export it for one picture, or for an open number: dynamic_axes={'input': {0: 'batch'}}.",
        )
    match len(shape):
        case 4:
            return _with_channels(port, shape)
        case 3:
            return _sized(port, "nhw", (shape[1], shape[2]), 1)
    return _flat(port, shape[1])


def _with_channels(port: Port, shape: tuple[int | None, ...]) -> Picture:
    first, last = shape[1] in _COLOURS, shape[3] in _COLOURS
    if first == last:
        sides = listed("?" if side is None else side for side in shape)
        problem = "could have its channels first or last" if first else "has no axis of 1 or 3 channels"
        refuse_onnx(f"its input ({sides}) {problem}", _ADVICE_SIZE)
    if first:
        return _sized(port, "nchw", (shape[2], shape[3]), 3 if shape[1] == 3 else 1)
    return _sized(port, "nhwc", (shape[1], shape[2]), 3 if shape[3] == 3 else 1)


def _sized(
    port: Port, layout: Layout, sides: tuple[int | None, int | None], channels: Literal[1, 3]
) -> Picture:
    height, width = (DEFAULT_SIDE if side is None else side for side in sides)
    if max(height, width) > MAX_SIDE:
        refuse_onnx(f"its input is larger than {MAX_SIDE} pixels")
    return Picture(port, layout, height, width, channels, None in sides)


def _flat(port: Port, count: int | None) -> Picture:
    """A row of numbers: a square picture, grey or in colours; no count is both."""
    if count is None:
        refuse_onnx("it does not say how many numbers its input takes", _ADVICE_SIZE)
    grey, colours = math.isqrt(count), math.isqrt(count // 3)
    side = grey if grey * grey == count else colours
    if side * side not in (count, count / 3) or not 2 <= side <= MAX_SIDE:
        refuse_onnx(
            f"its input is a row of {count:,} numbers, which is no square picture in grey or in colours",
            "Train and export it for square pictures, such as 8 x 8 or 28 x 28.",
        )
    return Picture(port, "flat", side, side, 1 if side * side == count else 3)


def count_outputs(value: Value) -> int:
    """The number of a network's outputs for one picture.

    Raises:
        ModelError: They are not one row, or do not depend on the picture.
    """
    wide = [side for side in value.shape if side > 1]
    if value.dtype != "float32" or len(wide) > 1 or value.count > MAX_OUTPUTS or not value.shape:
        refuse_onnx(
            f"its output ({listed(value.shape)} numbers) is not one number per class", _ADVICE_ONE_OUTPUT
        )
    if value.fixed:
        refuse_onnx("its output is the same for every picture")
    return value.count
