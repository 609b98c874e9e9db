"""What freezing does on macOS, run here with the system's name given and stand-ins for Apple's programs."""

import os
import plistlib
import re
import subprocess

import pytest

from tests.packaging.conftest import PACKAGING, ROOT

MACOS = PACKAGING / "macos"
STAND_IN = """\
#!/bin/sh
echo "$(basename "$0") $*" >> "$TOLD"
if [ "$(basename "$0") $1" = "hdiutil create" ]; then
    for last; do :; done
    echo image > "$last"
fi
"""


@pytest.fixture
def plist(script):
    return script("frozen.platforms").info_plist()


def test_the_app_is_no_background_task_and_takes_files_as_events(script):
    (program,) = script("frozen.platforms").executables(str(PACKAGING), "darwin")
    assert program["console"] is False
    assert program["argv_emulation"] is False
    assert program["target_arch"] == "arm64"
    assert program["icon"] == str(ROOT / "build" / "icons" / "sightline.icns")
    assert program["entitlements_file"] == str(MACOS / "entitlements.plist")


@pytest.mark.parametrize("identity", ["", "Developer ID Application: Somebody (ABCDE12345)"])
def test_freezing_signs_with_the_identity_of_the_environment(script, monkeypatch, identity):
    monkeypatch.setenv("SIGHTLINE_SIGN_IDENTITY", identity)
    (program,) = script("frozen.platforms").executables(str(PACKAGING), "darwin")
    assert program["codesign_identity"] == (identity or None)


def test_the_bundle_has_what_macos_asks_for(script, plist):
    platforms = script("frozen.platforms")
    bundle = platforms.mac_bundle(str(PACKAGING))
    assert bundle["name"] == "Sightline.app"
    assert bundle["bundle_identifier"] in (
        PACKAGING / "linux" / f"{platforms.IDENTIFIER}.metainfo.xml"
    ).read_text(encoding="utf-8")
    assert bundle["info_plist"] == plistlib.loads(plistlib.dumps(plist))
    assert plist["CFBundleShortVersionString"] == platforms.version()
    assert re.fullmatch(r"\d+\.\d+\.\d+", plist["CFBundleVersion"])
    assert plist["NSHighResolutionCapable"] is True
    assert plist["NSRequiresAquaSystemAppearance"] is False


def test_pictures_and_folders_are_opened_without_becoming_their_program(script, plist):
    pictures, folders = plist["CFBundleDocumentTypes"]
    assert {pictures["LSHandlerRank"], folders["LSHandlerRank"]} == {"Alternate"}
    assert folders["LSItemContentTypes"] == ["public.folder"]
    extensions = {"jpeg": "jpg", "tiff": "tif"}
    known = {extensions.get(name, name) for name in script("frozen.platforms").PICTURE_EXTENSIONS}
    types = {kind.rpartition(".")[2] for kind in pictures["LSItemContentTypes"]}
    assert {extensions.get(name, name) for name in types} == known


def test_the_oldest_system_is_not_older_than_the_one_that_qt_runs_on(plist):
    lock = (ROOT / "requirements-dist.lock").read_text(encoding="utf-8")
    version = re.search(r"^pyside6-essentials==(\d+)\.(\d+)", lock, re.MULTILINE)
    # 6.10 and 6.11 need macOS 13 (the names of their wheels); look at those of a newer one before this.
    assert (int(version[1]), int(version[2])) <= (6, 11)
    assert plist["LSMinimumSystemVersion"] == "13.0"


def test_the_entitlements_are_the_two_that_are_explained():
    path = MACOS / "entitlements.plist"
    assert plistlib.loads(path.read_bytes()) == {
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
        "com.apple.security.cs.disable-library-validation": True,
    }
    assert path.read_text(encoding="utf-8").count("<!-- ") == 2


def test_dist_builds_the_image_of_the_bundle(script, tmp_path, monkeypatch):
    dist, macos = script("dist"), script("frozen.macos")
    commands = []
    monkeypatch.setattr(subprocess, "run", lambda command, check: commands.append((command, check)))
    made = dist.installers(tmp_path / "frozen" / "sightline", 0, 6, "darwin")
    assert [path.name for path in made] == [macos.image_name()]
    app = str(tmp_path / "frozen" / "Sightline.app")
    assert commands == [(["/bin/sh", str(MACOS / "make_dmg.sh"), app, str(made[0])], True)]


@pytest.mark.parametrize("name", ["make_dmg.sh", "try_dmg.sh"])
def test_the_scripts_are_programs_without_mistakes_of_form(name):
    path = MACOS / name
    assert os.access(path, os.X_OK)
    assert path.read_bytes().startswith(b"#!/bin/sh\n")
    subprocess.run(["sh", "-n", path], check=True)
    ended = subprocess.run([path], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"usage: {name}")


@pytest.fixture
def make_image(tmp_path, monkeypatch):
    """Run the script with programs that only note how they are called."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("codesign", "ditto", "hdiutil", "spctl", "xcrun"):
        (programs / name).write_text(STAND_IN, encoding="utf-8")
        (programs / name).chmod(0o755)
    calls = tmp_path / "calls"
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TMPDIR", str(scratch))

    def run(**signing):
        command = [MACOS / "make_dmg.sh", tmp_path / "two words.app", tmp_path / "image.dmg"]
        surroundings = {key: value for key, value in os.environ.items() if not key.startswith("SIGHTLINE_")}
        ended = subprocess.run(
            command,
            env=surroundings | signing | {"TOLD": str(calls)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not list(scratch.iterdir())
        lines = calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []
        return ended, [" ".join(line.split()[:2]) for line in lines]

    return run


def test_an_image_without_an_identity_is_not_signed(make_image, tmp_path):
    ended, calls = make_image()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert calls == ["codesign --verify", f"ditto {tmp_path}/two", "hdiutil create", "hdiutil verify"]
    assert (tmp_path / "image.dmg").is_file()


def test_with_identity_and_profile_app_and_image_are_notarised(make_image, tmp_path):
    ended, calls = make_image(SIGHTLINE_SIGN_IDENTITY="Developer ID", SIGHTLINE_NOTARY_PROFILE="sightline")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert calls == [
        *("codesign --verify", "ditto -c", "xcrun notarytool", "xcrun stapler"),
        *(f"ditto {tmp_path}/two", "hdiutil create", "codesign --sign"),
        *("xcrun notarytool", "xcrun stapler", "spctl --assess", "spctl --assess", "hdiutil verify"),
    ]


def test_notarising_what_is_not_signed_is_refused(make_image):
    ended, calls = make_image(SIGHTLINE_NOTARY_PROFILE="sightline")
    assert ended.returncode == 2
    assert "set SIGHTLINE_SIGN_IDENTITY" in ended.stderr
    assert calls == []
