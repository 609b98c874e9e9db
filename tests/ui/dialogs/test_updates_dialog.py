"""The dialog looks for a newer version only when it opens, and shows the result in a sentence."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QDesktopServices

from desktop_app import __version__
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.installation.updates import UpdateAnswer
from desktop_app.ui.dialogs.updates_dialog import UpdatesDialog
from tests.ui.fakes import FakeAbout

ADDRESS = "https://example.org/latest.json"
NEWER = UpdateAnswer("1.0", "2.0", "- Much.", "https://example.org/get")


@pytest.fixture
def about(qapp):
    return FakeAbout()


@pytest.fixture
def opened(qtbot, about, light):
    def opened(address=ADDRESS):
        dialog = UpdatesDialog(about, address)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return opened


@pytest.fixture
def visited(monkeypatch):
    pages = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: pages.append(url.toString()) or True)
    return pages


def test_without_an_address_nobody_is_asked(opened, about):
    dialog = opened("")
    assert dialog._sentence.text() == "Updates aren't available for this version."
    assert __version__ in dialog._advice.text()
    assert about.calls == []


def test_it_asks_as_it_opens(opened, about):
    dialog = opened()
    assert about.calls == [("check_for_updates", ADDRESS)]
    assert dialog._sentence.text() == "Checking example.org…"


def test_a_newer_version_leads_to_its_page(opened, about, visited):
    dialog = opened()
    about.update_checked.emit(NEWER)
    assert dialog._sentence.text() == "Sightline 2.0 is available; this is 1.0."
    assert dialog._notes.toPlainText() == "- Much."
    dialog._open_page.click()
    assert visited == ["https://example.org/get"]
    assert not dialog.isVisible()


def test_a_page_that_no_browser_opens_is_named(opened, about, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    dialog = opened()
    about.update_checked.emit(NEWER)
    dialog._open_page.click()
    assert dialog._sentence.text() == "No browser opened the page."
    assert dialog._advice.text() == "https://example.org/get"


@pytest.mark.parametrize("newest", ["1.0", "0.9"])
def test_nothing_newer_leads_nowhere(opened, about, newest):
    dialog = opened()
    about.update_checked.emit(UpdateAnswer("1.0", newest, "- Old.", "https://example.org/get"))
    assert not dialog._open_page.isVisible()
    assert not dialog._notes.isVisible()


def test_a_failure_can_be_tried_again(opened, about):
    dialog = opened()
    about.update_failed.emit(Reason("It cannot be reached.", "Check the connection and try again."))
    assert dialog._sentence.text() == "It cannot be reached."
    assert dialog._advice.text() == "Check the connection and try again."
    dialog._again.click()
    assert about.calls == [("check_for_updates", ADDRESS)] * 2
    assert not dialog._again.isVisible()


def test_closing_takes_the_question_back(opened, about):
    dialog = opened()
    dialog.accept()
    assert about.calls[-1] == ("cancel_check",)


def test_it_grows_with_what_it_has_to_tell(opened, about):
    dialog = opened()
    before = dialog.height()
    about.update_checked.emit(NEWER)
    assert dialog.height() > before
