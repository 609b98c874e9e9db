"""The user's own pictures as a network will see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.common.controls.widgets import button, heading, label, scale_font, vertical
from desktop_app.ui.common.dropping.mime import image_of
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import tokens_of
from desktop_app.workers.training.messages import AugmentationRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings
    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.core.training.recipes.recipe import Recipe
    from desktop_app.workers.training.messages import AugmentationPreview
    from desktop_app.workers.training.training_service import TrainingService

_COLUMNS, _ROWS = 4, 3
_WIDEST = 128
_GAP = 4
_PAUSE_MS = 40
"""Time between two requests while a slider moves; those in between are merged."""
_SEEDS = 2**31


class AugmentationGrid(QWidget):
    """Requests pictures while it is visible, and again whenever an amount changes."""

    def __init__(self, service: TrainingService) -> None:
        super().__init__()
        self._service = service
        self._paths: tuple[Path, ...] = ()
        self._answers: Answers | None = None
        self._wanted: tuple[int, Recipe, AugmentationSettings] | None = None
        self._asked: AugmentationRequest | None = None
        self._seed = 0
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._request)
        self._pictures = _Pictures()
        self.shuffle = shuffle = button("Shuffle", "shuffle", tip="Other random changes")
        shuffle.clicked.connect(self._on_shuffle_clicked)
        words = label(
            "Your own pictures as the network will see them, changed at random.", tone="muted", wrap=True
        )
        scale_font(words, 0.9)
        layout = self._layout = vertical(self, spacing=8)
        layout.addWidget(heading("Preview", factor=1.1))
        layout.addWidget(words)
        layout.addWidget(self._pictures)
        layout.addWidget(shuffle, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        service.augmentation_ready.connect(self._on_augmentation_ready)

    def show_data(self, report: DatasetReport) -> None:
        """Take a few pictures of each class in turn."""
        self._paths = _sample(report)
        self._answers = report.answers
        self._pictures.show_images([])
        self._want()

    def show_settings(self, size: int, recipe: Recipe, settings: AugmentationSettings) -> None:
        """Show pictures of this size, as a recipe takes them, changed by these amounts."""
        self._wanted = (size, recipe, settings)
        self._want()

    def keep_in_view(self, top: int) -> None:
        """Slide down beside the sliders, so that the pictures are seen while the lowest of them is moved.

        Args:
            top: Top of the visible part of the page, in this widget's coordinates.
        """
        offset = self._layout.contentsMargins().top()
        room = self.height() - (self._layout.totalHeightForWidth(self.width()) - offset)
        wanted = min(max(top + _GAP, 0), max(room, 0))
        if wanted != offset:
            self._layout.setContentsMargins(0, wanted, 0, 0)

    def showEvent(self, event: QShowEvent) -> None:
        """Request what was not needed while nobody could see it."""
        super().showEvent(event)
        self._want()

    def _want(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _request(self) -> None:
        if self._wanted is None or not self._paths or not self.isVisible():
            return
        size, recipe, settings = self._wanted
        request = AugmentationRequest(
            self._paths,
            size,
            recipe.channels,
            settings,
            self._seed,
            recipe.fit,
            recipe.crop_share,
            self._answers.pixels if self._answers is not None else None,
        )
        if request != self._asked:
            self._asked = request
            self._service.preview_augmentation(request)

    def _on_shuffle_clicked(self) -> None:
        self._seed = (self._seed + 1) % _SEEDS
        self._want()

    def _on_augmentation_ready(self, preview: AugmentationPreview) -> None:
        if preview.request.paths == self._paths:
            self._pictures.show_images([image_of(pixels) for pixels in preview.pictures])


class _Pictures(QWidget):
    """Squares in rows; a small picture shows its pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._images: Sequence[QImage] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Pictures as the network will see them")

    def show_images(self, images: Sequence[QImage]) -> None:
        """Replace the pictures."""
        self._images = images
        self.update()

    def sizeHint(self) -> QSize:
        """Room for pictures of a size at which the changes are seen."""
        return QSize(_COLUMNS * 88, _ROWS * 88)

    def minimumSizeHint(self) -> QSize:
        """A size at which pictures can still be recognised."""
        return QSize(_COLUMNS * 48, _ROWS * 48)

    def heightForWidth(self, width: int) -> int:
        """The height of all rows."""
        return round(_ROWS * self._cell(width))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pictures, or frames for those that have not come yet."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        cell = self._cell(self.width())
        ratio = self.devicePixelRatioF()
        for position in range(_COLUMNS * _ROWS):
            row, column = divmod(position, _COLUMNS)
            place = QRectF(column * cell, row * cell, cell - _GAP, cell - _GAP)
            if position < len(self._images):
                image = self._images[position]
                smooth = place.width() * ratio < 2 * image.width()
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
                painter.drawImage(place, image)
            elif not self._images:
                painter.fillRect(place, QColor(tokens.sunken))
                middle = place.center()
                paint_icon(
                    painter, "picture", tokens.outline, QRectF(middle.x() - 12, middle.y() - 12, 24, 24)
                )

    @staticmethod
    def _cell(width: int) -> float:
        return min(width / _COLUMNS, _WIDEST)


def _sample(report: DatasetReport) -> tuple[Path, ...]:
    """A dozen pictures, from all classes in turn."""
    columns = [entry.samples for entry in report.classes if entry.samples]
    deepest = max((len(samples) for samples in columns), default=0)
    turns = [samples[turn] for turn in range(deepest) for samples in columns if turn < len(samples)]
    few = turns[: _COLUMNS * _ROWS]
    if len(few) < _COLUMNS * _ROWS:  # few classes: more of their pictures, evenly spread
        step = max(1, len(report.examples) // (_COLUMNS * _ROWS))
        known = set(few)
        more = [example.path for example in report.examples[::step] if example.path not in known]
        few += more[: _COLUMNS * _ROWS - len(few)]
    return tuple(few)
