"""Any picture file -> RGB pixels, or a reason that a person understands.

The format is recognised by content, and only the decoder of that format runs.
"""

from __future__ import annotations

import importlib
import io
import logging
import math
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

from PIL import Image, UnidentifiedImageError

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.animation import frames_of
from desktop_app.core.images.decoding.colour import to_srgb
from desktop_app.core.images.decoding.failures import one_error
from desktop_app.core.images.decoding.fitting import WITHOUT_FILTER, views_of
from desktop_app.core.images.decoding.libtiff import quieten_libtiff
from desktop_app.core.images.decoding.limits import MAX_PIXELS, check_size, reduction, refuse_pixels
from desktop_app.core.images.decoding.number_facts import (
    NO_FACTS,
    NumberFacts,
    facts_of,
    refuse_blank_first,
    with_bands,
)
from desktop_app.core.images.decoding.opening import explain, open_picture
from desktop_app.core.images.decoding.orientation import read_orientation, turned, upright, upright_picture
from desktop_app.core.images.decoding.pixels import as_srgb, to_rgb, with_chosen_bands
from desktop_app.core.images.decoding.precheck import BEFORE_OPENING, check_jpeg, check_strips, name_jpeg
from desktop_app.core.images.decoding.raw_files import is_camera_raw
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.images.decoding.render import check_frames, render
from desktop_app.core.images.decoding.resize import fit_inside, fitted, resize
from desktop_app.core.images.decoding.sniff import HEAD_BYTES, other_kind, picture_format
from desktop_app.core.images.science.readers import MODULES, open_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.images.decoding.colour import ColourTransform
    from desktop_app.core.images.decoding.fitting import Fitting
    from desktop_app.core.images.science.frames import Frames

Size = tuple[int, int]

Purpose = Literal["network", "person", "facts"]
"""What a picture is decoded for. People see the proposed bands of a picture with many, of which nobody has
chosen three; a network does not. ``facts`` is for people, and collects `Decoded.facts`."""

QUALITY_MARGIN = 2
"""A JPEG is decoded at no less than this many times the size that is needed, on both sides."""

SMALLEST_REDUCED_SIDE = 256
"""And at no fewer pixels than this: below, decoding is quick anyway, and networks with a tiny input begin to
predict differently (11 of 860 photos at 32x32 without this limit, none with it)."""

# Once for the process, not for each picture: these are shared by all threads. Sizes are checked in `limits`;
# Pillow's own limit stays as a second line, and what it finds odd about a file is not for terminal and log.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)

_PLUGINS = {"TIFF": "Tiff", "ICO": "Ico", "WEBP": "WebP", "AVIF": "Avif"}
"""Decoders that Pillow has not loaded yet when it opens its first file, by module name."""

_JPEG_FORMATS = frozenset({"JPEG", "MPO"})
"""MPO is a JPEG with more pictures behind the first, as phones make for depth and brightness."""


class Decoded(NamedTuple):
    """A decoded picture, and what its file says about it.

    Attributes:
        pixels: RGB, uint8 ``(h, w, 3)``, C-contiguous.
        full_size: Width and height in the file, upright.
        kind: Pillow's name of the format, such as ``JPEG``.
        mode: Pillow's name of the colour mode in the file, such as ``CMYK``.
        facts: What a data set has to know of its numbers; only collected when asked for.
    """

    pixels: NDArray[np.uint8]
    full_size: Size
    kind: str
    mode: str
    facts: NumberFacts = NO_FACTS


class Layout(NamedTuple):
    """What there is in a file beside what is seen of it.

    Attributes:
        planes: Number of its planes, pages or frames; 1 where somebody has chosen what is seen of them.
        plane_word: What they are, in the plural.
        side: Side from which the parts of a thin picture are counted, ``left`` or ``top``; empty for others.
        squashed: Whether a thin picture was squashed for a network that was not trained on such.
    """

    planes: int = 1
    plane_word: str = ""
    side: str = ""
    squashed: bool = False

    @classmethod
    def of(
        cls, size: Size, fitting: Fitting, pixels: NDArray[np.uint8], frames: Frames | None = None
    ) -> Layout:
        """Describe a picture that was fitted.

        Args:
            size: Width and height of the picture, upright.
            fitting: What decided which pixels the network sees.
            pixels: What `resize.fitted` made of it.
            frames: The file as a stack; None for most.
        """
        thin = pixels.ndim == 4 and len(pixels) > len(views_of(fitting.fit))
        side = fitting.counted_from(size) if thin else ""
        squashed = fitting.is_squashed(size)
        if frames is None or frames.planes == 1 or fitting.reading.plane is not None:
            return cls(side=side, squashed=squashed)
        return cls(frames.planes, frames.plane_word, side, squashed)


class Seen(NamedTuple):
    """What a network sees of a file.

    Attributes:
        pixels: RGB, uint8 ``(height, width, 3)``, C-contiguous; ``(views, height, width, 3)`` for several
            views.
        layout: What there is in the file beside them.
    """

    pixels: NDArray[np.uint8]
    layout: Layout


