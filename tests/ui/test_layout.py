"""No text is cut off, at any size that the window allows."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.ui.fake_training import run
from tests.ui.fakes import ModelEntry, entry, missing_vgg19, preview, progress
from tests.ui.panes import open_pane

SIZES = [(1120, 720), (900, 600), (720, 480), (640, 440)]
LONG = "IMG_20240711_153012_a_file_name_as_phones_and_people_make_them_indeed.jpg"


def clipped(root):
    """Visible labels and buttons that are smaller than their text needs."""
    found = []
    for label in root.findChildren(QLabel):
        if label.isVisible() and label.text():
            need = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
            too_wide = not label.wordWrap() and label.sizeHint().width() > label.width()
            if too_wide or need > label.height():
                found.append((label.text(), label.size()))
    buttons = [button for button in root.findChildren(QPushButton) if button.isVisible()]
    narrow = [button for button in buttons if button.sizeHint().width() > button.width()]
    return found + [(button.text(), button.size()) for button in narrow]


def overlapping(root):
    """Pairs of visible labels and buttons that share pixels."""
    parts = [part for kind in (QLabel, QPushButton) for part in root.findChildren(kind) if part.isVisible()]
    parts = [part for part in parts if not part.visibleRegion().isEmpty()]
    places = [QRect(part.mapTo(root, part.rect().topLeft()), part.size()) for part in parts]
    return [
        (parts[first].text(), parts[second].text())
        for first in range(len(parts))
        for second in range(first)
        if places[first].intersects(places[second])
    ]


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def sized(window, request):
    window.resize(*request.param)
    QApplication.processEvents()
    return window


def check(window):
    for _ in range(3):
        QApplication.processEvents()
    assert clipped(window) == []
    assert overlapping(window.centralWidget()) == []


def test_the_empty_state_and_the_offer(sized, pane, library):
    check(sized)
    pane.offer_download("vgg19")
    check(sized)
    library.download("vgg19")
    library.transfer_progressed.emit(progress(123_000_000))
    check(sized)
    library.end_download(
        "vgg19", "The server closed the connection. What arrived is kept: try again.", ok=False
    )
    check(sized)


def test_an_answer_and_a_doubt(sized, session):
    session.add_files(LONG, "b.jpg")
    session.preview_ready.emit(preview(1))
    session.progress_changed.emit(1, 2)
    session.answer(
        1, 0.93, 0.03, 0.02, 0.01, 0.01, labels=("Egyptian cat, a breed with a long name", *"abcd")
    )
    check(sized)
    session.answer(1, 0.31, 0.2, 0.1, 0.05, 0.01, sure=False)
    check(sized)


def test_a_failure(sized, session):
    session.add_files(LONG)
    session.fail(1, "This is not a picture: it begins like a web page.", "Open it in a browser instead.")
    check(sized)


def test_the_runs(sized, training):
    failed = run("r2", LONG, "failed", 3, message=f"The disk is too full for {LONG}.", advice="Make room.")
    broken = run("r3", "x", "failed", 0, problem=f"/home/me/{LONG}/run.json is not valid: state: Input.")
    training.change_runs(run("r1", LONG * 2, "stopped", resumable=True), failed, broken)
    runs = open_pane(sized, "Runs")
    check(sized)
    for run_id in ("r2", "r3"):
        runs._list.choose(run_id)
        check(sized)
    training.undo_available.emit(f"Removed {LONG}.")
    runs._details._fold.click()
    check(sized)


def test_no_run_yet(sized):
    open_pane(sized, "Runs")
    check(sized)


def test_a_training_in_the_status_line(sized, session, training):
    session.add_files(LONG, "b.jpg")
    session.progress_changed.emit(1, 2)
    training.begin(epochs=1000)
    training.end_epoch(1)
    check(sized)


def test_the_models(sized, library):
    broken = ModelEntry(
        "broken", "broken", None, Path("/m"), 1, f"The model card /home/me/{LONG} is not valid."
    )
    library.change(
        entry(),
        missing_vgg19(),
        entry("f", "Flowers of the alpine meadow, a very long name", origin="imported", verified=False),
        broken,
    )
    open_pane(sized, "Models")
    library.undo_available.emit("Removed Flowers.")
    check(sized)
