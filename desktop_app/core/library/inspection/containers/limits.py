"""How large and how deep a model file may be, so that inspecting it costs little.

The largest image classifiers of `keras.applications` (NASNetLarge, EfficientNetV2L, ConvNeXtXLarge) stay well
below the numbers of layers, calls and operations.
"""

from __future__ import annotations

MAX_ARCHIVE_BYTES = 2**31 - 1
"""Bytes of a whole file, the state of its optimizer too; larger archives need records of 64 bits."""
MAX_WEIGHT_BYTES = 3 * 2**29
"""Bytes of the arrays that are loaded. ConvNeXtXLarge has 1.4 GB, the most in `keras.applications`; a graph
of 2 GB is more than TensorFlow can hand over. The inspection reads none of them."""
MAX_UNPACKED_BYTES = 256 * 1024**2
"""Bytes of a compressed member: it is unpacked in memory."""
MAX_EXPANSION = 100
"""Times that a compressed member may grow. Weights shrink by a tenth, configurations to a thirtieth."""
MAX_CONFIG_BYTES = 8 * 1024**2
MAX_METADATA_BYTES = 64 * 1024
MAX_JSON_DEPTH = 64
MAX_JSON_VALUES = 500_000
MAX_MODEL_DEPTH = 8
"""Models inside models."""
MAX_CALLS = 5_000
"""Layer calls in total, each repetition of a shared model counted."""
MAX_TENSOR_ELEMENTS = 2**26
"""Numbers in one layer's output for one picture: 256 MiB of float32."""
MAX_RESULT_BYTES = 256 * 1024**2
"""Memory of all results that one prediction needs at the same time. EfficientNetB7 needs 139 MB, the most in
`keras.applications`. Layers that compute in several steps take two or three times as much for a moment."""
MAX_OPERATIONS = 2 * 10**11
"""Multiplications for one picture: ten times those of VGG19."""
MAX_PARAMETERS = 2**28
MAX_STEPS = 4096
"""Steps of a sequence that a recurrent layer goes through; as many as a picture has rows."""
STEP_OPERATIONS = 2**20
"""Multiplications that could be done in the time that a recurrent layer takes to get from step to step."""
MAX_RECURRENT_UNITS = 1024
"""Steps go one after the other, each with a matrix of that side."""
MAX_FACTORISING = 2**31
"""Multiplications to factorise a matrix for an orthogonal start: seconds, whatever program loads the file."""
MAX_SIDE = 4096
"""Pixels of the input's height and width, as in a model card."""
MAX_OUTPUTS = 100_000
MAX_HDF5_OBJECTS = 20_000
MAX_HDF5_DEPTH = 64
DEFAULT_SIDE = 224
"""Height and width for networks that take any size."""
