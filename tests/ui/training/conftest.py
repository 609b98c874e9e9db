import pytest

from desktop_app.ui.training.train_pane import TrainPane
from tests.ui.fake_training import FakeTraining, report


@pytest.fixture
def service(qapp):
    return FakeTraining()


@pytest.fixture
def pane(qtbot, light, service):
    result = TrainPane(service)
    qtbot.addWidget(result)
    result.resize(820, 540)
    result.show()
    return result


@pytest.fixture
def ready(pane, service):
    service.end_scan(report(count=100))
    return pane