class _Loaded(NamedTuple):
    """A picture as its decoder gives it, and what its file says about it.

    Attributes:
        image: Loaded, in any mode, not turned upright.
        full_size: Width and height in the file, upright.
        orientation: EXIF orientation, 1 to 8.
        kind: Pillow's name of the format, see `Decoded`.
        mode: Pillow's name of the colour mode, see `Decoded`.
        transform: Conversion to sRGB, found once for both users; None when the numbers are sRGB already.
        reading: How its numbers become a picture.
        facts: See `Decoded`.
        frames: The file as a stack; None for most.
    """

    image: Image.Image
    full_size: Size
    orientation: int
    kind: str
    mode: str
    transform: ColourTransform | None
    reading: PixelReading
    facts: NumberFacts = NO_FACTS
    frames: Frames | None = None

    def pixels(self) -> NDArray[np.uint8]:
        """RGB, upright: uint8 ``(h, w, 3)``, C-contiguous."""
        return upright(to_rgb(self.image, self.transform, self.reading), self.orientation)


def read_image(source: Path | bytes, reading: PixelReading = AS_STORED) -> NDArray[np.uint8]:
    """Decode a picture.

    Animations give their first frame, icons their largest picture. EXIF orientation is applied. Pictures of
    more than `limits.FULL_SIZE_PIXELS` are reduced by a whole number.

    Args:
        source: A file, or the bytes of one.
        reading: How the numbers of the file become a picture.

    Returns:
        RGB, uint8 ``(H, W, 3)``, C-contiguous.

    Raises:
        UnreadableImage: Why not, as a sentence, with advice.
    """
    return _decode(source, lambda _full_size: None, reading).pixels


def read_fitted(source: Path | bytes, fitting: Fitting) -> NDArray[np.uint8]:
    """Decode a picture and bring it to the size of a network: the pixels of `read_seen`."""
    return read_seen(source, fitting).pixels


def read_seen(source: Path | bytes, fitting: Fitting) -> Seen:
    """Decode a picture and bring it to the size of a network.

    Gives what `resize.fitted` makes of `read_image`, to the last bit, but without copies of the whole picture
    on the way where `pixels.as_srgb` can do without them. A JPEG is decoded at 1/2, 1/4 or 1/8 of its size
    first, as long as both sides of what is seen keep `QUALITY_MARGIN` times what is needed, and those of the
    picture `SMALLEST_REDUCED_SIDE`; not so for ways of scaling without a filter.

    Args:
        source: A file, or the bytes of one.
        fitting: What decides which pixels the network sees.

    Returns:
        The pixels, and what there is in the file beside them.

    Raises:
        UnreadableImage: Why not, as a sentence, with advice.
    """
    share = fitting.crop_share if "crop" in views_of(fitting.fit) else 1.0

    def needed(full_size: Size) -> Size | None:
        if fitting.resample in WITHOUT_FILTER:
            return None
        parts = fitting.parts_of(full_size)  # one after the other; a little too much for the other side
        return math.ceil(fitting.height * parts / share), math.ceil(fitting.width * parts / share)

    with _loading(source, needed, fitting.reading) as loaded:
        picture = as_srgb(loaded.image, loaded.transform)
        whole = loaded.pixels() if picture is None else upright_picture(picture, loaded.orientation)
        pixels = fitted(whole, fitting)
    return Seen(pixels, Layout.of(loaded.full_size, fitting, pixels, loaded.frames))


def read_preview(
    source: Path | bytes, max_side: int, reading: PixelReading = AS_STORED
) -> tuple[NDArray[np.uint8], Size]:
    """Decode a picture for the screen.

    Args:
        source: A file, or the bytes of one.
        max_side: Largest width and height of the result, in pixels, from 1. Smaller pictures keep their size.
        reading: How the numbers of the file become a picture.

    Returns:
        RGB, uint8 ``(h, w, 3)``, C-contiguous, antialiased; then the full width and height, upright.

    Raises:
        UnreadableImage: Why not, as a sentence, with advice.
    """
    decoded = read_described(source, max_side, reading)
    return decoded.pixels, decoded.full_size


def read_described(
    source: Path | bytes, max_side: int, reading: PixelReading = AS_STORED, *, with_facts: bool = False
) -> Decoded:
    """Decode a picture like `read_preview`, and return its format and colour mode as well.

    Args:
        source: See `read_preview`.
        max_side: See `read_preview`.
        reading: See `read_preview`.
        with_facts: Whether to collect `Decoded.facts`.
    """
    purpose: Purpose = "facts" if with_facts else "person"
    decoded = _decode(source, lambda size: fit_inside(size, max_side), reading, purpose)
    height, width = fit_inside(decoded.full_size, max_side)
    if decoded.pixels.shape[:2] != (height, width):
        return decoded._replace(pixels=resize(decoded.pixels, height, width, "squash"))
    return decoded


