"""The kinds of networks that came as files of other programs, and that OpenVINO reads as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FOREIGN_NAMES: Mapping[str, str] = {"onnx": "ONNX", "tflite": "TensorFlow Lite"}
"""Readable names by a card's architecture."""

FOREIGN_FILES: Mapping[str, str] = {"onnx": "model.onnx", "tflite": "model.tflite"}
"""Names of their files in the library, by architecture."""


def is_foreign(architecture: str) -> bool:
    """Whether only OpenVINO can run a network of this architecture."""
    return architecture in FOREIGN_NAMES
