"""Which packages belong to Sightline."""

from __future__ import annotations

import sys

import pytest

from desktop_app.core.installation.distributions import canonical, packages


@pytest.fixture
def site(tmp_path, monkeypatch):
    """An environment of its own; returns what installs a package into it."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])

    def install(name, *requires, folder=""):
        place = tmp_path / (folder or f"{name}-1.0.dist-info")
        place.mkdir()
        lines = [f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {text}" for text in requires)]
        (place / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", *lines, ""]))
        return place

    return install


def names():
    return [package.name for package in packages()]


def test_what_is_required_and_what_that_requires(site):
    site("sightline", "Flask>=3", "tool; extra == 'dev'", "winreg-thing; sys_platform == 'nowhere'")
    site("flask", "Jinja2")
    site("Jinja2")
    for name in ("tool", "winreg-thing", "unrelated"):
        site(name)
    assert names() == ["flask", "Jinja2"]


def test_extras_and_circles_are_followed(site):
    site("sightline", "a[more]")
    site("a", "b; extra == 'more'", "c; extra == 'less'")
    site("b", "a", "sightline")
    site("c")
    assert names() == ["a", "b"]


def test_all_of_them_where_sightline_is_no_package(site):
    site("a")
    site("b")
    assert names() == ["a", "b"]


def test_all_of_them_in_the_packaged_app(site, tmp_path, monkeypatch):
    site("sightline", "a")
    site("a")
    site("b")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert names() == ["a", "b"]


def test_what_an_interrupted_installation_left_does_not_count(site, tmp_path):
    (tmp_path / "half-1.0.dist-info").mkdir()
    site("sightline", "a", "not a requirement !!")
    site("a")
    assert names() == ["a"]


def test_names_are_compared_as_indices_do():
    assert canonical("PySide6_Essentials") == canonical("pyside6-Essentials") == "pyside6-essentials"


def test_in_this_environment():
    found = {canonical(package.name): package for package in packages()}
    assert {"keras", "pillow-heif", "pyside6-essentials", "pydantic-core", "werkzeug"} <= set(found)
    assert not {"sightline", "pytest", "ruff", "pyinstaller"} & set(found)
    assert found["pillow-heif"].folder.name.endswith(".dist-info")
