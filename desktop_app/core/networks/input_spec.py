"""What a network takes: pixels, channels and how they are prepared."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from desktop_app.core.foundation.record import Record

Preprocessing = Literal["none", "unit", "symmetric", "vgg19", "efficientnet-lite"]
"""How RGB in 0..255 becomes the network's input.

``none`` leaves 0..255 (the network rescales by itself), ``unit`` maps to 0..1, ``symmetric`` to -1..1,
``vgg19`` swaps RGB to BGR and subtracts the ImageNet means (103.939, 116.779, 123.68), as published with
the VGG weights (Simonyan and Zisserman, 2014); ``efficientnet-lite`` is ``(x - 127) / 128``, as Google's
``efficientnet/lite`` trains with.
"""

Fit = Literal["squash", "crop"]
"""``squash`` ignores the aspect ratio; ``crop`` scales the shorter side and cuts out the centre."""


class InputSpec(Record):
    """What the network takes: pixels, channels and the named preprocessing.

    Attributes:
        mirrored: Whether the prediction is the mean over the picture and its mirror image, which is a little
            more accurate and takes twice as long.
    """

    height: Annotated[int, Field(ge=1, le=4096)]
    width: Annotated[int, Field(ge=1, le=4096)]
    channels: Literal[1, 3] = 3
    preprocessing: Preprocessing = "none"
    fit: Fit = "squash"
    mirrored: bool = False
