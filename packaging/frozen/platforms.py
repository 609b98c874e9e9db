"""What differs between the systems that the app is frozen on, for ``sightline.spec``."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import sys
from pathlib import Path
from typing import Any

from frozen import contents

ROOT = Path(__file__).resolve().parent.parent.parent

PICTURE_EXTENSIONS = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif", "heic", "heif")
"""Extensions of the files that the system may offer to open with Sightline."""

PICTURE_TYPES = (
    "public.jpeg",
    "public.png",
    "org.webmproject.webp",
    "com.compuserve.gif",
    "com.microsoft.bmp",
    "public.tiff",
    "public.avif",
    "public.heic",
    "public.heif",
)
"""The same in macOS's words. ``public.image`` would add drawings and raw files, which are not read."""

IDENTIFIER = "io.github.sightline.Sightline"

MAC_SYSTEM = "13.0"
"""The oldest macOS: that of Qt's wheels (``macosx_13_0`` in the names of those that the lock allows)."""


def version() -> str:
    """Sightline's version, read from the one place where it stands."""
    text = (ROOT / "desktop_app" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        message = "desktop_app/__init__.py does not name the version"
        raise ValueError(message)
    return found.group(1)


def numbers() -> str:
    """The version without what is not a number, as Windows and macOS want it: ``1.2.0rc1`` is ``1.2.0``."""
    found = re.match(r"\d+\.\d+\.\d+", version())
    if found is None:
        message = f"The version {version()} does not begin with three numbers."
        raise ValueError(message)
    return found.group()


def _modules(folders: list[Path]) -> list[Path]:
    return sorted(path for folder in folders for path in folder.glob("*.py") if path.stem != "__init__")


def hidden_imports(system: str = sys.platform) -> list[str]:
    """Modules that are imported by name only, which the analysis cannot see."""
    names = ["pillow_heif", "waitress", "PySide6.QtSvg"]
    names.append("certifi")  # for its file, which `hook_start.py` names
    names.append("openvino")  # by `openvino_import.py`, which sees to what comes along
    folders = [ROOT / "desktop_app" / "core" / "images" / name for name in ("instruments", "science")]
    names += [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in _modules(folders)]
    names += ["pillow_jxl", "pydicom", "pydicom.pixels", "rawpy", "tifffile"]  # what these read with
    names += ["PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"]  # pyqtgraph needs both to be imported at all
    if system.startswith("linux"):
        names.append("PySide6.QtDBus")  # Qt's own file dialogs go through the desktop's portal
    return names


def openvino_libraries() -> list[tuple[str, str]]:
    """List OpenVINO's libraries that go in: it loads most of them by name, which the analysis cannot see.

    Returns:
        Source and folder in the bundle.
    """
    spec = importlib.util.find_spec("openvino")
    if spec is None or not spec.submodule_search_locations:
        message = "OpenVINO is not installed: freeze.py prepares an environment with it."
        raise ModuleNotFoundError(message)
    folder = Path(spec.submodule_search_locations[0]) / "libs"
    place = "openvino/libs"
    return [
        (str(path), place)
        for path in sorted(folder.iterdir())
        if not contents.excluded(f"{place}/{path.name}")
    ]


def executables(folder: str, system: str = sys.platform) -> list[dict[str, Any]]:
    """Settings of the programs, which all start `main.py`.

    Elsewhere one is window and command. On Windows a program is either for terminals or not: hiding the
    terminal of the one (PyInstaller's ``hide_console``) shows it for a moment, and Windows Terminal, which
    Windows 11 uses, only minimises it, together with the user's other tabs. So there are two, as
    ``python.exe`` and ``pythonw.exe``, and menu and file manager start the second.

    Args:
        folder: The folder of the spec.
        system: As `sys.platform`.
    """
    icons = Path(folder).parent / "build" / "icons"
    if system == "win32":
        common = {
            "icon": str(icons / "sightline.ico"),
            "version": str(Path(folder).parent / "build" / "version_info.txt"),
        }
        return [
            {"name": "sightline", "console": True, **common},
            {"name": "sightlinew", "console": False, **common},
        ]
    if system == "darwin":
        return [
            {
                "name": "sightline",
                # An app with a console would stay in the background; a terminal shows what this
                # one prints all the same.
                "console": False,
                "icon": str(icons / "sightline.icns"),
                # Files to open arrive as events (`desktop_app/ui/application.py`), at the start and later.
                "argv_emulation": False,
                # TensorFlow has no wheels for Intel; Qt's hold both kinds of code, of which one goes.
                "target_arch": "arm64",
                "codesign_identity": os.environ.get("SIGHTLINE_SIGN_IDENTITY") or None,
                "entitlements_file": str(Path(folder) / "macos" / "entitlements.plist"),
            }
        ]
    return [{"name": "sightline", "console": True}]


def mac_bundle(folder: str) -> dict[str, Any]:
    """Settings of the macOS app."""
    return {
        "name": "Sightline.app",
        "icon": str(Path(folder).parent / "build" / "icons" / "sightline.icns"),
        "bundle_identifier": IDENTIFIER,
        "version": version(),
        "info_plist": info_plist(),
    }


def info_plist() -> dict[str, Any]:
    """What macOS knows about the app: what it opens, what it looks like, what it runs on."""
    folders = "Sightline reads the pictures that you open, and writes what you export."
    return {
        "CFBundleName": "Sightline",
        "CFBundleDisplayName": "Sightline",
        "CFBundleDevelopmentRegion": "en",
        "CFBundleShortVersionString": version(),
        "CFBundleVersion": numbers(),
        # Alternate: among "Open With", never instead of the program that opens pictures now.
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Picture",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": list(PICTURE_TYPES),
            },
            {
                "CFBundleTypeName": "Folder",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["public.folder"],
            },
        ],
        "LSApplicationCategoryType": "public.app-category.photography",
        "LSMinimumSystemVersion": MAC_SYSTEM,
        "LSRequiresNativeExecution": True,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "© 2026 The Sightline authors. MIT licence.",
        "NSPrincipalClass": "NSApplication",
        "NSRequiresAquaSystemAppearance": False,  # follows the system into the dark
        # Asked when a picture of such a place is opened for the first time.
        "NSDesktopFolderUsageDescription": folders,
        "NSDocumentsFolderUsageDescription": folders,
        "NSDownloadsFolderUsageDescription": folders,
        "NSNetworkVolumesUsageDescription": folders,
        "NSRemovableVolumesUsageDescription": folders,
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
