"""Beside the picture: its prediction, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QStackedWidget, QWidget

from desktop_app.core.foundation.errors import Reason
from desktop_app.ui.classify.answer_page import AnswerPage
from desktop_app.ui.classify.state_page import StatePage
from desktop_app.ui.common.controls.widgets import scrolling, vertical
from desktop_app.workers.classify.messages import Item, ItemState, ModelPhase

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop_app.workers.classify.messages import ModelStatus

MODEL_NOT_READY = "The picture is classified as soon as the model is ready."


class ResultPanel(QFrame):
    """Shows one `Item`, given the state of the model."""

    copy_requested = Signal()
    again_requested = Signal()
    thresholds_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setMinimumWidth(256)
        self.setMaximumWidth(400)
        self._answer = AnswerPage()
        self._answer.copy_requested.connect(self.copy_requested)
        self._answer.thresholds_requested.connect(self.thresholds_requested)
        self._state = StatePage()
        self._state.again_requested.connect(self.again_requested)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._answer)
        self._pages.addWidget(self._state)

        page = QWidget()
        page.setObjectName("page")
        inside = vertical(page, margins=(16, 16, 16, 16))
        inside.addWidget(self._pages)
        scroll = scrolling(page)
        layout = vertical(self)
        layout.addWidget(scroll)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the bars the available room."""
        super().resizeEvent(event)
        self._answer.set_room(self.height())

    def show_item(self, item: Item, status: ModelStatus) -> None:
        """Show the state of a picture."""
        if item.state is ItemState.ANSWERED and item.answer is not None:
            self._answer.show_answer(item.answer)
            self._turn_to(self._answer)
            return
        if item.reason is not None:
            self._state.show_trouble(
                item.source.name,
                item.reason,
                icon="picture-broken",
                tone="danger",
                again="Try again",
            )
        elif item.state is ItemState.CANCELLED:
            self._state.show_trouble(
                "Cancelled",
                Reason("This picture was not classified."),
                icon="pause",
                tone="muted",
                again="Classify it now",
            )
        else:
            self._show_waiting(status)
        self._turn_to(self._state)

    def _show_waiting(self, status: ModelStatus) -> None:
        if status.reason is not None:
            title = f"{status.model_name} can't be used" if status.model_name else "No model can be used"
            self._state.show_trouble(title, status.reason, icon="warning", tone="danger")
        elif status.phase is ModelPhase.LOADING:
            self._state.show_waiting(status.message or "Loading the model…", MODEL_NOT_READY)
        else:
            self._state.show_waiting("Classifying…", "")

    def _turn_to(self, page: QWidget) -> None:
        # A hidden page must not ask for room: otherwise the panel scrolls needlessly.
        for other in (self._answer, self._state):
            policy = QSizePolicy.Policy.Preferred if other is page else QSizePolicy.Policy.Ignored
            other.setSizePolicy(policy, policy)
        self._pages.setCurrentWidget(page)
