"""One scene, written as TIFF in every way that instruments, scanners and programs write it."""

import io
import itertools

import numpy as np
import tifffile
from PIL import Image

HEIGHT, WIDTH = 48, 64


def scene():
    """RGB, uint8 ``(48, 64, 3)``: no two corners alike, black and white in it."""
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    red = 255 * across / (WIDTH - 1)
    green = 255 * down / (HEIGHT - 1)
    blue = 255 * np.exp(-(((across - 20) / 12) ** 2) - ((down - 15) / 9) ** 2)
    rgb = np.rint(np.stack([red, green, blue], -1)).astype(np.uint8)
    rgb[4:10, 4:16] = 255
    rgb[-8:-3, -20:-4] = 0
    return rgb


def grey():
    """The scene without colour, uint8 ``(48, 64)``."""
    return np.array(Image.fromarray(scene()).convert("L"))


def write(numbers, **options):
    stream = io.BytesIO()
    tifffile.imwrite(stream, numbers, **{"metadata": None, **options})
    return stream.getvalue()


def scaled(pixels, dtype):
    """The pixels in numbers of a type: as large as it can hold them."""
    dtype = np.dtype(dtype)
    part = pixels / 255
    if dtype.kind == "f":
        return part.astype(dtype)
    limits = np.iinfo(dtype)
    return (
        np.rint(part * (float(limits.max) - float(limits.min)) + limits.min)
        .clip(limits.min, limits.max)
        .astype(dtype)
    )


def in_colour():
    """Variants that show the scene, by their names."""
    rgb = scene()
    found = {}
    codecs = ("none", "zlib", "lzw", "packbits", "lzma", "zstd")
    for kind, order, planes, codec in itertools.product(
        ("u1", "u2"), "<>", ("contig", "separate"), ("none", "zlib", "lzw")
    ):
        numbers = scaled(rgb, kind)
        numbers = np.moveaxis(numbers, -1, 0) if planes == "separate" else numbers
        found[f"rgb {kind} {order} {planes} {codec}"] = write(
            numbers, photometric="rgb", planarconfig=planes, byteorder=order, compression=codec
        )
    for kind, order, codec in itertools.product(("u4", "f2", "f4", "f8"), "<>", ("none", "zlib")):
        found[f"rgb {kind} {order} {codec}"] = write(
            scaled(rgb, kind), photometric="rgb", byteorder=order, compression=codec
        )
    for codec in codecs:
        found[f"rgb u2 tiled {codec}"] = write(
            scaled(rgb, "u2"), photometric="rgb", compression=codec, tile=(32, 16)
        )
    for kind in ("u1", "u2"):
        found[f"rgb {kind} predictor"] = write(
            scaled(rgb, kind), photometric="rgb", compression="zlib", predictor=True, rowsperstrip=7
        )
    for codec, options in {
        "jpeg": {"level": 100},
        "jpeg2000": {},
        "webp": {"lossless": True},
        "png": {},
    }.items():
        found[f"rgb u1 {codec}"] = write(rgb, photometric="rgb", compression=codec, compressionargs=options)
    found["rgb u2 png"] = write(scaled(rgb, "u2"), photometric="rgb", compression="png")
    found["rgb u2 jpeg2000"] = write(scaled(rgb, "u2"), photometric="rgb", compression="jpeg2000")
    found["rgb u1 jpegxl"] = write(
        rgb, photometric="rgb", compression="jpegxl", compressionargs={"lossless": True}
    )
    found["rgb u1 jpegxr"] = write(
        rgb, photometric="rgb", compression="jpegxr", compressionargs={"level": 1.0}
    )
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "TIFF", compression="jpeg", quality=100)
    found["rgb u1 jpeg by Pillow"] = stream.getvalue()
    return found | _with_more_bands(rgb) | _on_pages(rgb) | _turned(rgb)


def _with_more_bands(rgb):
    found = {}
    for kind in ("u1", "u2"):
        full = np.full((HEIGHT, WIDTH, 1), np.iinfo(kind).max, kind)
        for planes, extra in itertools.product(
            ("contig", "separate"), ("unassalpha", "assocalpha", "unspecified")
        ):
            numbers = np.concatenate([scaled(rgb, kind), full], -1)
            numbers = np.moveaxis(numbers, -1, 0) if planes == "separate" else numbers
            found[f"rgba {kind} {planes} {extra}"] = write(
                numbers, photometric="rgb", planarconfig=planes, extrasamples=[extra]
            )
    for kind, planes in itertools.product(("u1", "u2"), ("contig", "separate")):
        inks = np.concatenate([255 - rgb, np.zeros((HEIGHT, WIDTH, 1), np.uint8)], -1)
        more = np.concatenate([inks, np.full((HEIGHT, WIDTH, 1), 255, np.uint8)], -1)
        for name, values, options in (
            ("cmyk", inks, {}),
            ("cmyk alpha", more, {"extrasamples": ["unassalpha"]}),
        ):
            numbers = scaled(values, kind)
            numbers = np.moveaxis(numbers, -1, 0) if planes == "separate" else numbers
            found[f"{name} {kind} {planes}"] = write(
                numbers, photometric="separated", planarconfig=planes, **options
            )
    return found


