"""How the numbers of a file become a picture, where the file leaves it open."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from desktop_app.core.foundation.record import Record

Plane = Literal["first", "middle", "maximum", "mean"]
"""What is seen of a stack: one of its planes, or each pixel's largest or mean number over all of them."""

Thin = Literal["whole", "crop", "parts"]
"""What is seen of a very long or very high picture."""

Band = Annotated[int, Field(ge=0, le=9_999)]
Number = Annotated[float, Field(allow_inf_nan=False)]


def _named(thin: object) -> object:
    """The name of what earlier builds wrote as yes or no."""
    return {True: "whole", False: None}[thin] if isinstance(thin, bool) else thin


class PixelReading(Record):
    """Decisions about pixels that hold for all pictures of a data set, in training as in prediction.

    Attributes:
        black: The number that becomes black in pictures of more than 8 bits; None for what the file says.
        white: The number that becomes white, with ``black``; the smaller one in a negative.
        plane: What is seen of a file with several planes; None for the first, as nobody has chosen.
        bands: The bands that become red, green and blue, from 0; None for the file's own colours.
        thin: How very long or very high pictures are seen: ``whole``, squashed like the others; ``crop``, the
            centre in its proportions; ``parts``, a model is trained on that centre, and finds the part that
            tells most. None where nobody has chosen.
    """

    black: Number | None = None
    white: Number | None = None
    plane: Plane | None = None
    bands: tuple[Band, Band, Band] | None = None
    thin: Annotated[Thin | None, BeforeValidator(_named)] = None

    @property
    def is_as_stored(self) -> bool:
        """Whether nothing was decided."""
        return self == AS_STORED

    @property
    def of_numbers(self) -> PixelReading:
        """What of it decides which numbers of a file are looked at: plane and bands."""
        return PixelReading(plane=self.plane, bands=self.bands)

    @model_validator(mode="after")
    def _has_both_ends(self) -> Self:
        if (self.black is None) != (self.white is None) or (
            self.black is not None and self.black == self.white
        ):
            message = "black and white go together, and differ"
            raise ValueError(message)
        return self


AS_STORED = PixelReading()
"""What each file says by itself."""
