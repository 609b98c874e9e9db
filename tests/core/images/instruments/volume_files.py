"""NIfTI files of the scene, across first and down second, as their axes are stored."""

from __future__ import annotations

import gzip

import nibabel
import numpy as np

LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
"""To the left, to the back, to the head: as a slice is looked at."""
RAS = np.diag([2.0, 2.0, 2.0, 1.0])


def saved(numbers, affine=None, *, kind=nibabel.Nifti1Image, dtype=None, order="<"):
    """The bytes of a file."""
    header = kind.header_class(endianness=order)
    header.set_data_dtype(dtype or numbers.dtype)
    volume = kind(numbers, affine, header)
    return volume.to_bytes()


def variants(colours, grey):
    """The scene in all its forms, as bytes of files by name."""
    across = grey.T
    sixteen = across.astype(np.uint16) * 257
    rgb = np.zeros(across.shape, [("R", "u1"), ("G", "u1"), ("B", "u1")])
    for band, name in enumerate("RGB"):
        rgb[name] = colours[..., band].T
    stack = np.stack([sixteen, sixteen // 2], axis=-1)
    return {
        "8 bits": saved(across),
        "signed 16 bits": saved((sixteen // 16).astype(np.int16), LPS),
        "unsigned 16 bits": saved(sixteen, np.eye(4)),
        "float": saved((across / 255).astype(np.float32), LPS),
        "double": saved(across / 255, LPS),
        "scaled": saved(across / 255, LPS, dtype=np.int16),
        "big-endian": saved(sixteen, LPS, order=">"),
        "second version": saved(sixteen, LPS, kind=nibabel.Nifti2Image),
        "packed": gzip.compress(saved(sixteen, LPS)),
        "slices": saved(stack, LPS),
        "four dimensions": saved(stack[..., np.newaxis], LPS),
        "to the right and the front": saved(sixteen[::-1, ::-1, np.newaxis], RAS),
        "RGB": saved(rgb),
    }
