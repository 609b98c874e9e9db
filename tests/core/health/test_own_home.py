"""The self-test lives in a home folder of its own, and leaves nothing of it behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.core.foundation import paths
from desktop_app.core.health.own_home import own_home


def test_everything_leads_into_the_new_home(isolated_home, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    before = dict(os.environ)
    with own_home() as home:
        assert " " in home.name
        assert not home.name.isascii()
        assert paths.home().is_relative_to(home)
        for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            assert Path(os.environ[name]).is_relative_to(home)
        (paths.home() / "models").mkdir(parents=True)
    assert not home.parent.exists()
    assert dict(os.environ) == before
    assert not isolated_home.exists()


def test_a_failure_leaves_nothing_behind(isolated_home):
    with pytest.raises(KeyboardInterrupt), own_home() as home:
        raise KeyboardInterrupt
    assert not home.parent.exists()
    assert paths.home() == isolated_home


def test_packages_in_the_users_home_are_still_found():
    code = "import site; print(site.getuserbase())"
    wanted = subprocess.check_output([sys.executable, "-c", code], text=True)
    with own_home():
        assert subprocess.check_output([sys.executable, "-c", code], text=True) == wanted
