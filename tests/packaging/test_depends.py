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
HERE = (
    *("libasound2", "libatk-bridge2.0-0", "libatk1.0-0", "libatspi2.0-0", "libbrotli1", "libc6"),
    *(
        "libcairo-gobject2",
        "libcairo2",
        "libcups2",
        "libdbus-1-3",
        "libegl1",
        "libfontconfig1",
        "libfreetype6",
    ),
    *("libgcc-s1", "libgdk-pixbuf-2.0-0", "libgl1", "libglib2.0-0", "libgssapi-krb5-2", "libgtk-3-0"),
    *("libharfbuzz0b", "libpango-1.0-0", "libpangocairo-1.0-0", "libpng16-16", "libssl3", "libstdc++6"),
    *("libuuid1", "libwayland-client0", "libwayland-cursor0", "libwayland-egl1", "libx11-6", "libx11-xcb1"),
    *("libxcb-cursor0", "libxcb-glx0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0"),
    *(
        "libxcb-render-util0",
        "libxcb-render0",
        "libxcb-shape0",
        "libxcb-shm0",
        "libxcb-sync1",
        "libxcb-util1",
    ),
    *("libxcb-xfixes0", "libxcb-xkb1", "libxcb1", "libxkbcommon-x11-0", "libxkbcommon0"),
)
"""What libraries of Qt and Python come from on Debian 12."""
RENAMED_IN_NOBLE = {
    *("libasound2", "libatk-bridge2.0-0", "libatk1.0-0", "libatspi2.0-0", "libcups2", "libglib2.0-0"),
    *("libgtk-3-0", "libpng16-16", "libssl3"),
}
"""Those that Ubuntu 24.04 has with ``t64`` behind the name only; it has all others as Debian 12 has them."""
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


@pytest.mark.parametrize("package", HERE)
@pytest.mark.parametrize("built_on", ["bookworm", "noble"])
def test_each_relation_names_what_debian_12_and_ubuntu_24_04_have(depends, package, built_on):
    in_noble = f"{package}t64" if package in RENAMED_IN_NOBLE else package
    relation = depends._relation(package if built_on == "bookworm" else in_noble, {"libc6": "2.35"})
    alternatives = [each.partition(" (")[0] for each in relation.split(" | ")]
    assert alternatives == [package, in_noble][: 2 if package in RENAMED_IN_NOBLE else 1]


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
