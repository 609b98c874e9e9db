"""What a reader finds in a file: numbers, and everything that the file says about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Colours = Literal["grey", "rgb", "cmyk", "lab", "bands"]
"""``grey``: one band, or one and transparency; ``rgb``: red, green and blue, perhaps with transparency, meant
for the eye; ``cmyk``: four inks; ``lab``: CIE L*a*b* of 8 bits, a and b with a sign; ``bands``: any number
of bands of which the file does not say how they are shown."""


_NAMES = {"grey": "grey", "rgb": "RGB", "cmyk": "CMYK", "lab": "Lab"}


class ReadPlane(Protocol):
    """Function that reads one plane; it may be called again and in any order."""

    def __call__(self, plane: int, /) -> NDArray[Any]:
        """Read numbers ``(height, width, bands)``, also of one band.

        Invalid pixels are masked (`numpy.ma`) or, in floats, not-a-number.

        Args:
            plane: Number of the plane, from 0.
        """


@dataclass(frozen=True, slots=True)
class Frames:
    """The pictures in a file; only its header is read before `read` is called.

    So a reader need not check sizes: what calls `read` has refused what would take too much memory.

    Attributes:
        kind: Name of the format in sentences: "TIFF", "DICOM".
        height: Height of each plane in pixels, not turned upright.
        width: Width, likewise.
        bands: Numbers of each pixel, transparency included.
        dtype: Type of the numbers that `read` gives, in this machine's byte order.
        read: Function that reads a plane.
        colours: What the bands are.
        planes: Number of planes that show different things; thumbnails and smaller copies are none.
        plane_word: What the planes are, in the plural: "planes", "pages", "slices", "frames".
        band_names: Names of the bands as the file gives them; empty where it does not.
        low: The number that the file declares as the least that can occur, for all files of its kind; None
            where it does not say, which is usual.
        high: The greatest one, with ``low``.
        white_is_low: Whether the lowest number is white.
        alpha: Index of the band that is transparency; None for none.
        premultiplied: Whether the colours are multiplied by the transparency already.
        profile: ICC profile of the colours.
        orientation: EXIF orientation in which the numbers lie, 1 to 8; 1 where the reader turns them.
        needed_bytes: Most memory that one call of `read` takes; None for one copy of the plane, and the file.
        mode: Kind of numbers for people: "13 channels of 16 bits"; made from the others when empty.
    """

    kind: str
    height: int
    width: int
    bands: int
    dtype: np.dtype[Any]
    read: ReadPlane
    colours: Colours
    planes: int = 1
    plane_word: str = "planes"
    band_names: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    white_is_low: bool = False
    alpha: int | None = None
    premultiplied: bool = False
    profile: bytes | None = None
    orientation: int = 1
    needed_bytes: int | None = None
    mode: str = ""

    @property
    def words(self) -> str:
        """Kind of numbers for people: "13 channels of 16 bits", "grey, 16 bits, signed"."""
        if self.mode:
            return self.mode
        size = 1 if self.dtype == bool else 8 * self.dtype.itemsize
        bits = f"{size} bit{'s' if size > 1 else ''}"
        kind = {"f": ", floating point", "i": ", signed"}.get(self.dtype.kind, "")
        if self.colours == "bands":
            return f"{self.bands} channels of {bits}{kind}"
        return f"{_NAMES[self.colours]}, {bits}{kind}"
