"""``make dist-test``: uses the installers in fresh Debian systems as a person would, then removes them."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the tests know how a person uses a display

from frozen import freeze  # noqa: E402
from tests.virtual_display import VirtualDisplay  # noqa: E402
from trial import damaging, installing, needs, portable, roots, speed, using  # noqa: E402
from trial.person import Person  # noqa: E402
from trial.report import Failed, Report  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

SUITES = ("bookworm", "trixie")
PACKAGE_GOAL, INSTALLED_GOAL = 270, 1075
"""Megabytes."""
MEGABYTE = 1e6
TARGET, SYSTEMS = ROOT / "build" / "dist-test", ROOT / "build" / "roots"


def main() -> int:
    """Try everything that was built.

    Returns:
        0 when all checks passed, 1 when one failed, 2 when the trial cannot run here.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suite", action="append", choices=SUITES, help="only this one of Debian's")
    parser.add_argument("--keep", action="store_true", help="leave the systems there to look at")
    options = parser.parse_args()
    missing = needs.missing()
    try:
        package = needs.one_file(ROOT / "dist", "sightline_*.deb")
        archive = needs.one_file(ROOT / "dist", "sightline-*.tar.xz")
    except FileNotFoundError as error:
        missing.append(str(error))
    if missing:
        print("\n".join(missing), file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all is cleaned up then, too
    report = Report()
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="sightline-trial-", dir=ROOT / "build") as scratch:
        for what, file in (("package", package), ("portable archive", archive)):
            report.figure(
                f"size of the {what}", file.stat().st_size / MEGABYTE, PACKAGE_GOAL, "MB", file.name
            )
        older = installing.older(package, Path(scratch))
        for suite in options.suite or SUITES:
            report.system = suite
            with contextlib.suppress(Failed), _system(suite, report, keep=options.keep) as root:
                _try(root, older, package, archive, report)
    report.system = "this machine"
    installing.examine(package, report)  # at last: it takes minutes and 2 GB, which would disturb the timing
    print(f"\n{report.table()}\n\n{report.figures()}\n\nPictures of the screen: {TARGET.relative_to(ROOT)}")
    return 1 if report.failed else 0


@contextlib.contextmanager
def _system(suite: str, report: Report, *, keep: bool) -> Iterator[roots.Root]:
    """A fresh system, which is removed whatever happens."""
    try:
        with report.check("a fresh minimal system without Python", ends_all=True) as found:
            root = roots.fresh(suite, SYSTEMS)
            found.append(installing.require_no_python(root))
        yield root
    finally:
        if not keep:
            roots.remove(SYSTEMS / f"{suite}-trial")


def _try(root: roots.Root, older: Path, package: Path, archive: Path, report: Report) -> None:
    with VirtualDisplay() as display, Person(root, display, TARGET / report.system) as person:
        report.witness = person.witness
        with report.check("an older version is installed and used once", ends_all=True):
            installing.install(root, older)
            installing.use_once(person, root)
        with report.check("it is upgraded, and there is still no Python", ends_all=True) as found:
            installing.install(root, package)
            found.append(installing.require_no_python(root))
        installed = freeze.size(root.outside("/usr/lib/sightline")) / MEGABYTE
        report.figure("installed size", installed, INSTALLED_GOAL, "MB")
        installing.validate(root, report)
        using.run_self_test(root, report)
        for step in (using.open_picture, using.train):
            step(root, person, report)
            person.end_all()
        speed.measure(root, person, report)
        damaging.damage_all(root, person, report)
        person.end_all()
        installing.purge(root, report)
        portable.try_out(root, person, archive, report)


if __name__ == "__main__":
    sys.exit(main())
