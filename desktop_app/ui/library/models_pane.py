"""The Models pane: the installed models, those to download, and what to do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from desktop_app.core.images.sources import FileSource
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, scrolling, vertical
from desktop_app.ui.common.dropping.drop_pane import DropPane
from desktop_app.ui.common.undo_bar import UndoBar
from desktop_app.ui.library.card_grid import CardGrid
from desktop_app.ui.library.class_list_dialog import ClassListDialog
from desktop_app.ui.library.model_card import ModelCardView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.images.sources import Source
    from desktop_app.ui.library.import_flow import ImportFlow
    from desktop_app.workers.classify.messages import ModelEntry, TransferProgress
    from desktop_app.workers.library.library import LibraryService

_TIP = (
    "Keras (.keras, .h5), ONNX, TensorFlow Lite, an export of Teachable Machine or Lobe (ZIP or folder), a "
    "Sightline model, or the VGG19 weights. You can drop it here too."
)
_NO_MODEL = "This is no model: drop the file or the folder that it is in."


class ModelsPane(DropPane):
    """A card for each model, and the undo bar; a model file or folder that is dropped here is imported.

    Signals:
        model_chosen: The id of a model to use.
        export_requested: The id of a model to export.
        said: A sentence for the status line, and whether it is about an error.
    """

    model_chosen = Signal(str)
    export_requested = Signal(str)
    said = Signal(str, bool)

    def __init__(self, library: LibraryService, imports: ImportFlow, current: str) -> None:
        super().__init__("Drop to import")
        self._library = library
        self._imports = imports
        self.sources_arrived.connect(self._on_sources_arrived)
        self.refused.connect(lambda _sentence: self.said.emit(_NO_MODEL, True))
        self._current = current
        self._cards: dict[str, ModelCardView] = {}
        self._grid = CardGrid()
        self._undo = UndoBar()
        self._undo.undo_requested.connect(library.undo_remove)
        bring = button("Import…", "import", tip=_TIP)
        bring.clicked.connect(imports.choose_model)
        self._choose_weights = imports.choose_weights

        top = horizontal(margins=(16, 0, 16, 0))
        top.addWidget(heading("Models"))
        top.addStretch(1)
        top.addWidget(bring)
        scroll = scrolling(self._grid)
        bottom = horizontal(margins=(16, 0, 16, 16))
        bottom.addWidget(self._undo)
        layout = vertical(self, spacing=16, margins=(0, 16, 0, 0))
        layout.addLayout(top)
        layout.addWidget(scroll, 1)
        layout.addLayout(bottom)

        library.models_changed.connect(self._on_models_changed)
        library.transfer_progressed.connect(self._on_transfer_progressed)
        for ended in (library.transfer_ended, library.operation_ended, library.wrong_checksum):
            ended.connect(lambda *_: self._on_transfer_ended())
        library.transfer_ended.connect(self._on_download_ended)
        library.undo_available.connect(self._undo.offer)
        self._on_models_changed(library.models())

    def show_current(self, model_id: str) -> None:
        """Mark the model in use."""
        self._current = model_id
        for card in self._cards.values():
            card.show_current(model_id)

    def _on_models_changed(self, entries: tuple[ModelEntry, ...]) -> None:
        cards = {}
        for entry in entries:
            card = self._cards.get(entry.model_id)
            # A card that is still right stays, and with it the keyboard focus.
            cards[entry.model_id] = card if card is not None and card.entry == entry else self._card(entry)
        self._cards = cards
        self._grid.show_cards(list(cards.values()))
        self.show_current(self._current)

    def _card(self, entry: ModelEntry) -> ModelCardView:
        card = ModelCardView(entry)
        card.use_requested.connect(self.model_chosen)
        card.download_requested.connect(self._library.download)
        card.cancel_requested.connect(self._library.cancel_download)
        card.import_weights_requested.connect(self._choose_weights)
        card.export_requested.connect(self.export_requested)
        card.remove_requested.connect(self._library.remove)
        card.classes_requested.connect(self._on_classes_requested)
        card.pixels_requested.connect(self._imports.change_pixels)
        card.thresholds_requested.connect(self._on_thresholds_requested)
        return card

    def _on_sources_arrived(self, sources: Sequence[Source]) -> None:
        paths = [source.path for source in sources if isinstance(source, FileSource)]
        if len(paths) == len(sources) == 1:
            self._imports.import_file(paths[0])
        elif paths:
            self.said.emit("Drop one model at a time: each may need an answer from you.", True)
        else:
            self.said.emit(_NO_MODEL, True)

    def _on_transfer_progressed(self, progress: TransferProgress) -> None:
        card = self._cards.get(progress.model_id)
        if card is not None:
            card.show_progress(progress, cancellable=progress.model_id in self._library.downloading())

    def _on_transfer_ended(self) -> None:
        for model_id, card in self._cards.items():
            if model_id not in self._library.downloading():
                card.show_progress(None)

    def _on_download_ended(self, model_id: str, sentence: str, ok: bool) -> None:
        card = self._cards.get(model_id)
        if card is not None and not ok:
            card.show_failure(sentence)

    def _on_thresholds_requested(self, model_id: str) -> None:
        from desktop_app.ui.library.thresholds_dialog import change_thresholds

        change_thresholds(self._library, model_id, self)

    def _on_classes_requested(self, model_id: str) -> None:
        card = self._cards[model_id].entry.card
        if card is not None:
            dialog = ClassListDialog(card, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()
