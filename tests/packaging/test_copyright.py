"""What the package for Debian says about its licences agrees with what the window says."""

import json
import re

from tests.packaging.conftest import PACKAGING, ROOT

TEXT = (PACKAGING / "linux" / "copyright").read_text(encoding="utf-8")


def stanzas():
    fields = re.compile(r"^([A-Z][\w-]*): ?(.*(?:\n .*)*)", re.MULTILINE)
    return [dict(fields.findall(stanza)) for stanza in TEXT.split("\n\n")]


def test_every_licence_has_its_text():
    named = {stanza["License"].partition("\n")[0] for stanza in stanzas() if "Files" in stanza}
    quoted = [stanza.get("License", "").partition("\n") for stanza in stanzas()]
    assert named <= {name for name, _break, text in quoted if text}
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
