"""A damaged installation is distinguished from missing files of the user."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
import pytest

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import DamagedInstallation


def test_what_ships_with_the_app_is_found_beside_a_frozen_app_first(monkeypatch, tmp_path):
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resources() == tmp_path / "resources"
    assert paths.shipped_models().name == "models"


def test_a_missing_folder_is_said_with_what_to_do():
    with pytest.raises(DamagedInstallation, match="'nothing' is missing") as caught:
        paths.bundled("nothing")
    assert "Reinstall" in caught.value.advice


def test_a_missing_file_of_the_installation_is_phrased():
    missing = paths.resources() / "icons" / "no-such.svg"
    with pytest.raises(FileNotFoundError) as caught:
        missing.read_text()
    damage = paths.damage(caught.value)
    assert isinstance(damage, DamagedInstallation)
    assert str(missing) in str(damage)


@pytest.mark.parametrize("name", ["/home/person/cat.jpg", "cat.jpg", 3, None, b"/home/person/cat.jpg"])
def test_other_missing_files_are_no_damage(name):
    assert paths.damage(FileNotFoundError(2, "No such file or directory", name)) is None


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have folders of their own")
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"XDG_DATA_HOME": "/data/of/mine"},
        {"XDG_DATA_HOME": ""},
        {"XDG_DATA_HOME": "not/absolute"},
        {"HOME": "/home/somebody/"},
        {"HOME": ""},
        {"HOME": None, "XDG_DATA_HOME": None},
    ],
)
def test_the_home_is_where_platformdirs_would_put_it(environment, monkeypatch):
    monkeypatch.delenv("SIGHTLINE_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    for name, value in environment.items():
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
    assert paths.home() == Path(platformdirs.user_data_dir("sightline", appauthor=False))
