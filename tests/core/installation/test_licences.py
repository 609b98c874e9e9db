"""The licences of all components: none is missing, and none lacks a text that its licence requires."""

from __future__ import annotations

import email
import json
import re
import sys

import pytest

from desktop_app import __version__
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import DamagedInstallation
from desktop_app.core.installation.distributions import packages
from desktop_app.core.installation.licences import Component, components, licence_of, read_text

FOLDER = paths.resources() / "licences"
NO_TEXT = {"liblzma", "SQLite"}
"""In the public domain."""


@pytest.fixture(scope="module")
def listed():
    return {component.name: component for component in components()}


def metadata(*lines):
    return email.message_from_string("\n".join([*lines, ""]))


def test_every_package_is_listed(listed):
    assert {package.name for package in packages()} <= set(listed)


def test_every_part_has_a_licence_and_its_text(listed):
    for component in listed.values():
        assert component.licence, component.name
        assert component.texts or component.name in NO_TEXT, component.name
        assert all(path.is_file() for path in component.texts), component.name


def test_sightline_comes_first(listed):
    first, *others = components()
    assert (first.name, first.version, first.licence) == ("Sightline", __version__, "MIT")
    assert [part.name.lower() for part in others] == sorted(part.name.lower() for part in others)


def test_the_texts_that_must_be_handed_on_are_whole(listed):
    assert (FOLDER / "Sightline.txt").read_bytes() == (paths.resources().parent / "LICENSE").read_bytes()
    for name, words, ending in (
        ("LGPL-3.0.txt", "GNU LESSER GENERAL PUBLIC LICENSE", "permanent authorization for you to choose"),
        ("GPL-3.0.txt", "GNU GENERAL PUBLIC LICENSE", "why-not-lgpl.html"),
        ("GPL-2.0.txt", "GNU GENERAL PUBLIC LICENSE", "Public License instead of this License."),
        ("Apache-2.0.txt", "Apache License", "limitations under the License."),
        (
            "MPL-2.0.txt",
            "Mozilla Public License Version 2.0",
            "defined by the Mozilla Public License, v. 2.0.",
        ),
        ("Python.txt", "PYTHON SOFTWARE FOUNDATION LICENSE", "SOFTWARE."),
    ):
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert words in text, name
        assert ending in text[-900:], name


def test_qt_comes_with_its_licence_and_with_how_to_replace_it(listed):
    text = read_text(listed["Qt"])
    assert "You may replace them with your own build" in text
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert "GNU GENERAL PUBLIC LICENSE" in text  # which the LGPL refers to
    assert "download.qt.io" in text


def test_x265_is_told_with_what_follows_from_it(listed):
    assert listed["x265"].licence == "GPL-2.0-or-later"
    text = read_text(listed["x265"])
    assert "as a whole may only be passed on under the terms of the GNU General Public License" in text
    assert "github.com/Multicorewareinc/x265" in text
    assert "GPL-2.0-or-later" in listed["pillow_heif"].licence
    assert "x265" in read_text(listed["Sightline"])


def test_versions_of_parts_that_are_no_packages(listed):
    for name in ("Python", "Qt", "OpenSSL", "SQLite", "zlib"):
        assert re.match(r"\d+\.\d+", listed[name].version), name


def test_only_the_packaged_app_has_a_bootloader(listed, tmp_path, monkeypatch):
    assert "PyInstaller's bootloader" not in listed
    monkeypatch.setattr(sys, "_MEIPASS", str(FOLDER.parent.parent), raising=False)
    assert "PyInstaller's bootloader" in {component.name for component in components()}


def test_every_text_is_used():
    listed = json.loads((FOLDER / "parts.json").read_text(encoding="utf-8"))
    entries = [listed["sightline"], *listed["parts"], *listed["packages"].values()]
    named = {name for entry in entries for name in entry.get("texts", ())}
    beside = {"../samples/SOURCES.md", "../wordnet/SOURCES.md"}
    assert named - beside | {"parts.json"} == {path.name for path in FOLDER.iterdir()}


def test_the_sample_photographs_come_with_source_and_licence(listed):
    text = read_text(listed["Sample photographs"])
    for photograph in (paths.resources() / "samples").glob("*.jpg"):
        assert text.count(f"`{photograph.name}`") == 2, "its licence, and where it comes from"
    assert "Creative Commons" in text


def test_texts_of_a_package_are_named_by_their_place(tmp_path):
    inside = tmp_path / "numpy-2.dist-info" / "licenses" / "numpy" / "random"
    inside.mkdir(parents=True)
    (inside / "LICENSE.md").write_text("\n\n  A licence.\n")
    text = read_text(Component("numpy", "2", "BSD", "https://numpy.org", "", (inside / "LICENSE.md",)))
    assert text.startswith("numpy 2\nLicence: BSD\nhttps://numpy.org\n")
    assert "numpy/random/LICENSE.md\n───" in text
    assert text.endswith("\n  A licence.\n")


def test_a_missing_text_is_said_in_its_place(tmp_path):
    text = read_text(Component("a", "1", "MIT", "", "", (tmp_path / "LICENSE",)))
    assert "LICENSE cannot be read: No such file or directory. Reinstall Sightline." in text


def test_a_missing_list_is_a_damaged_installation(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    with pytest.raises(DamagedInstallation, match=r"list of licences cannot be read: .*parts\.json"):
        components()


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: MIT", "License: BSD"], "MIT"),
        (["License: Apache 2.0"], "Apache-2.0"),
        (["License: LGPL-3.0-only OR GPL-2.0-only"], "LGPL-3.0-only OR GPL-2.0-only"),
        (["Classifier: License :: OSI Approved :: MIT License"], "MIT"),
        (["License: " + "x" * 200, "Classifier: License :: OSI Approved :: BSD License"], "BSD"),
        (["Classifier: License :: A", "Classifier: License :: B"], ""),
        (["Name: silent"], ""),
    ],
)
def test_what_packages_say_about_their_licence(lines, licence):
    assert licence_of(metadata(*lines)) == licence
