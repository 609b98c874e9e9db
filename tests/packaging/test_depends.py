"""The Debian packages that a frozen app needs, worked out from what its libraries ask for."""

import pytest

NEEDED = {
    "app": ["libc.so.6", "libinside.so.1", "libX11.so.6"],
    "libinside.so.1": ["libc.so.6", "libstdc++.so.6", "libglib-2.0.so.0"],
    "libqgtk3.so": ["libc.so.6", "libgtk-3.so.0"],
}
VERSIONS = {
    "app": "  0x0010:   Name: GLIBC_2.34  Flags: none \n  0x0020:   Name: GLIBC_2.9  Flags: none\n",
    "libinside.so.1": "  0x0010:   Name: GLIBCXX_3.4.29  Flags: none  Version: 4\n",
    "libqgtk3.so": "",
}
PACKAGES = {
    "libc.so.6": "libc6",
    "libX11.so.6": "libx11-6",
    "libstdc++.so.6": "libstdc++6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgtk-3.so.0": "libgtk-3-0t64",
}


@pytest.fixture
def depends(script, monkeypatch):
    module = script("frozen.depends")

    def readelf(option, path):
        if option == "--version-info":
            return VERSIONS[path.name]
        return "".join(
            f" 0x0000000000000001 (NEEDED)             Shared library: [{soname}]\n"
            for soname in NEEDED[path.name]
        )

    monkeypatch.setattr(module, "_readelf", readelf)
    monkeypatch.setattr(module, "_package_of", PACKAGES.__getitem__)
    return module


@pytest.fixture
def frozen(tmp_path):
    themes = tmp_path / "PySide6" / "Qt" / "plugins" / "platformthemes"
    themes.mkdir(parents=True)
    for path in (tmp_path / "app", tmp_path / "libinside.so.1", themes / "libqgtk3.so"):
        path.write_bytes(b"\x7fELF and more")
    (tmp_path / "text").write_text("no library")
    (tmp_path / "link.so").symlink_to("libinside.so.1")
    return tmp_path


def test_what_is_inside_is_not_asked_for_and_a_theme_is_only_suggested(depends, frozen):
    must, may = depends.depends(frozen)
    assert must == [
        "libc6 (>= 2.34)",
        "libglib2.0-0 | libglib2.0-0t64",
        "libstdc++6 (>= 11)",
        "libx11-6",
    ]
    assert may == ["libgtk-3-0 | libgtk-3-0t64"]


@pytest.mark.parametrize(("symbol", "release"), [("3.4", "11"), ("3.4.30", "12"), ("3.4.33", "14")])
def test_the_runtime_of_c_plus_plus_is_as_new_as_its_symbols(depends, frozen, monkeypatch, symbol, release):
    version = f"  0x0010:   Name: GLIBCXX_{symbol}  Flags: none\n"
    monkeypatch.setitem(VERSIONS, "libinside.so.1", version)
    assert f"libstdc++6 (>= {release})" in depends.depends(frozen)[0]


def test_links_and_texts_are_no_libraries(depends, frozen):
    assert [path.name for path in depends.elf_files(frozen)] == ["libqgtk3.so", "app", "libinside.so.1"]


def test_a_library_that_is_not_there_is_named(script, monkeypatch):
    module = script("frozen.depends")
    monkeypatch.setattr(module, "_places", dict)
    with pytest.raises(LookupError, match=r"libodd\.so\.1 is not installed"):
        module._package_of("libodd.so.1")
