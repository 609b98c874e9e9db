from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.training.records.events import BatchEnded, Preparing, Warned
from desktop_app.core.training.records.result import Retry
from desktop_app.ui.charts.curve_export import SCALE
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.training.run import run_step
from desktop_app.ui.training.run.run_step import RunStep
from tests.ui.fake_training import metrics, started, training_result
from tests.ui.test_accessibility import nameless
from tests.ui.test_layout import clipped, overlapping


@pytest.fixture
def step(qtbot, light, training):
    result = RunStep(training)
    qtbot.addWidget(result)
    result.resize(1000, 700)
    result.show()
    return result


@pytest.fixture
def running(step, training):
    training.begin()
    return step


def batch(epoch=3, step=12, left=120.0):
    return BatchEnded(epoch, step, 19, {"loss": 0.5, "accuracy": 0.8}, 412.4, left)


def words(step):
    return step._strip._text.text()


def test_start_is_off_with_its_reason_until_all_is_ready(step, qtbot):
    step.set_startable(False, "Choose pictures first")
    assert not step._start.isEnabled()
    assert step._reason.text() == "Choose pictures first"
    step.set_startable(True, "")
    with qtbot.waitSignal(step.start_requested):
        qtbot.keyClick(step._start, Qt.Key.Key_Space)


def test_before_the_first_run_there_are_words_in_the_place_of_the_curves(step):
    assert step._coming.isVisible()
    assert not step._curves.isVisible()


def test_a_run_shows_progress_in_words_and_as_a_bar(running, training):
    assert not running._start.isVisible()
    training.event_arrived.emit(Preparing("Reading pictures", 120, 600))
    assert words(running) == "Reading pictures 120 of 600"
    assert running._strip._bar.value() == 200
    training.event_arrived.emit(batch())
    assert words(running) == "Epoch 3 of 10, batch 12 of 19 · 412 pictures/s · 2 min left"
    assert running._strip._bar.value() == round(1000 * (2 + 12 / 19) / 10)
    training.event_arrived.emit(batch(left=None))
    assert words(running).endswith("pictures/s")


def test_what_has_no_known_end_has_a_bar_without_one(running, training):
    training.event_arrived.emit(Preparing("Evaluating", 0, None))
    assert words(running) == "Evaluating…"
    assert running._strip._bar.maximum() == 0


def test_the_figures_of_batches_and_epochs_reach_the_plots(running, training):
    training.event_arrived.emit(batch(1, 19))
    training.end_epoch(1, loss=0.5, val_loss=0.6)
    training.end_epoch(2, loss=0.4, val_loss=0.7, best=False)
    loss = running._curves._loss
    loss.refresh()
    assert loss.batches.x.tolist() == [1.0]
    assert loss.reading == "Epoch 2 · training 0.4 · validation 0.7"
    assert loss._best == 1


def test_a_resumed_run_draws_its_history_first(step, training):
    training.begin(history=tuple(metrics(epoch) for epoch in range(1, 4)))
    training.end_epoch(4, best=False)
    step._curves._loss.refresh()
    run = step._curves._loss._runs["run"]
    assert run.train.raw.x.tolist() == [1, 2, 3, 4]
    assert step._curves._loss._best is not None


def test_a_second_run_begins_with_empty_plots(running, training):
    training.end_epoch(1)
    training.event_arrived.emit(Warned("A picture vanished."))
    training.end()
    training.begin("run-2")
    assert not running._curves._loss._runs
    assert running._notes.warnings == ()
    assert not running._end.isVisible()


def test_a_resumed_run_keeps_the_batches_that_are_drawn(running, training):
    training.event_arrived.emit(batch(1, 19))
    training.end_epoch(1)
    training.end(training_result("interrupted", model_id=None))
    training.begin(history=(metrics(1),))
    training.event_arrived.emit(batch(2, 1))
    loss = running._curves._loss
    assert loss.batches.x.tolist() == pytest.approx([1.0, 1 + 1 / 19])
    assert loss._runs["run"].train.raw.x.tolist() == [1]
    training.end()
    training.begin("run-2")
    assert len(loss.batches) == 0


def test_each_run_is_drawn_as_it_is_until_smoothing_is_wanted(running, training):
    slider = running._curves._toolbar._smoothing
    slider.setValue(60)
    training.end()
    training.begin()
    assert slider.value() == 60  # the same run continues
    training.end()
    training.begin("run-2")
    assert slider.value() == 0
    assert running._curves._toolbar._weight.text() == "off"
    assert running._curves._loss._weight == 0


