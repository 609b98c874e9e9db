"""The files that are made of a model for OpenVINO: derived from its weights, and no part of the model."""

from __future__ import annotations

from typing import Final

RECORD_FILE: Final = "openvino.json"
GRAPH_FILE: Final = "openvino.xml"
WEIGHTS_FILE: Final = "openvino.bin"

ENGINE_FILES = (RECORD_FILE, GRAPH_FILE, WEIGHTS_FILE)
"""Their names in a model's folder: never exported, never imported, and not counted to a model's size."""
