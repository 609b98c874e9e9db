"""Asks for the names of a model's outputs when its file does not say them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPlainTextEdit

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.library.label_lists import LabelList
from desktop_app.core.library.labels import amount_names, read_label_list
from desktop_app.core.networks.outputs import OUTPUT_NOUNS
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, set_tone, vertical
from desktop_app.ui.common.dialogs import within_screen
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.library.label_order import LabelOrder
from desktop_app.ui.library.names_check import NamesCheck

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.library.pixel_choices import Clue
    from desktop_app.core.trial.messages import TrialAnswers
    from desktop_app.workers.library.library_worker import LabelsNeeded
    from desktop_app.workers.library.trials import TrialPictures

_LONGEST = 200
"""Characters in a name, as the model card allows."""
_LONGEST_UNIT = 40
"""Characters in a unit, the same."""
_LARGEST_FILE = 8 * 1024 * 1024
_BESIDE = (
    *("labels.txt", "class_indices.json", "classes.txt", "class_names.txt", "labels.csv", "classes.csv"),
    *("labels.json", "class_names.json", "metadata.json"),
)
"""Files that programs and people put beside a model."""
_LONG_LIST = 20_000
"""Characters of a list up to which names are put under the answers at every key."""


class LabelsDialog(QDialog):
    """Takes one name per line, in the order of the outputs; Import stays off until they fit.

    Signals:
        trial_requested: A `TrialRequest`, to check the names with pictures.
    """

    trial_requested = Signal(object)
    placeholder = "cat\ndog\n…"
    explanation = "Its file does not name them. Type or paste one name per line, in their order."

    def __init__(self, needed: LabelsNeeded, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outputs = needed.outputs
        self._origin = ""
        self._loading = False
        one, several = self._nouns = OUTPUT_NOUNS[needed.task]
        self.setWindowTitle(f"Name the {one if needed.outputs == 1 else several}")
        self.resize(within_screen(self, 520, 520))
        self._names = QPlainTextEdit()
        self._names.setAccessibleName(f"{one.capitalize()} names, one per line")
        self._names.setPlaceholderText(self.placeholder)
        self._names.setTabChangesFocus(True)
        self._names.setMinimumHeight(96)
        self._verdict = label(wrap=True)
        self._order = LabelOrder()
        self._order.chosen.connect(self._check)
        self._pictures = NamesCheck(needed)
        self._pictures.trial_requested.connect(self.trial_requested)
        self._names.textChanged.connect(self._on_text_changed)
        load = button("Load a text file…", "folder")
        load.clicked.connect(self._on_load_clicked)
        self._ok = button("Import", look="primary")
        self._ok.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)

        buttons = horizontal(spacing=8)
        buttons.addWidget(load)
        buttons.addWidget(self._pictures.button)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._ok)
        layout = vertical(self, spacing=8, margins=(16, 16, 16, 16))
        has = counted(needed.outputs, one, several)
        layout.addWidget(heading(f"{printable(needed.path.name)} has {has}", factor=1.2, wrap=True))
        self._says = label(self.explanation, wrap=True)
        layout.addWidget(self._says)
        layout.addWidget(self._names, 1)
        layout.addWidget(self._verdict)
        layout.addWidget(self._order)
        layout.addWidget(self._pictures)
        layout.addLayout(buttons)
        self._check()
        self._propose(needed.path)

    def labels(self) -> tuple[str, ...]:
        """The names in the order that was chosen, without numbers that only count them."""
        return self._order.ordered(tuple(self._list().names))

    def units(self) -> tuple[str, ...]:
        """The units of amounts; none for classes and labels."""
        return ()

    def begin(self) -> None:
        """Nothing is tried before the user chooses pictures."""

    def show_pictures(self, read: TrialPictures) -> None:
        """Show the pictures that are tried."""
        self._pictures.show_pictures(read)

    def show_answers(self, answers: TrialAnswers) -> None:
        """Show what the model takes them for."""
        self._pictures.show_answers(answers)
        self._check()

    def show_clue(self, _clue: Clue) -> None:
        """Pixel values are asked for later."""

    def end_trial(self, problem: str = "") -> None:
        """Say why pictures could not be tried, or that all were."""
        self._pictures.end_trial(problem)

    def load(self, path: Path) -> None:
        """Fill in the names from a text file."""
        name = printable(path.name)
        try:
            if path.stat().st_size > _LARGEST_FILE:
                self._say(f"{name} is too large for a list of names.", wrong=True)
                return
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            self._say(f"{name} is not a text file in UTF-8.", wrong=True)
        except OSError as error:
            self._say(f"{name} cannot be read: {error.strerror}.", wrong=True)
        else:
            self._origin, self._loading = name, True
            self._names.setPlainText(text)
            self._loading = False
            self._check()

    def _list(self) -> LabelList:
        try:
            return read_label_list(self._names.toPlainText())
        except ModelError:  # unfinished JSON
            return LabelList(list(self._lines()))

    def _lines(self) -> tuple[str, ...]:
        lines = (line.strip() for line in self._names.toPlainText().splitlines())
        return tuple(line for line in lines if line)

    def _propose(self, path: Path) -> None:
        """Fill in the names of a file that usually lies beside a model, if they fit; else say that not."""
        unfit = ""
        for beside in (*(path.with_name(name) for name in _BESIDE), path.with_suffix(".txt")):
            if not beside.is_file():
                continue
            self.load(beside)
            if not self._problem():
                says = (
                    f"Its file does not name them. These names are from {printable(beside.name)} beside it."
                )
                self._says.setText(says)
                self._ok.setFocus()
                return
            unfit = unfit or self._verdict.text()
        self._names.clear()
        if unfit:
            self._says.setText(f"{self.explanation} {unfit}")

    def _on_load_clicked(self) -> None:
        chosen, _ = FileDialog.open_file(
            self, "Load class names", "", "Class names (*.txt *.csv *.tsv *.json);;All files (*)"
        )
        if chosen:
            self.load(Path(chosen))

    def _on_text_changed(self) -> None:
        if not self._loading:
            self._origin = ""
            self._check()

    def _check(self) -> None:
        read, problem = self._list(), self._problem()
        fits = not problem
        self._order.consider(read if fits else LabelList([]))
        self._ok.setEnabled(fits and not self._order.open)
        there = "The name is there." if self._outputs == 1 else f"All {self._outputs:,} names are there."
        self._say(
            problem or f"{there}{self._note(read)}", wrong=not fits and len(read.names) >= self._outputs
        )
        if len(self._names.toPlainText()) <= _LONG_LIST or fits:
            other = self._order.other(tuple(read.names))
            self._pictures.show_names(self.labels() if fits else (), other, self.units() if fits else ())

    def _problem(self) -> str:
        """What is wrong, as a sentence; empty when nothing is."""
        return _problem(tuple(self._list().names), self._outputs, self._origin, self._nouns)

    def _note(self, read: LabelList) -> str:
        """What was left out of the lines."""
        if read.left_out == "numbers":
            return f" Numbers are left out: {read.names[0]}, …"
        return f" {read.left_out[0].upper()}{read.left_out[1:]} is left out." if read.left_out else ""

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

    def __init__(self, needed: LabelsNeeded, parent: QWidget | None = None) -> None:
        super().__init__(needed, parent)
        if not self._names.toPlainText():
            self._names.setPlainText("\n".join(amount_names(needed.outputs)))
        self._names.selectAll()
        self._names.setFocus()

    def units(self) -> tuple[str, ...]:
        """The units, empty for amounts without one."""
        return tuple(line.partition(",")[2].strip()[:_LONGEST_UNIT] for line in self._lines())

    def _list(self) -> LabelList:
        """The names; "value 1", "value 2" are in no other order than this."""
        return LabelList([line.partition(",")[0].strip() for line in self._lines()], numbered=True)

    def _problem(self) -> str:
        if any(not name for name in self._list().names):
            return "A line has a unit, but no name before it."
        if any(len(line.partition(",")[2].strip()) > _LONGEST_UNIT for line in self._lines()):
            return f"A unit is longer than {_LONGEST_UNIT} characters."
        return super()._problem()


def _problem(names: tuple[str, ...], outputs: int, origin: str, nouns: tuple[str, str]) -> str:
    """What is wrong with the names, as a sentence; empty when nothing is."""
    if len(names) != outputs:
        what = counted(outputs, *nouns)
        apart = abs(len(names) - outputs)
        if origin:
            return f"{origin} has {counted(len(names), 'name')}, but the model has {what}."
        if len(names) < outputs:
            return f"{len(names):,} of {outputs:,} names: {apart:,} more to go."
        return f"{counted(len(names), 'name')} for {what}: {apart:,} too many."
    long = next((name for name in names if len(name) > _LONGEST), None)
    if long is not None:
        return f"“{long[:40]}…” is longer than {_LONGEST} characters."
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return f"“{name}” is listed twice."
        seen.add(name)
    return ""
