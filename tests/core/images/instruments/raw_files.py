"""Raw files of the scene: DNGs of a mosaic or of linear colours, with another thumbnail."""

from __future__ import annotations

import io

import numpy as np
import tifffile

TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""From linear sRGB to CIE XYZ: with its inverse as the camera's matrix, the camera sees what sRGB means."""

WHITE = 16383


def linear(colours):
    """Linear light, 0 to 1, of uint8 sRGB."""
    shares = colours / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def dng(colours, *, mosaic=True, orientation=1, black=0, thumbnail=True, compression=None, exposure=1.0):
    """A DNG that shows uint8 sRGB ``(H, W, 3)``; its thumbnail is blue.

    Args:
        colours: What it shows.
        mosaic: Whether each pixel has one colour, as on a sensor; otherwise it has all three.
        orientation: EXIF orientation.
        black: Number of black.
        thumbnail: Whether the first directory is a small picture and the raw one stands below it.
        compression: As `tifffile.TiffWriter.write` takes it.
        exposure: Factor on the light.
    """
    light = np.rint(np.clip(linear(colours) * exposure, 0, 1) * (WHITE - black) + black).astype(np.uint16)
    numbers = light
    if mosaic:
        numbers = light[..., 1].copy()
        numbers[::2, ::2] = light[::2, ::2, 0]
        numbers[1::2, 1::2] = light[1::2, 1::2, 2]
    matrix = np.rint(np.linalg.inv(TO_XYZ) * 10000).astype(int).ravel()
    rationals = [part for number in matrix for part in (int(number), 10000)]
    count = 1 if mosaic else 3
    camera = [
        (271, 2, 0, "Sightline", True),
        (272, 2, 0, "Scene", True),
        (274, 3, 1, orientation, True),
        (50706, 1, 4, (1, 4, 0, 0), True),
        (50707, 1, 4, (1, 1, 0, 0), True),
        (50708, 2, 0, "Sightline Scene", True),
        (50721, 10, 9, tuple(rationals), True),
        (50728, 5, 3, (1, 1) * 3, True),
        (50778, 3, 1, 21, True),
    ]
    picture = [
        (50714, 3, count, (black,) * count, True),
        (50717, 3, count, (WHITE,) * count, True),
    ]
    if mosaic:
        picture += [(33421, 3, 2, (2, 2), True), (33422, 1, 4, (0, 1, 1, 2), True)]
    stream = io.BytesIO()
    kind = {"photometric": 32803 if mosaic else 34892, "compression": compression, "metadata": None}
    with tifffile.TiffWriter(stream) as writer:
        if thumbnail:
            blue = np.zeros((12, 16, 3), np.uint8)
            blue[..., 2] = 255
            writer.write(blue, photometric="rgb", subfiletype=1, extratags=camera, metadata=None, subifds=1)
            writer.write(numbers, subfiletype=0, extratags=picture, **kind)
        else:
            writer.write(numbers, subfiletype=0, extratags=[*camera, *picture], **kind)
    return stream.getvalue()


def variants(colours, _grey):
    """The scene in all its forms, as bytes of files by name."""
    return {
        "mosaic": dng(colours),
        "mosaic without thumbnail": dng(colours, thumbnail=False),
        "mosaic with black": dng(colours, black=512),
        "linear": dng(colours, mosaic=False),
        "mosaic turned": dng(np.ascontiguousarray(np.rot90(colours)), orientation=6),
        "linear lying": dng(np.ascontiguousarray(np.rot90(colours)), mosaic=False, orientation=6),
    }
