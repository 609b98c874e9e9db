import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage

from desktop_app.core.images.sources import FileSource, LinkSource, PixelSource
from desktop_app.ui.common.dropping.drop_pane import DropPane

NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def target(qtbot, light):
    result = DropPane("Drop to classify")
    qtbot.addWidget(result)
    result.resize(300, 200)
    result.show()
    return result


def enter(target, mime):
    event = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, NO_KEYS)
    event.ignore()
    target.dragEnterEvent(event)
    return event


def drop(target, mime):
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, NO_KEYS)
    target.dropEvent(event)
    return event


def of_urls(*urls):
    mime = QMimeData()
    mime.setUrls([QUrl(url) for url in urls])
    return mime


def of_text(text):
    mime = QMimeData()
    mime.setText(text)
    return mime


def test_a_usable_drag_covers_the_pane_until_it_leaves(target):
    assert enter(target, of_urls("file:///a.jpg")).isAccepted()
    assert target._overlay.isVisible()
    assert target._overlay.size() == target.size()
    target.resize(400, 300)
    assert target._overlay.size() == target.size()
    target.dragLeaveEvent(QDragLeaveEvent())
    assert not target._overlay.isVisible()


def test_an_unusable_drag_is_refused_in_words(target, qtbot):
    with qtbot.waitSignal(target.refused) as told:
        event = enter(target, of_text("a poem"))
    assert not event.isAccepted()
    assert not target._overlay.isVisible()
    assert "text" in told.args[0]


def test_files_that_are_withheld_at_first_may_come_with_the_drop(target, qtbot):
    withheld = QMimeData()
    withheld.setData("text/uri-list", b"")
    refusals = []
    target.refused.connect(refusals.append)
    event = enter(target, withheld)
    assert event.isAccepted()
    assert event.dropAction() is Qt.DropAction.CopyAction
    assert target._overlay.isVisible()
    with qtbot.waitSignal(target.sources_arrived):
        assert drop(target, of_urls("file:///a.jpg")).isAccepted()
    target.dragLeaveEvent(QDragLeaveEvent())
    assert refusals == []
    enter(target, withheld)
    assert not drop(target, withheld).isAccepted()
    assert len(refusals) == 1
    assert "did not hand over" in refusals[0]


def test_files_that_were_let_go_of_before_they_came_are_told_of_once(target):
    withheld = QMimeData()
    withheld.setData("text/uri-list", b"")
    refusals = []
    target.refused.connect(refusals.append)
    enter(target, withheld)
    for _ in range(2):
        target.dragLeaveEvent(QDragLeaveEvent())
    assert len(refusals) == 1
    assert "did not hand over" in refusals[0]
    enter(target, withheld)
    enter(target, of_urls("file:///a.jpg"))
    target.dragLeaveEvent(QDragLeaveEvent())
    assert len(refusals) == 1


def test_a_drop_brings_sources(target, qtbot):
    mime = of_urls("file:///a.jpg", "file:///b")
    enter(target, mime)
    with qtbot.waitSignal(target.sources_arrived) as told:
        drop(target, mime)
    assert [source.name for source in told.args[0]] == ["a.jpg", "b"]
    assert not target._overlay.isVisible()


def test_a_paste_of_each_kind(target, qtbot, tmp_path):
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    pixels = QMimeData()
    pixels.setImageData(image)
    for mime, kind in (
        (of_urls("file:///a.jpg"), FileSource),
        (of_urls("https://example.org/a.jpg"), LinkSource),
        (of_text("https://example.org/a.jpg"), LinkSource),
        (pixels, PixelSource),
    ):
        QGuiApplication.clipboard().setMimeData(mime)
        with qtbot.waitSignal(target.sources_arrived) as told:
            target.paste()
        assert isinstance(told.args[0][0], kind)


def test_a_paste_of_nothing_is_told(target, qtbot):
    QGuiApplication.clipboard().clear()
    with qtbot.waitSignal(target.refused) as told:
        target.paste()
    assert "empty" in told.args[0]
