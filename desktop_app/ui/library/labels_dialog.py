"""Asks for the names of a model's outputs when its file does not say them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QPlainTextEdit

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.library.labels import amount_names, read_labels
from desktop_app.core.networks.outputs import OUTPUT_NOUNS
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, set_tone, vertical
from desktop_app.ui.common.dialogs import within_screen
from desktop_app.ui.common.files.file_dialog import FileDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.networks.outputs import Task

_LONGEST = 200
"""Characters in a name, as the model card allows."""
_LONGEST_UNIT = 40
"""Characters in a unit, the same."""
_LARGEST_FILE = 8 * 1024 * 1024
_USUAL_NAME = "labels.txt"


class LabelsDialog(QDialog):
    """Takes one name per line, in the order of the outputs; Import stays off until they fit."""

    placeholder = "cat\ndog\n…"
    explanation = "Its file does not name them. Type or paste one name per line, in their order."

    def __init__(
        self, path: Path, outputs: int, parent: QWidget | None = None, task: Task = "classification"
    ) -> None:
        super().__init__(parent)
        self._outputs = outputs
        one, several = OUTPUT_NOUNS[task]
        self.setWindowTitle(f"Name the {one if outputs == 1 else several}")
        self.resize(within_screen(self, 480, 480))
        self._names = QPlainTextEdit()
        self._names.setAccessibleName(f"{one.capitalize()} names, one per line")
        self._names.setPlaceholderText(self.placeholder)
        self._names.setTabChangesFocus(True)
        self._names.textChanged.connect(self._check)
        self._verdict = label(wrap=True)
        load = button("Load a text file…", "folder")
        load.clicked.connect(self._on_load_clicked)
        self._ok = button("Import", look="primary")
        self._ok.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)

        buttons = horizontal(spacing=8)
        buttons.addWidget(load)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._ok)
        layout = vertical(self, spacing=8, margins=(16, 16, 16, 16))
        has = counted(outputs, one, several)
        layout.addWidget(heading(f"{printable(path.name)} has {has}", factor=1.2, wrap=True))
        self._says = label(self.explanation, wrap=True)
        layout.addWidget(self._says)
        layout.addWidget(self._names, 1)
        layout.addWidget(self._verdict)
        layout.addLayout(buttons)
        self._check()
        self._propose(path.with_name(_USUAL_NAME))

    def labels(self) -> tuple[str, ...]:
        """The names, without empty lines, and without numbers that only count them."""
        try:
            return tuple(read_labels(self._names.toPlainText()))
        except ModelError:  # unfinished JSON
            return self._lines()

    def units(self) -> tuple[str, ...]:
        """The units of amounts; none for classes and labels."""
        return ()

    def _lines(self) -> tuple[str, ...]:
        lines = (line.strip() for line in self._names.toPlainText().splitlines())
        return tuple(line for line in lines if line)

    def _propose(self, path: Path) -> None:
        """Fill in the names of the file that usually lies beside a model, if they fit."""
        if not path.is_file():
            return
        self.load(path)
        if self._ok.isEnabled():
            self._says.setText(f"Its file does not name them. These names are from {path.name} beside it.")
            self._ok.setFocus()
        else:
            self._names.clear()
            self._check()

    def load(self, path: Path) -> None:
        """Fill in the names from a text file."""
        try:
            if path.stat().st_size > _LARGEST_FILE:
                self._say(f"{printable(path.name)} is too large for a list of names.", wrong=True)
                return
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            self._say(f"{printable(path.name)} is not a text file in UTF-8.", wrong=True)
        except OSError as error:
            self._say(f"{printable(path.name)} cannot be read: {error.strerror}.", wrong=True)
        else:
            self._names.setPlainText(text)

    def _on_load_clicked(self) -> None:
        chosen, _ = FileDialog.open_file(
            self, "Load class names", "", "Class names (*.txt *.csv *.json);;All files (*)"
        )
        if chosen:
            self.load(Path(chosen))

    def _check(self) -> None:
        names = self.labels()
        problem = self._problem()
        self._ok.setEnabled(not problem)
        there = "The name is there." if self._outputs == 1 else f"All {self._outputs:,} names are there."
        self._say(
            problem or f"{there}{self._note()}",
            wrong=bool(problem) and len(names) >= self._outputs,
        )

    def _problem(self) -> str:
        """What is wrong, as a sentence; empty when nothing is."""
        return _problem(self.labels(), self._outputs)

    def _note(self) -> str:
        """What was left out of the lines."""
        names, lines = self.labels(), self._lines()
        numbered = len(names) == len(lines) and names != lines
        return f" Numbers are left out: {names[0]}, …" if numbered else ""

    def _say(self, text: str, *, wrong: bool) -> None:
        self._verdict.setText(text)
        set_tone(self._verdict, "danger" if wrong else "muted")


class AmountsDialog(LabelsDialog):
    """Takes a name and a unit per line; both are optional, so that Import is on from the beginning."""

    placeholder = "price, EUR\nweight, kg\n…"
    explanation = (
        "Its file does not name them. Type one per line, in their order, with the unit behind a comma "
        "where it has one, such as “price, EUR”; or import it as it is."
    )

    def __init__(
        self, path: Path, outputs: int, parent: QWidget | None = None, task: Task = "regression"
    ) -> None:
        super().__init__(path, outputs, parent, task)
        if not self._names.toPlainText():
            self._names.setPlainText("\n".join(amount_names(outputs)))
        self._names.selectAll()
        self._names.setFocus()

    def labels(self) -> tuple[str, ...]:
        """The names."""
        return tuple(line.partition(",")[0].strip() for line in self._lines())

    def units(self) -> tuple[str, ...]:
        """The units, empty for amounts without one."""
        return tuple(line.partition(",")[2].strip()[:_LONGEST_UNIT] for line in self._lines())

    def _problem(self) -> str:
        if any(not name for name in self.labels()):
            return "A line has a unit, but no name before it."
        if any(len(line.partition(",")[2].strip()) > _LONGEST_UNIT for line in self._lines()):
            return f"A unit is longer than {_LONGEST_UNIT} characters."
        return super()._problem()

    def _note(self) -> str:
        return ""


def _problem(names: tuple[str, ...], outputs: int) -> str:
    """What is wrong with the names, as a sentence; empty when nothing is."""
    if len(names) != outputs:
        return f"{len(names):,} of {outputs:,} names."
    long = next((name for name in names if len(name) > _LONGEST), None)
    if long is not None:
        return f"“{long[:40]}…” is longer than {_LONGEST} characters."
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return f"“{name}” is listed twice."
        seen.add(name)
    return ""
