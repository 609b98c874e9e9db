"""How a picture file becomes the pixels that a network sees, in training as in prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.images.decoding.decode import read_fitted

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.networks.input_spec import Fitting


def read_prepared(path: Path, fitting: Fitting) -> NDArray[np.uint8]:
    """Decode a picture and bring it to a network's size, exactly as the classifier does it.

    Args:
        path: Path of the file.
        fitting: What decides which pixels the network sees, as in the card that it will get.

    Returns:
        RGB, uint8 ``(height, width, 3)``.

    Raises:
        UnreadableImage: Why not, as a sentence, with advice.
    """
    return read_fitted(path, fitting)
