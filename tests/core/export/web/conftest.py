from __future__ import annotations

import pytest

from tests.core.service.browser import PROGRAM, Browser


@pytest.fixture(scope="module")
def one_browser(tmp_path_factory):
    if PROGRAM is None:
        pytest.skip("no Chromium installed")
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def browser(one_browser):
    """The module's browser, with no complaint yet."""
    one_browser.complaints.clear()
    one_browser.addresses.clear()
    return one_browser