def test_pause_and_continue(running, training, qtbot):
    training.event_arrived.emit(batch())
    running._strip._pause.click()
    assert training.called("pause")
    assert words(running).startswith("Pausing… · ")
    training.hold()
    assert words(running) == "Paused · Epoch 3 of 10, batch 12 of 19"
    assert running._strip._pause.text() == "Resume"
    running._strip._pause.click()
    assert training.called("unpause")
    training.hold(paused=False)
    assert words(running) == "Epoch 3 of 10, batch 12 of 19 · 412 pictures/s · 2 min left"


def test_stop_can_be_pressed_only_while_there_is_something_to_stop_and_to_keep(step, training):
    training.start(None)
    training.event_arrived.emit(Preparing("Reading pictures", 120, 600))
    assert not step._strip._stop.isEnabled()
    assert "nothing to keep" in step._strip._stop.toolTip()
    training.event_arrived.emit(started(epochs=2))
    training.event_arrived.emit(batch(1, 1))
    assert step._strip._stop.isEnabled()
    for epoch in (1, 2):
        training.end_epoch(epoch)
    training.event_arrived.emit(Preparing("Evaluating", 0, 60))
    assert not step._strip._stop.isEnabled()
    training.end()
    training.resume("run-1")
    assert step._strip._stop.isEnabled()  # it has epochs to keep already


def test_a_run_that_fails_before_it_learns_shows_nothing_of_another(running, training):
    training.end_epoch(1)
    training.end()
    assert running._curves.isVisible()
    training.start(None)
    assert not running._curves.isVisible()
    training.end(training_result("failed", model_id=None))
    assert not running._curves.isVisible()
    assert not running._notes.isVisible()
    assert running._end.isVisible()


def test_stop_acts_once_and_can_still_become_a_cancel(running, training):
    training.event_arrived.emit(batch(1, 1))
    running._strip._stop.click()
    assert training.called("stop") == [()]
    assert running._strip._stop.text() == "Stopping…"
    assert not running._strip._stop.isEnabled()
    assert running._strip._cancel.isEnabled()


def test_cancel_asks_only_when_an_epoch_would_be_lost(running, training, monkeypatch):
    asked = []
    monkeypatch.setattr(run_step, "confirm", lambda *words, **_: asked.append(words) and False)
    training.end_epoch(1)
    running._strip._cancel.click()
    assert "One finished epoch would be lost" in asked[0][2]
    assert asked[0][3:] == ("Discard", "Keep training")
    assert not training.called("cancel")
    monkeypatch.setattr(run_step, "confirm", lambda *_words, **_: True)
    running._strip._cancel.click()
    assert training.called("cancel") == [()]
    assert running._strip._cancel.text() == "Cancelling…"
    assert not running._strip._cancel.isEnabled()


def test_cancel_before_the_first_epoch_asks_nothing(running, training, monkeypatch):
    monkeypatch.setattr(run_step, "confirm", lambda *_words, **_: pytest.fail("asked"))
    running._strip._cancel.click()
    assert training.called("cancel") == [()]


def test_a_run_that_ends_during_the_question_is_not_cancelled(running, training, monkeypatch):
    training.end_epoch(1)
    monkeypatch.setattr(run_step, "confirm", lambda *_words, **_: training.end() or True)
    running._strip._cancel.click()
    assert not training.called("cancel")


def test_the_question_goes_when_the_run_ends_behind_it(running, training, qtbot):
    training.end_epoch(1)
    asked = []

    def end():
        asked.append(QApplication.activeModalWidget())
        training.end()

    QTimer.singleShot(0, end)
    running._strip._cancel.click()  # comes back only when the question has gone
    assert "would be lost" in asked[0].text()
    assert not training.called("cancel")


def test_warnings_and_layers_unfold(running, training):
    training.event_arrived.emit(Warned("One vanished."))
    training.event_arrived.emit(Warned("Another vanished."))
    notes = running._notes
    assert notes._warned.text() == "2 warnings"
    assert not notes._warnings.isVisible()
    notes._warned.click()
    assert notes._warnings.isVisible()
    notes._details.click()
    assert "conv 32" in notes._summary.toPlainText()
    assert notes._summary.isVisible()


def test_the_end_tells_what_happened_and_offers_to_try_again(running, training, qtbot):
    result = training_result(
        "failed",
        model_id=None,
        reason=Reason("The memory was full in epoch 4.", "Try smaller batches."),
        retry=(Retry("Try again with batches of 16", {"batch_size": 16}),),
    )
    training.end(result)
    assert running._end._sentence.text() == "The memory was full in epoch 4."
    assert running._start.isVisible()
    assert not running._strip.isVisible()
    with qtbot.waitSignal(running.retry_requested) as told:
        running._end._retries._buttons[0].click()
    assert told.args == [{"batch_size": 16}]


