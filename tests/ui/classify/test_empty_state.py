import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QWidget

from desktop_app.core.foundation import paths
from desktop_app.ui.classify.empty_state import EmptyState
from desktop_app.ui.classify.sample_row import SampleRow


@pytest.fixture
def samples(tmp_path):
    (tmp_path / "icons").symlink_to(paths.resources() / "icons")
    folder = tmp_path / "samples"
    folder.mkdir()
    for number, name in enumerate(["cat", "sailing_ship", "frog"]):
        pixels = np.full((60, 90, 3), 60 + 60 * number, np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png")
    (folder / "README.md").write_text("not a picture")
    return folder


@pytest.fixture
def row(qtbot, light, samples):
    """Inside of another widget, for a window of its own never becomes smaller than its layout."""
    parent = QWidget()
    qtbot.addWidget(parent)
    result = SampleRow(samples)
    result.setParent(parent)
    result.resize(600, 120)
    yield result
    parent.close()


def show(row):
    row.parentWidget().show()


def test_samples_are_named_and_can_be_chosen(row, qtbot, samples):
    assert [sample.text() for sample in row._buttons] == ["cat", "frog", "sailing ship"]
    with qtbot.waitSignal(row.sample_chosen) as told:
        row._buttons[2].click()
    assert told.args == [samples / "sailing_ship.png"]


def test_thumbnails_are_decoded_after_the_first_paint_then_it_rests(row, qtbot):
    assert row._buttons[0]._picture is None
    show(row)
    qtbot.waitUntil(lambda: not row._unloaded and not row._timer.isActive())
    assert all(not sample._picture.isNull() for sample in row._buttons)
    assert row.grab().toImage().pixelColor(row._buttons[0].geometry().center()).red() == 60


def test_only_samples_that_fit_are_shown(row):
    row.resize(180, 120)
    show(row)
    assert [sample.isVisible() for sample in row._buttons] == [True, True, False]


def test_drawings_are_offered_to_models_that_know_them(qtbot, samples):
    (samples / "drawn").mkdir()
    for name in ("frog", "ship"):
        Image.new("RGB", (9, 9)).save(samples / "drawn" / f"{name}.png")
    parent = QWidget()
    qtbot.addWidget(parent)
    row = SampleRow(samples)
    row.setParent(parent)
    row.resize(900, 120)
    parent.show()
    shown = lambda: [sample.text() for sample in row._buttons if sample.isVisible()]  # noqa: E731
    assert shown() == ["cat", "frog", "sailing ship", "frog", "ship"]
    row.offer_for({"ship", "golden retriever"})
    assert shown() == ["cat", "frog", "sailing ship", "ship"]
    row.offer_for(())
    assert shown() == ["cat", "frog", "sailing ship"]


def test_no_samples_no_row(qtbot, tmp_path):
    row = SampleRow(tmp_path / "missing")
    qtbot.addWidget(row)
    assert not row.has_samples()


def test_a_low_window_keeps_the_target(qtbot, light, monkeypatch, samples):
    monkeypatch.setattr(paths, "resources", lambda: samples.parent)
    parent = QWidget()
    qtbot.addWidget(parent)
    state = EmptyState()
    state.setParent(parent)
    state.resize(600, 500)
    parent.show()
    assert state._icon.isVisible()
    assert state._samples.isVisible()
    state.resize(600, 200)
    assert not state._icon.isVisible()
    assert not state._samples.isVisible()
