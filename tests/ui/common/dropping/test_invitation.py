import pytest
from PySide6.QtWidgets import QLabel

from desktop_app.ui.common.controls.widgets import button
from desktop_app.ui.common.dropping.invitation import Invitation


@pytest.fixture
def parts(qtbot):
    picture = QLabel("picture")
    ways = [button("One", "folder"), button("Two", "folder")]
    invitation = Invitation(picture, "Drop it", "Or not.", ways, picture_from=300, words_from=220)
    qtbot.addWidget(invitation)
    invitation.resize(800, 600)
    invitation.show()
    return invitation, picture, ways


def words_of(invitation):
    return [label.text() for label in invitation.findChildren(QLabel) if label.isVisible()]


def test_everything_is_shown_where_there_is_room(parts):
    invitation, _picture, (one, two) = parts
    assert words_of(invitation) == ["picture", "Drop it", "Or not."]
    assert one.y() == two.y()


def test_a_low_one_leaves_out_the_picture_and_then_the_words(parts):
    invitation, _picture, _ways = parts
    invitation.resize(800, 299)
    assert words_of(invitation) == ["Drop it", "Or not."]
    invitation.resize(800, 200)
    assert words_of(invitation) == ["Drop it"]


def test_a_narrow_one_puts_its_buttons_below_each_other(parts, qtbot):
    invitation, _picture, (one, two) = parts
    invitation.resize(380, 600)
    qtbot.waitUntil(lambda: one.y() < two.y())
