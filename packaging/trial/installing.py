"""Installs, upgrades and removes the package."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from trial.person import DATA
from trial.report import require
from trial.roots import PERSON

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end2end.running_app import RunningApp
    from trial.person import Person
    from trial.report import Report
    from trial.roots import Root

DESKTOP_FILE = "/usr/share/applications/sightline.desktop"
METAINFO = "/usr/share/metainfo/io.github.sightline.Sightline.metainfo.xml"
PICTURE = "/usr/lib/sightline/_internal/resources/samples/cat.jpg"
OLDER = "0.0.1~trial"
CHOSEN = {"theme": "dark"}
"""Settings of the person, which the upgrade must keep."""

_LOGS = ("var/log", "home", "proc", "sys", "dev")


def older(package: Path, folder: Path) -> Path:
    """Make the same package with a version that is older than any, to try upgrades with.

    Args:
        package: The package being tried.
        folder: Where to put the older one; uncompressed, which is quick.
    """
    tree = folder / "older"
    extract = ["dpkg-deb", "--raw-extract", package, tree]
    subprocess.run(extract, check=True)
    control = tree / "DEBIAN" / "control"
    text = control.read_text(encoding="utf-8")
    control.write_text(re.sub(r"(?m)^Version: .*$", f"Version: {OLDER}", text), encoding="utf-8")
    target = folder / f"sightline_{OLDER}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(tree), str(target)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return target


def examine(package: Path, report: Report) -> None:
    """Let Debian's own checker look at the package."""
    with report.check("lintian has no errors") as found:
        command = ["lintian", "--allow-root", "--fail-on", "error", "--tag-display-limit", "0", str(package)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = done.stdout.splitlines()
        print("\n".join(lines), flush=True)
        require(done.returncode == 0, f"lintian ended with status {done.returncode}: {done.stdout[-2000:]}")
        found.append(f"{sum(line.startswith('W:') for line in lines)} warnings")


def require_no_python(root: Root) -> str:
    """See that the system has no Python of its own.

    Raises:
        Failed: It has.
    """
    listed = root.run("dpkg-query", "--show", "--showformat", "${db:Status-Abbrev} ${Package}\n").stdout
    packages = [line.split()[-1] for line in listed.splitlines() if line.startswith("ii")]
    pythons = [name for name in packages if "python" in name]
    places = ("usr/bin", "usr/local/bin", "usr/sbin")
    programs = [path.name for place in places for path in root.outside(place).glob("python*")]
    require(not pythons and not programs, f"there is a Python in this system: {pythons + programs}")
    return f"{len(packages)} packages, none of Python"


def install(root: Root, package: Path) -> None:
    """Install a package as a person's software centre does; what it depends on comes from the mirror."""
    target = root.outside(f"/root/{package.name}")
    # A hard link: a copy of 200 MB would do nothing more.
    target.unlink(missing_ok=True)
    target.hardlink_to(package)
    try:
        root.run("apt-get", "update", network=True)
        options = ("--yes", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0")
        root.run("apt-get", "install", *options, f"/root/{package.name}", network=True)
    finally:
        target.unlink()
    root.run("apt-get", "clean")


def use_once(person: Person, root: Root) -> None:
    """Open and close the window, and choose another theme."""
    app = person.begin("sightline")
    person.look_at(app)
    person.leave(app)
    choose(root, CHOSEN)


def choose(root: Root, settings: dict[str, str]) -> None:
    """Change the person's settings while the app is closed."""
    path = root.outside(DATA / "settings.json")
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(before | settings), encoding="utf-8")
    root.own(path)


def require_settings_kept(app: RunningApp) -> None:
    """See that the settings are those of before, once the new version has written them.

    Raises:
        Failed: They are not.
    """
    now = json.loads((app.home / "settings.json").read_text(encoding="utf-8"))
    require(CHOSEN.items() <= now.items(), f"the settings are {now}")


def validate(root: Root, report: Report) -> None:
    """Let the desktop's own checkers look at what was installed."""
    with report.check("appstreamcli validates the description"):
        _run("appstreamcli", "validate", "--no-net", "--pedantic", root.outside(METAINFO))
    with report.check("desktop-file-validate accepts the menu entry"):
        _run("desktop-file-validate", root.outside(DESKTOP_FILE))
    with report.check("icons of all sizes, manual page") as found:
        icons = list(root.outside("/usr/share/icons/hicolor").rglob("sightline.*"))
        require(len(icons) >= 10, f"only {len(icons)} icons")
        require(root.outside("/usr/share/man/man1/sightline.1.gz").exists(), "no manual page")
        found.append(f"{len(icons)} icons")


def purge(root: Root, report: Report) -> None:
    """Remove the package; nothing of it may stay but the person's own files."""
    before = _files(root.outside(DATA))
    with report.check("apt-get purge leaves no file of ours outside the home folders") as found:
        root.run("apt-get", "purge", "--yes", "-o", "Dpkg::Use-Pty=0", "sightline")
        root.log_out()
        left = [path for path in _ours(root) if not str(path).startswith(_LOGS)]
        require(not left, f"left behind: {left}")
        require(not root.outside("/usr/lib/sightline").exists(), "/usr/lib/sightline is still there")
        found.append("0 files")
    with report.check("the person's files are still there") as found:
        require(before, "the person had no files")
        require(before == _files(root.outside(DATA)), "the person's files are not as they were")
        strangers = [path for path in root.outside(DATA).rglob("*") if path.lstat().st_uid != PERSON]
        require(not strangers, f"not the person's own: {strangers}")
        found.append(f"{len(before)} files")
    root.log_in()


def _run(*words: str | Path) -> None:
    subprocess.run([*map(str, words)], check=True, capture_output=True, text=True)


def _files(folder: Path) -> dict[Path, int]:
    """Files with their sizes."""
    return {path: path.lstat().st_size for path in folder.rglob("*") if path.is_file()}


def _ours(root: Root) -> list[Path]:
    """Everything with our name in its path."""
    return sorted(
        path.relative_to(root.folder)
        for path in root.folder.rglob("*")
        if "sightline" in str(path.relative_to(root.folder)).lower()
    )
