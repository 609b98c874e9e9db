"""Modules that the window needs later, imported where nobody waits for them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.foundation.gc_pause import collector_resting
from desktop_app.workers.threads.task import Lane

if TYPE_CHECKING:
    from collections.abc import Sequence


class Imports(QObject):
    """Imports modules in a thread that ends with the last of them.

    Whoever imports one of them meanwhile waits for that one alone.

    Signals:
        ended: All are imported, or one could not be: whoever needs it then finds out why.
    """

    ended = Signal()

    def __init__(self, modules: Sequence[str], parent: QObject | None = None) -> None:
        """Import nothing yet.

        Args:
            modules: Full names, in the order of their import.
            parent: Qt's owner, if any.
        """
        super().__init__(parent)
        self._modules = tuple(modules)
        self._lane = Lane("imports", self, _nothing)

    def begin(self) -> None:
        """Import them all; `ended` follows."""
        self._lane.do(_import_all, self._modules, work="Loading parts of Sightline", on_end=self._on_end)

    def shutdown(self, seconds: float = 2.0) -> bool:
        """End the thread; returns whether it has ended."""
        return self._lane.stop(seconds)

    def _on_end(self) -> None:
        self._lane.quit()
        self.ended.emit()


def _nothing() -> None:
    """The modules say themselves what they need."""


def _import_all(modules: Sequence[str]) -> None:
    with collector_resting(keep=True):
        for module in modules:
            importlib.import_module(module)
