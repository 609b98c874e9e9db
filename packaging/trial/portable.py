"""Tries the portable archive in a folder of the person's."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from trial import using
from trial.person import five_labels
from trial.report import require
from trial.roots import HOME

if TYPE_CHECKING:
    from pathlib import Path

    from trial.person import Person
    from trial.report import Report
    from trial.roots import Root

FOLDER = HOME / "My Apps"


def try_out(root: Root, person: Person, archive: Path, report: Report) -> None:
    """Unpack it and use it there; the package is not installed any more."""
    with report.check("the portable archive is unpacked", ends_all=True):
        outside = root.outside(FOLDER)
        outside.mkdir()
        command = ["tar", "--extract", "--file", archive, "--directory", outside]
        subprocess.run(command, check=True)
        root.own(outside)
        [unpacked] = outside.iterdir()
        dangling = [path for path in unpacked.rglob("*") if path.is_symlink() and not path.exists()]
        require(not dangling, f"links lead nowhere: {dangling}")
    program = FOLDER / unpacked.name / "sightline"
    sample = program.parent / "_internal/resources/samples/drawn/frog.jpg"
    with report.check("the portable archive runs where it was unpacked") as found:
        app = person.begin(program, sample)
        person.look_at(app)
        found.append(", ".join(five_labels(using.answer(person))))
        person.photograph("6-portable")
        person.leave(app)
    with report.check("the portable archive classifies in a terminal") as found:
        said = root.run(program, "classify", "--model", "everyday", sample, person=True).stdout
        rows = [" ".join(reversed(line.split("%"))) + "%" for line in said.splitlines() if "%" in line]
        found.append(", ".join(five_labels("\n".join(rows))))
    using.run_self_test(root, report, program)
    with report.check("the archive brings menu entry, icons and manual"):
        share = unpacked / "share"
        for place in ("applications/sightline.desktop", "man/man1/sightline.1.gz", "metainfo"):
            require((share / place).exists(), f"share/{place} is missing")
