from pathlib import Path

import pytest

from desktop_app.core.settings import Settings
from desktop_app.ui.main_window import MainWindow
from tests.ui.fakes import preview

PLAIN = "a.jpg · 400 \N{MULTIPLICATION SIGN} 200"
CENTRE = "seen: the centre 175 \N{MULTIPLICATION SIGN} 175"


@pytest.fixture
def cropping(session):
    session.own_fit = "crop"
    session.fitting = session.fitting._replace(fit="crop", crop_share=0.875)
    return session


@pytest.fixture
def shown(cropping, window):
    """The window with a classified picture of a model that crops."""
    cropping.add_files("a.jpg")
    cropping.answer(1, 0.9)
    cropping.preview_ready.emit(preview(1, 400, 200))
    return window


def caption(window):
    return window._classify._work._name.text()


def who(window):
    return window._classify._work._panel._answer._who.text()


def by_menu(window, name):
    getattr(window._actions, name).trigger()


def by_button(window, name):
    getattr(window._classify._toolbar, name).click()


@pytest.mark.parametrize("switch", [by_menu, by_button])
def test_the_frame_is_shown_on_request_and_remembered(shown, store, switch):
    assert caption(shown) == PLAIN
    switch(shown, "frame")
    assert caption(shown) == f"{PLAIN} · {CENTRE}"
    assert shown._actions.frame.isChecked()
    assert shown._classify._toolbar.frame.isChecked()
    assert store.load().show_seen
    switch(shown, "frame")
    assert caption(shown) == PLAIN
    assert not store.load().show_seen


@pytest.mark.parametrize("switch", [by_menu, by_button])
def test_the_whole_picture_is_asked_about_and_back(shown, cropping, store, switch):
    assert "saw" not in who(shown)
    switch(shown, "whole")
    assert cropping.called("set_options") == [("squash", False)]
    assert (store.load().fit, shown._status.text()) == ("squash", "Everyday sees the whole picture.")
    assert shown._actions.whole.isChecked()
    assert shown._classify._toolbar.whole.isChecked()
    cropping.answer(1, 0.8)
    assert who(shown).endswith(", saw the whole picture")
    switch(shown, "whole")
    assert cropping.called("set_options")[1:] == [(None, False)]
    assert (store.load().fit, shown._status.text()) == (None, "Everyday sees the centre (87.5%).")
    assert not shown._classify._toolbar.whole.isChecked()


def test_the_frame_is_that_of_the_answer_until_the_next_one_is_asked_for(shown, cropping):
    by_menu(shown, "frame")
    cropping.fitting = cropping.fitting._replace(fit="squash")
    cropping.preview_ready.emit(preview(1, 400, 200))
    assert caption(shown).endswith(CENTRE)
    cropping.answer(1, 0.8)
    assert caption(shown).endswith("seen: all of it")


def test_a_model_that_sees_the_whole_picture_anyway_is_said(window):
    by_menu(window, "whole")
    assert window._status.text() == "Everyday sees the whole picture as before."


def test_the_preferences_and_the_switch_are_the_same_setting(shown, store, batch):
    shown._save(fit="squash")
    assert [call for call in batch.calls if call[0] == "set_fit"] == [("set_fit", "squash")]
    assert shown._classify._toolbar.whole.isChecked()
    for other in ("crop", "both", None):
        shown._save(fit=other)
        assert not shown._actions.whole.isChecked()
    assert store.load().fit is None


def test_both_are_there_from_the_start_with_names_and_keys(qtbot, services, store, notifier, session):
    store.save(Settings(fit="squash", show_seen=True))
    window = MainWindow(services, store, notifier)
    qtbot.addWidget(window)
    session.add_files("a.jpg")
    session.preview_ready.emit(preview(1, 400, 200))
    assert window._actions.frame.isChecked()
    assert window._actions.whole.isChecked()
    assert caption(window).endswith("seen: all of it")
    toolbar = window._classify._toolbar
    assert (toolbar.frame.accessibleName(), toolbar.whole.accessibleName()) == (
        "Show what the model sees",
        "Use the whole picture",
    )
    for part, action in ((toolbar.frame, window._actions.frame), (toolbar.whole, window._actions.whole)):
        assert action.shortcut().toString() in part.toolTip()


def test_they_need_a_picture(window, session):
    toolbar = window._classify._toolbar
    assert not toolbar.frame.isVisible()
    session.add_files(str(Path("a.jpg")))
    assert toolbar.frame.isVisible()
    assert toolbar.whole.isVisible()
