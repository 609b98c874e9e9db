"""Paths that are dragged inside the window."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QMimeData

from desktop_app.ui.similar.dragging import mime_of, paths_in


def test_paths_come_through_whatever_they_are():
    paths = [Path("/a b/ü\n.png"), Path(os.fsdecode(b"/odd/\xff.jpg"))]
    assert paths_in(mime_of(paths)) == paths


def test_anything_else_has_none():
    other = QMimeData()
    other.setText("/a/file.png")
    assert paths_in(other) == []
    assert paths_in(mime_of([])) == []
