"""What a checked model file says about its network, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.result.meaning import Meaning
    from desktop_app.core.networks.input_spec import Layout
    from desktop_app.core.networks.outputs import OutputKind
    from desktop_app.core.networks.pixels import Preprocessing


@dataclass(frozen=True, slots=True)
class Scaling:
    """What the layers that scale pixels say.

    Attributes:
        decided: Whether only pixels in 0..255 make sense before them.
        likely: The preprocessing that fits them best where that is not decided; None without a clue.
        reason: The clue, as a clause after "its layer". Without a likely preprocessing it says that they do
            something with the pixels of which nothing follows.
        contradicted: Pixels that the network was trained on instead, as its first BatchNormalization has it;
            nothing is decided then.
    """

    decided: bool = False
    likely: Preprocessing | None = None
    reason: str = ""
    contradicted: Preprocessing | None = None


@dataclass(frozen=True, slots=True)
class NetworkSummary:
    """What a checked model takes and gives.

    Attributes:
        height: Height of its input, in pixels.
        width: Width of its input, in pixels.
        channels: 1 (grey) or 3 (RGB).
        outputs: Number of its outputs; 1 stands for two classes where it chooses between classes.
        parameters: Numbers that it stores, moving averages included.
        scaling: What the layers before its first convolution say about the pixels it wants.
        any_size: Whether it takes other heights and widths as well; `height` and `width` are then a choice.
        operations: Approximate number of multiplications for one picture.
        meaning: What its outputs may be for.
        layout: How the numbers lie in the array that it takes.
        kind: What its outputs are, where only the file tells; None where the loaded network does.
        names: Names of its layers, and of models within it, in the file's order.
        producer: The program that wrote the file, as it calls itself: ``pytorch 2.13.0``; may be empty.
        remark: How else the file is read where that is not the only way, as sentences; mostly empty.
    """

    height: int
    width: int
    channels: int
    outputs: int
    parameters: int
    scaling: Scaling
    any_size: bool
    operations: int
    meaning: Meaning
    layout: Layout = "nhwc"
    kind: OutputKind | None = None
    names: tuple[str, ...] = ()
    producer: str = ""
    remark: str = ""