def test_a_pane_that_is_made_during_a_run_shows_it(qtbot, light, training):
    training.begin()
    late = RunStep(training)
    qtbot.addWidget(late)
    late.show()
    training.event_arrived.emit(batch())
    assert words(late).startswith("Epoch 3, batch 12 of 19")
    assert late._curves.isVisible()


def test_both_plots_look_at_the_same_part(running, training):
    for epoch in range(1, 9):
        training.end_epoch(epoch)
    loss, accuracy = running._curves._loss, running._curves._shown
    loss.refresh()
    accuracy.refresh()
    loss._canvas.zoom_by(0.5)
    ranges = [plot._canvas.view.viewRange()[0] for plot in (loss, accuracy)]
    assert ranges[0] == pytest.approx(ranges[1])
    loss._on_pointed(4.0)
    assert accuracy.reading.startswith("Epoch 4 ")
    accuracy._on_reset_requested()
    assert loss._follows_x


def test_the_picture_and_the_table_are_saved(running, training, monkeypatch, tmp_path):
    said = []
    running.said.connect(lambda *words: said.append(words))
    training.end_epoch(1)
    training.event_arrived.emit(batch(2, 1))
    names = iter((str(tmp_path / "a.png"), str(tmp_path / "b")))
    monkeypatch.setattr(FileDialog, "save_file", lambda *_: (next(names), ""))
    running._curves.save_picture()
    running._curves.save_table()
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    rows = (tmp_path / "b.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["kind", "epoch", "batch"]
    assert said == [("Saved a.png.", False), ("Saved b.csv.", False)]


def test_the_picture_has_a_title_and_lines_as_thick_as_the_window(running, training, light):
    training.end_epoch(1)
    training.end_epoch(2)
    curves = running._curves
    plots, image = curves._plots, QImage()
    assert image.loadFromData(curves._picture())
    assert image.height() > SCALE * plots.height()
    for plot in (curves._loss, curves._shown):
        assert plot._legend.geometry().bottom() < plot._canvas.geometry().top()  # drawn whole, though new
    margin = {image.pixelColor(x, y).name() for x in range(240) for y in range(60)}
    assert len(margin) > 1  # the title
    assert curves._name == "pets cats-dogs-cnn"  # not the run's id, which names the file
    assert curves._loss._runs["run"].train.pen.widthF() == pytest.approx(2.2)
    widths = []
    curves._loss.set_zoom(SCALE)
    widths.append(curves._loss._runs["run"].train._curve.opts["pen"].widthF())
    curves._loss.set_zoom(1)
    assert widths == [pytest.approx(4.4)]


def test_files_are_proposed_where_pictures_and_documents_are(running, monkeypatch, tmp_path):
    proposed = []
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda place: str(tmp_path / place.name))
    (tmp_path / "PicturesLocation").mkdir()
    (tmp_path / "DocumentsLocation").mkdir()
    monkeypatch.setattr(FileDialog, "save_file", lambda *words: proposed.append(words[2]) or ("", ""))
    running._curves.save_picture()
    running._curves.save_table()
    assert [str(Path(path).relative_to(tmp_path)) for path in proposed] == [
        "PicturesLocation/run-1.png",
        "DocumentsLocation/run-1.csv",
    ]


def test_nothing_moves_when_the_run_has_started(step, training):
    training.resume("run-1")
    QCoreApplication.processEvents()
    before = step._notes.geometry()
    training.begin()
    QCoreApplication.processEvents()
    assert step._notes.geometry() == before


def test_a_place_that_cannot_be_written_is_told(running, monkeypatch, tmp_path):
    said = []
    running.said.connect(lambda *words: said.append(words))
    place = str(tmp_path / "nowhere" / "a.csv")
    monkeypatch.setattr(FileDialog, "save_file", lambda *_: (place, ""))
    running._curves.save_table()
    assert said[0][1]
    assert "a.csv" in said[0][0]
    monkeypatch.setattr(FileDialog, "save_file", lambda *_: ("", ""))
    running._curves.save_table()
    assert len(said) == 1


@pytest.mark.parametrize("size", [(1200, 800), (800, 600), (580, 900)])
def test_nothing_is_cut_off(running, training, size):
    training.event_arrived.emit(batch())
    training.event_arrived.emit(Warned("One vanished."))
    running._notes._warned.click()
    running.resize(*size)
    for _ in range(3):
        QCoreApplication.processEvents()
    assert clipped(running) == []
    assert overlapping(running) == []
    assert nameless(running) == []


def test_the_plots_stand_below_each_other_in_a_narrow_window(running):
    for width, below in ((1200, False), (600, True)):
        running.resize(width, 900)
        QCoreApplication.processEvents()
        loss, accuracy = running._curves._loss, running._curves._shown
        assert (accuracy.y() > loss.y()) is below
