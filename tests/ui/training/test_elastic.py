import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_app.ui.training.elastic import Elastic


class Plot(QWidget):
    """Would like a lot, is content with little."""

    def sizeHint(self):
        return super().sizeHint().expandedTo(self.minimumSizeHint() * 4)

    def minimumSizeHint(self):
        return super().minimumSizeHint().expandedTo(self.minimumSize())


@pytest.fixture
def content(qtbot, light):
    result = QWidget()
    layout = QVBoxLayout(result)
    plot = Plot()
    plot.setMinimumSize(200, 100)
    layout.addWidget(plot)
    layout.addWidget(QLabel("words " * 40, wordWrap=True))
    return result


def test_it_asks_for_the_least_and_gives_all(content, qtbot):
    elastic = Elastic(content)
    qtbot.addWidget(elastic)
    assert elastic.sizeHint() == content.minimumSizeHint()
    elastic.resize(700, 900)
    elastic.show()
    assert content.size() == elastic.size()


def test_text_that_wraps_makes_it_higher_when_it_is_narrow(content, qtbot):
    elastic = Elastic(content)
    qtbot.addWidget(elastic)
    assert elastic.heightForWidth(240) > elastic.heightForWidth(1200)


def test_contents_that_grow_are_followed(content, qtbot):
    outer = QWidget()
    qtbot.addWidget(outer)
    layout = QVBoxLayout(outer)
    elastic = Elastic(content)
    layout.addWidget(elastic)
    layout.addStretch(1)
    outer.resize(400, 1000)
    outer.show()
    content.findChild(Plot).setMinimumSize(200, 600)
    qtbot.waitUntil(lambda: elastic.height() >= 600)
