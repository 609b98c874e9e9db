"""What differs between the systems that the app is frozen on, for ``sightline.spec``."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent

PICTURE_EXTENSIONS = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif", "heic", "heif")
"""Of the files that the system may offer to open with Sightline."""


def version() -> str:
    """Sightline's version, read from the one place where it stands."""
    text = (ROOT / "desktop_app" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        message = "desktop_app/__init__.py does not name the version"
        raise ValueError(message)
    return found.group(1)


def hidden_imports(system: str = sys.platform) -> list[str]:
    """Modules that are imported by name only, which the analysis cannot see."""
    names = ["pillow_heif", "waitress", "PySide6.QtSvg"]
    if system.startswith("linux"):
        names.append("PySide6.QtDBus")  # Qt's own file dialogs go through the desktop's portal
    return names


def executable(folder: str, system: str = sys.platform) -> dict[str, Any]:
    """Settings of the executable, which is window and command in one.

    Args:
        folder: That of the spec.
        system: As `sys.platform`.
    """
    icons = Path(folder).parent / "build" / "icons"
    if system == "win32":
        return {
            # A program for terminals, so that the commands can print; a double click shows no terminal.
            "console": True,
            "hide_console": "hide-early",
            "icon": str(icons / "sightline.ico"),
            "version": str(Path(folder).parent / "build" / "version_info.txt"),
        }
    if system == "darwin":
        return {"console": True, "icon": str(icons / "sightline.icns"), "argv_emulation": False}
    return {"console": True}


def mac_bundle(folder: str) -> dict[str, Any]:
    """Settings of the macOS app."""
    return {
        "name": "Sightline.app",
        "icon": str(Path(folder).parent / "build" / "icons" / "sightline.icns"),
        "bundle_identifier": "io.github.sightline.Sightline",
        "version": version(),
        "info_plist": info_plist(),
    }


def info_plist() -> dict[str, Any]:
    """What macOS is told about the app: that it opens pictures and folders, and needs no Rosetta."""
    return {
        "CFBundleName": "Sightline",
        "CFBundleDisplayName": "Sightline",
        "CFBundleShortVersionString": version(),
        "CFBundleVersion": version(),
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Picture",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["public.image"],
                "CFBundleTypeExtensions": list(PICTURE_EXTENSIONS),
            },
            {
                "CFBundleTypeName": "Folder",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["public.folder"],
            },
        ],
        "LSApplicationCategoryType": "public.app-category.graphics-design",
        "LSMinimumSystemVersion": "12.0",
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "MIT licence",
    }


def distributions(modules: set[str]) -> list[importlib.metadata.Distribution]:
    """Find the installed packages that some top-level modules belong to.

    Args:
        modules: Names, such as ``PIL``.
    """
    owners = importlib.metadata.packages_distributions()
    names = {name for module in modules for name in owners.get(module, ())}
    return sorted(map(importlib.metadata.distribution, names), key=lambda found: found.name.lower())


def metadata(analysis: Any) -> list[tuple[str, str, str]]:
    """List the metadata and licences of all packages that an analysis found, for PyInstaller."""
    modules = {name.partition(".")[0] for name, _source, _kind in analysis.pure}
    modules |= {Path(place).parts[0].partition(".")[0] for place, _source, _kind in analysis.binaries}
    return [
        (str(file), str(file.locate()), "DATA")
        for distribution in distributions(modules)
        for file in distribution.files or ()
        if file.parts[0].endswith(".dist-info")
    ]
