"""The installer for Windows, read: it is not built on this system."""

import re

import pytest

from tests.packaging.conftest import PACKAGING, ROOT
from tests.packaging.inno_script import read

KINDS = "Software\\Classes\\"


@pytest.fixture
def inno():
    return read(PACKAGING / "windows" / "sightline.iss")


def flags(entry):
    return entry.get("Flags", "").split()


def test_it_installs_for_one_user_without_an_administrator_on_64_bit_windows_only(inno):
    assert inno.setup["PrivilegesRequired"] == "lowest"
    assert inno.setup["DefaultDirName"] == r"{autopf}\Sightline"
    assert inno.setup["ArchitecturesAllowed"] == inno.setup["ArchitecturesInstallIn64BitMode"] == "x64os"
    assert inno.setup["Compression"].startswith("lzma2")
    assert re.fullmatch(r"\{\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}", inno.setup["AppId"])


def test_the_caller_defines_all_that_it_uses(inno, script, tmp_path, monkeypatch):
    monkeypatch.delenv("SIGHTLINE_SIGN_COMMAND", raising=False)
    words = script("frozen.windows").command(tmp_path / "ISCC.exe", tmp_path / "app", tmp_path)
    defined = dict(word[2:].split("=", 1) for word in words if word.startswith("/D"))
    assert set(defined) == inno.macros
    assert all(defined.values())
    assert words[-1] == str(PACKAGING / "windows" / "sightline.iss")


def test_the_version_and_the_icon_come_from_the_one_place(inno, script, tmp_path):
    platforms = script("frozen.platforms")
    words = script("frozen.windows").command(tmp_path / "ISCC.exe", tmp_path / "app", tmp_path)
    assert f"/DAppVersion={platforms.version()}" in words
    assert inno.setup["AppVersion"] == "{#AppVersion}"
    assert inno.setup["SetupIconFile"] == "{#Icon}"
    icon = platforms.executables(str(PACKAGING), "win32")[0]["icon"]
    assert f"/DIcon={icon}" in words
    assert f"/DLicence={ROOT / 'LICENSE'}" in words
    assert (ROOT / "LICENSE").is_file()


def test_it_packs_what_freezing_makes(inno, script):
    programs = script("frozen.platforms").executables(str(PACKAGING), "win32")
    sources = [entry["Source"] for entry in inno.entries["Files"]]
    assert sources == [
        *(rf"{{#Frozen}}\{program['name']}.exe" for program in programs),
        r"{#Frozen}\_internal\*",
        "{#Licence}",
    ]
    assert all(entry["DestDir"].startswith("{app}") for entry in inno.entries["Files"])
    inner = inno.entries["Files"][2]
    assert inner["DestDir"] == r"{app}\_internal"
    assert "recursesubdirs" in flags(inner)


def test_menu_and_file_manager_start_the_program_without_a_terminal(inno, script):
    programs = script("frozen.platforms").executables(str(PACKAGING), "win32")
    window = next(program["name"] for program in programs if not program["console"])
    program = rf"{{app}}\{window}.exe"
    started = inno.entries["Icons"] + inno.entries["Run"]
    assert {entry["Filename"] for entry in started} == {program}
    assert any(entry["Name"].startswith("{autoprograms}") for entry in inno.entries["Icons"])
    commands = [entry for entry in inno.entries["Registry"] if entry["Subkey"].endswith(r"\command")]
    assert len(commands) == 2
    assert {entry["ValueData"] for entry in commands} == {f'"{program}" "%1"'}
    assert inno.setup["UninstallDisplayIcon"] == program


def test_all_kinds_of_pictures_and_folders_offer_it(inno, script):
    offers = [
        entry["Subkey"].removeprefix(KINDS).split("\\")[0]
        for entry in inno.entries["Registry"]
        if entry["Subkey"].endswith(r"\OpenWithProgids") and entry["ValueName"] == "Sightline.Picture"
    ]
    assert offers == [f".{extension}" for extension in script("frozen.platforms").PICTURE_EXTENSIONS]
    assert any(entry["Subkey"] == rf"{KINDS}Directory\shell\Sightline" for entry in inno.entries["Registry"])


def test_uninstalling_takes_every_entry_of_the_registry_back(inno):
    entries = inno.entries["Registry"]
    whole = {entry["Subkey"] for entry in entries if "uninsdeletekey" in flags(entry)}
    assert whole == {
        rf"{KINDS}Sightline.Picture",
        rf"{KINDS}Directory\shell\Sightline",
    }  # our own, no others'
    for entry in entries:
        assert entry["Root"] == "HKA"
        key = entry["Subkey"]
        if any(key == own or key.startswith(own + "\\") for own in whole):
            continue
        if entry["ValueType"] == "none":
            assert flags(entry) == ["uninsdeletekeyifempty"]
        else:
            assert "uninsdeletevalue" in flags(entry)
            parent = key.rpartition("\\")[0]
            assert parent in {other["Subkey"] for other in entries[: entries.index(entry)]}


def test_uninstalling_and_upgrading_leave_the_users_files(inno):
    assert not inno.entries.get("UninstallDelete")
    assert not inno.entries.get("UninstallRun")
    assert [entry["Name"] for entry in inno.entries["InstallDelete"]] == [r"{app}\_internal"]


def test_tasks_that_entries_belong_to_exist(inno):
    tasks = {entry["Name"] for entry in inno.entries["Tasks"]}
    named = {entry["Tasks"] for section in inno.entries.values() for entry in section if "Tasks" in entry}
    assert named == tasks
