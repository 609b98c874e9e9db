"""The questions that an import may ask, from the choice of a file to the last one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_app.ui.common.dialogs import confirm
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.library.labels_dialog import LabelsDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.workers.library.library import LibraryService
    from desktop_app.workers.library.library_worker import LabelsNeeded

_UNVERIFIED_NOTE = "You can still use it if you trust its source. It is then shown as unverified."
WEIGHTS_ENDINGS = {".h5", ".hdf5"}


class ImportFlow(QObject):
    """Asks the library's questions; used by both panes."""

    def __init__(self, library: LibraryService, window: QWidget) -> None:
        super().__init__(window)
        self._library = library
        self._window = window
        library.labels_needed.connect(self._on_labels_needed)
        library.wrong_checksum.connect(self._on_wrong_checksum)

    def choose_model(self) -> None:
        """Ask for a model file and import it."""
        chosen, _ = FileDialog.open_file(
            self._window,
            "Import a model",
            "",
            "Models (*.keras *.sightline *.h5);;All files (*)",
        )
        if chosen:
            self.import_file(Path(chosen))

    def choose_weights(self) -> None:
        """Ask for the file with the published VGG19 weights and import it."""
        chosen, _ = FileDialog.open_file(
            self._window, "Import the VGG19 weights", "", "Weights (*.h5);;All files (*)"
        )
        if chosen:
            self._library.import_vgg19(Path(chosen))

    def import_file(self, path: Path) -> None:
        """Import a file by its kind: weights belong to VGG19, all else is a whole model."""
        if path.suffix.lower() in WEIGHTS_ENDINGS:
            self._library.import_vgg19(path)
        else:
            self._library.import_model(path)

    def _on_labels_needed(self, needed: LabelsNeeded) -> None:
        dialog = LabelsDialog(needed.path, needed.outputs, self._window)
        if dialog.exec() == LabelsDialog.DialogCode.Accepted:
            self._library.import_model(needed.path, labels=dialog.labels())
        dialog.deleteLater()

    def _on_wrong_checksum(self, path: Path, sentence: str) -> None:
        question = f"{sentence}\n\n{_UNVERIFIED_NOTE}"
        if confirm(self._window, "Not the published file", question, "Use it anyway"):
            self._library.import_vgg19(path, unverified=True)
