"""A network as a table of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


def summarise(model: keras.Model) -> str:
    """List a network's layers with the shape of what they give and their number of weights.

    A model within the model is listed by its own layers.
    """
    rows = [("Layer", "Kind", "Output", "Weights"), *_rows(model)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(
            [
                *(cell.ljust(width) for cell, width in zip(row[:3], widths[:3], strict=True)),
                row[3].rjust(widths[3]),
            ]
        )
        for row in rows
    ]
    return "\n".join([*lines, f"{model.count_params():,} weights in total"])


def _rows(model: keras.Model) -> list[tuple[str, str, str, str]]:
    import keras

    rows = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            rows += _rows(layer)[1:]  # without its input, which is the layer before
        else:
            shape = _shape(layer)
            rows.append((layer.name, type(layer).__name__, shape, f"{layer.count_params():,}"))
    return rows


def _shape(layer: Any) -> str:
    """Without the number of pictures: "62 x 62 x 32"."""
    return " x ".join(str(size) for size in layer.output.shape[1:])
