"""One error for everything that a decoder may raise.

On damaged files Pillow and its relatives raise OSError, ValueError, TypeError, IndexError, KeyError,
AttributeError, RuntimeError, SyntaxError, struct.error, zlib.error, NotImplementedError, EOFError,
MemoryError, DecompressionBombError and, where warnings are errors, warnings.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PIL import Image

from desktop_app.core.foundation.errors import Cancelled, UnreadableImage
from desktop_app.core.images.decoding.limits import MAX_PIXELS
from desktop_app.core.images.decoding.opening import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

GET_AGAIN = "Get the picture again from its source, or open it in another program and save it again."


@contextmanager
def one_error(kind: str) -> Iterator[None]:
    """Turn whatever the body raises into `UnreadableImage`.

    Args:
        kind: Name of the format for the sentence, such as ``JPEG``.
    """
    try:
        yield
    except (UnreadableImage, Cancelled):
        raise
    except Exception as error:
        raise _phrase(error, kind) from error


def _phrase(error: Exception, kind: str) -> UnreadableImage:
    if isinstance(error, OSError) and error.errno:
        return explain(error)
    if isinstance(error, MemoryError):
        advice = "Close other programs, or save the picture smaller."
        return UnreadableImage("There is not enough free memory to open the picture.", advice)
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        reason = f"The picture has more than {MAX_PIXELS // 1_000_000} megapixels."
        return UnreadableImage(reason, "Save the picture smaller and try again.")
    if isinstance(error, EOFError) or "truncated" in str(error).lower():
        return UnreadableImage(
            f"The {kind} picture is incomplete: the rest of the file is missing.", GET_AGAIN
        )
    reason = f"The file begins like a {kind} picture, but what follows is damaged or unusual."
    return UnreadableImage(reason, GET_AGAIN)
