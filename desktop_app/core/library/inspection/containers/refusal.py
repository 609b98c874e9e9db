"""How a model file is refused."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NoReturn

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def to_the_maker(what: str) -> str:
    """Advise whoever made a model, and whoever was given it.

    Args:
        what: What its maker can do, as a clause without a full stop.
    """
    return f"If you made it yourself: {what}. If it is somebody else's: ask for such a file."


ADVICE = to_the_maker(
    "build it in Keras 3 from its own layers and the functions of keras.ops, and save it whole with "
    "model.save('NAME.keras')"
)


class Refusal(ModelError):
    """A model file is refused.

    Attributes:
        clause: Reason that continues "It is refused: ".
    """

    def __init__(self, clause: str, advice: str, name: str = "This model") -> None:
        super().__init__(f"{name} is refused: {clause}.", advice)
        self.clause = clause


def refuse(clause: str, advice: str = ADVICE) -> NoReturn:
    """Refuse the model with a clause that continues "This model is refused: ".

    Raises:
        Refusal: Always; `naming_the_file` puts in the name.
    """
    raise Refusal(printable(clause), advice)


@contextlib.contextmanager
def naming_the_file(path: Path) -> Iterator[None]:
    """Name a file in the refusals of the body; of several names, the outermost is used.

    Raises:
        Refusal: The body's refusal, with the name.
    """
    try:
        yield
    except Refusal as refusal:
        name = printable(path.name)
        raise Refusal(
            refusal.clause, refusal.advice, name if len(name) <= 80 else f"{name[:77]}..."
        ) from refusal


def short(value: object, length: int = 60) -> str:
    """Quote something from the file without letting it fill the screen."""
    text = (
        str(value) if isinstance(value, str | int | float | bool) or value is None else type(value).__name__
    )
    return f"'{text[:length]}...'" if len(text) > length else f"'{text}'"
