"""``sightline doctor``: versions, device and why no GPU, folders, models, and a self-test.

``--self-test`` tests everything: it also trains, keeps and loads a model, works on a folder, asks the label
service over HTTP and opens the window without a screen. All of it happens in an empty home folder of its
own, whose name has spaces and letters that are not ASCII; ``paths`` and ``models`` are then those of this
home. The user's own home is neither read nor written.

``--format json`` prints one document::

    {"schema_version": 1, "ok": true,
     "versions": {"Sightline": "0.1.0", "Python": "3.11.7", "TensorFlow": "2.20.0", ...},
     "device": {"kind": "cpu", "sentence": "CPU (2 cores): no NVIDIA driver found",
                "reason": "no_driver", "advice": "..."},
     "self_test": "short",
     "paths": [{"name": "home", "path": "...", "free_bytes": 1000, "writable": true, "problem": ""}, ...],
     "models": [{"id": "everyday", "name": "Everyday", "bytes": 1000, "engine_bytes": 900,
                 "engine": "OpenVINO, float32; checked against ...", "problem": ""}, ...],
     "formats": [{"name": "DICOM", "package": "pydicom", "version": "3.0.2"}, ...],
     "checks": [{"name": "folders", "ok": true, "seconds": 0.01, "sentence": "...", "advice": ""}, ...]}

``formats`` are those that need a package which not every copy has; ``version`` is empty where it is missing.
``reason`` is one of `desktop_app.core.devices.status.DeviceReason`; ``free_bytes`` is null when the disk does
not answer. ``self_test`` is ``short``, with the checks ``folders``, ``models``, ``files``, ``pictures``,
``engine`` and ``answers``, or ``full``: then ``training``, ``batch``, ``service`` and ``window`` follow.
Every check of the chosen test is there, in this order; one that needs another that failed is not tried, and
fails with a sentence that says so. ``ok`` tells whether all checks passed, and so does the exit status: 0
or 1.
"""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TextIO

from desktop_app.commands import DONE, SOME_FAILED
from desktop_app.commands.threads import decoding_threads
from desktop_app.core.devices.engine_facts import read_engine_facts
from desktop_app.core.devices.probe import DeviceProbe
from desktop_app.core.engine.loading import engine_loaded
from desktop_app.core.foundation.errors import DamagedInstallation
from desktop_app.core.foundation.text import printable, readable_size
from desktop_app.core.health.formats import ReadFormat, read_formats
from desktop_app.core.health.full_test import FullTest
from desktop_app.core.health.own_home import own_home
from desktop_app.core.health.places import Place, user_places
from desktop_app.core.health.self_test import SelfTest
from desktop_app.core.inference.engine_record import engine_words
from desktop_app.core.installation.versions import versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop_app.core.devices.status import DeviceStatus
    from desktop_app.core.health.checks import Check
    from desktop_app.core.library.store import InstalledModel


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of the doctor."""

    versions: dict[str, str]
    device: DeviceStatus
    places: Sequence[Place]
    models: Sequence[InstalledModel]
    checks: Sequence[Check]
    full: bool = False
    formats: Sequence[ReadFormat] = ()

    @property
    def ok(self) -> bool:
        """Whether every check passed; having no GPU is no failure."""
        return all(check.ok for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """The document described at the top of this module."""
        return {
            "schema_version": 1,
            "ok": self.ok,
            "versions": self.versions,
            "device": {
                "kind": self.device.kind,
                "sentence": self.device.sentence,
                "reason": self.device.reason.value,
                "advice": self.device.advice,
            },
            "self_test": "full" if self.full else "short",
            "paths": [
                {
                    "name": place.name,
                    "path": printable(str(place.path)),
                    "free_bytes": place.free,
                    "writable": place.writable,
                    "problem": place.problem,
                }
                for place in self.places
            ],
            "models": [
                {
                    "id": entry.model_id,
                    "name": entry.name,
                    "bytes": entry.bytes,
                    "engine_bytes": entry.engine_bytes,
                    "engine": engine_words(entry),
                    "problem": entry.problem,
                }
                for entry in self.models
            ],
            "formats": [
                {"name": entry.name, "package": entry.package, "version": entry.version}
                for entry in self.formats
            ],
            "checks": [
                {
                    "name": check.name,
                    "ok": check.ok,
                    "seconds": round(check.seconds, 3),
                    "sentence": check.sentence,
                    "advice": check.advice,
                }
                for check in self.checks
            ],
        }

    def as_text(self) -> str:
        """The report for a person."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "Versions"
        yield from (f"  {name:<16}{version}" for name, version in self.versions.items())
        yield from ("", "Device", f"  {self.device.sentence}")
        if self.device.advice:
            yield f"  {self.device.advice}"
        yield from ("", "Folders")
        for place in self.places:
            state = "writable" if place.writable else place.problem
            free = "" if place.free is None else f"{readable_size(place.free)} free, "
            yield f"  {place.name:<16}{printable(str(place.path))} ({free}{state})"
        yield from ("", "Models")
        for entry in self.models:
            yield f"  {entry.model_id:<16}{entry.name} ({entry.problem or readable_size(entry.bytes)})"
            if words := engine_words(entry):
                yield f"  {'':16}{words}"
        yield from ("", "Formats of instruments and cameras")
        yield from (f"  {found.name:<16}{found.sentence}" for found in self.formats)
        yield from ("", "Self-test, with a home folder of its own" if self.full else "Self-test")
        for check in self.checks:
            verdict = "pass" if check.ok else "FAIL"
            yield f"  {verdict}  {check.name:<10}{check.seconds:6.2f} s  {check.sentence}"
            if check.advice:
                yield f"  {'':26}{check.advice}"
        failed = sum(not check.ok for check in self.checks)
        yield ""
        yield f"{failed} of {len(self.checks)} checks failed." if failed else "Everything works."


def doctor(output_format: Literal["text", "json"], stdout: TextIO, *, full: bool = False) -> int:
    """Examine this installation and print what was found.

    Args:
        output_format: ``text`` for a person, ``json`` for a program.
        stdout: Where to print.
        full: Whether to test everything, in a home folder of the test's own.

    Returns:
        0 when every check passed, 1 otherwise.
    """
    report = examine(full=full)
    if output_format == "json":
        json.dump(report.as_json(), stdout, indent=2, ensure_ascii=False)
        stdout.write("\n")
    else:
        stdout.write(report.as_text())
    return DONE if report.ok else SOME_FAILED


def examine(*, full: bool = False) -> Report:
    """Look at everything and run a self-test.

    Args:
        full: Whether to test everything, in a home folder of the test's own: some tens of seconds. The short
            test takes as long as loading TensorFlow.
    """
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(own_home()) if full else None
        places = user_places()
        short = SelfTest(places)
        models, checks = _models(short), []
        for check in (FullTest(short, home, decoding_threads) if home else short).run():
            checks.append(check)
            if sys.stderr is not None and sys.stderr.isatty():
                print(f"{check.name}: {'pass' if check.ok else 'FAIL'}", file=sys.stderr)
        return Report(versions(), _device(), places, models, checks, full, read_formats())


def _models(test: SelfTest) -> Sequence[InstalledModel]:
    """List the models of the library; none if the installation is damaged, which a check reports."""
    try:
        return test.library.entries()
    except DamagedInstallation:
        return ()


def _device() -> DeviceStatus:
    with DeviceProbe() as probe:
        if engine_loaded():
            probe.engine = read_engine_facts()
        return probe.read()
