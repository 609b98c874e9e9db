"""The list of operators that TensorFlow Lite models may have, and which of their inputs are what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.tflite.operators import convolution, elementwise, shaping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.library.inspection.tflite.operators.rule import Kind

KINDS: Mapping[int, Kind] = {
    kind.code: kind for kind in (*convolution.KINDS, *elementwise.KINDS, *shaping.KINDS)
}
"""By number. What OpenVINO answers for each of them, with each option, is compared with TensorFlow Lite's own
interpreter in ``tests/core/library/inspection/tflite/test_operators.py``."""

INDEXES: Mapping[str, tuple[int, ...]] = {
    "RESHAPE": (1,), "TRANSPOSE": (1,), "PAD": (1,), "PADV2": (1,), "MIRROR_PAD": (1,), "SLICE": (1, 2),
    "STRIDED_SLICE": (1, 2, 3), "GATHER": (1,), "SPLIT": (0,), "SPLIT_V": (1, 2), "EXPAND_DIMS": (1,),
    "MEAN": (1,), "SUM": (1,), "REDUCE_MAX": (1,), "REDUCE_MIN": (1,), "REDUCE_PROD": (1,),
    "RESIZE_BILINEAR": (1,), "RESIZE_NEAREST_NEIGHBOR": (1,), "SPACE_TO_BATCH_ND": (1, 2),
    "BATCH_TO_SPACE_ND": (1, 2), "TRANSPOSE_CONV": (0,),
}  # fmt: skip
"""Inputs that are whole numbers: shapes, axes, places, borders."""

WEIGHTS: Mapping[str, tuple[int, int]] = {
    "CONV_2D": (1, 2), "DEPTHWISE_CONV_2D": (1, 2), "FULLY_CONNECTED": (1, 2), "TRANSPOSE_CONV": (1, 3),
}  # fmt: skip
"""Inputs that are weights and bias."""

BUILTIN_NAMES: Mapping[int, str] = {
    7: "EMBEDDING_LOOKUP", 10: "HASHTABLE_LOOKUP", 12: "L2_POOL_2D", 16: "LSTM", 24: "RNN", 27: "SVDF",
    35: "UNIDIRECTIONAL_SEQUENCE_RNN", 44: "UNIDIRECTIONAL_SEQUENCE_LSTM", 48: "TOPK_V2", 52:
    "BIDIRECTIONAL_SEQUENCE_LSTM", 56: "ARG_MAX", 58: "LESS", 61: "GREATER", 64: "SELECT", 69: "TILE",
    71: "EQUAL", 79: "ARG_MIN", 80: "FAKE_QUANT", 85: "ONE_HOT", 94: "FILL", 103: "UNIQUE",
    105: "REVERSE_V2", 106: "ADD_N", 107: "GATHER_ND", 109: "WHERE", 118: "IF", 119: "WHILE",
    120: "NON_MAX_SUPPRESSION_V4", 121: "NON_MAX_SUPPRESSION_V5", 123: "SELECT_V2", 124: "DENSIFY",
    129: "CALL_ONCE", 130: "BROADCAST_TO", 132: "CONV_3D", 142: "VAR_HANDLE", 143: "READ_VARIABLE",
}  # fmt: skip
"""Names of operators that are not on the list, for the refusal."""
