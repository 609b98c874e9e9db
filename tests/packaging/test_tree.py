"""The files around the app: changelog, description, modes and times."""

import gzip
import os
import sys
from xml.etree import ElementTree as ET

import pytest

from desktop_app import __version__

CHANGELOG = """\
# Changelog

## [Unreleased]

### Added

- Not out yet.

## [0.2.0] - 2026-12-24

### Added

- The command `sightline` does **more**,
  on two lines.
- One line.

## [0.1.0]

- First.
"""


@pytest.fixture
def tree(script):
    return script("frozen.tree")


@pytest.fixture
def changelog(tree, monkeypatch, tmp_path):
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    monkeypatch.setattr(tree, "ROOT", tmp_path)
    return tree.changelog


def test_releases_are_read_with_day_and_notes(changelog):
    assert changelog() == [
        ("0.2.0", "2026-12-24", ["The command sightline does more, on two lines.", "One line."]),
        ("0.1.0", None, ["First."]),
    ]


def test_the_changelog_has_the_version_that_is_built(tree):
    assert __version__ in [version for version, _date, _notes in tree.changelog()]


def test_the_description_lists_every_release(tree, tmp_path):
    path = tmp_path / "io.github.sightline.Sightline.metainfo.xml"
    tree.write_metainfo(path, 1_700_000_000)
    releases = ET.parse(path).getroot().findall("releases/release")
    assert [release.get("version") for release in releases] == [entry[0] for entry in tree.changelog()]
    assert all(release.get("date") for release in releases)
    assert all(release.findall("description/ul/li") for release in releases)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_modes_and_times_do_not_depend_on_who_builds_when(tree, tmp_path):
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True, mode=0o700)
    modes = {"sightline": 0o755, "script": 0o755, "libqt.so.6": 0o644, "LICENSE": 0o644, "text": 0o644}
    content = {"LICENSE": b"text", "script": b"#!/bin/sh\n"}
    for name in modes:
        path = root / "folder" / name
        path.write_bytes(content.get(name, b"\x7fELF"))
        path.chmod(0o600 if name == "text" else 0o700)
    (root / "link").symlink_to("nowhere")
    tree.settle(root, 1_700_000_000)
    assert {name: (root / "folder" / name).stat().st_mode & 0o777 for name in modes} == modes
    assert (root / "folder").stat().st_mode & 0o777 == 0o755
    assert {os.lstat(path).st_mtime for path in [root, *root.rglob("*")]} == {1_700_000_000}


def test_compression_gives_the_same_bytes(tree):
    assert tree.compressed(b"text" * 100) == tree.compressed(b"text" * 100)
    assert gzip.decompress(tree.compressed(b"text")) == b"text"


def test_debian_s_changelog_has_the_form_that_its_tools_read(script, tree):
    text = gzip.decompress(script("frozen.debian")._changelog("9.9", 1_700_000_000)).decode()
    lines = text.splitlines()
    assert lines[0] == "sightline (9.9) unstable; urgency=medium"
    assert lines[2].startswith("  * ")
    assert all(len(line) <= 80 for line in lines if not line.startswith(" -- "))
    assert text.count("\n -- ") == len(tree.changelog())
