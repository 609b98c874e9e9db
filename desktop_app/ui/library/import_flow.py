"""The questions that an import may ask, from the choice of a file to the last one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from desktop_app.ui.common.files.file_dialog import FileDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.networks.input_spec import Preprocessing
    from desktop_app.ui.library.pixels_dialog import PixelsDialog
    from desktop_app.workers.library.library import LibraryService
    from desktop_app.workers.library.library_worker import LabelsNeeded, MeaningQuestion
    from desktop_app.workers.library.pixels_question import PixelsQuestion

_UNVERIFIED_NOTE = "You can still use it if you trust its source. It is then shown as unverified."


class ImportFlow(QObject):
    """Asks the library's questions; used by both panes."""

    def __init__(self, library: LibraryService, window: QWidget) -> None:
        super().__init__(window)
        self._library = library
        self._window = window
        self._asking: PixelsDialog | None = None
        library.meaning_needed.connect(self._on_meaning_needed)
        library.labels_needed.connect(self._on_labels_needed)
        library.pixels_needed.connect(self._on_pixels_needed)
        library.import_failed.connect(self._on_import_failed)
        library.wrong_checksum.connect(self._on_wrong_checksum)

    def choose_model(self) -> None:
        """Ask for a model file and import it."""
        chosen, _ = FileDialog.open_file(
            self._window,
            "Import a model",
            "",
            "Models (*.keras *.sightline *.h5 *.hdf5);;All files (*)",
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
        """Import a file, weights of VGG19 or a whole model."""
        self._library.import_file(path)

    def _on_meaning_needed(self, question: MeaningQuestion) -> None:
        from desktop_app.ui.library.meaning_dialog import MeaningDialog

        dialog = MeaningDialog(question, self._window)
        if dialog.exec() == MeaningDialog.DialogCode.Accepted:
            self._library.import_model(question.path, task=dialog.chosen())
        dialog.deleteLater()

    def _on_labels_needed(self, needed: LabelsNeeded) -> None:
        from desktop_app.ui.library.labels_dialog import AmountsDialog, LabelsDialog

        kind = AmountsDialog if needed.task == "regression" else LabelsDialog
        dialog = kind(needed.path, needed.outputs, self._window, needed.task)
        if dialog.exec() == LabelsDialog.DialogCode.Accepted:
            self._library.import_model(
                needed.path, labels=dialog.labels(), task=needed.task, units=dialog.units()
            )
        dialog.deleteLater()

    def _on_pixels_needed(self, question: PixelsQuestion) -> None:
        if self._asking is not None:
            self._asking.show_question(question)  # again, with other pictures
            return
        from desktop_app.ui.library.pixels_dialog import PixelsDialog

        self._asking = PixelsDialog(question, self._window)
        self._asking.trial_requested.connect(partial(self._try_pixels, question))
        accepted = self._asking.exec() == PixelsDialog.DialogCode.Accepted
        dialog, self._asking = self._asking, None
        if accepted:
            self._import(question, pixels=dialog.chosen())
        dialog.deleteLater()

    def _try_pixels(self, question: PixelsQuestion, pictures: tuple[Path, ...]) -> None:
        self._import(question, pictures=pictures)

    def _import(
        self,
        question: PixelsQuestion,
        pixels: Preprocessing | None = None,
        pictures: tuple[Path, ...] = (),
    ) -> None:
        """Import with what was said before, and with this."""
        self._library.import_model(
            question.path,
            question.name,
            question.labels,
            pixels,
            pictures,
            task=question.task,
            units=question.units,
        )

    def _on_import_failed(self, reason: Reason) -> None:
        """Say what to do in full, for which the status line has no room."""
        if self._asking is not None:
            self._asking.end_trial(reason.sentence)
            return
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(QMessageBox.Icon.Warning, "Import", reason.text, parent=self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(reason.advice)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _on_wrong_checksum(self, path: Path, sentence: str) -> None:
        question = f"{sentence}\n\n{_UNVERIFIED_NOTE}"
        from desktop_app.ui.common.dialogs import confirm

        if confirm(self._window, "Not the published file", question, "Use it anyway"):
            self._library.import_vgg19(path, unverified=True)
