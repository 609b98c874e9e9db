"""How large and how involved an ONNX file may be, so that inspecting it costs little."""

from __future__ import annotations

MAX_FILE_BYTES = 1024**3
MAX_FIELDS = 1_000_000
"""Fields of the file that are looked at; one takes about a microsecond."""
MAX_NODES = 20_000
"""Operators, constants included. The largest of timm and torchvision have some 5,000."""
MAX_TENSORS = 20_000
MAX_TEXT_BYTES = 1024
"""One name."""
MAX_ATTRIBUTE_NUMBERS = 4096
"""Numbers of a tensor in an attribute that are read at once."""
MAX_AXES = 8
MAX_LOOSE_NUMBERS = 1_000_000
"""Numbers that are stored one by one or in attributes, and not as a run of bytes, in all."""
MAX_KNOWN_NUMBERS = 4096
"""Numbers of a value that are worked out here, such as the shape for a Reshape."""
FIRST_OPSET, LAST_OPSET = 7, 22
"""Versions of ONNX's operators; those whose operators were compared with ONNX Runtime."""
FIRST_IR, LAST_IR = 3, 12
"""Versions of the file format."""
