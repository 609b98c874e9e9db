"""What Windows knows about the programs, and the installer for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from frozen import platforms

SCRIPT = platforms.ROOT / "packaging" / "windows" / "sightline.iss"

_VERSION_INFO = """\
VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={numbers},
    prodvers={numbers},
    mask=0x3f,
    flags=0x0,
    OS=0x40004,
    fileType=0x1,
    subtype=0x0,
    date=(0, 0),
  ),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "The Sightline authors"),
      StringStruct("FileDescription", "Sightline"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "sightline"),
      StringStruct("LegalCopyright", "© 2026 The Sightline authors. MIT licence."),
      StringStruct("ProductName", "Sightline"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 1200])]),
  ],
)
"""
"""In PyInstaller's form. OS 0x40004 is Windows NT, type 1 an application; 0409 04B0 English in Unicode."""


def version_info() -> str:
    """The version resource of the programs, which Explorer and the task manager show."""
    numbers = (*map(int, platforms.numbers().split(".")), 0)
    return _VERSION_INFO.format(numbers=numbers, version=platforms.version())


def write_version_info(path: Path) -> None:
    """Write the version resource to where the spec looks for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(version_info(), encoding="utf-8")


def build(frozen: Path, folder: Path) -> Path:
    """Build the installer.

    Args:
        frozen: The app's folder.
        folder: Where to put the installer.

    Returns:
        The installer.

    Raises:
        FileNotFoundError: Inno Setup is not installed.
        subprocess.CalledProcessError: It failed and said why.
    """
    target = folder / f"{installer_name()}.exe"
    subprocess.run(command(compiler(), frozen, folder), check=True)
    return target


def installer_name() -> str:
    """The installer's name without its ending."""
    return f"sightline-{platforms.version()}-windows-x64-setup"


def command(iscc: Path, frozen: Path, folder: Path) -> list[str]:
    """The call of Inno Setup's compiler; it contains everything that the script must know.

    A command in ``SIGHTLINE_SIGN_COMMAND`` signs the programs, the installer and the uninstaller; ``$f`` in
    it stands for the file (as ``signtool sign /fd sha256 /tr ADDRESS /td sha256 /a $f``).
    """
    definitions = {
        "AppVersion": platforms.version(),
        "AppNumbers": platforms.numbers(),
        "Frozen": frozen,
        "Icon": platforms.ROOT / "build" / "icons" / "sightline.ico",
        "Licence": platforms.ROOT / "LICENSE",
        "OutputName": installer_name(),
        "OutputFolder": folder,
    }
    words = [str(iscc), "/Qp", *(f"/D{name}={value}" for name, value in definitions.items())]
    sign = os.environ.get("SIGHTLINE_SIGN_COMMAND")
    if sign:
        words += ["/DSign", f"/Ssightline={sign}"]
    return [*words, str(SCRIPT)]


def compiler() -> Path:
    """Find Inno Setup's compiler, on PATH or where it is installed.

    Raises:
        FileNotFoundError: It is not installed.
    """
    candidates = [shutil.which("iscc")]
    for variable in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA"):
        base = os.environ.get(variable)
        if base:
            inner = "Programs/Inno Setup 6" if variable == "LOCALAPPDATA" else "Inno Setup 6"
            candidates.append(str(Path(base) / inner / "ISCC.exe"))
    found = next((Path(each) for each in candidates if each and Path(each).is_file()), None)
    if found is None:
        message = (
            "Inno Setup 6 is not installed: get it from https://jrsoftware.org/isdl.php, and run this again."
        )
        raise FileNotFoundError(message)
    return found
