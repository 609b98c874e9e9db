"""What freezing does on Windows, run here with the system's name given."""

import subprocess
import types
from pathlib import Path

import pytest

from tests.packaging.conftest import PACKAGING, ROOT


def test_one_program_is_for_terminals_and_one_never_shows_one(script):
    programs = script("frozen.platforms").executables(str(PACKAGING), "win32")
    assert [(program["name"], program["console"]) for program in programs] == [
        ("sightline", True),
        ("sightlinew", False),
    ]
    for program in programs:
        assert program["icon"] == str(ROOT / "build" / "icons" / "sightline.ico")
        assert program["version"] == str(ROOT / "build" / "version_info.txt")
        assert "hide_console" not in program


def test_the_version_resource_has_the_form_that_pyinstaller_reads(script, tmp_path):
    windows, platforms = script("frozen.windows"), script("frozen.platforms")
    path = tmp_path / "build" / "version_info.txt"
    windows.write_version_info(path)

    def part(kind):
        return lambda *values, **named: types.SimpleNamespace(kind=kind, values=values, **named)

    kinds = ("VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct")
    kinds += ("VarFileInfo", "VarStruct")
    info = eval(path.read_text(encoding="utf-8"), {kind: part(kind) for kind in kinds})  # as PyInstaller does
    numbers = tuple(map(int, platforms.numbers().split(".")))
    assert info.ffi.filevers == info.ffi.prodvers == (*numbers, 0)
    (table,) = info.kids[0].values[0]
    language, strings = table.values
    texts = {string.values[0]: string.values[1] for string in strings}
    assert language == "040904B0"
    assert texts["FileVersion"] == texts["ProductVersion"] == platforms.version()
    assert texts["FileDescription"] == "Sightline"
    assert [variable.values for variable in info.kids[1].values[0]] == [("Translation", [0x0409, 1200])]


@pytest.mark.parametrize(("version", "numbers"), [("1.2.3", "1.2.3"), ("1.20.0rc1", "1.20.0")])
def test_windows_gets_the_numbers_of_a_version_alone(script, monkeypatch, version, numbers):
    platforms = script("frozen.platforms")
    monkeypatch.setattr(platforms, "version", lambda: version)
    assert platforms.numbers() == numbers


def test_a_version_without_numbers_is_refused(script, monkeypatch):
    platforms = script("frozen.platforms")
    monkeypatch.setattr(platforms, "version", lambda: "next")
    with pytest.raises(ValueError, match="next"):
        platforms.numbers()


def test_the_compiler_is_found_where_it_is_installed(script, tmp_path, monkeypatch):
    windows = script("frozen.windows")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.delenv("ProgramFiles", raising=False)
    monkeypatch.setenv("ProgramFiles(x86)", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="Inno Setup 6 is not installed"):
        windows.compiler()
    compiler = tmp_path / "Inno Setup 6" / "ISCC.exe"
    compiler.parent.mkdir()
    compiler.touch()
    assert windows.compiler() == compiler


def test_signing_is_asked_for_by_the_environment(script, tmp_path, monkeypatch):
    windows = script("frozen.windows")
    monkeypatch.delenv("SIGHTLINE_SIGN_COMMAND", raising=False)
    plain = windows.command(tmp_path, tmp_path, tmp_path)
    monkeypatch.setenv("SIGHTLINE_SIGN_COMMAND", "signtool sign /a $f")
    signed = windows.command(tmp_path, tmp_path, tmp_path)
    assert set(signed) - set(plain) == {"/DSign", "/Ssightline=signtool sign /a $f"}


def test_dist_builds_the_installer(script, tmp_path, monkeypatch):
    dist, windows = script("dist"), script("frozen.windows")
    commands = []
    monkeypatch.setattr(windows, "compiler", lambda: Path("ISCC.exe"))
    monkeypatch.setattr(subprocess, "run", lambda command, check: commands.append((command, check)))
    made = dist.installers(tmp_path / "frozen" / "sightline", 0, 6, "win32")
    assert [path.name for path in made] == [f"{windows.installer_name()}.exe"]
    ((command, check),) = commands
    assert check
    assert f"/DFrozen={tmp_path / 'frozen' / 'sightline'}" in command
    assert f"/DOutputFolder={made[0].parent}" in command
    assert f"/DOutputName={made[0].stem}" in command
