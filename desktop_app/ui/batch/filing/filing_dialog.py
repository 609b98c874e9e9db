"""The dialog that asks how and where to file pictures by label, with a preview."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QRadioButton

from desktop_app.core.foundation.text import breakable, counted, printable
from desktop_app.ui.batch.filing.filing_preview import FilingPreview
from desktop_app.ui.common.controls.check_box import CheckBox
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import (
    button,
    heading,
    horizontal,
    label,
    set_tone,
    tooltip,
    vertical,
)
from desktop_app.ui.common.dialogs import within_screen
from desktop_app.ui.common.files.file_dialog import FileDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desktop_app.core.batch.filing.filing import Plan
    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.batch.job.spec import JobSpec
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.workers.batch.batch_service import BatchService

_HOWS: dict[How, tuple[str, str]] = {
    "copy": ("Copy", "The pictures stay where they are. Uses extra disk space."),
    "move": (
        "Move",
        "The pictures leave their folders. This table keeps track of them, and Undo moves them back.",
    ),
    "link": (
        "Link",
        "Links use no disk space. They stop working when the pictures are moved or deleted.",
    ),
}
_BUSY = "Other pictures are being filed. Wait until that is done."
_NAMED_AFTER_LABEL = "Each goes into a folder named after its top label."
_NAMED_AFTER_LABELS = (
    "Each goes into the folder of every label that it has, so it can't be moved. Those without a label stay "
    "where they are."
)
_NAMED_AFTER_KIND = "Each goes into a folder named after its kind, or its top label where that has none."
_WAITING = "Preparing the preview…"


class FilingDialog(QDialog):
    """Holds the choice of copy, move or link, the folder, the preview, and a button named after the action.

    Signals:
        confirmed: The `Plan` to carry out.
    """

    confirmed = Signal(object)

    def __init__(
        self,
        service: BatchService,
        spec: JobSpec,
        numbers: Sequence[int] | None,
        how: How,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._service = service
        self._numbers = numbers
        self._plan: Plan | None = None
        self._folder = proposed_folder(spec)
        self.setWindowTitle("Sort into folders")
        self.resize(within_screen(self, 620, 520))
        self._hows = QButtonGroup(self)
        self._named = label(wrap=True)
        self._by_kind = CheckBox("One folder for each kind")
        self._by_kind.setToolTip(
            tooltip("All cats in one folder, for example, instead of one for each breed")
        )
        self._by_kind.toggled.connect(self._ask)
        self._note = label(tone="muted", wrap=True)
        self._place = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._choose = button("Choose…", "folder")
        self._choose.setAccessibleName("Choose where to make the folders of the labels")
        self._choose.clicked.connect(self._on_choose_clicked)
        self._sentence = label(wrap=True)
        self._preview = FilingPreview()
        self._ok = button("", look="primary")
        self._ok.setDefault(True)
        self._ok.clicked.connect(self._on_ok_clicked)
        self._lay_out("all pictures" if numbers is None else counted(len(numbers), "picture"))
        self._by_kind.setVisible(spec.kinds is not None)
        self._several = spec.task == "multi-label"
        self._radios["move"].setVisible(not self._several)
        how = "copy" if self._several and how == "move" else how
        self._radios[how].setChecked(True)
        self._radios[how].setFocus()
        self._hows.buttonToggled.connect(lambda _button, on: self._on_how_chosen() if on else None)
        service.plan_ready.connect(self._on_plan_ready)
        service.failed.connect(self._on_failed)
        service.message.connect(self._on_message)
        service.filed.connect(self._on_filed)
        service.job_closed.connect(self.reject)
        self._ask()

    def reject(self) -> None:
        """Close without filing; a plan that is still being made is dropped."""
        if self._plan is None and not self._service.filing:
            self._service.cancel_filing()
        super().reject()

    @property
    def how(self) -> How:
        """The chosen way to file."""
        return next(how for how, radio in self._radios.items() if radio.isChecked())

    def _lay_out(self, which: str) -> None:
        self._radios = {how: QRadioButton(word) for how, (word, _note) in _HOWS.items()}
        hows = horizontal(spacing=24)
        for radio in self._radios.values():
            self._hows.addButton(radio)
            hows.addWidget(radio)
        hows.addStretch(1)
        place = horizontal(spacing=8)
        place.addWidget(label("Into", tone="muted"))
        place.addWidget(self._place, 1)
        place.addWidget(self._choose)
        buttons = horizontal(spacing=8)
        buttons.addStretch(1)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        buttons.addWidget(cancel)
        buttons.addWidget(self._ok)
        layout = vertical(self, spacing=8, margins=(16, 16, 16, 16))
        layout.addWidget(heading(f"Sort {which} into folders", factor=1.2, wrap=True))
        layout.addWidget(self._named)
        layout.addSpacing(4)
        layout.addLayout(hows)
        layout.addWidget(self._note)
        layout.addWidget(self._by_kind)
        layout.addSpacing(4)
        layout.addLayout(place)
        layout.addSpacing(4)
        layout.addWidget(self._sentence)
        layout.addWidget(self._preview, 1)
        layout.addSpacing(4)
        layout.addLayout(buttons)

    def _ask(self) -> None:
        self._plan = None
        self._preview.show_plan(None)
        self._place.setText(printable(str(self._folder)))
        self._say(_WAITING, wrong=False)
        by_kind = self._by_kind.isChecked()
        after = _NAMED_AFTER_LABELS if self._several else _NAMED_AFTER_LABEL
        self._named.setText(_NAMED_AFTER_KIND if by_kind else after)
        self._service.plan_filing(self._numbers, self._folder, self.how, by_kind=by_kind)
        self._refresh()

    def _on_plan_ready(self, planned: Plan) -> None:
        if planned.folder != self._folder:  # asked for before another folder was chosen
            return
        self._plan = planned
        self._preview.show_plan(planned)
        self._on_how_chosen()

    def _on_how_chosen(self) -> None:
        if self._plan is not None:  # the targets do not depend on it
            self._plan = replace(self._plan, how=self.how)
            self._say(self._plan.sentence, wrong=False)
        self._refresh()

    def _on_failed(self, reason: Reason) -> None:
        self._on_message(reason.sentence, wanted=False)

    def _on_message(self, words: str, wanted: bool) -> None:
        """Show why there is no plan; other errors are reported elsewhere."""
        if self._plan is None and not wanted:
            self._say(words, wrong=True)

    def _on_filed(self) -> None:
        """Make the plan, now that nothing else is being filed."""
        if self._plan is None:
            self._ask()
        self._refresh()

    def _on_choose_clicked(self) -> None:
        beside = self._folder if self._folder.is_dir() else self._folder.parent
        chosen = FileDialog.open_folder(self, "Choose a folder", str(beside))
        if chosen:
            self._folder = Path(chosen).absolute()
            self._ask()

    def _on_ok_clicked(self) -> None:
        if self._plan is not None:
            self.confirmed.emit(self._plan)
            self.accept()

    def _refresh(self) -> None:
        word, note = _HOWS[self.how]
        steps = len(self._plan.steps) if self._plan is not None else 0
        self._note.setText(note)
        noun = "file" if self._several else "picture"
        self._ok.setText(f"{word} {counted(steps, noun)}" if steps else word)
        self._ok.setEnabled(steps > 0 and not self._service.filing)
        self._ok.setToolTip(_BUSY if self._service.filing else "")

    def _say(self, words: str, *, wrong: bool) -> None:
        self._sentence.setText(breakable(words))
        set_tone(self._sentence, "danger" if wrong else "")


def proposed_folder(spec: JobSpec) -> Path:
    """A new folder beside what was classified."""
    source = (spec.base / spec.sources[0]).absolute()
    beside = source.parent
    name = source.name if source.is_dir() else beside.name
    number = 1
    while True:
        tail = f" {number}" if number > 1 else ""
        folder = beside / f"{name or 'Pictures'} by label{tail}"
        if not folder.exists():
            return folder
        number += 1
