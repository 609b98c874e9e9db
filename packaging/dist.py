"""``make dist``: builds what this machine can build into ``dist/``."""

from __future__ import annotations

import argparse
import hashlib
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

from frozen import archive, debian, documents, freeze, macos, platforms, windows

TARGET = platforms.ROOT / "dist"
MEGABYTE = 1e6


def main() -> int:
    """Build, list and sum up.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true", help="compress little: larger files, sooner there")
    parser.add_argument("--reuse", action="store_true", help="take the frozen app of the last time")
    parser.add_argument(
        "--updates-url",
        default="",
        metavar="URL",
        help="where latest.json will be published, for Help > Check for updates (default: nowhere)",
    )
    options = parser.parse_args()
    if options.updates_url and not options.updates_url.startswith("https://"):
        parser.error("--updates-url must begin with https://")
    if options.updates_url and options.reuse:
        parser.error("--updates-url is frozen into the app, which --reuse does not freeze again")
    if absent := [program for program in needed() if not shutil.which(program)]:
        parser.error(f"programs are missing ({', '.join(absent)}): apt-get install binutils xz-utils")
    epoch = build_time()
    level = 0 if options.fast else 6
    folder = platforms.ROOT / "build" / "frozen" / "sightline"
    if not (options.reuse and folder.is_dir()):
        _say("Freezing the app ...")
        folder = freeze.freeze(epoch, options.updates_url)
    _say(f"The app takes {freeze.size(folder) / MEGABYTE:,.0f} MB.")
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    made = installers(folder, epoch, level)
    made += documents.write(folder, TARGET, freeze.ENVIRONMENT)
    sums = "".join(f"{_sha256(path)}  {path.name}\n" for path in sorted(made))
    (TARGET / "SHA256SUMS").write_text(sums, encoding="ascii", newline="\n")
    for path in sorted(made):
        print(f"{path.stat().st_size / MEGABYTE:8,.1f} MB  {path.relative_to(platforms.ROOT)}")
    return 0


def installers(folder: Path, epoch: int, level: int, system: str = sys.platform) -> list[Path]:
    """Build what the frozen app is handed on as.

    Args:
        folder: The frozen app's folder.
        epoch: Seconds since 1970 that stand for the time of the build.
        level: The compression level, 0..9; for Linux only.
        system: As `sys.platform`.
    """
    if system == "win32":
        _say("Packing the installer for Windows ...")
        return [windows.build(folder, TARGET)]
    if system == "darwin":
        _say("Packing the disk image for macOS ...")
        return [macos.build(folder.parent / "Sightline.app", TARGET)]
    _say("Packing the portable archive ...")
    made = [archive.build(folder, TARGET, epoch, platform.machine(), level)]
    if shutil.which("dpkg-deb"):
        _say("Packing the package for Debian and Ubuntu ...")
        made.append(debian.build(folder, TARGET, epoch, level=level))
    return made


def needed(system: str = sys.platform) -> tuple[str, ...]:
    """List system programs that the build needs and lacks: known before the minutes of freezing, not after.

    Args:
        system: As `sys.platform`.
    """
    return ("strip", "readelf", "xz") if system.startswith("linux") else ()


def build_time() -> int:
    """When the sources were changed last, which stands for the time of the build."""
    command = ["git", "-C", str(platforms.ROOT), "log", "-1", "--format=%ct"]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return int(found) if found else int(Path(platforms.ROOT / "CHANGELOG.md").stat().st_mtime)


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
