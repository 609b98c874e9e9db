from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.training.records.events import TriedOut
from desktop_app.ui.training.run.run_step import RunStep
from desktop_app.workers.threads.thumbnails import PictureThumbnail

PICTURE = Path("/data/new/rex.jpg")


@pytest.fixture
def step(qtbot, light, training):
    result = RunStep(training)
    qtbot.addWidget(result)
    result.resize(1000, 700)
    result.show()
    training.begin()
    return result


def test_a_picture_waits_for_the_end_of_the_epoch_and_is_then_named(step, training):
    assert not step._tried.isVisible()
    step.try_out(PICTURE)
    assert training.called("try_out") == [(PICTURE,)]
    assert step._tried.isVisible()
    assert step._tried.words == "rex.jpg The prediction comes when this epoch ends."
    training.event_arrived.emit(TriedOut(PICTURE, 3, "dogs", 0.974))
    assert step._tried.words == "dogs 97.4% rex.jpg, after epoch 3"
    training.event_arrived.emit(TriedOut(Path("/earlier.jpg"), 4, "cats", 0.6))
    assert "dogs" in step._tried.words


def test_its_thumbnail_is_shown_when_it_has_come(step, training, qtbot):
    step.try_out(PICTURE)
    qtbot.waitUntil(lambda: training.called("request_thumbnails") == [((PICTURE,),)])
    training.thumbnail_ready.emit(PictureThumbnail(PICTURE, np.zeros((48, 96, 3), np.uint8)))
    assert step._tried._picture.pixmap().width() == 64


def test_what_cannot_be_read_is_said(step, training):
    step.try_out(PICTURE)
    training.event_arrived.emit(TriedOut(PICTURE, 1, problem="The file is empty."))
    assert step._tried.words == "rex.jpg The file is empty."


def test_the_next_training_begins_without_it(step, training):
    step.try_out(PICTURE)
    training.end()
    assert step._tried.isVisible()
    training.begin("run-2")
    assert not step._tried.isVisible()
