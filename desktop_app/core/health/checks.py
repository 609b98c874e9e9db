"""One step of a self-test: taken, timed and put into words, whatever goes wrong."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import SightlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

log = logging.getLogger(__name__)


class CheckFailed(SightlineError):
    """A step came to an end, but not to the right one."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step to take.

    Attributes:
        name: Name of the check.
        work: Function that takes the step and says what was found; raises what went wrong.
        needs: Names of earlier steps that it depends on; when one has failed, it is not tried.
    """

    name: str
    work: Callable[[], str]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of a step.

    Attributes:
        ok: Whether it passed.
        seconds: Duration of the step.
        sentence: Sentence on what was found, or what went wrong.
        advice: Sentence on what to do about it; empty when it passed.
    """

    name: str
    ok: bool
    seconds: float
    sentence: str
    advice: str = ""


def run_steps(steps: Iterable[Step]) -> Iterator[Check]:
    """Take the steps in order; none raises, and a failure stops only those that need it.

    Yields:
        One `Check` per step, as soon as it is done.
    """
    failed: set[str] = set()
    for step in steps:
        missing = [name for name in step.needs if name in failed]
        check = _not_tried(step, missing[0]) if missing else _timed(step)
        if not check.ok:
            failed.add(check.name)
        yield check


def _not_tried(step: Step, needed: str) -> Check:
    sentence = f"Not tried, because it needs the check '{needed}', which failed."
    return Check(step.name, ok=False, seconds=0.0, sentence=sentence, advice="Fix that one first.")


def _timed(step: Step) -> Check:
    started = time.perf_counter()
    try:
        sentence, advice, ok = step.work(), "", True
    except Exception as error:  # noqa: BLE001 - whatever it is, the doctor continues and names it
        failure = error if isinstance(error, SightlineError) else _explained(step, error)
        sentence, advice, ok = str(failure), failure.advice, False
    return Check(step.name, ok, time.perf_counter() - started, sentence, advice)


def _explained(step: Step, error: Exception) -> SightlineError:
    """Put into words what no step expects: a damaged installation, or a defect."""
    damage = paths.damage(error) if isinstance(error, OSError) else None
    if damage is not None:
        return damage
    log.error("The step '%s' of the self-test failed", step.name, exc_info=error)
    return CheckFailed(f"{type(error).__name__}: {error}", "Please report this.")
