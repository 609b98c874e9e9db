"""What the package for Debian says about its licences agrees with what the window says."""

import json
import re

from tests.packaging.conftest import PACKAGING, ROOT

TEXT = (PACKAGING / "linux" / "copyright").read_text(encoding="utf-8")


def stanzas():
    return [
        dict(re.findall(r"^([A-Z][\w-]*): ?(.*(?:\n .*)*)", part, re.MULTILINE))
        for part in TEXT.split("\n\n")
    ]


def test_every_licence_has_its_text():
    named = {part["License"].partition("\n")[0] for part in stanzas() if "Files" in part}
    texts = {
        name
        for part in stanzas()
        if "\n" in part.get("License", "")
        for name in [part["License"].split("\n")[0]]
    }
    assert named <= texts
    assert {"Expat", "GPL-2+", "LGPL-3", "LGPL-3+"} <= named


def test_our_own_licence_is_quoted_whole():
    quoted = next(part["License"] for part in stanzas() if part.get("License", "").startswith("Expat\n"))
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert own[own.index("Permission") :].split() == [word for word in quoted.split()[1:] if word != "."]


def test_the_whole_is_under_the_gpl_because_of_x265():
    assert stanzas()[0]["License"] == "GPL-3"
    listed = json.loads((ROOT / "resources" / "licences" / "parts.json").read_text(encoding="utf-8"))
    for part in listed["parts"]:
        if part["licence"].startswith(("GPL-2.0-or-later", "LGPL")) and "Source code" in part.get("note", ""):
            (source,) = re.findall(r"Source code: (https://[^ ,]+)", part["note"])
            assert source in TEXT, part["name"]
