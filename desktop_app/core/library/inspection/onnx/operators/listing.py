"""The list of operators."""

from __future__ import annotations

from desktop_app.core.library.inspection.onnx.operators import (  # each puts its rules on the list
    convolution,
    elementwise,
    normalization,
    recurrent,
    resizing,
    shaping,
)
from desktop_app.core.library.inspection.onnx.operators.call import OPERATORS

__all__ = [
    "OPERATORS",
    "SINCE",
    "convolution",
    "elementwise",
    "normalization",
    "recurrent",
    "resizing",
    "shaping",
]

SINCE = {
    "Celu": 12, "GreaterOrEqual": 12, "LessOrEqual": 12, "HardSwish": 14, "LayerNormalization": 17,
    "Mish": 18, "GroupNormalization": 18, "Gelu": 20, "Where": 9, "ConstantOfShape": 9, "Erf": 9, "Sign": 9,
    "Resize": 10, "ThresholdedRelu": 10, "Range": 11, "Round": 11, "Expand": 8, "Mod": 10,
}  # fmt: skip
"""The opset in which an operator came, where that is after the first one that is taken."""
