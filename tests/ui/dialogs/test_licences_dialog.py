"""The list of licences opens at once, is filtered, and shows the text of the chosen component."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.installation.licences import Component
from desktop_app.ui.dialogs.licences_dialog import LicencesDialog
from tests.ui.fakes import FakeAbout

PARTS = (
    Component("Sightline", "1.0", "MIT", "", "", (Path("Sightline.txt"),)),
    Component("numpy", "2.4", "BSD-3-Clause", "https://numpy.org", "", ()),
    Component("x265", "", "GPL-2.0-or-later", "https://x265.org", "Comes with pillow-heif.", ()),
)


@pytest.fixture
def about(qapp):
    return FakeAbout()


@pytest.fixture
def dialog(qtbot, about, light):
    dialog = LicencesDialog(about)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def names(dialog):
    return [dialog._shown.index(row, 0).data() for row in range(dialog._shown.rowCount())]


def test_it_opens_before_anything_is_read(dialog, about):
    assert about.calls == [("list_licences",)]
    assert dialog._count.text() == "Reading…"
    assert names(dialog) == []


def test_the_first_part_is_read_and_shown(dialog, about):
    about.licences_listed.emit(PARTS)
    assert names(dialog) == ["Sightline", "numpy", "x265"]
    assert dialog._count.text() == "3 parts"
    assert about.calls[1:] == [("read_licence", PARTS[0])]
    about.licence_read.emit(PARTS[0], "The text.")
    assert dialog._text.toPlainText() == "The text."


def test_a_text_that_comes_too_late_is_not_shown(dialog, about):
    about.licences_listed.emit(PARTS)
    dialog._table.selectRow(1)
    assert about.calls[-1] == ("read_licence", PARTS[1])
    about.licence_read.emit(PARTS[0], "Of the first.")
    assert dialog._text.toPlainText() == ""
    about.licence_read.emit(PARTS[1], "Of the second.")
    assert dialog._text.toPlainText() == "Of the second."


def test_a_long_text_is_shown_piece_by_piece(dialog, about, qtbot):
    about.licences_listed.emit(PARTS)
    text = "".join(f"Line {number}\n" for number in range(20_000)) + "The end."
    about.licence_read.emit(PARTS[0], text)
    assert len(dialog._text.toPlainText()) < len(text)
    qtbot.waitUntil(lambda: dialog._text.toPlainText() == text, timeout=60_000)
    assert dialog._text.verticalScrollBar().value() == 0


def test_another_part_ends_a_long_text(dialog, about, qtbot):
    about.licences_listed.emit(PARTS)
    about.licence_read.emit(PARTS[0], "x" * 200_000)
    dialog._table.selectRow(1)
    about.licence_read.emit(PARTS[1], "Short.")
    qtbot.waitUntil(lambda: not dialog._more.isActive(), timeout=60_000)
    assert dialog._text.toPlainText() == "Short."


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("NUM", ["numpy"]),
        ("gpl", ["x265"]),
        ("pillow", ["x265"]),
        ("[", []),
        ("", ["Sightline", "numpy", "x265"]),
    ],
)
def test_the_filter_looks_at_name_licence_and_note(dialog, about, typed, left):
    about.licences_listed.emit(PARTS)
    dialog._filter.setText(typed)
    assert names(dialog) == left
    assert dialog._count.text() == ("3 parts" if len(left) == 3 else f"{len(left)} of 3 components")


def test_what_the_filter_leaves_is_shown(dialog, about):
    about.licences_listed.emit(PARTS)
    about.licence_read.emit(PARTS[0], "Of the first.")
    dialog._filter.setText("x265")
    assert about.calls[-1] == ("read_licence", PARTS[2])
    about.licence_read.emit(PARTS[2], "Of x265.")
    assert dialog._text.toPlainText() == "Of x265."
    dialog._filter.setText("nothing at all")
    assert dialog._text.toPlainText() == ""


def test_the_keyboard_leads_through_filter_list_and_text(dialog, about, qtbot):
    about.licences_listed.emit(PARTS)
    dialog._filter.setFocus()
    qtbot.keyClick(dialog._filter, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog._table
    qtbot.keyClick(dialog._table, Qt.Key.Key_Down)
    assert about.calls[-1] == ("read_licence", PARTS[1])
    qtbot.keyClick(dialog._table, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog._text
    about.licence_read.emit(PARTS[1], "A text")
    qtbot.keyClick(dialog._text, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert dialog._text.textCursor().selectedText() == "A text"
    qtbot.keyClick(dialog._text, Qt.Key.Key_X)
    assert dialog._text.toPlainText() == "A text"


def test_a_list_that_cannot_be_read_says_so(dialog, about):
    about.licences_failed.emit(Reason("Sightline's list of licences cannot be read.", "Reinstall Sightline."))
    assert dialog._count.text().endswith("Reinstall Sightline.")
    assert dialog._count.property("tone") == "danger"


def test_parts_tell_their_licence_in_a_tooltip(dialog, about):
    about.licences_listed.emit(PARTS)
    tip = dialog._shown.index(2, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "GPL-2.0-or-later" in tip
