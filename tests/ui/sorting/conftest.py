"""The sorting dialog with a service that tests drive by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.features.grouping import PictureGroup, PictureGroups
from desktop_app.ui.sorting import sorting_dialog as module
from desktop_app.ui.sorting.sorting_dialog import SortingDialog

FOLDER = Path("/photos/unsorted")
TABBIES = tuple(FOLDER / f"tabby {number}.jpg" for number in range(6))
COLLIES = tuple(FOLDER / f"collie {number}.jpg" for number in range(4))
BLACK = tuple(FOLDER / f"black {number}.jpg" for number in range(3))
ODD = (FOLDER / "odd.jpg",)
GROUPS = PictureGroups(
    (PictureGroup(TABBIES, "tabby"), PictureGroup(COLLIES, "collie"), PictureGroup(BLACK)),
    ODD,
    (FOLDER / "bad.jpg",),
)


@pytest.fixture
def dialog(qtbot, light, similar, monkeypatch):
    monkeypatch.setattr(module, "confirm", lambda *_words, **_more: True)
    made = SortingDialog(similar, FOLDER)
    qtbot.addWidget(made)
    made.show()
    similar.grouped.emit(GROUPS)
    return made


@pytest.fixture
def page(dialog):
    return dialog.page
