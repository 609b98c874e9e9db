"""Which formats other programs may send."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.raw_files import is_camera_raw
from desktop_app.core.images.decoding.sniff import HEAD_BYTES, SCIENCE_FORMATS, picture_format
from desktop_app.core.images.sources import DataSource

if TYPE_CHECKING:
    from desktop_app.core.images.sources import Source


def refuse_science(source: Source) -> None:
    """Refuse formats of instruments and cameras.

    Their decoders are large and written for files that one trusts, and what reaches the service over the
    network may come from anybody.

    Args:
        source: A picture that has been fetched, if it was a link.

    Raises:
        UnreadableImage: It is of such a format.
    """
    if not isinstance(source, DataSource):
        return
    kind = picture_format(source.data[:HEAD_BYTES])
    if kind == "TIFF" and is_camera_raw(io.BytesIO(source.data)):
        kind = "RAW"
    if kind in SCIENCE_FORMATS:
        raise UnreadableImage(
            f"This is a {kind} file, which the local API does not take.",
            "Send the picture as JPEG, PNG or TIFF, or open the file in Sightline itself.",
        )
