"""What the numbers of a grey DICOM picture mean: units, window, padding (PS3.3, C.11.1 and C.11.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Window(NamedTuple):
    """The numbers that are shown.

    Attributes:
        centre: Middle of the window, in units.
        width: Its width.
        function: ``LINEAR``, ``LINEAR_EXACT`` or ``SIGMOID``.
    """

    centre: float
    width: float
    function: str


@dataclass(frozen=True, slots=True)
class Grey:
    """How stored numbers become what is shown.

    Attributes:
        dataset: The data set, for tables.
        slope: What a stored number is multiplied by to have it in units.
        intercept: What is added then.
        window: Window that is not linear, or so narrow that it is a threshold; None for others.
        tables: Whether units or window are tables.
        padding: Least and greatest stored number that is no part of the picture; None for none.
        dtype: Type of what is shown.
        low: Number that is black.
        high: Number that is white; both None where the data set does not say.
    """

    dataset: Any
    slope: float
    intercept: float
    window: Window | None
    tables: bool
    padding: tuple[float, float] | None
    dtype: np.dtype[Any]
    low: float | None
    high: float | None


def grey_of(dataset: Any) -> Grey:
    """Read what a data set says about its grey numbers."""
    slope, intercept = _rescale(dataset)
    whole = (
        slope == int(slope) and intercept == int(intercept) and abs(slope) < 256 and abs(intercept) < 2**24
    )
    floats = any(name in dataset for name in ("FloatPixelData", "DoubleFloatPixelData"))
    dtype = np.dtype(np.float32 if floats or not whole or int(dataset.BitsAllocated) > 16 else np.int32)
    window = _window(dataset)
    special = (
        window if window and (window.function == "SIGMOID" or _span(window)[0] >= _span(window)[1]) else None
    )
    tables = bool(dataset.get("ModalityLUTSequence")) or (bool(dataset.get("VOILUTSequence")) and not window)
    low, high = _range(dataset, slope, intercept, floats=floats)
    if window is not None:
        low, high = _span(window)
    if tables:
        low, high, dtype = None, None, np.dtype(np.float32)
        if dataset.get("VOILUTSequence") and not window:
            low, high = 0.0, 2.0 ** int(dataset.VOILUTSequence[0].LUTDescriptor[2]) - 1
        elif window is not None:
            low, high = _span(window)
    if special is not None:
        low, high, dtype = 0.0, 1.0, np.dtype(np.float32)
    return Grey(dataset, slope, intercept, special, tables, _padding(dataset), dtype, low, high)


def apply_window(grey: Grey, stored: NDArray[Any], plane: int) -> NDArray[Any]:
    """Bring the stored numbers of a plane into units, and where it is not linear through the window.

    Returns:
        Numbers ``(height, width)`` of ``grey.dtype``; padding is masked.
    """
    if grey.tables:
        values = _by_tables(grey, stored, plane)
    elif (grey.slope, grey.intercept) == (1, 0):
        values = stored.astype(grey.dtype, copy=False)
    else:
        values = (stored.astype(np.float64) * grey.slope + grey.intercept).astype(grey.dtype)
    if grey.window is not None:
        values = _through(values, grey.window)
    if grey.padding is None:
        return values
    low, high = grey.padding
    masked: NDArray[Any] = np.ma.masked_array(values, (stored >= low) & (stored <= high))
    return masked


def _by_tables(grey: Grey, stored: NDArray[Any], plane: int) -> NDArray[Any]:
    from pydicom.pixels import apply_modality_lut, apply_voi

    values = apply_modality_lut(stored, grey.dataset)
    if grey.high is not None and grey.window is None and grey.dataset.get("VOILUTSequence"):
        values = apply_voi(np.rint(values).astype(np.int32), grey.dataset, index=0)
    del plane
    shown: NDArray[Any] = np.asarray(values).astype(np.float32)
    return shown


def _through(values: NDArray[Any], window: Window) -> NDArray[Any]:
    """0 to 1 (C.11.2.1.2, C.11.2.1.3)."""
    if window.function == "SIGMOID":
        with np.errstate(over="ignore"):
            shown = 1 / (1 + np.exp(-4 * (values.astype(np.float64) - window.centre) / window.width))
        return shown.astype(np.float32)
    limit = window.centre - (0.5 if window.function == "LINEAR" else 0)
    return (values > limit).astype(np.float32)


def _span(window: Window) -> tuple[float, float]:
    """The numbers that a linear window shows as black and white."""
    if window.function == "LINEAR":
        half = (window.width - 1) / 2
        return window.centre - 0.5 - half, window.centre - 0.5 + half
    return window.centre - window.width / 2, window.centre + window.width / 2


def _groups(dataset: Any, name: str) -> Any:
    """A functional group of the first frame, as multi-frame files keep it, or the data set itself."""
    for keeper in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        for group in (dataset.get(keeper) or ())[:1]:
            for item in (group.get(name) or ())[:1]:
                return item
    return dataset


def _rescale(dataset: Any) -> tuple[float, float]:
    group = _groups(dataset, "PixelValueTransformationSequence")
    slope, intercept = group.get("RescaleSlope"), group.get("RescaleIntercept")
    if slope is None or intercept is None or not np.isfinite([float(slope), float(intercept)]).all():
        return 1.0, 0.0
    return float(slope) or 1.0, float(intercept)


def _window(dataset: Any) -> Window | None:
    """The first window of several."""
    group = _groups(dataset, "FrameVOILUTSequence")
    centre, width = _first(group.get("WindowCenter")), _first(group.get("WindowWidth"))
    if centre is None or width is None or not np.isfinite([centre, width]).all() or width <= 0:
        return None
    function = str(group.get("VOILUTFunction") or "LINEAR").strip().upper()
    return Window(centre, width, function if function in {"LINEAR_EXACT", "SIGMOID"} else "LINEAR")


def _first(value: Any) -> float | None:
    if value is None or value == "":
        return None
    values = list(value) if isinstance(value, list | tuple) or hasattr(value, "append") else [value]
    return float(values[0]) if values else None


def _range(
    dataset: Any, slope: float, intercept: float, *, floats: bool
) -> tuple[float | None, float | None]:
    """The numbers that can occur, where they fill less than the whole 16 bits; others say nothing by that."""
    bits = int(dataset.get("BitsStored", 16))
    if floats or bits >= 16:
        return None, None
    signed = int(dataset.get("PixelRepresentation", 0)) == 1
    least = -(2.0 ** (bits - 1)) if signed else 0.0
    ends = sorted((least * slope + intercept, (least + 2.0**bits - 1) * slope + intercept))
    return ends[0], ends[1]


def _padding(dataset: Any) -> tuple[float, float] | None:
    value = dataset.get("PixelPaddingValue")
    if not isinstance(value, int):
        return None
    limit = dataset.get("PixelPaddingRangeLimit")
    ends = sorted((value, limit if isinstance(limit, int) else value))
    return float(ends[0]), float(ends[1])
