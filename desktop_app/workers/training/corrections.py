"""Improbable labels and their corrections, as the window uses them, with undo and redo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.text import counted
from desktop_app.workers.training.label_calls import clear, find, save

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from desktop_app.core.datasets.decision import Decision
    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.label_mistakes.mistake import LabelMistakes
    from desktop_app.core.library.store import Library
    from desktop_app.workers.threads.task import Lane

BUSY = "Stop the current training to change labels."


@dataclass(frozen=True, slots=True)
class _Step:
    """What was decided at once, and what was decided about the same pictures before."""

    words: str
    before: Mapping[Path, Decision | None]
    after: Mapping[Path, Decision | None]

    @property
    def reverse(self) -> _Step:
        """The step back."""
        return _Step(self.words, self.after, self.before)


class Corrections(QObject):
    """Finds improbable labels and keeps what the user decides about them; lives in the GUI thread.

    Args:
        searching: Lane that searches.
        saving: Lane that keeps corrections.
        library: Library with the network.

    Signals:
        search_started: A search has begun.
        search_progressed: The `ScanProgress` of the search.
        search_ended: The `LabelMistakes`.
        search_failed: The `Reason`; None if the search was cancelled.
        corrected: The `DatasetReport` with all decisions.
        steps_changed: What undo would take back, and what redo would repeat, in words; empty for nothing.
        message: The outcome of a request, and whether it succeeded.
    """

    search_started = Signal()
    search_progressed = Signal(object)
    search_ended = Signal(object)
    search_failed = Signal(object)
    corrected = Signal(object)
    steps_changed = Signal(str, str)
    message = Signal(str, bool)

    def __init__(self, searching: Lane, saving: Lane, library: Library, parent: QObject) -> None:
        super().__init__(parent)
        self._searching_lane = searching
        self._saving_lane = saving
        self._library = library
        self._cancel_source = CancelSource()
        self._searching = self._locked = False
        self._report: DatasetReport | None = None
        self._decisions: dict[Path, Decision] = {}
        self._waiting = 0
        self._done: list[_Step] = []
        self._undone: list[_Step] = []

    def take(self, report: DatasetReport | None) -> None:
        """Work on another data set, or on none; a search under way ends, and undo begins again."""
        self.stop()
        self._report = report
        self._decisions = dict(report.decisions) if report is not None else {}
        self._done, self._undone = [], []
        self._tell_steps()

    def lock(self, *, locked: bool) -> None:
        """Refuse changes, as during a training, or allow them again."""
        self._locked = locked

    @property
    def searching(self) -> bool:
        """Whether a search is under way."""
        return self._searching

    def search(self) -> None:
        """Look for improbable labels; `search_ended` or `search_failed` follows."""
        if self._report is None or self._searching:
            return
        self._cancel_source = CancelSource()
        self._searching = True
        self.search_started.emit()
        self._searching_lane.do(
            find,
            self._report,
            self._library,
            self._cancel_source.token,
            work="Finding mislabeled pictures",
            advice="Try again.",
            on_progress=self.search_progressed.emit,
            on_result=self._on_found,
            on_failure=self._on_not_found,
            cancel=self._cancel_source.token,
        )

    def cancel_search(self) -> None:
        """End a search; `search_failed` follows at once."""
        if self._searching:
            self._cancel_source.cancel()
            self._on_not_found(None)

    def stop(self) -> None:
        """End a search without a signal."""
        self._cancel_source.cancel()
        self._searching = False

    def decide(self, decisions: Mapping[Path, Decision | None], words: str) -> None:
        """Decide about pictures; `corrected` follows.

        Args:
            decisions: Decisions by path; None takes a decision back.
            words: What this does, for undo and the status bar: "3 pictures relabeled as dogs".
        """
        if not decisions or self._refuses():
            return
        before = {path: self._decisions.get(path) for path in decisions}
        step = _Step(words, before, dict(decisions))
        self._done.append(step)
        self._undone.clear()
        self._apply(step, f"{words}.")

    def undo(self) -> None:
        """Take the last decision back."""
        if self._done and not self._refuses():
            step = self._done.pop()
            self._undone.append(step)
            self._apply(step.reverse, f"Undone: {_lowered(step.words)}.")

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._undone and not self._refuses():
            step = self._undone.pop()
            self._done.append(step)
            self._apply(step, f"{step.words}.")

    def clear(self) -> None:
        """Take everything back, also what is not applied any more; undo brings back what was."""
        if self._report is None or self._refuses():
            return
        before = dict(self._decisions)
        if before:
            words = f"{counted(len(before), 'decision')} taken back"
            self._done.append(_Step(words, before, dict.fromkeys(before)))
        self._undone.clear()
        self._decisions = {}
        self._keep(partial(clear, self._report), "All corrections taken back.")

    # Outcomes

    def _refuses(self) -> bool:
        if self._locked:
            self.message.emit(BUSY, False)
        return self._locked or self._report is None

    def _apply(self, step: _Step, words: str) -> None:
        assert self._report is not None
        for path, decision in step.after.items():
            if decision is None:
                self._decisions.pop(path, None)
            else:
                self._decisions[path] = decision
        call = partial(save, self._report, step.after, frozenset(self._decisions))
        self._keep(call, words)

    def _keep(self, call: partial[DatasetReport], words: str) -> None:
        """Have changes kept; after a failure everything is as it was."""
        source = self._report
        self._waiting += 1
        self._tell_steps()
        self._saving_lane.do(
            call,
            work="Keeping the corrections",
            on_result=lambda report: self._on_kept(source, report, words),
            on_failure=lambda reason: self._on_not_kept(source, reason),
        )

    def _on_kept(self, source: DatasetReport | None, report: DatasetReport, words: str) -> None:
        self._waiting -= 1
        if self._report is not None and source is not None and _same(self._report, source):
            self._report = report
            if not self._waiting:
                self._decisions = dict(report.decisions)
            self.corrected.emit(report)
            self.message.emit(words, True)

    def _on_not_kept(self, source: DatasetReport | None, reason: Reason) -> None:
        self._waiting -= 1
        self.message.emit(reason.sentence, False)
        if self._report is not None and source is not None and _same(self._report, source):
            self._decisions = dict(self._report.decisions)
            self._done, self._undone = [], []
            self._tell_steps()

    def _on_found(self, found: LabelMistakes) -> None:
        self._searching = False
        self.search_ended.emit(found)

    def _on_not_found(self, reason: Reason | None) -> None:
        self._searching = False
        self.search_failed.emit(reason)

    def _tell_steps(self) -> None:
        self.steps_changed.emit(*(steps[-1].words if steps else "" for steps in (self._done, self._undone)))


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def _same(one: DatasetReport, other: DatasetReport) -> bool:
    """Whether both are the same checked data set, whatever is corrected."""
    return (one.uncorrected or one) is (other.uncorrected or other)
