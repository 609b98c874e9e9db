"""The Classify pane: drop a picture, read what it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget

from desktop_app.core.foundation.text import printable
from desktop_app.core.images.sources import FileSource, Source
from desktop_app.ui.classify.batch_offer import BatchOffer
from desktop_app.ui.classify.copying import result_text
from desktop_app.ui.classify.download_prompt import DownloadPrompt
from desktop_app.ui.classify.empty_state import EmptyState
from desktop_app.ui.classify.summary import summary
from desktop_app.ui.classify.toolbar import ClassifyToolbar
from desktop_app.ui.common.controls.widgets import vertical
from desktop_app.ui.common.csv_kinds import csv_kinds, csv_style
from desktop_app.ui.common.dropping.drop_pane import DropPane
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.common.folders import proposed_path
from desktop_app.ui.common.model_facts import is_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.inference.choice import EngineChoice
    from desktop_app.ui.classify.work_area import WorkArea
    from desktop_app.ui.library.import_flow import ImportFlow
    from desktop_app.workers.classify.messages import ModelEntry, ModelStatus, TransferProgress
    from desktop_app.workers.classify.session import ClassifySession
    from desktop_app.workers.library.library import LibraryService

_FILTERS = (
    "Pictures (*.jpg *.jpeg *.png *.webp *.gif *.bmp *.tif *.tiff *.avif *.heic *.heif *.ico "
    "*.ppm *.pgm *.pbm *.jp2 *.j2k *.jxl *.dcm *.fits *.fit *.nii *.nii.gz *.exr *.czi *.dng *.nef *.nrw "
    "*.cr2 *.cr3 *.arw *.orf *.rw2 *.raf *.pef *.srw *.3fr *.iiq);;All files (*)"
)


class ClassifyPane(DropPane):
    """Toolbar, download prompt, and either the empty state or the pictures.

    Signals:
        model_chosen: The id of the model that the user chose.
        pictures_changed: Whether the list has pictures.
        batch_requested: The paths of folders to show as a table instead.
        frame_toggled: Whether to frame what the network sees.
        whole_toggled: Whether the network is to see the whole picture, whatever it prefers.
        said: A sentence for the status bar, and whether it reports a failure.
    """

    model_chosen = Signal(str)
    pictures_changed = Signal(bool)
    batch_requested = Signal(object)
    frame_toggled = Signal(bool)
    whole_toggled = Signal(bool)
    said = Signal(str, bool)

    def __init__(self, session: ClassifySession, library: LibraryService, imports: ImportFlow) -> None:
        super().__init__("Drop to classify")
        self._session = session
        self._library = library
        self._imports = imports
        self._wanted = ""
        self._several = False
        self._again: tuple[str, int | None] = ("", None)
        self._frame = False
        self._toolbar = ClassifyToolbar()
        self._prompt = DownloadPrompt()
        self._offer = BatchOffer()
        self._empty = EmptyState()
        self._work_area: WorkArea | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        layout = vertical(self, spacing=16, margins=(16, 16, 16, 8))
        layout.addWidget(self._toolbar)
        layout.addWidget(self._prompt)
        layout.addWidget(self._offer)
        layout.addWidget(self._stack, 1)
        self._connect_widgets(imports)
        self._connect_services()
        for key, by in ((Qt.Key.Key_Left, -1), (Qt.Key.Key_Right, 1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=by: self._work.step(by))
        self._on_models_changed(library.models())
        self._on_model_changed(session.model_status)
        self._show_either()

    def _connect_widgets(self, imports: ImportFlow) -> None:
        self.sources_arrived.connect(self.add)
        self.refused.connect(lambda sentence: self.said.emit(sentence, True))
        self._toolbar.open.clicked.connect(self.open_pictures)
        self._toolbar.folder.clicked.connect(self.open_folder)
        self._toolbar.paste.clicked.connect(self.paste)
        self._toolbar.save.clicked.connect(self.save_results)
        self._toolbar.clear.clicked.connect(self._session.clear)
        self._toolbar.frame.clicked.connect(self.frame_toggled)
        self._toolbar.whole.clicked.connect(self.whole_toggled)
        self._toolbar.picker.model_chosen.connect(self._on_model_chosen)
        self._toolbar.picker.missing_chosen.connect(self.offer_download)
        self._empty.open_requested.connect(self.open_pictures)
        self._empty.sample_chosen.connect(lambda path: self.add([FileSource(path)]))
        self._offer.accepted.connect(self.batch_requested)
        self._prompt.download_requested.connect(lambda: self._library.download(self._wanted))
        self._prompt.cancel_requested.connect(lambda: self._library.cancel_download(self._wanted))
        self._prompt.import_requested.connect(imports.choose_weights)
        self._prompt.closed.connect(self._on_prompt_closed)

    def _connect_services(self) -> None:
        self._session.items_added.connect(self._show_either)
        self._session.items_removed.connect(self._show_either)
        self._session.model_changed.connect(self._on_model_changed)
        self._session.progress_changed.connect(self._on_progress_changed)
        self._library.models_changed.connect(self._on_models_changed)
        self._library.model_forgotten.connect(self._on_model_forgotten)
        self._library.transfer_progressed.connect(self._on_transfer_progressed)
        self._library.transfer_ended.connect(self._on_transfer_ended)
        self._library.operation_ended.connect(self._on_operation_ended)
        self._library.wrong_checksum.connect(lambda *_: self._close_progress())

    @property
    def _work(self) -> WorkArea:
        """The pictures' area, made for the first picture: the window appears sooner without it."""
        if self._work_area is None:
            from desktop_app.ui.classify.work_area import WorkArea

            self._work_area = WorkArea(self._session)
            self._work_area.copy_requested.connect(self.copy_result)
            self._work_area.thresholds_requested.connect(self._on_thresholds_requested)
            self._work_area.show_frame(shown=self._frame)
            self._stack.addWidget(self._work_area)
        return self._work_area

    def show_seen(self, *, frame: bool, whole: bool) -> None:
        """Show whether the network's view is framed, and whether it sees the whole picture on request."""
        self._frame = frame
        self._toolbar.frame.setChecked(frame)
        self._toolbar.whole.setChecked(whole)
        if self._work_area is not None:
            self._work_area.show_frame(shown=frame)

    def add(self, sources: Sequence[Source]) -> None:
        """Classify pictures, and show the first of them; files that are models are imported."""
        from desktop_app.ui.library.import_flow import without_models

        models, sources = without_models(sources)
        if models:
            self._imports.import_file(models[0])
            if len(models) > 1:
                self.said.emit(f"One model at a time: {printable(models[0].name)} is imported.", True)
        if models and not sources:
            return
        self._work.follow_next()
        self._offer.note(sources)
        self._session.add(sources)

    def open_pictures(self) -> None:
        """Ask for picture files."""
        chosen, _ = FileDialog.open_files(self, "Open pictures", "", _FILTERS)
        if chosen:
            self.add([FileSource(Path(name)) for name in chosen])

    def open_folder(self) -> None:
        """Ask for a folder of pictures."""
        chosen = FileDialog.open_folder(self, "Open a folder of pictures")
        if chosen:
            self.add([FileSource(Path(chosen))])

    def copy_result(self) -> None:
        """Put the prediction for the current picture on the clipboard."""
        item = self._work.current
        text = result_text(item) if item is not None else ""
        if text:
            QGuiApplication.clipboard().setText(text)
            self.said.emit("Copied the result.", False)
        else:
            self.said.emit("There is no result to copy yet.", True)

    def save_results(self) -> None:
        """Ask where to save all results; the ending decides between CSV and JSON."""
        chosen, kind = FileDialog.save_file(
            self, "Save results", proposed_path("results.csv"), ";;".join([*csv_kinds(), "JSON (*.json)"])
        )
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() not in {".csv", ".json"}:
            path = path.with_name(path.name + (".json" if "json" in kind else ".csv"))
        self._session.save_results(path, csv_style(kind))

    def _on_thresholds_requested(self, model_id: str) -> None:
        """Ask for thresholds; the picture on the screen is then classified again."""
        from desktop_app.ui.library.thresholds_dialog import change_thresholds

        if change_thresholds(self._library, model_id, self.window()):
            self._again = (model_id, self._shown())

    def _on_model_forgotten(self, model_id: str) -> None:
        wanted, number = self._again
        if number is not None and wanted == model_id:
            self._again = ("", None)
            self._session.answer_again(number)

    def offer_download(self, model_id: str) -> None:
        """Offer to download a model whose weights are missing; it is used once they are here."""
        self._wanted = model_id
        if model_id not in self._library.downloading():
            self._prompt.offer()

    def _show_either(self) -> None:
        count = len(self._session.items())
        any_pictures = count > 0
        self._stack.setCurrentWidget(self._work if any_pictures else self._empty)
        self._toolbar.show_pictures(any_pictures=any_pictures)
        self.pictures_changed.emit(any_pictures)
        if any_pictures:
            self._offer.consider(count)
        else:
            self._offer.forget()

    def _on_progress_changed(self, _done: int, total: int) -> None:
        """Sum up when the last of several pictures is done: a failure may be far off in the filmstrip."""
        if total:
            self._several = self._several or total > 1
        elif self._several:
            self._several = False
            if self._session.items():
                self.said.emit(summary(self._session.items()), False)

    def _on_model_chosen(self, model_id: str) -> None:
        self._wanted = ""
        self._prompt.hide()
        self.model_chosen.emit(model_id)

    def _on_prompt_closed(self) -> None:
        self._wanted = ""

    def choose_model(self, model_id: str | None) -> None:
        """Use a model (None: the default) from now on, starting with the picture on the screen."""
        self._session.set_model(model_id, self._shown())

    def choose_engine(self, choice: EngineChoice) -> None:
        """Have the model answer by another engine or in other numbers, likewise."""
        self._session.choose_engine(choice, self._shown())

    def _shown(self) -> int | None:
        item = None if self._work_area is None else self._work_area.current
        return item.number if item is not None else None

    def _on_model_changed(self, status: ModelStatus) -> None:
        self._toolbar.picker.show_current(status.model_id)
        self._offer_samples()

    def _offer_samples(self) -> None:
        current = self._session.model_status.model_id
        cards = (entry.card for entry in self._library.models() if entry.model_id == current)
        labels = {each.label for card in cards if card is not None for each in card.classes}
        self._empty.offer_samples_for(labels)

    def _on_models_changed(self, entries: tuple[ModelEntry, ...]) -> None:
        self._toolbar.picker.show_entries(entries)
        self._offer_samples()
        missing = any(is_missing(entry) for entry in entries)
        if self._wanted and entries and not missing:
            self._on_model_chosen(self._wanted)

    def _on_transfer_progressed(self, progress: TransferProgress) -> None:
        if progress.model_id == self._wanted:
            cancellable = progress.model_id in self._library.downloading()
            self._prompt.show_progress(progress, cancellable=cancellable)

    def _on_transfer_ended(self, model_id: str, sentence: str, ok: bool) -> None:
        if model_id == self._wanted and not ok:
            self._prompt.show_failure(sentence)

    def _on_operation_ended(self, sentence: str, ok: bool) -> None:
        if self._prompt.is_transferring() and not ok and self._wanted not in self._library.downloading():
            self._prompt.show_failure(sentence)

    def _close_progress(self) -> None:
        if self._prompt.is_transferring():
            self._prompt.offer()
