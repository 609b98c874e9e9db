"""Whether a window can open here, found out before Qt tries: Qt ends the process when it cannot."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import SightlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
"""System libraries that Qt's wheels need but do not bring along, and their packages in Debian."""

ON_X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
ON_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}


class DisplayError(SightlineError):
    """No window can open here."""


def opens(library: str) -> bool:
    """Whether the system's loader finds and opens a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def prepare_display(*, may_be_offscreen: bool, can_open: Callable[[str], bool] = opens) -> None:
    """Check that a window can open; on other systems than Linux it always can.

    Args:
        may_be_offscreen: Whether Qt draws into memory where there is no display, instead of failing.
        can_open: Function that says whether a system library can be opened; tests give their own.

    Raises:
        DisplayError: There is no display, or Qt's plug-in for it misses system libraries.
    """
    if not sys.platform.startswith("linux"):
        return
    platform = _chosen_platform()
    if not platform:
        if not may_be_offscreen:
            raise DisplayError(
                "There is no display to open the window on: neither DISPLAY nor WAYLAND_DISPLAY is set.",
                "Start Sightline from a desktop session (over ssh: ssh -X), or use the terminal: "
                "sightline classify PICTURE ...",
            )
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    needed = ALWAYS | _needed_by(platform)
    missing = [library for library in needed if not can_open(library)]
    if missing:
        raise DisplayError(
            f"The window cannot open, because Qt misses these system libraries: {', '.join(missing)}.",
            f"Install them: sudo apt-get install {' '.join(needed[library] for library in missing)} "
            "(Debian, Ubuntu; elsewhere the packages have similar names).",
        )


def require_platform_plugin(folders: Sequence[str]) -> None:
    """Check that Qt's own plug-in for the display is there; on other systems than Linux it is not looked for.

    Args:
        folders: Folders in which Qt looks for plug-ins.

    Raises:
        DisplayError: It is missing from the installation.
    """
    name = re.split("[-:;]", _chosen_platform())[0]
    if not sys.platform.startswith("linux") or not name:
        return
    places = [Path(folder) / "platforms" for folder in folders]
    places += [Path(place) for place in os.environ.get("QT_QPA_PLATFORM_PLUGIN_PATH", "").split(":") if place]
    if not any(any(place.glob(f"libq{name}*.so")) for place in places):
        raise DisplayError(
            f"The window cannot open, because Qt's plug-in for the platform '{name}' is missing.",
            "Reinstall Sightline.",
        )


def _chosen_platform() -> str:
    """The plug-in that the user or else Qt chooses; empty when there is no display."""
    return os.environ.get("QT_QPA_PLATFORM") or _platform()


def _platform() -> str:
    """The plug-in that Qt will choose; empty when there is no display."""
    if os.environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if os.environ.get("DISPLAY") else ""


def _needed_by(platform: str) -> dict[str, str]:
    if platform.startswith("wayland"):
        return ON_WAYLAND
    return ON_X11 if platform.startswith("xcb") else {}
