"""Linear light to what screens show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def encoded(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Encode linear light as sRGB (IEC 61966-2-1): both 0 to 1; more and less are cut off, NaN is 0."""
    shown = np.nan_to_num(light, nan=0.0, posinf=1.0, neginf=0.0).clip(0, 1)
    bright = shown > 0.0031308
    shown[~bright] *= 12.92
    shown[bright] = 1.055 * shown[bright] ** (1 / 2.4) - 0.055
    return shown
