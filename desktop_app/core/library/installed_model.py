"""A model of the library as lists show it, and one in the trash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import readable_size

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from desktop_app.core.library.card import ModelCard

_WORTH_A_WORD = 0.05


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model folder, usable or not, or the published VGG19 while it is not here.

    Attributes:
        model_id: Folder name and name on the command line.
        name: Readable name; the id when there is no card.
        card: None when it cannot be read, or while VGG19's weights are not here.
        folder: Its folder; None while VGG19's weights are not here.
        bytes: Size on disk, without what is made of it for OpenVINO.
        problem: Reason why it cannot be used, as a sentence; empty when it can.
        shipped: Whether it came with the app and cannot be removed.
        to_prepare: Whether it is in the box and its folder is made when `Library.get` asks for it first.
        engine_bytes: Size of what is made of it for OpenVINO and lies in its folder.
        engine: What computes its answers, in words, where somebody wants to show it; else empty.
    """

    model_id: str
    name: str
    card: ModelCard | None
    folder: Path | None
    bytes: int = 0
    problem: str = ""
    shipped: bool = False
    to_prepare: bool = False
    engine_bytes: int = 0
    engine: str = ""

    @property
    def size_words(self) -> str:
        """Its size, and that of what is made of it for OpenVINO, where that is worth a word."""
        more = self.engine_bytes > _WORTH_A_WORD * self.bytes
        words = f", plus {readable_size(self.engine_bytes)} for OpenVINO" if more else ""
        return f"{readable_size(self.bytes)}{words}"

    @property
    def from_elsewhere(self) -> bool:
        """Whether another program made it, so that only the user knows how it gets its pictures."""
        card = self.card
        return (
            card is not None
            and card.origin == "imported"
            and card.architecture in {"keras", "onnx", "tflite"}
            and not card.recipe
            and card.bank is None
        )

    @property
    def weights(self) -> Path | None:
        """The weights file; None when there is none that could be used."""
        if self.card is None or self.folder is None:
            return None
        return self.folder / self.card.weights_file


@dataclass(frozen=True, slots=True)
class TrashedModel:
    """A removed model that can be restored until the trash is emptied.

    Attributes:
        model_id: Its id in the library.
        name: Readable name.
        folder: Its folder in the trash.
        removed: Time of its removal (UTC).
    """

    model_id: str
    name: str
    folder: Path
    removed: datetime
