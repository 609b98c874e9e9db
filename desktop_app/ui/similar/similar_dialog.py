"""The pictures most like one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from desktop_app.core.foundation.text import counted, printable
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.widgets import button, horizontal, label, vertical
from desktop_app.ui.common.dialogs import within_screen
from desktop_app.ui.common.file_opening import show_in_folder
from desktop_app.ui.common.style.icons import set_icon
from desktop_app.ui.common.thumbnails import Thumbnails
from desktop_app.ui.similar.looking_view import LookingView
from desktop_app.ui.similar.picture_grid import PictureGrid
from desktop_app.ui.similar.picture_model import PictureModel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop_app.core.features.similar import SimilarPictures
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.workers.similar.similar_service import SimilarService

_HINT = "A double click shows it in Classify."


class SimilarDialog(QDialog):
    """Shows the work, then the pictures in the order of their likeness, the picture itself first.

    Args:
        service: The service that compares.
        ask: The request to it, made once the dialog listens, and again for another picture.
        picture: The picture to compare with.
        models: The ids and names of the models for features that can compare in place of the built-in one.
        parent: Qt's owner, if any.

    Signals:
        classify_requested: The paths of pictures to show in the Classify pane.
        said: A sentence for the status bar, and whether it reports a failure.
    """

    classify_requested = Signal(object)
    said = Signal(str, bool)

    def __init__(
        self,
        service: SimilarService,
        ask: Callable[[Path], object],
        picture: Path,
        models: Sequence[tuple[str, str]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._service = service
        self._picture = picture
        self._by = self._make_picker(models)
        self._ask = ask
        self.resize(within_screen(self, 760, 560))
        self._looking = LookingView()
        self._looking.cancel_requested.connect(self.reject)
        self._model = PictureModel(Thumbnails(service, self), _HINT)
        self._grid = PictureGrid("Similar pictures", self._model)
        self._grid.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._grid.opened.connect(lambda path: self._classify([path]))
        self._count = ElidedLabel(muted=True)
        self._actions = [
            self._action("Classify", "classify", lambda: self._classify(self._grid.selected())),
            self._action("Show in file manager", "folder", self._show_file),
            self._action("Show similar", "pictures", self._show_similar),
        ]
        self._lay_out()
        self._grid.selectionModel().selectionChanged.connect(self._refresh)
        service.progressed.connect(self._looking.show_progress)
        service.similar_found.connect(self._on_found)
        service.failed.connect(self._on_failed)
        self.finished.connect(service.cancel)
        self._begin(picture)

    def _lay_out(self) -> None:
        foot = horizontal(spacing=8)
        self._buttons = []
        for action in self._actions:
            made = button(action.text(), str(action.property("icon_name")))
            made.clicked.connect(action.trigger)
            self._buttons.append(made)
            foot.addWidget(made)
        foot.addStretch(1)
        close = button("Close")
        close.clicked.connect(self.accept)
        foot.addWidget(close)
        found = QWidget()
        inside = vertical(found, spacing=8)
        head = horizontal(spacing=8)
        head.addWidget(self._count, 1)
        self._by_words = label("Compare by", tone="muted")
        head.addWidget(self._by_words)
        head.addWidget(self._by)
        for part in (self._by_words, self._by):
            part.setVisible(self._by.count() > 1)
        inside.addLayout(head)
        inside.addWidget(self._grid, 1)
        inside.addLayout(foot)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._looking)
        self._stack.addWidget(found)
        layout = vertical(self, margins=(16, 16, 16, 16))
        layout.addWidget(self._stack)

    def _action(self, text: str, icon: str, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        set_icon(action, icon)
        action.triggered.connect(lambda _checked=False: slot())
        self._grid.addAction(action)
        return action

    def _make_picker(self, models: Sequence[tuple[str, str]]) -> Picker:
        """Offer what can compare; one that is gone is given up."""
        result = Picker("Compare by")
        result.addItem("Built in", "")
        for model_id, name in models:
            result.addItem(name, model_id)
        row = max(result.findData(self._service.model_id), 0)
        result.setCurrentIndex(row)
        self._service.compare_by(str(result.itemData(row)))
        result.activated.connect(self._on_by_chosen)
        return result

    def _on_by_chosen(self, row: int) -> None:
        model_id = str(self._by.itemData(row))
        if model_id != self._service.model_id:
            self._service.compare_by(model_id)
            self._begin(self._picture)

    def _begin(self, picture: Path) -> None:
        self._picture = picture
        self.setWindowTitle(f"Similar to {printable(picture.name)}")
        self._looking.begin(f"Looking for pictures like {printable(picture.name)}")
        self._stack.setCurrentIndex(0)
        self._ask(picture)

    def _on_found(self, found: SimilarPictures) -> None:
        words = f"{counted(len(found.paths), 'picture')}, the most similar first"
        if found.unreadable:
            words += f"; {found.unreadable:,} couldn't be read"
        self._count.setText(words)
        likeness = [max(0.0, cosine) for cosine in found.cosines]
        self._model.show_pictures((found.picture, *found.paths), (1.0, *likeness))
        self._grid.scrollToTop()
        self._grid.setCurrentIndex(self._model.index(0))
        self._stack.setCurrentIndex(1)
        self._grid.setFocus()
        self._refresh()

    def _on_failed(self, reason: Reason) -> None:
        self._service.compare_by("")  # the next dialog shall not fail for the same reason
        self._looking.show_reason(reason)

    def _refresh(self) -> None:
        count = len(self._grid.selectionModel().selectedIndexes())
        for number, (action, shown) in enumerate(zip(self._actions, self._buttons, strict=True)):
            for each in (action, shown):
                each.setEnabled(count == 1 if number else count > 0)

    def _classify(self, paths: list[Path]) -> None:
        self.accept()
        self.classify_requested.emit(paths)

    def _show_file(self) -> None:
        failure = show_in_folder(self._grid.selected()[0])
        if failure:
            self.said.emit(failure, True)

    def _show_similar(self) -> None:
        self._begin(self._grid.selected()[0])
