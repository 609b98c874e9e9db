"""Small valid picture files of every kind that can be opened, made here."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

pillow_heif.register_heif_opener()


def scene(height: int = 48, width: int = 64) -> np.ndarray:
    """A smooth picture whose four corners differ: uint8 (height, width, 3)."""
    rows = np.linspace(0, 1, height)[:, None]
    columns = np.linspace(0, 1, width)[None, :]
    red = 40 + 180 * rows + 0 * columns
    green = 40 + 180 * columns + 0 * rows
    blue = 210 - 150 * rows * columns
    return np.stack([red, green, blue], axis=-1).round().astype(np.uint8)


def picture(mode: str = "RGB", height: int = 48, width: int = 64) -> Image.Image:
    """The scene in one of Pillow's modes."""
    image = Image.fromarray(scene(height, width))
    if mode == "LAB":
        return ImageCms.profileToProfile(
            image, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
    if mode == "I;16":
        return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    if mode in {"LA", "RGBA"}:
        image = image.convert(mode)
        image.putalpha(Image.linear_gradient("L").resize(image.size))
        return image
    return image.convert(mode)


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    """Save a picture to bytes."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def reduced(data: bytes, scale: int) -> bytes:
    """What Pillow alone makes of a JPEG at 1/2, 1/4 or 1/8 of its size, without loss and still not turned."""
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
        image.draft(None, (width // scale, height // scale))
        assert image.size == (-(-width // scale), -(-height // scale))
        said = {key: image.info[key] for key in ("exif", "icc_profile") if key in image.info}
        return encode(image, "TIFF", **said)


def icc_profile(name: str = "sRGB") -> bytes:
    """The bytes of one of the profiles that the colour engine can make."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


def exif(orientation: int) -> bytes:
    """EXIF data that holds nothing but an orientation."""
    data = Image.Exif()
    data[274] = orientation
    return data.tobytes()


@cache
def valid_files() -> dict[str, bytes]:
    """A file of each kind, by a name whose first word is Pillow's name of the format."""
    rgb, grey, alpha = picture(), picture("L"), picture("RGBA")
    palette = rgb.quantize(16)
    frames = [rgb, rgb.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    icon = alpha.resize((32, 32))
    return {
        "JPEG": encode(rgb, "JPEG", exif=exif(6), icc_profile=icc_profile()),
        "JPEG progressive": encode(rgb, "JPEG", progressive=True),
        "JPEG grey": encode(grey, "JPEG"),
        "JPEG CMYK": encode(picture("CMYK"), "JPEG", quality=95),
        "MPO": encode(rgb, "MPO", save_all=True, append_images=frames[1:]),
        "PNG": encode(rgb, "PNG", icc_profile=icc_profile()),
        "PNG bilevel": encode(picture("1"), "PNG"),
        "PNG palette": encode(palette, "PNG", transparency=3),
        "PNG grey alpha": encode(picture("LA"), "PNG"),
        "PNG 16 bit": encode(picture("I;16"), "PNG"),
        "PNG alpha": encode(alpha, "PNG", exif=exif(3)),
        "GIF": encode(palette, "GIF"),
        "GIF animated": encode(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "WEBP": encode(rgb, "WEBP", exif=exif(8)),
        "WEBP lossless": encode(alpha, "WEBP", lossless=True),
        "WEBP animated": encode(frames[0], "WEBP", save_all=True, append_images=frames[1:]),
        "BMP": encode(rgb, "BMP"),
        "BMP palette": encode(palette, "BMP"),
        "TIFF": encode(rgb, "TIFF"),
        "TIFF lzw": encode(rgb, "TIFF", compression="tiff_lzw"),
        "TIFF deflate": encode(alpha, "TIFF", compression="tiff_adobe_deflate"),
        "TIFF jpeg": encode(rgb, "TIFF", compression="jpeg"),
        "TIFF fax": encode(picture("1"), "TIFF", compression="group4"),
        "TIFF float": encode(picture("F"), "TIFF"),
        "TIFF 16 bit": encode(picture("I;16"), "TIFF"),
        "TIFF CMYK": encode(picture("CMYK"), "TIFF"),
        "TIFF LAB": encode(picture("LAB"), "TIFF"),
        "TIFF YCbCr": encode(picture("YCbCr"), "TIFF"),
        "ICO": encode(icon, "ICO", sizes=[(16, 16), (32, 32)]),
        "ICO bitmap": encode(icon, "ICO", sizes=[(32, 32)], bitmap_format="bmp"),
        "PPM": encode(rgb, "PPM"),
        "PPM text": b"P3 2 2 255\n" + b"250 10 10 " * 4,
        "PPM 16 bit": b"P5 4 2 65535\n" + bytes(range(16)),
        "AVIF": encode(rgb, "AVIF", speed=10),
        "AVIF alpha": encode(alpha, "AVIF", speed=10),
        "HEIF": encode(rgb, "HEIF", quality=90),
        "HEIF alpha": encode(alpha, "HEIF", quality=90),
    }
