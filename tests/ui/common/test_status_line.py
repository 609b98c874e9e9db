import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolTip

from desktop_app.core.devices.status import DeviceReason, DeviceStatus
from desktop_app.core.foundation.errors import Reason
from desktop_app.ui.common.status_line import StatusLine
from desktop_app.workers.classify.messages import ModelPhase, ModelStatus
from tests.ui.fakes import CPU, OPENVINO


@pytest.fixture
def line(qtbot, light):
    result = StatusLine()
    qtbot.addWidget(result)
    result.resize(900, 30)
    result.show()
    return result


def test_progress_of_the_queue_can_be_cancelled(line, qtbot):
    line.show_progress(12, 340)
    assert line.text() == "12 of 340 pictures"
    assert line._progress.isVisible()
    with qtbot.waitSignal(line.cancel_requested):
        qtbot.mouseClick(line._cancel, Qt.MouseButton.LeftButton)
    line.show_progress(0, 0)
    assert line.text() == ""
    assert not line._cancel.isVisible()


def test_one_picture_needs_no_bar(line):
    line.show_progress(0, 1)
    assert not line._progress.isVisible()
    assert line._cancel.isVisible()


def test_a_message_covers_progress_and_goes_away(line):
    line.show_progress(1, 2)
    line.show_message("Copied the result.")
    assert line.text() == "Copied the result."
    line._fade.timeout.emit()
    assert line.text() == "1 of 2 pictures"


def test_a_model_that_failed_is_told_with_advice(line):
    line.show_model(
        ModelStatus("x", "X", ModelPhase.FAILED, reason=Reason("X is damaged.", "Import it again."))
    )
    assert line.text() == "X is damaged. Import it again."
    assert line._text._danger


def test_loading_and_queue_are_told_together(line):
    line.show_model(ModelStatus("x", "X", ModelPhase.LOADING, "Starting TensorFlow…"))
    line.show_progress(0, 5)
    assert line.text() == "Starting TensorFlow… · 0 of 5 pictures"
    assert line._spinner.isVisible()


def test_the_device_is_always_there_with_its_advice(line, qtbot):
    line.show_device(CPU)
    assert line._device.text() == CPU.sentence
    assert CPU.advice in line._device.toolTip()
    assert line._device.accessibleName() == f"Device: {CPU.sentence}"
    line._device.click()
    assert QToolTip.text() == line._device.toolTip()
    QToolTip.hideText()


def test_a_gpu_has_another_dot(line):
    line.show_device(CPU)
    before = line._device.grab().toImage().pixelColor(12, line._device.height() // 2)
    line.show_device(DeviceStatus("gpu", CPU.sentence, DeviceReason.IN_USE))
    after = line._device.grab().toImage().pixelColor(12, line._device.height() // 2)
    assert before != after


def test_the_model_stands_with_its_engine_once_it_answers(line):
    line.show_device(CPU)
    line.show_model(ModelStatus("x", "X", ModelPhase.LOADING, "Starting TensorFlow…"))
    assert line.text() == "Starting TensorFlow…"
    assert line._model.text() == "X"
    line.show_model(ModelStatus("x", "X", ModelPhase.READY, by=OPENVINO))
    assert line.text() == ""
    assert line._model.text() == "X · OpenVINO float32"


def test_a_processor_that_answers_beside_a_gpu_is_named(line):
    line.show_model(ModelStatus("x", "X", ModelPhase.READY, by=OPENVINO))
    line.show_device(DeviceStatus("gpu", "GPU: NVIDIA L4", DeviceReason.IN_USE))
    assert line._model.text() == "X · OpenVINO float32 · CPU (2 cores)"
    line.show_device(CPU)
    assert line._model.text() == "X · OpenVINO float32"