def _decode(
    source: Path | bytes,
    needed_for: Callable[[Size], Size | None],
    reading: PixelReading,
    purpose: Purpose = "network",
) -> Decoded:
    """Decode to pixels; arguments are those of `_loading`."""
    with _loading(source, needed_for, reading, purpose) as loaded:
        return Decoded(loaded.pixels(), loaded.full_size, loaded.kind, loaded.mode, loaded.facts)


@contextmanager
def _loading(
    source: Path | bytes,
    needed_for: Callable[[Size], Size | None],
    reading: PixelReading,
    purpose: Purpose = "network",
) -> Iterator[_Loaded]:
    """Let the decoder do its work; whatever the body raises about the picture becomes `UnreadableImage`, too.

    Args:
        source: A file, or the bytes of one.
        needed_for: Function from the full width and height to the needed height and width.
        reading: How the numbers of the file become a picture.
        purpose: What the picture is for.
    """
    with open_picture(source) as stream:
        kind, file_bytes = _kind_of(stream)
        with one_error(kind):
            if kind in MODULES and (frames := open_frames(kind, stream)) is not None:
                yield _loaded_frames(frames, file_bytes, reading, purpose)
                return
            image = _open_with(kind, stream)
            width, height = full_size = image.size
            mode = image.mode
            refuse_pixels(width * height, MAX_PIXELS)
            scans = 1
            if image.format in _JPEG_FORMATS:
                scans = check_jpeg(stream, width * height)
                _reduce_jpeg(image, needed_for(turned(full_size, read_orientation(image))))
            if image.format == "TIFF":
                check_strips(image)
            check_size(image, full_size, file_bytes, scans)
            frames = frames_of(image)
            if frames is not None and (purpose == "facts" or reading.plane != "first"):
                if purpose == "facts" or reading.plane is not None:
                    yield _loaded_frames(frames, file_bytes, reading, purpose)
                    return
                if purpose == "network":
                    refuse_blank_first(frames, reading)
                    image.seek(0)
            image.load()
            orientation = read_orientation(image)  # of a PNG it may stand behind the pixels
            full_size = turned(full_size, orientation)
            image = with_chosen_bands(image, reading)
            yield _Loaded(image, full_size, orientation, kind, mode, to_srgb(image), reading, frames=frames)


def _loaded_frames(frames: Frames, file_bytes: int, reading: PixelReading, purpose: Purpose) -> _Loaded:
    """Make a picture of what a reader found."""
    check_frames(frames, file_bytes)
    facts = [NO_FACTS]
    if purpose == "network":
        refuse_blank_first(frames, reading)
    else:
        reading = with_bands(frames, reading)
    if purpose == "facts":
        image = render(frames, reading, lambda numbers: facts.append(facts_of(frames, numbers)))
    else:
        image = render(frames, reading)
    if frames.profile:
        image.info["icc_profile"] = frames.profile
    full_size = turned((frames.width, frames.height), frames.orientation)
    return _Loaded(
        image,
        full_size,
        frames.orientation,
        frames.kind,
        frames.words,
        to_srgb(image),
        reading,
        facts[-1],
        frames,
    )


def _kind_of(stream: BinaryIO) -> tuple[str, int]:
    """Recognise the format, and measure the file; the stream is left at its beginning."""
    try:
        head = stream.read(HEAD_BYTES)
        file_bytes = stream.seek(0, io.SEEK_END)
        stream.seek(0)
    except OSError as error:
        raise explain(error) from error
    kind = picture_format(head)
    if kind is None:
        other = other_kind(head)
        raise UnreadableImage(other.sentence, other.advice)
    if kind == "TIFF" and is_camera_raw(stream):
        kind = "RAW"
    return kind, file_bytes


def _open_with(kind: str, stream: BinaryIO) -> Image.Image:
    """Read the header with the one decoder of that format."""
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    if kind == "TIFF":
        quieten_libtiff()
    if kind in _PLUGINS:
        importlib.import_module(f"PIL.{_PLUGINS[kind]}ImagePlugin")
    if kind in BEFORE_OPENING:
        BEFORE_OPENING[kind](stream)
    try:
        return Image.open(stream, formats=(kind,))
    except UnidentifiedImageError:
        if kind == "JPEG":
            name_jpeg(stream)
        raise


def _reduce_jpeg(image: Image.Image, needed: Size | None) -> None:
    """Let the JPEG decoder leave out detail: its cosine transform can run at 1/2, 1/4 and 1/8."""
    width, height = image.size
    factor = reduction(image.size)
    if needed is not None:
        height_needed, width_needed = turned(needed, read_orientation(image))
        spare = min(
            width // max(QUALITY_MARGIN * width_needed, SMALLEST_REDUCED_SIDE),
            height // max(QUALITY_MARGIN * height_needed, SMALLEST_REDUCED_SIDE),
        )
        factor = max(factor, spare)
    scale = 2 ** min(factor.bit_length() - 1, 3)
    if scale > 1:
        image.draft(None, (width // scale, height // scale))
