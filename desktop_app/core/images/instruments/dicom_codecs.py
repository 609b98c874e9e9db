"""Decoders of compressed DICOM pictures for pydicom, by imagecodecs.

They stand behind those that pydicom has itself, for what these cannot do: JPEG of 12 bits, lossless JPEG,
JPEG-LS, High-Throughput JPEG 2000, and JPEG 2000 in colours of more than 8 bits.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from desktop_app.core.images.science.readers import is_installed

_NAME, _PACKAGE = "sightline", "imagecodecs"
_registering = threading.Lock()
_JPEG = "1.2.840.10008.1.2.4."
_JPEG_SYNTAXES = (f"{_JPEG}51", f"{_JPEG}57", f"{_JPEG}70")
_JPEG_LS_SYNTAXES = (f"{_JPEG}80", f"{_JPEG}81")
_JPEG_2000_SYNTAXES = (
    *(f"{_JPEG}{number}" for number in (90, 91)),
    *(f"{_JPEG}{n}" for n in (201, 202, 203)),
)
SYNTAXES = (*_JPEG_SYNTAXES, *_JPEG_LS_SYNTAXES, *_JPEG_2000_SYNTAXES)
"""Transfer syntaxes that are decoded here (PS3.6, table A-1)."""

DECODER_DEPENDENCIES = dict.fromkeys(SYNTAXES, (_PACKAGE,))
"""What each syntax needs, in the words of pydicom's interface for decoders."""


def is_available(uid: str) -> bool:
    """Whether a syntax can be decoded here; part of pydicom's interface."""
    return uid in SYNTAXES and is_installed(_PACKAGE)


def lacks_decoder(uid: str) -> bool:
    """Whether a syntax could be decoded here, if the package for it were installed."""
    return uid in SYNTAXES and not is_installed(_PACKAGE)


def register() -> None:
    """Give pydicom the decoders; threads may call it at once."""
    from pydicom.pixels import get_decoder

    with _registering:
        for decoder in map(get_decoder, SYNTAXES):
            if _NAME not in decoder.available_plugins:
                with contextlib.suppress(ValueError):  # it is there, and imagecodecs is not
                    decoder.add_plugin(_NAME, (__name__, "decode_frame"))


def decode_frame(source: bytes, runner: Any) -> bytearray:
    """Decode one frame; part of pydicom's interface.

    Args:
        source: The compressed frame.
        runner: pydicom's ``DecodeRunner``, which knows the data set, and learns here what the numbers are.
    """
    import numpy as np

    numbers = np.asarray(_unpacked(source, runner))
    runner.set_option("bits_allocated", 8 * numbers.dtype.itemsize)
    runner.set_option("planar_configuration", 0)
    if runner.photometric_interpretation in {"YBR_ICT", "YBR_RCT"}:  # undone by the decoder
        runner.set_option("photometric_interpretation", "RGB")
    return bytearray(numbers.tobytes())


def _unpacked(source: bytes, runner: Any) -> Any:
    import imagecodecs

    if runner.transfer_syntax in _JPEG_LS_SYNTAXES:
        return imagecodecs.jpegls_decode(source)
    if runner.transfer_syntax in _JPEG_2000_SYNTAXES:
        return imagecodecs.jpeg2k_decode(source)
    if runner.samples_per_pixel == 1:
        return imagecodecs.jpeg8_decode(source)
    # The same space in and out: the data set says whether the colours are YCbCr, and pydicom converts them.
    return imagecodecs.jpeg8_decode(source, colorspace="YCBCR", outcolorspace="YCBCR")
