"""How a model file is refused."""

from __future__ import annotations

from typing import NoReturn

from desktop_app.core.errors import ModelError
from desktop_app.core.images.sources import printable

ADVICE = (
    "Sightline opens plain image classifiers that were saved with Keras 3 as a .keras file; "
    "ask whoever made this one for such a file."
)


def refuse(reason: str) -> NoReturn:
    """Refuse the model for a reason that continues "This model is refused: ".

    Raises:
        ModelError: Always.
    """
    raise ModelError(f"This model is refused: {printable(reason)}.", ADVICE)


def short(value: object, length: int = 60) -> str:
    """Quote something from the file without letting it fill the screen."""
    text = (
        str(value) if isinstance(value, str | int | float | bool) or value is None else type(value).__name__
    )
    return f"'{text[:length]}...'" if len(text) > length else f"'{text}'"
