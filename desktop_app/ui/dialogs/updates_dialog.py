"""The dialog that checks for a newer Sightline."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPlainTextEdit

import desktop_app
from desktop_app.ui.common.controls.widgets import button, label, set_tone
from desktop_app.ui.common.dialogs import FittedDialog, close_row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.installation.updates import UpdateAnswer
    from desktop_app.workers.application.about import AboutService

_WIDTH = 440
_NO_ADDRESS = "Updates aren't available for this version."
_NO_ADDRESS_ADVICE = (
    "Look where you got Sightline from. This is version {version}; your models, runs and settings stay when "
    "another version is installed."
)


class UpdatesDialog(FittedDialog):
    """Checks when it opens; Sightline never looks for updates at any other time.

    Args:
        service: The service that checks.
        url: The address of the published updates; empty if this build has none.
        parent: Qt's owner, if any.
    """

    def __init__(self, service: AboutService, url: str, parent: QWidget | None = None) -> None:
        super().__init__("Check for updates", _WIDTH, parent)
        self._service = service
        self._url = url
        self._address = ""
        self._sentence = label(wrap=True)
        self._advice = label(tone="muted", wrap=True)
        self._notes = QPlainTextEdit(readOnly=True)
        self._notes.setAccessibleName("What's new")
        self._notes.setTabChangesFocus(True)
        self._notes.setMinimumHeight(self._notes.fontMetrics().lineSpacing() * 8)
        self._open_page = button("Open the download page", look="primary")
        self._open_page.clicked.connect(self._on_open_page)
        self._again = button("Try again", "refresh")
        self._again.clicked.connect(self._ask)
        self.column.addWidget(self._sentence)
        self.column.addWidget(self._advice)
        self.column.addWidget(self._notes, 1)
        self.column.addStretch()
        self.foot.addLayout(close_row(self, self._open_page, self._again))
        self.finished.connect(service.cancel_check)
        service.update_checked.connect(self._on_checked)
        service.update_failed.connect(self._on_failed)
        if url:
            self._ask()
        else:
            self._tell(_NO_ADDRESS, _NO_ADDRESS_ADVICE.format(version=desktop_app.__version__))

    def _ask(self) -> None:
        self._tell(f"Checking {urlsplit(self._url).hostname or self._url}…")
        self._service.check_for_updates(self._url)

    def _on_checked(self, answer: UpdateAnswer) -> None:
        self._address = answer.page if answer.newer else ""
        self._tell(answer.sentence, notes=answer.notes if answer.newer else "")

    def _on_failed(self, reason: Reason) -> None:
        self._tell(reason.text, reason.advice, failed=True)

    def _on_open_page(self) -> None:
        if QDesktopServices.openUrl(QUrl(self._address)):
            self.accept()
        else:
            self._tell("No browser opened the page.", self._address, failed=True)

    def _tell(self, sentence: str, advice: str = "", *, notes: str = "", failed: bool = False) -> None:
        self._sentence.setText(sentence)
        set_tone(self._sentence, "danger" if failed else "")
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._notes.setPlainText(notes)
        self._notes.setVisible(bool(notes))
        self._open_page.setVisible(bool(self._address) and not failed)
        self._again.setVisible(failed and not self._address)
        self.fit()
