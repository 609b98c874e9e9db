"""What lies beside the installers."""

import json
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

COMPONENTS = [
    {"name": "numpy", "bom-ref": "numpy==2.1"},
    {"name": "typing_extensions", "bom-ref": "typing-extensions==4"},
    {"name": "pyinstaller", "bom-ref": "pyinstaller==6"},
    {"name": "uv", "bom-ref": "uv==1"},
]


@pytest.fixture
def documents(script):
    return script("frozen.documents")


def test_only_what_is_in_the_app_is_listed(documents, monkeypatch, tmp_path):
    for name in ("numpy-2.1.0", "typing_extensions-4.0", "pyinstaller-6.1"):
        (tmp_path / "frozen" / "_internal" / f"{name}.dist-info").mkdir(parents=True)
    target = tmp_path / "list.json"

    def write(command, *, check):
        assert check
        target.write_text(
            json.dumps(
                {
                    "metadata": {"component": {"bom-ref": "root"}},
                    "components": COMPONENTS,
                    "dependencies": [
                        {"ref": "root", "dependsOn": ["numpy==2.1", "uv==1"]},
                        {"ref": "numpy==2.1"},
                        {"ref": "uv==1"},
                    ],
                }
            )
        )
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(documents.subprocess, "run", write)
    documents.write_components(tmp_path / "frozen", target, Path("environment"))
    document = json.loads(target.read_text())
    assert [component["name"] for component in document["components"]] == ["numpy", "typing_extensions"]
    assert document["dependencies"] == [
        {"ref": "root", "dependsOn": ["numpy==2.1"]},
        {"ref": "numpy==2.1", "dependsOn": []},
    ]


def test_the_notes_are_those_of_the_newest_release_that_says_something(documents, monkeypatch, tmp_path):
    text = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-12-24\n\n- One.\n\n## [0.0.1]\n\n- Old.\n"
    (tmp_path / "CHANGELOG.md").write_text(text, encoding="utf-8")
    version = documents.platforms.version()
    monkeypatch.setattr(documents.platforms, "ROOT", tmp_path)
    monkeypatch.setattr(documents.platforms, "version", lambda: version)
    notes = documents.release_notes()
    assert notes.startswith(f"# Sightline {version}\n")
    assert "- One." in notes
    assert "Old" not in notes


def test_libraries_that_are_no_packages_are_listed_too(documents, tmp_path):
    target = tmp_path / "list.json"
    target.write_text(json.dumps({"components": [], "dependencies": []}))
    documents.add_parts(target, Path(sys.executable))
    document = json.loads(target.read_text())
    found = {component["name"]: component for component in document["components"]}
    assert {"Qt", "OpenSSL", "SQLite", "x265", "libheif", "HDF5", "ICU"} <= set(found)
    assert not {"numpy", "Sightline", "pillow_heif"} & set(found)
    assert found["x265"]["licenses"] == [{"license": {"name": "GPL-2.0-or-later"}}]
    assert found["OpenSSL"]["version"] == ssl.OPENSSL_VERSION.split()[1]
    assert {entry["ref"] for entry in document["dependencies"]} == {f"part:{name}" for name in found}
