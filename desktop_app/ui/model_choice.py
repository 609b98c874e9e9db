"""Which model is used: chosen by the user, made by a training, or the default one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.ui.common.model_facts import is_missing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.settings import SettingsStore
    from desktop_app.ui.classify.classify_pane import ClassifyPane
    from desktop_app.ui.services import WindowServices
    from desktop_app.workers.classify.messages import ModelEntry


class ModelChoice(QObject):
    """Follows the library's list and gives the chosen model to the Classify pane.

    Signals:
        chosen: The id of the model to remember for the next start; None for the default one.
        pictures_opened: The paths to classify with the model that has just been chosen.
        said: A sentence for the status bar, and whether it reports a failure.
    """

    chosen = Signal(object)
    pictures_opened = Signal(object)
    said = Signal(str, bool)

    def __init__(
        self, services: WindowServices, classify: ClassifyPane, store: SettingsStore, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = services.session
        self._library = services.library
        self._classify = classify
        self._store = store
        self._reminded = False
        self._awaited_model = ""
        self._awaited_pictures: Sequence[Path] = ()
        self._library.models_changed.connect(self._on_models_changed)

    def choose(self, model_id: str) -> None:
        """Use a model from now on."""
        self.chosen.emit(model_id)
        self._classify.choose_model(model_id)

    def choose_trained(self, model_id: str, pictures: Sequence[Path] = ()) -> None:
        """Classify these pictures with a newly trained model, which may not be listed yet."""
        self._awaited_model, self._awaited_pictures = model_id, pictures
        if not self._take_awaited(self._library.models()):
            self._library.refresh()

    def _take_awaited(self, entries: tuple[ModelEntry, ...]) -> bool:
        """Choose the model that was asked for; False when it is not there."""
        if all(entry.model_id != self._awaited_model for entry in entries):
            return False
        model_id, self._awaited_model = self._awaited_model, ""
        self.choose(model_id)
        pictures, self._awaited_pictures = self._awaited_pictures, ()
        if pictures:
            self.pictures_opened.emit(pictures)
        return True

    def _on_models_changed(self, entries: tuple[ModelEntry, ...]) -> None:
        """Offer the download once when the model that the user chose earlier is not here."""
        self._replace_removed(entries)
        if self._awaited_model and entries and not self._take_awaited(entries):
            self.said.emit(f"The model {self._awaited_model} is no longer in the library.", True)
            self._awaited_model, self._awaited_pictures = "", ()
        if self._reminded or not entries:
            return
        self._reminded = True
        for entry in entries:
            if entry.model_id == self._store.settings.model_id and is_missing(entry):
                self._classify.offer_download(entry.model_id)

    def _replace_removed(self, entries: tuple[ModelEntry, ...]) -> None:
        """Use the default model when the one in use has been removed."""
        current = self._session.model_status.model_id
        here = {entry.model_id for entry in entries if not is_missing(entry)}
        if here and current and current not in here:
            self.chosen.emit(None)
            self._classify.choose_model(None)
