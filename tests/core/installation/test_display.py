"""No display and missing libraries are said before Qt ends the process."""

from __future__ import annotations

import os
import sys

import pytest

from desktop_app.core.installation.display import (
    ALWAYS,
    ON_WAYLAND,
    ON_X11,
    DisplayError,
    opens,
    prepare_display,
    require_platform_plugin,
)

VARIABLES = ("QT_QPA_PLATFORM", "QT_QPA_PLATFORM_PLUGIN_PATH", "DISPLAY", "WAYLAND_DISPLAY")


@pytest.fixture(autouse=True)
def linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in VARIABLES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return monkeypatch


def all_there(_library):
    return True


def test_no_display_is_said_with_what_to_do_instead():
    with pytest.raises(DisplayError, match="no display") as caught:
        prepare_display(may_be_offscreen=False, can_open=all_there)
    assert "sightline classify" in caught.value.advice


def test_without_a_display_pictures_of_the_window_are_drawn_in_memory():
    prepare_display(may_be_offscreen=True, can_open=all_there)
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


@pytest.mark.parametrize("may_be_offscreen", [False, True])
@pytest.mark.parametrize(("variable", "value"), [("DISPLAY", ":1"), ("WAYLAND_DISPLAY", "wayland-0")])
def test_a_display_is_used(linux, variable, value, may_be_offscreen):
    linux.setenv(variable, value)
    prepare_display(may_be_offscreen=may_be_offscreen, can_open=all_there)
    assert "QT_QPA_PLATFORM" not in os.environ


def test_a_chosen_platform_needs_no_display(linux):
    linux.setenv("QT_QPA_PLATFORM", "minimal")
    prepare_display(may_be_offscreen=False, can_open=all_there)
    assert os.environ["QT_QPA_PLATFORM"] == "minimal"


@pytest.mark.parametrize(
    ("variable", "value", "needed"),
    [
        ("DISPLAY", ":1", ALWAYS | ON_X11),
        ("WAYLAND_DISPLAY", "wayland-0", ALWAYS | ON_WAYLAND),
        ("QT_QPA_PLATFORM", "xcb", ALWAYS | ON_X11),
        ("QT_QPA_PLATFORM", "offscreen", ALWAYS),
    ],
)
def test_every_missing_library_is_named_with_its_package(linux, variable, value, needed):
    linux.setenv(variable, value)
    for library, package in needed.items():
        with pytest.raises(DisplayError, match=library) as caught:
            prepare_display(may_be_offscreen=False, can_open=lambda name, missing=library: name != missing)
        assert f"apt-get install {package} " in caught.value.advice


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_always_have_a_display(linux, platform):
    linux.setattr(sys, "platform", platform)
    prepare_display(may_be_offscreen=False, can_open=lambda _library: False)


def test_libraries_are_really_looked_for():
    assert not opens("libno-such-library.so.0")


@pytest.mark.parametrize(
    ("platform", "file"),
    [
        ("xcb", "libqxcb.so"),
        ("offscreen:configfile=x.json", "libqoffscreen.so"),
        ("wayland-egl", "libqwayland.so"),
    ],
)
def test_a_missing_plug_in_is_said_before_qt_ends_the_process(linux, platform, file, tmp_path):
    linux.setenv("QT_QPA_PLATFORM", platform)
    with pytest.raises(DisplayError, match="plug-in") as caught:
        require_platform_plugin([str(tmp_path)])
    assert "Reinstall" in caught.value.advice
    (tmp_path / "platforms").mkdir()
    (tmp_path / "platforms" / file).touch()
    require_platform_plugin([str(tmp_path)])


def test_a_plug_in_in_a_folder_that_the_user_names_will_do(linux, tmp_path):
    linux.setenv("QT_QPA_PLATFORM", "xcb")
    linux.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", str(tmp_path))
    (tmp_path / "libqxcb.so").touch()
    require_platform_plugin([])
