"""What is said to whoever made an ONNX file that is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from desktop_app.core.library.inspection.containers.refusal import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable

EXPORT_AGAIN = (
    "Export the network to ONNX again: one file, float32, one input for pictures and one output for classes, "
    "with ONNX's own operators."
)
FLOAT32 = "Export the network in float32: model.float() in PyTorch before the export."
DAMAGED = "Copy or download it again; if that does not help, export the network again."


def refuse_onnx(clause: str, advice: str = EXPORT_AGAIN) -> NoReturn:
    """Refuse the file with a clause that continues "This model is refused: ".

    Raises:
        ModelError: Always.
    """
    refuse(clause, advice)


def refuse_damaged(clause: str) -> NoReturn:
    """Refuse a file that cannot be read.

    Raises:
        ModelError: Always.
    """
    refuse(f"it is damaged: {clause}", DAMAGED)


def listed(values: Iterable[object]) -> str:
    """Values in a few words, whatever they are."""
    return ", ".join(str(value)[:40] for value in values)[:200]
