"""The questions that an import may ask, from the choice of a file to the last one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from desktop_app.core.images.sources import FileSource
from desktop_app.ui.common.files.file_dialog import FileDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.images.sources import Source
    from desktop_app.ui.library.labels_dialog import LabelsDialog
    from desktop_app.ui.library.pixels.pixels_dialog import PixelsDialog
    from desktop_app.workers.library.library import LibraryService
    from desktop_app.workers.library.library_worker import LabelsNeeded, MeaningQuestion
    from desktop_app.workers.library.pixels_question import PixelsQuestion

MODEL_ENDINGS = (".keras", ".h5", ".hdf5", ".onnx", ".tflite", ".sightline")
"""Names of files that are models and nothing else; exports of other programs come as ``.zip``, too."""
_FILTERS = (
    f"Models ({' '.join(f'*{ending}' for ending in MODEL_ENDINGS)} *.zip);;"
    "Keras (*.keras *.h5 *.hdf5);;ONNX (*.onnx);;TensorFlow Lite (*.tflite);;"
    "Exports of Teachable Machine and Lobe (*.zip);;Sightline (*.sightline);;All files (*)"
)
_UNVERIFIED_NOTE = "You can still use it if you trust its source. It is then shown as unverified."


def without_models(sources: Sequence[Source]) -> tuple[list[Path], list[Source]]:
    """Tell files that are models, by their names, from everything else."""
    models = [
        source.path
        for source in sources
        if isinstance(source, FileSource) and source.path.suffix.lower() in MODEL_ENDINGS
    ]
    others = [source for source in sources if not (isinstance(source, FileSource) and source.path in models)]
    return models, others


class ImportFlow(QObject):
    """Asks the library's questions; used by both panes."""

    def __init__(self, library: LibraryService, window: QWidget) -> None:
        super().__init__(window)
        self._library = library
        self._window = window
        self._asking = False
        library.meaning_needed.connect(self._on_meaning_needed)
        library.labels_needed.connect(self._on_labels_needed)
        library.pixels_needed.connect(self._on_pixels_needed)
        library.import_failed.connect(self._on_import_failed)
        library.wrong_checksum.connect(self._on_wrong_checksum)
        library.operation_ended.connect(self._on_ended)

    def choose_model(self) -> None:
        """Ask for a model file and import it."""
        chosen, _ = FileDialog.open_file(
            self._window,
            "Import a model",
            "",
            _FILTERS,
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

    def change_pixels(self, model_id: str) -> None:
        """Ask how a model in the library is to get its pictures from now on."""
        self._library.ask_input(model_id)

    def _on_meaning_needed(self, question: MeaningQuestion) -> None:
        from desktop_app.ui.library.meaning_dialog import MeaningDialog

        dialog = MeaningDialog(question, self._window)
        if dialog.exec() == MeaningDialog.DialogCode.Accepted:
            self._library.import_model(question.path, replace(question.wishes, task=dialog.chosen()))
        dialog.deleteLater()

    def _on_labels_needed(self, needed: LabelsNeeded) -> None:
        from desktop_app.ui.library.labels_dialog import AmountsDialog, LabelsDialog

        kind = AmountsDialog if needed.task == "regression" else LabelsDialog
        dialog = kind(needed, self._window)
        accepted = self._ask(dialog)
        if accepted:
            wishes = replace(needed.wishes, labels=dialog.labels(), task=needed.task, units=dialog.units())
            self._library.import_model(needed.path, wishes)
        dialog.deleteLater()

    def _on_pixels_needed(self, question: PixelsQuestion) -> None:
        from desktop_app.ui.library.pixels.pixels_dialog import PixelsDialog

        dialog = PixelsDialog(question, self._window)
        accepted = self._ask(dialog)
        given = dialog.chosen()
        if accepted and given is not None and question.model_id:
            self._library.set_input(question.model_id, given)
        elif accepted and given is not None:
            self._library.import_model(question.path, replace(question.wishes, given=given))
        dialog.deleteLater()

    def _ask(self, dialog: LabelsDialog | PixelsDialog) -> bool:
        """Let a dialog ask, which may try the model meanwhile; return whether it was accepted.

        The process that tries it stays for the next question about the same model.
        """
        trials = self._library.trials
        links = [
            dialog.trial_requested.connect(trials.ask),
            trials.pictures_read.connect(dialog.show_pictures),
            trials.answered.connect(dialog.show_answers),
            trials.clue_found.connect(dialog.show_clue),
            trials.failed.connect(lambda reason: dialog.end_trial(reason.sentence)),
            trials.ended.connect(dialog.end_trial),
        ]
        self._asking = True
        dialog.begin()
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        self._asking = False
        for link in links:
            QObject.disconnect(link)
        if not accepted:
            trials.close()
        return accepted

    def _on_ended(self) -> None:
        """Whatever was imported or changed: there is no question left that a trial could help with."""
        if not self._asking:
            self._library.trials.close()

    def _on_import_failed(self, reason: Reason) -> None:
        """Say what to do in full, for which the status line has no room."""
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
