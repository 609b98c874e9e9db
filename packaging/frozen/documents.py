"""What lies beside the installers: what is in them, and what is new."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from frozen import freeze, platforms, tree

if TYPE_CHECKING:
    from pathlib import Path

_NOT_BUNDLED = frozenset({"altgraph", "pip", "pyinstaller", "pyinstaller-hooks-contrib", "setuptools"})
"""Packages of the environment that build the app."""

_PARTS = """\
import json
from desktop_app.core.installation import distributions, licences

packages = {package.name for package in distributions.packages()} | {"Sightline"}
parts = [part for part in licences.components() if part.name not in packages]
print(json.dumps([[part.name, part.version, part.licence, part.home] for part in parts]))
"""
"""Run by the Python of the frozen environment, whose libraries these are."""


def write(frozen: Path, folder: Path, environment: Path) -> list[Path]:
    """Write the list of components (CycloneDX), the release notes, and the announcement for older versions.

    Args:
        frozen: The app's folder.
        folder: Where to put them.
        environment: The virtual environment that was frozen.

    Returns:
        The files.
    """
    version = platforms.version()
    components = folder / f"sightline-{version}.cdx.json"
    write_components(frozen, components, environment)
    add_parts(components, freeze.python_of(environment))
    notes = folder / f"sightline-{version}-notes.md"
    notes.write_text(release_notes(), encoding="utf-8")
    latest = folder / "latest.json"
    latest.write_text(json.dumps(announcement(frozen), indent=2) + "\n", encoding="utf-8", newline="\n")
    return [components, notes, latest]


def write_components(frozen: Path, path: Path, environment: Path) -> None:
    """List the packages that are in the app; those that its environment has besides are left out."""
    bundled = {
        entry.name.removesuffix(".dist-info").rpartition("-")[0].lower().replace("_", "-")
        for entry in (frozen / "_internal").glob("*.dist-info")
    }
    command = [
        *(sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"),
        *("--pyproject", platforms.ROOT / "pyproject.toml", "--mc-type", "application"),
        *("--output-format", "JSON", "--output-file", path, environment),
    ]
    subprocess.run(command, check=True)
    document = json.loads(path.read_text(encoding="utf-8"))
    kept = [
        component
        for component in document["components"]
        if component["name"].lower().replace("_", "-") in bundled - _NOT_BUNDLED
    ]
    references = {component["bom-ref"] for component in kept} | {document["metadata"]["component"]["bom-ref"]}
    document["components"] = kept
    document["dependencies"] = [
        entry | {"dependsOn": [name for name in entry.get("dependsOn", ()) if name in references]}
        for entry in document["dependencies"]
        if entry["ref"] in references
    ]
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def add_parts(path: Path, python: Path) -> None:
    """Add the libraries that are no Python packages to the list of components, as the app lists them.

    Args:
        path: The list's file; overwritten.
        python: The Python of the frozen environment.
    """
    command = [python, "-c", _PARTS]
    listed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=platforms.ROOT).stdout
    document = json.loads(path.read_text(encoding="utf-8"))
    for name, version, licence, home in json.loads(listed):
        component = {"type": "library", "bom-ref": f"part:{name}", "name": name}
        component |= {"version": version} if version else {}
        component |= {
            "licenses": [{"license": {"name": licence}}],
            "externalReferences": [{"type": "website", "url": home}],
        }
        document["components"].append(component)
        document["dependencies"].append({"ref": component["bom-ref"], "dependsOn": []})
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def announcement(frozen: Path) -> dict[str, str]:
    """What the app reads when it is asked for updates, for the address that was frozen into it.

    The installers lie beside it, so the page to get them from is its folder.
    """
    known = json.loads((frozen / "_internal" / "build.json").read_text(encoding="utf-8"))
    notes = "\n".join(f"- {note}" for note in tree.notes(_newest()))
    page = urljoin(known["updates_url"], ".") if known["updates_url"] else ""
    return {"version": platforms.version(), "notes": notes, "page": page}


def release_notes() -> str:
    """The newest release of the changelog, in Markdown."""
    return f"# Sightline {platforms.version()}\n\n{_newest()}\n"


def _newest() -> str:
    """The newest section of the changelog with any text, without its heading."""
    text = (platforms.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = text.split("\n## ")[1:]
    return next(body for section in sections if (body := section.partition("\n")[2].strip()))
