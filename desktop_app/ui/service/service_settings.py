"""The settings of the local API: which model, which port, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.core.service.options import DEFAULT_HOST, ServiceOptions, is_loopback, new_token
from desktop_app.ui.common.controls.check_box import CheckBox
from desktop_app.ui.common.controls.number_box import NumberBox
from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.widgets import label
from desktop_app.ui.common.model_facts import is_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.workers.classify.messages import ModelEntry

_EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - only when asked for, and then with a token
_LOCAL_NOTE = "Only programs on this computer can connect."
_NETWORK_NOTE = (
    "Any computer that can reach this one can connect with the token. Nothing is encrypted: "
    "anyone listening on the network sees the token and the pictures. Use this only on a network you trust."
)
_FIELD_WIDTH = 112


class _PortBox(NumberBox):
    """A box for a port number, without thousands separators."""

    def __init__(self) -> None:
        super().__init__("Port", 1, 65535, whole=True, strict=True)

    def textFromValue(self, value: float) -> str:
        """Digits alone."""
        return str(round(value))


class ServiceSettings(QWidget):
    """The choices as a form; `set_locked` while they are in use.

    Args:
        options: The initial choices.
        model_id: The initial model, if the options name none.
        names_width: The minimum width of the column of names, in pixels.
    """

    def __init__(self, options: ServiceOptions, model_id: str, names_width: int) -> None:
        super().__init__()
        self._token = options.token
        self._wanted = options.model_id or model_id
        self._model = Picker("Model")
        self._model.activated.connect(self._on_model_chosen)
        self._port = _PortBox()
        self._port.setFixedWidth(_FIELD_WIDTH)
        self._port.setValue(options.port or 1)
        self._others = CheckBox("Allow other computers")
        self._others.setChecked(not is_loopback(options.host))
        self._others.toggled.connect(self._explain)
        self._note = label(tone="muted", wrap=True)
        self._explain()

        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, names_width)
        for row, (word, field) in enumerate((("Model", self._model), ("Port", self._port))):
            name = label(word)
            name.setBuddy(field)
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
        grid.setAlignment(self._port, Qt.AlignmentFlag.AlignLeft)  # else it narrows the column
        grid.addWidget(self._others, 2, 1)
        grid.addWidget(self._note, 3, 1)

    def options(self) -> ServiceOptions:
        """What is chosen now; a token is made when it is first needed, and then kept."""
        model_id, port = self._model.currentData(), round(self._port.value())
        if not self._others.isChecked():
            return ServiceOptions(DEFAULT_HOST, port, model_id)
        self._token = self._token or new_token()
        return ServiceOptions(_EVERY_ADDRESS, port, model_id, self._token)

    @property
    def model_id(self) -> str | None:
        """The model that is chosen; None when there is none to choose from."""
        chosen: str | None = self._model.currentData()
        return chosen

    def show_models(self, entries: Sequence[ModelEntry]) -> None:
        """Offer the models that can be used; the chosen one stays chosen when it is among them."""
        usable = [entry for entry in entries if not entry.problem and not is_missing(entry)]
        self._model.clear()
        for entry in usable:
            self._model.addItem(entry.name, entry.model_id)
        self._model.setCurrentIndex(max(0, self._model.findData(self._wanted)) if usable else -1)

    def show_port(self, port: int) -> None:
        """Show the port that was taken."""
        self._port.setValue(port)

    def set_locked(self, locked: bool) -> None:
        """Lock the form, or let it be changed again."""
        for field in (self._model, self._port, self._others):
            field.setEnabled(not locked)

    def _on_model_chosen(self) -> None:
        self._wanted = self._model.currentData()

    def _explain(self) -> None:
        self._note.setText(_NETWORK_NOTE if self._others.isChecked() else _LOCAL_NOTE)