def _on_pages(rgb):
    found = {}
    small = Image.fromarray(rgb).resize((16, 12))
    found["thumbnail first"] = _pages([np.array(small), rgb], [1, 0])
    found["thumbnail behind"] = _pages([rgb, np.array(small)], [0, 1])
    found["pyramid without marks"] = _pages([rgb, rgb[::2, ::2], rgb[::4, ::4]], [0, 0, 0])
    found["thumbnail first u2"] = _pages([scaled(np.array(small), "u2"), scaled(rgb, "u2")], [1, 0])
    found["big tiff u2 separate"] = write(
        np.moveaxis(scaled(rgb, "u2"), -1, 0), photometric="rgb", planarconfig="separate", bigtiff=True
    )
    return found


def _turned(rgb):
    found = {}
    for orientation in range(1, 9):
        found[f"rgb u2 orientation {orientation}"] = _lying(scaled(rgb, "u2"), orientation)
        found[f"rgb u1 orientation {orientation}"] = _lying(rgb, orientation)
    return found


def in_grey():
    """Variants that show the scene in grey, by their names."""
    pixels = grey()
    found = {}
    kinds = ("u1", "u2", "u4", "i1", "i2", "i4", "f2", "f4", "f8")
    for kind, order, codec in itertools.product(kinds, "<>", ("none", "zlib", "lzw")):
        numbers = scaled(pixels, kind)
        for meaning in ("minisblack", "miniswhite"):
            values = scaled(255 - pixels, kind) if meaning == "miniswhite" else numbers
            found[f"{kind} {order} {codec} {meaning}"] = write(
                values, photometric=meaning, byteorder=order, compression=codec
            )
    for kind, order in itertools.product(("u2", "i2", "u4", "f4", "f8"), "<>"):
        for tile in (None, (16, 32)):
            found[f"{kind} {order} predictor {tile}"] = write(
                scaled(pixels, kind),
                photometric="minisblack",
                byteorder=order,
                compression="zlib",
                predictor=True,
                tile=tile,
            )
    for bits in (10, 12, 14):
        counts = np.rint(pixels / 255 * (2**bits - 1)).astype(np.uint16)
        found[f"{bits} bits in 16"] = write(counts, photometric="minisblack")
        found[f"{bits} bits packed"] = write(counts, photometric="minisblack", bitspersample=bits)
        found[f"{bits} bits packed white low"] = write(
            2**bits - 1 - counts, photometric="miniswhite", bitspersample=bits
        )
    for codec in ("jpeg2000", "png", "lerc", "jpegxl", "jpegxr"):
        options = {"lossless": True} if codec == "jpegxl" else {}
        found[f"u2 {codec}"] = write(
            scaled(pixels, "u2"), photometric="minisblack", compression=codec, compressionargs=options
        )
    found["f4 lerc"] = write(scaled(pixels, "f4"), photometric="minisblack", compression="lerc")
    for kind, extra in itertools.product(("u1", "u2"), ("assocalpha", "unassalpha")):
        numbers = scaled(np.stack([pixels, np.full_like(pixels, 255)], -1), kind)
        found[f"{kind} {extra}"] = write(
            numbers, photometric="minisblack", planarconfig="contig", extrasamples=[extra]
        )
    table = np.repeat(np.arange(256, dtype=np.uint16)[None] * 257, 3, 0)
    found["palette u1"] = write(pixels, photometric="palette", colormap=table)
    wide = np.repeat(np.arange(65536, dtype=np.uint16)[None], 3, 0)
    found["palette u2"] = write(scaled(pixels, "u2"), photometric="palette", colormap=wide)
    counts = np.rint(pixels / 255 * 1000).astype(np.uint16)
    declared = [(340, "H", 1, 0, True), (341, "H", 1, 1000, True)]
    found["declared range"] = write(counts, photometric="minisblack", extratags=declared)
    return found


def in_bits():
    """Variants of the scene in black and white, by their names."""
    pixels = grey() > 127
    found = {}
    for codec in ("none", "zlib", "packbits"):
        for meaning in ("minisblack", "miniswhite"):
            found[f"bits {codec} {meaning}"] = write(
                pixels != (meaning == "miniswhite"), photometric=meaning, compression=codec
            )
    for codec in ("group3", "group4", "tiff_ccitt"):
        stream = io.BytesIO()
        Image.fromarray(pixels).save(stream, "TIFF", compression=codec)
        found[f"bits {codec}"] = stream.getvalue()
    return found


def _pages(arrays, kinds):
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        for array, kind in zip(arrays, kinds, strict=True):
            writer.write(array, photometric="rgb", subfiletype=kind, metadata=None)
    return stream.getvalue()


def _lying(numbers, orientation):
    """Write the numbers so that they stand upright when the orientation is followed."""
    turned = numbers
    if orientation in {2, 3, 6, 7}:
        turned = turned[:, ::-1]
    if orientation in {3, 4, 7, 8}:
        turned = turned[::-1]
    if orientation >= 5:
        turned = turned.swapaxes(0, 1)
    return write(
        np.ascontiguousarray(turned), photometric="rgb", extratags=[(274, "H", 1, orientation, True)]
    )
