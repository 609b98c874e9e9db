"""The archive and the package: the same bytes whoever packs, and all that the tree has."""

import os
import random
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

EPOCH = 1_700_000_000
SIDE = 1 << 20
"""Bytes of one block."""
CONTROL = """\
Package: sightline
Version: 1
Architecture: all
Maintainer: Nobody <nobody@example.org>
Description: drop a picture, read what it is
"""

FULL = Path("/dev/full")

needs_xz = pytest.mark.skipif(not shutil.which("xz"), reason="xz is not installed")
needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not installed")


@pytest.fixture
def root(script, tmp_path):
    """A small tree of some blocks, with a program, a link and an empty folder."""
    root = tmp_path / "sightline-1"
    (root / "empty").mkdir(parents=True)
    noise = random.Random(0)
    (root / "program").write_bytes(b"#!/bin/sh\n" + bytes(2 * SIDE) + noise.randbytes(SIDE))
    (root / "program").chmod(0o700)
    (root / "text").write_bytes(b"some words, again and again\n" * 50_000)
    (root / "link").symlink_to("program")
    script("frozen.tree").settle(root, EPOCH)
    return root


@pytest.fixture
def archive(script, monkeypatch):
    module = script("frozen.archive")
    monkeypatch.setattr(module, "BLOCK", SIDE)
    return module


@needs_xz
def test_the_archive_has_the_same_bytes_however_many_cores_pack_it(archive, monkeypatch, root, tmp_path):
    packed = []
    for cores in (1, 2, 4, 64, None):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        target = tmp_path / f"{cores}.tar.xz"
        archive.pack(root, target, 0)
        packed.append(target.read_bytes())
    assert len(set(packed)) == 1


@needs_xz
def test_what_somebody_has_set_for_xz_does_not_change_the_archive(archive, monkeypatch, root, tmp_path):
    packed = []
    for words in ("", "--check=sha256"):
        monkeypatch.setenv("XZ_OPT", words)
        monkeypatch.setenv("XZ_DEFAULTS", words)
        archive.pack(root, tmp_path / "packed.tar.xz", 0)
        packed.append((tmp_path / "packed.tar.xz").read_bytes())
    assert packed[0] == packed[1]


@needs_xz
def test_the_archive_has_all_that_the_tree_has_and_belongs_to_root(archive, root, tmp_path):
    target = tmp_path / "packed.tar.xz"
    archive.pack(root, target, 0)
    with tarfile.open(target) as packed:
        found = {entry.name: entry for entry in packed}
        program = packed.extractfile("sightline-1/program").read()
    assert list(found) == [f"sightline-1{name}" for name in ("", "/empty", "/link", "/program", "/text")]
    assert program == (root / "program").read_bytes()
    assert found["sightline-1/link"].linkname == "program"
    assert {(entry.uid, entry.gid, entry.uname, entry.mtime) for entry in found.values()} == {
        (0, 0, "root", EPOCH)
    }
    assert [found[f"sightline-1/{name}"].mode for name in ("program", "text")] == [0o755, 0o644]


@needs_xz
@pytest.mark.skipif(not FULL.exists(), reason="this system has no disk that is always full")
def test_an_archive_that_xz_cannot_write_is_an_error(archive, root):
    with pytest.raises(subprocess.CalledProcessError):
        archive.pack(root, FULL, 0)


@needs_dpkg
def test_the_package_has_the_same_bytes_however_many_cores_pack_it(script, monkeypatch, root, tmp_path):
    (root / "DEBIAN").mkdir(mode=0o755)
    (root / "DEBIAN" / "control").write_text(CONTROL, encoding="utf-8")
    script("frozen.tree").settle(root, EPOCH)
    packed = []
    for threads in (1, 4):
        monkeypatch.setenv("DPKG_DEB_THREADS_MAX", str(threads))
        target = tmp_path / f"{threads}.deb"
        script("frozen.debian").pack(root, target, EPOCH, 0)
        packed.append(target.read_bytes())
    assert packed[0] == packed[1]


def test_a_missing_program_is_named_before_the_app_is_frozen(script, monkeypatch, capsys):
    dist = script("dist")
    monkeypatch.setattr(dist.sys, "argv", ["dist.py"])
    monkeypatch.setattr(dist, "needed", lambda: ("sh-which-is-nowhere",))
    monkeypatch.setattr(dist.freeze, "freeze", lambda *_values: pytest.fail("it froze the app"))
    with pytest.raises(SystemExit) as ended:
        dist.main()
    assert ended.value.code == 2
    assert "programs are missing (sh-which-is-nowhere)" in capsys.readouterr().err


def test_other_systems_need_none_of_the_programs_of_linux(script):
    dist = script("dist")
    assert "xz" in dist.needed("linux")
    assert dist.needed("darwin") == dist.needed("win32") == ()
