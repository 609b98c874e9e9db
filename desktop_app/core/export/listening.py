"""Who listens to an export, and may end it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """What an export does just now.

    Attributes:
        words: It, in a few words: "Writing the model…".
        done: Pictures that the written file has answered.
        total: All of them; 0 while nothing is counted.
    """

    words: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a step works, and who listens to it."""

    folder: Path
    cancel: CancelToken
    on_progress: Callable[[ExportProgress], None]

    def tell(self, sentence: str) -> None:
        """Show what is being done, unless it is to end."""
        self.cancel.check()
        self.on_progress(ExportProgress(sentence))
