"""What one client may ask of the local API, so that the others still get their answers."""

from __future__ import annotations

MAX_BODY_BYTES = 50_000_000
"""Bytes of a request, with everything around the picture."""

LARGE_BODY_BYTES = 5_000_000
MAX_LARGE_BODIES = 8
"""Requests larger than `LARGE_BODY_BYTES` that are in memory at the same time."""

MAX_HEADER_BYTES = 16_384
MAX_FIELD_BYTES = 500_000
"""Of all text fields of a form together; no less than what the parser of forms reads at a time (64 KiB)."""

MAX_FORM_PARTS = 16
MAX_JSON_BYTES = 16_384
"""A link and two parameters, or what stands around a picture; nothing that has to be parsed for long."""

MAX_JSON_BODY_BYTES = 4 * MAX_BODY_BYTES // 3 + MAX_JSON_BYTES
"""With a picture as base64, which takes four characters for three bytes."""

MAX_TOP = 100
DEFAULT_TOP = 5

IDLE_SECONDS = 30
"""An open connection on which nothing arrives is closed after this time."""

REQUEST_SECONDS = 60
"""The longest that a request may take to arrive, however steadily it drips."""

SPOOL_BYTES = 1_000_000
"""A longer request is kept in a temporary file while it arrives."""

SPARE_THREADS = 4
"""Threads that classify nothing, so that a busy service still says how it is."""

DEFAULT_THREADS = 64
MIN_THREADS = SPARE_THREADS + 2
MAX_THREADS = 256
SPARE_CONNECTIONS = 100
"""Open connections beyond the number of threads."""

MAX_DECODERS = 8
"""Pictures decoded at once at most, whatever the number of cores: each may take 1 GB."""

BATCH_PATIENCE_SECONDS = 0.02
"""The longest that the free network waits for further pictures to share its next run."""

DRAIN_SECONDS = 4.0
"""The longest that requests in flight may take when the service stops."""

LINK_DRAIN_SECONDS = 2.5
"""Links that are still being fetched this long after the service was stopped are given up."""
