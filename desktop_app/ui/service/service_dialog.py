"""The local API's dialog: a switch, the settings, how to connect, and what it did."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop_app.ui.common.controls.widgets import (
    Tone,
    button,
    heading,
    horizontal,
    label,
    line,
    set_tone,
    vertical,
)
from desktop_app.ui.common.dialogs import FittedDialog
from desktop_app.ui.service.copy_row import CopyRow
from desktop_app.ui.service.service_figures import ServiceFigures
from desktop_app.ui.service.service_settings import ServiceSettings
from desktop_app.ui.service.switch import Switch
from desktop_app.workers.service.label_service_status import ServiceState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.workers.classify.messages import ModelEntry
    from desktop_app.workers.library.library import LibraryService
    from desktop_app.workers.service.label_service import LabelService
    from desktop_app.workers.service.label_service_status import LabelServiceStatus

_WIDTH = 600
_WIDEST_NAME = "In a terminal"
_WHAT = "While it is on, other programs and web browsers can send pictures and get their labels."
_STAYS_ON = "It stays on when you close this dialog, and stops when you quit."
_SETTLING_MS = 50
"""Milliseconds until new rows have passed their heights to the layouts around them, one event each."""
_OFF = "The local API is off."
_BUSY = frozenset({ServiceState.STARTING, ServiceState.ON, ServiceState.STOPPING})
_TONES: dict[ServiceState, Tone] = {ServiceState.ON: "success", ServiceState.FAILED: "danger"}


class ServiceDialog(FittedDialog):
    """Shows the service as it is, whether it was on before or not.

    Args:
        service: The service, which keeps running when the dialog is closed.
        models: The library of models to choose from.
        model_id: The model offered first; the first of the list if empty or unknown.
    """

    def __init__(
        self, service: LabelService, models: LibraryService, model_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__("Local API", _WIDTH, parent)
        self._service = service
        self._entries: Sequence[ModelEntry] = ()
        self._switch = Switch("Local API")
        self._switch.clicked.connect(self._on_switched)
        self._state = label(wrap=True)
        self._advice = label(tone="muted", wrap=True)
        self._free_port = button("Use a free port")
        self._free_port.clicked.connect(self._on_free_port_clicked)
        self._names_width = self.fontMetrics().horizontalAdvance(_WIDEST_NAME)
        self._settings = ServiceSettings(service.options, model_id, self._names_width)
        self._address = CopyRow("Address")
        open_page = button("Open")
        open_page.setAccessibleName("Open the service's page in the browser")
        open_page.clicked.connect(self._on_open_clicked)
        self._address.add(open_page)
        self._network_address = CopyRow("Address for other computers")
        self._token = CopyRow("Token")
        self._curl = CopyRow("Command for a terminal")
        self._figures = ServiceFigures()
        self._asking = QWidget()
        self._network_names = (label("Network"), label("Token"))
        self._grow = QTimer(self, singleShot=True, interval=_SETTLING_MS)
        self._grow.timeout.connect(self.fit)
        self._build()
        models.models_changed.connect(self._on_models_changed)
        service.changed.connect(self._show)
        self._on_models_changed(models.models())
        self._show(service.status)

    # Construction

    def _build(self) -> None:
        column = self.column
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(heading("Local API", factor=1.3), 1)
        head.addWidget(self._switch)
        column.addLayout(head)
        column.addWidget(label(_WHAT, wrap=True))
        state = horizontal(spacing=16)
        words = vertical(spacing=4)
        words.addWidget(self._state)
        words.addWidget(self._advice)
        state.addLayout(words, 1)
        state.addWidget(self._free_port)
        column.addLayout(state)
        column.addWidget(line())
        column.addWidget(self._settings)
        self._build_asking()
        column.addWidget(self._asking)
        column.addStretch(1)
        close = button("Close")  # not by Return, which ends the typing of a port
        close.clicked.connect(self.accept)
        self.foot.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def _build_asking(self) -> None:
        column = vertical(self._asking, spacing=12)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, self._names_width)
        elsewhere, token = self._network_names
        for row, (name, field) in enumerate(
            (
                (label("Address"), self._address),
                (elsewhere, self._network_address),
                (token, self._token),
                (label(_WIDEST_NAME), self._curl),
            )
        ):
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
        column.addWidget(line())
        column.addWidget(heading("Connect", factor=1.0))
        column.addLayout(grid)
        column.addWidget(line())
        column.addWidget(self._figures)

    # Requests of the user

    def _on_switched(self, on: bool) -> None:
        if not on:
            self._service.stop()
        elif self._settings.model_id is not None:
            self._service.start(self._settings.options())
        self._show(self._service.status)

    def _on_free_port_clicked(self) -> None:
        self._switch.setFocus()  # the button hides
        self._service.start(replace(self._settings.options(), port=0))

    def _on_open_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl(self._address.text()))

    # Reports of the services

    def _on_models_changed(self, entries: Sequence[ModelEntry]) -> None:
        self._entries = entries
        self._settings.show_models(entries)
        self._show(self._service.status)

    def _show(self, status: LabelServiceStatus) -> None:
        on = status.state in {ServiceState.STARTING, ServiceState.ON}
        self._switch.setChecked(on)
        self._switch.setEnabled(on or self._settings.model_id is not None)
        self._settings.set_locked(status.state in _BUSY)
        self._show_state(status)
        self._show_asking(status)
        if self.isVisible():
            self._grow.start()

    def _show_state(self, status: LabelServiceStatus) -> None:
        tone, sentence = _TONES.get(status.state, ""), status.sentence or _OFF
        advice = status.problem.advice if status.problem is not None else ""
        if status.state is ServiceState.ON:
            advice = " ".join(filter(None, (_who_answers(status), _STAYS_ON)))
            if self._model_is_gone():
                tone, sentence = "warning", "The model has been removed: requests get errors."
                advice = "Turn the local API off, choose another model and turn it on again."
            elif status.model_problem:
                tone, advice = "danger", status.model_problem
            elif status.snapshot is not None and not status.snapshot.ready:
                tone = ""
        self._state.setText(sentence)
        set_tone(self._state, tone)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._free_port.setVisible(status.port_taken)

    def _show_asking(self, status: LabelServiceStatus) -> None:
        listening, snapshot = status.listening, status.snapshot
        self._asking.setVisible(listening is not None)
        if listening is None or snapshot is None:
            return
        self._settings.show_port(listening.port)
        self._address.set_text(listening.address)
        self._network_address.set_text(listening.network_address or "This computer is not on a network.")
        self._network_address.setEnabled(bool(listening.network_address))
        self._token.set_text(self._service.options.token)
        self._curl.set_text(listening.curl_line)
        for part in (*self._network_names, self._network_address, self._token):
            part.setVisible(bool(self._service.options.token))
        self._figures.show_snapshot(snapshot)

    def _model_is_gone(self) -> bool:
        """Whether the model in use is no longer in the library; False before a first list."""
        wanted = self._service.options.model_id
        return bool(self._entries) and wanted is not None and wanted not in self._usable()

    def _usable(self) -> set[str]:
        return {entry.model_id for entry in self._entries if not entry.problem}


def _who_answers(status: LabelServiceStatus) -> str:
    """The model and its engine, and why it is another one than expected; empty while it is loaded."""
    if status.listening is None or status.snapshot is None or status.snapshot.by is None:
        return ""
    by = status.snapshot.by
    return f"{status.listening.model_name} answers by {by.name} on {by.device}. {by.surprise}".strip()
