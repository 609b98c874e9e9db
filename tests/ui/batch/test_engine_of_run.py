from tests.ui.fakes import OPENVINO, TENSORFLOW


def test_the_engine_of_a_run_is_named_and_why_it_is_another(batch_pane, batch):
    batch.running = True
    batch.running_changed.emit(True)
    batch.open_job()
    header = batch_pane._work._header
    batch.answering.emit(OPENVINO)
    assert "classified with Everyday by OpenVINO float32 from " in header._answered_by.text()
    assert not header._why.isVisible()
    batch.answering.emit(TENSORFLOW)
    assert header._why.isVisible()
    assert header._why.text() == TENSORFLOW.reason
    batch.open_job()
    assert not header._why.isVisible()
