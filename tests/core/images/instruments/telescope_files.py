"""FITS files of the scene."""

from __future__ import annotations

import io

import numpy as np
from astropy.io import fits


def saved(*units):
    """The bytes of a file."""
    stream = io.BytesIO()
    fits.HDUList(list(units)).writeto(stream)
    return stream.getvalue()


def table():
    """A table, as beside most pictures."""
    return fits.BinTableHDU.from_columns([fits.Column("x", "D", array=np.arange(40.0))])


def scaled(numbers, dtype, zero, slope):
    """A picture of numbers that are stored as others."""
    unit = fits.PrimaryHDU(numbers)
    unit.scale(dtype, bzero=zero, bscale=slope)
    return unit


def variants(_colours, grey):
    """The scene in all its forms, as bytes of files by name; the first row is the lowest."""
    flipped = grey[::-1]
    sixteen = flipped.astype(np.uint16) * 257
    empty = fits.PrimaryHDU()

    def packed(kind, numbers=sixteen, **options):
        return saved(empty, fits.CompImageHDU(numbers, compression_type=kind, **options))

    blank = fits.PrimaryHDU((sixteen // 16).astype(np.int16))
    blank.header["BLANK"] = -32768
    return {
        "8 bits": saved(fits.PrimaryHDU(flipped)),
        "signed 16 bits": saved(fits.PrimaryHDU((sixteen // 16).astype(np.int16))),
        "unsigned 16 bits": saved(fits.PrimaryHDU(sixteen)),
        "unsigned 32 bits": saved(fits.PrimaryHDU(sixteen.astype(np.uint32) * 65537)),
        "float": saved(fits.PrimaryHDU((flipped / 255).astype(np.float32))),
        "double": saved(fits.PrimaryHDU(flipped / 255)),
        "scaled": saved(scaled(flipped / 255, "int16", 0.5, 1 / 65534)),
        "with blank": saved(blank),
        "second unit": saved(empty, fits.ImageHDU(sixteen)),
        "behind a table": saved(empty, table(), fits.ImageHDU(sixteen)),
        "cube": saved(fits.PrimaryHDU(np.stack([sixteen, sixteen // 2, sixteen // 3]))),
        "RICE": packed("RICE_1"),
        "GZIP_1": packed("GZIP_1"),
        "GZIP_2": packed("GZIP_2"),
        "PLIO": packed("PLIO_1", (flipped.astype(np.int16) * 16)),
        "RICE of floats": packed("RICE_1", (flipped / 255).astype(np.float32), quantize_level=-0.001),
        "RICE in tiles": packed("RICE_1", tile_shape=(16, 16)),
    }
