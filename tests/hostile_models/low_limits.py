"""Limits of the inspection so low that harmless files go beyond them.

What is refused here must be refused at the real limits when it is as much larger; that they are the same
constants, and what they really are, is tested in `tests/core/library/inspection/test_limits.py`.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from desktop_app.core.library.inspection.containers import archive, document, hdf5
from desktop_app.core.library.inspection.keras.network import trace
from desktop_app.core.library.inspection.keras.rules import recurrent, wrapping
from desktop_app.core.library.inspection.onnx import trace as onnx_trace
from desktop_app.core.library.inspection.onnx.file import parsing, tensors, wire
from desktop_app.core.library.inspection.onnx.operators import call
from desktop_app.core.library.inspection.onnx.operators import recurrent as onnx_recurrent
from desktop_app.core.library.inspection.tflite import trace as tflite_trace
from desktop_app.core.library.inspection.tflite.format import document as tflite_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

LOW: Mapping[ModuleType, Mapping[str, int]] = {
    archive: {"MAX_ARCHIVE_BYTES": 200_000, "MAX_UNPACKED_BYTES": 100_000, "_MAX_DIRECTORY_BYTES": 1_000},
    document: {"MAX_JSON_VALUES": 10_000},
    hdf5: {"MAX_HDF5_OBJECTS": 100},
    trace: {
        "MAX_CALLS": 50,
        "MAX_FACTORISING": 1_000,
        "MAX_OPERATIONS": 30_000_000,
        "MAX_PARAMETERS": 20_000,
        "MAX_RESULT_BYTES": 2**18,
        "MAX_TENSOR_ELEMENTS": 2**15,
    },
    recurrent: {"MAX_STEPS": 16},
    parsing: {"MAX_FILE_BYTES": 200_000, "MAX_NODES": 310, "MAX_TENSORS": 200, "MAX_LOOSE_NUMBERS": 10_000},
    tensors: {"MAX_PARAMETERS": 2**20, "MAX_LOOSE_NUMBERS": 10_000},
    wire: {"MAX_FIELDS": 10_000},
    call: {"MAX_TENSOR_ELEMENTS": 2**15},
    onnx_trace: {"MAX_OPERATIONS": 3_000_000, "MAX_RESULT_BYTES": 2**16},
    onnx_recurrent: {"MAX_STEPS": 16},
    tflite_document: {"MAX_CALLS": 50},
    tflite_trace: {
        "MAX_OPERATIONS": 2_000_000,
        "MAX_PARAMETERS": 20_000,
        "MAX_RESULT_BYTES": 2**16,
        "MAX_TENSOR_ELEMENTS": 2**15,
    },
    wrapping: {"MAX_STEPS": 16},
}
LOW_MEMBERS = {archive.CONFIG: 50_000}
"""Most bytes of a member of the archive."""


@contextlib.contextmanager
def low_limits() -> Iterator[None]:
    """Lower the limits in the body."""
    with contextlib.ExitStack() as stack:
        for module, values in LOW.items():
            changes: dict[str, Any] = dict(values)
            stack.enter_context(patch.multiple(module, **changes))
        stack.enter_context(patch.dict(archive.KERAS_MEMBERS, LOW_MEMBERS))
        yield
