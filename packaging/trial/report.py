"""What the trial found, as a table."""

from __future__ import annotations

import contextlib
import subprocess
import time
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHOWN_OF_OUTPUT = 3000
"""Characters of a failed command's output; its end says most."""


class Failed(AssertionError):
    """A check of the trial did not hold."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        system: Where it was tried, such as ``bookworm``.
        what: Was tried or measured.
        found: What came out.
        goal: What it should be; empty for checks.
        verdict: ``pass``, ``FAIL``, or ``missed`` for a goal that depends on the machine.
    """

    system: str
    what: str
    found: str
    goal: str
    verdict: str


@dataclass(slots=True)
class Report:
    """Collects the rows, and prints each as it comes.

    Attributes:
        system: Where the next rows are from.
        rows: What was tried.
        measured: The rows that are figures.
        witness: Called with what failed, to keep what can be seen then.
    """

    system: str = "this machine"
    rows: list[Row] = field(default_factory=list)
    measured: list[Row] = field(default_factory=list)
    witness: Callable[[str], None] = lambda _what: None

    @contextlib.contextmanager
    def check(self, what: str, *, ends_all: bool = False) -> Iterator[list[str]]:
        """Try something; what is appended to the list is what was found.

        Args:
            what: Shown in the table.
            ends_all: Whether a failure makes everything after it pointless.

        Raises:
            Failed: It failed and ``ends_all``; otherwise a failure is only noted.
        """
        found: list[str] = []
        started = time.monotonic()
        try:
            yield found
        except Exception as error:
            self._add(what, _first_line(error), "", "FAIL")
            print(_details(error), flush=True)
            self.witness(what)
            if ends_all:
                raise Failed(what) from error
        else:
            found.append(f"{time.monotonic() - started:.0f} s")
            self._add(what, ", ".join(found), "", "pass")

    def figure(self, what: str, value: float, goal: float, unit: str, note: str = "") -> None:
        """Note a measured figure beside its goal."""
        found = f"{value:,.2f} {unit}{f' ({note})' if note else ''}"
        self._add(what, found, f"<= {goal:g} {unit}", "pass" if value <= goal else "missed")
        self.measured.append(self.rows[-1])

    @property
    def failed(self) -> bool:
        """Whether any check failed; figures over their goals are shown, but depend on the machine."""
        return any(row.verdict == "FAIL" for row in self.rows)

    def table(self) -> str:
        """All rows in columns."""
        cells = [(row.verdict, row.system, row.what, row.goal, row.found) for row in self.rows]
        widths = [max(len(cell[column]) for cell in cells) for column in range(4)]
        return "\n".join(
            "  ".join([*(text.ljust(width) for text, width in zip(cell[:4], widths, strict=True)), cell[4]])
            for cell in cells
        )

    def figures(self) -> str:
        """The figures alone, as a table in Markdown for `docs/packaging.md`."""
        lines = ["| measured | where | goal | found |", "| --- | --- | --- | --- |"]
        lines += [f"| {row.what} | {row.system} | {row.goal} | {row.found} |" for row in self.measured]
        return "\n".join(lines)

    def _add(self, what: str, found: str, goal: str, verdict: str) -> None:
        row = Row(self.system, what, found, goal, verdict)
        self.rows.append(row)
        beside = f" (goal {goal})" if goal else ""
        print(f"{time.strftime('%H:%M:%S')}  {row.system}: {what}: {found}{beside}: {verdict}", flush=True)


def require(condition: object, sentence: str) -> None:
    """Fail with a sentence.

    Raises:
        Failed: The condition does not hold.
    """
    if not condition:
        raise Failed(sentence)


def _first_line(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return f"a command ended with status {error.returncode}"
    return (str(error).splitlines() or [type(error).__name__])[0]


def _details(error: Exception) -> str:
    output = ""
    if isinstance(error, subprocess.CalledProcessError | subprocess.TimeoutExpired):
        told = [part if isinstance(part, str) else part.decode(errors="replace") for part in _output(error)]
        output = "".join(told)[-SHOWN_OF_OUTPUT:]
    return "".join(traceback.format_exception(error)) + output


def _output(error: subprocess.CalledProcessError | subprocess.TimeoutExpired) -> list[str | bytes]:
    return [part for part in (error.stdout, error.stderr) if part]
