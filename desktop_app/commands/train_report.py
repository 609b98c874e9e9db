"""The output of ``sightline train`` while it works: lines for a person, or JSON for a program."""

from __future__ import annotations

import json
import math
import re
import sys
from abc import ABC, abstractmethod
from dataclasses import fields, is_dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from tqdm import tqdm

from desktop_app.commands.question_output import question_lines
from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.datasets.decided import decided
from desktop_app.core.datasets.problem_groups import grouped
from desktop_app.core.datasets.report import FileProblem
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.text import counted, percent, printable
from desktop_app.core.training.records.events import (
    BatchEnded,
    EpochEnded,
    EpochMetrics,
    Finished,
    Preparing,
    Started,
    Warned,
)
from desktop_app.core.training.records.history import row
from desktop_app.core.training.records.intervals import wilson_interval
from desktop_app.core.training.records.run_task import task_of
from desktop_app.core.training.task import catalogue
from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation
from desktop_app.core.training.task.evaluation import Evaluation
from desktop_app.core.training.task.label_table import text_lines
from desktop_app.core.training.task.metric import LOSS
from desktop_app.core.training.task.multi_label import METRICS
from desktop_app.core.training.task.multi_label_evaluation import MultiLabelEvaluation

if TYPE_CHECKING:
    from desktop_app.core.datasets.question import Question
    from desktop_app.core.datasets.report import DatasetReport, ScanProgress
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.records.result import TrainingResult
    from desktop_app.core.training.task.metric import Metric
    from desktop_app.core.training.task.multi_label_evaluation import LabelScore
    from desktop_app.core.training.task.task import Task

tqdm.monitor_interval = 0  # no thread that watches over slow bars

_CONFUSIONS = 3
_LEAST_FOUND = 5
_LABELS = 20
"""Most labels whose figures are printed."""
_DENSE = 100
"""Most classes whose whole confusion matrix is written as JSON, and most pairs of confused classes."""
_WITH_FIGURES = "{desc} |{bar:10}| {n_fmt}/{total_fmt}{postfix}"
"""Fits into 80 columns, where tqdm's own layout leaves the figures none."""


class _Output:
    """Standard output, from which no failure reaches the fit: a reader that goes away does not end it."""

    def __init__(self) -> None:
        self._error: OSError | None = None

    def line(self, text: str) -> None:
        if self._error is None:
            try:
                tqdm.write(text, file=sys.stdout)
                sys.stdout.flush()
            except OSError as error:
                self._error = error

    def close(self) -> None:
        if self._error is not None:
            raise self._error


class _Bar:
    """A progress bar on standard error; none when that is not a terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._what: tuple[str, int | None] | None = None

    def show(
        self, title: str, done: int, total: int | None, figures: str = "", unit: str = " batches"
    ) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None or self._what != (title, total):
            self.close()
            self._what = (title, total)
            layout = _WITH_FIGURES if figures else "{desc}…" if total is None and not done else None
            self._bar = tqdm(
                desc=title,
                total=total,
                initial=done,
                unit=unit,
                leave=False,
                dynamic_ncols=True,
                bar_format=layout,
                postfix=figures or None,
            )
        if figures:
            self._bar.set_postfix_str(figures, refresh=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class Report(ABC):
    """Reports what happens; one class for each format."""

    def __init__(self) -> None:
        self._output = _Output()
        self._bar = _Bar()
        self._task = catalogue.TASKS[0]

    def scanned(self, progress: ScanProgress) -> None:
        """Report the progress of checking the data by a bar on a terminal."""
        self._bar.show(progress.message, progress.done, progress.total, unit=" files")

    @abstractmethod
    def examined(self, report: DatasetReport) -> None:
        """Report the result of checking the data."""

    @abstractmethod
    def asked(self, question: Question) -> None:
        """Report a question that must be answered before a training."""

    @abstractmethod
    def event(self, event: TrainingEvent) -> None:
        """Report an event of the fit."""

    def close(self) -> None:
        """End the output.

        Raises:
            OSError: Standard output did not take everything.
        """
        self._bar.close()
        self._output.close()


class TextReport(Report):
    """One line for each epoch on standard output; the rest on standard error."""

    def __init__(self) -> None:
        super().__init__()
        self._started: Started | None = None
        self._class_count = 2
        self._said: set[str] = set()

    def examined(self, report: DatasetReport) -> None:
        """Print how the data are read, name skipped files (many with one reason at once), and warn."""
        self._bar.close()
        self._output.line(f"{report.sentence}.".replace("..", "."))
        for entry in decided(report.answers):
            self._output.line(f"{printable(entry.text)}.")
        for group in grouped(report.problems):
            for sentence in group.sentences(report.folder):
                self._warn(sentence)
        for warning in report.remarks:
            self._warn(warning)
        for question in report.questions:
            if not question.required:
                self._said.add(question.standing)  # the fit says it too
                for line in question_lines(question):
                    self._warn(line)

    def asked(self, question: Question) -> None:
        """Print the question with its answers, one a line."""
        self._bar.close()
        for line in question_lines(question):
            self._warn(line)

    def event(self, event: TrainingEvent) -> None:
        """Show a bar or write a line."""
        match event:
            case Started():
                self._started = event
                self._task = task_of(event.task, event.recipe, unbalanced=event.unbalanced)
                self._class_count = len(event.classes)
                self._bar.close()
                for line in _beginning(event):
                    self._output.line(line)
            case Preparing():
                self._bar.show(event.message, event.done, event.total, unit=" pictures")
            case BatchEnded():
                self._bar.show(self._epoch(event.epoch), event.step, event.steps, self._figures(event))
            case EpochEnded():
                self._bar.close()
                words = epoch_row(event.metrics, self._task, self._class_count)
                self._output.line(f"{self._epoch(event.metrics.epoch)}  {words}{'  best' * event.best}")
            case Warned():
                self._warn(event.message)
            case Finished():
                self._bar.close()
                self._end(event.result)
            case _:
                pass

    def _figures(self, event: BatchEnded) -> str:
        words = [
            f"{metric.label} {figure(metric, event.figures[metric.name], 3)}"
            for metric in self._task.metrics_for(self._class_count)
            if metric.name in event.figures
        ]
        left = "" if event.seconds_left is None else f", {tqdm.format_interval(event.seconds_left)} left"
        return f"{', '.join(words)}, {event.pictures_per_second:,.0f}/s{left}"

    def _epoch(self, number: int) -> str:
        total = str(self._started.epochs) if self._started else "?"
        return f"Epoch {number:>{len(total)}}/{total}"

    def _warn(self, text: str) -> None:
        # The fit checks the data again and finds the same.
        if text not in self._said:
            self._said.add(text)
            tqdm.write(text, file=sys.stderr)

    def _end(self, result: TrainingResult) -> None:
        if result.status == "failed":
            self._warn(result.reason.sentence)
        else:
            self._output.line(result.reason.sentence)
        for retry in result.retry:
            changes = " ".join(f"--set {key}={_value(value)}" for key, value in retry.changes.items())
            self._warn(f"{retry.label}: add {changes}")
        if result.evaluation is not None:
            for line in evaluation_lines(result.evaluation):
                self._output.line(line)
        thrown_away = result.status == "cancelled" or (result.status == "stopped" and not result.model_id)
        if self._started is not None and not thrown_away:
            self._output.line(f"Run: {printable(str(self._started.folder))}")
        if result.status == "interrupted":
            self._output.line(f"Resume with: sightline train --resume {result.run_id}")
        if result.model_id is not None:
            self._output.line(f"Use it: sightline classify PICTURE --model {result.model_id}")


class JsonReport(Report):
    """One JSON object a line on standard output: ``{"event": "epoch_ended", ...}``; nothing else there."""

    def examined(self, report: DatasetReport) -> None:
        """Write the counts, the skipped files and the warnings."""
        self._bar.close()
        self._write(
            "examined",
            {
                "layout": report.layout,
                "pictures": len(report.examples) - report.copies,
                "classes": {entry.name: entry.total for entry in report.classes},
                "corrections": report.corrected,
                "problems": report.problems,
                "warnings": report.remarks,
                "decided": [entry.text for entry in decided(report.answers)],
                "questions": [_as_json(question) for question in report.questions],
            },
        )

    def asked(self, question: Question) -> None:
        """Write the question with its answers."""
        self._bar.close()
        self._write("question", _as_json(question))

    def event(self, event: TrainingEvent) -> None:
        """Write the event with all its fields."""
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
        if isinstance(event, Started):
            self._task = catalogue.get(event.task)
        self._write(name, plain(event, self._task))

    def _write(self, name: str, members: dict[str, Any]) -> None:
        text = json.dumps({"event": name} | plain(members, self._task), ensure_ascii=False, allow_nan=False)
        self._output.line(text)


def _as_json(question: Question) -> dict[str, Any]:
    """A question without the answers about everything else that its choices hold."""
    choices = [_members(choice, "answers") for choice in question.choices]
    return _members(question, "choices") | {"choices": choices}


def plain(value: Any, task: Task) -> Any:
    """Make of a value what JSON can hold: paths become text, and figures that are no numbers None.

    Metrics stand beside the other members, all that the task has: None where one was not measured.
    """
    if isinstance(value, EpochMetrics):
        value = row(value, task)
    elif isinstance(value, Evaluation):
        names = [metric.name for metric in catalogue.get(value.task).metrics if metric != LOSS]
        more = _details(value)
        value = _members(value, "metrics") | {name: value.metrics.get(name) for name in names} | more
    elif isinstance(value, Confusion):
        value = value.dense().tolist() if len(value) <= _DENSE else None
    elif isinstance(value, BatchEnded):
        value = _members(value, "figures") | value.figures
    elif isinstance(value, BaseModel) or (is_dataclass(value) and not isinstance(value, type)):
        value = _members(value)
    if isinstance(value, dict):
        return {str(key): plain(entry, task) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry, task) for entry in value]
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _details(evaluation: Evaluation) -> dict[str, Any]:
    """What a task adds to its figures, for programs: the labels without the counts of their curves."""
    if isinstance(evaluation, ClassificationEvaluation):
        return _confused(evaluation)
    if isinstance(evaluation, MultiLabelEvaluation):
        return {"labels": [_of_label(score) for score in evaluation.labels]}
    return {}


def _of_label(score: LabelScore) -> dict[str, Any]:
    members = _members(score)
    curves = {"hits", "false"}
    figures = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    return {name: value for name, value in members.items() if name not in curves} | figures


def _confused(evaluation: ClassificationEvaluation) -> dict[str, Any]:
    """The commonest mistakes, with the names of the classes."""
    confusion = evaluation.confusion
    return {
        "confused": [
            {
                "truth": evaluation.name(truth),
                "answer": evaluation.name(answer),
                "count": confusion.count(truth, answer),
                "of": int(confusion.pictures[truth]),
            }
            for truth, answer in confusion.most_confused(_DENSE)
        ]
    }


def _members(value: Any, without: str = "") -> dict[str, Any]:
    """List the members of a dataclass or record; text and advice of a reason stand beside the others."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    members: dict[str, Any] = {}
    for name in (member.name for member in fields(value) if member.name != without):
        member = getattr(value, name)
        if isinstance(member, Reason):
            text = "reason" if isinstance(value, FileProblem) else "message"
            members |= {text: member.text, "advice": member.advice}
        else:
            members[name] = member
    return members


def figure(metric: Metric, value: float, digits: int = 4) -> str:
    """Write the value of a metric: "75.0%", "0.5213"."""
    return percent(value) if metric.format == "percent" else f"{value:.{digits}f}"


def epoch_row(epoch: EpochMetrics, task: Task, class_count: int) -> str:
    """Format the figures of an epoch: all metrics on the validation split, the main ones on the other.

    Args:
        epoch: The metrics of the epoch.
        task: The task that is learned.
        class_count: The number of classes.
    """
    trained = {name: value for name, value in epoch.trained.items() if name in task.live}
    parts = [
        f"{words}{metric.label} {figure(metric, figures[metric.name])}"
        for words, figures in (("", trained), ("val. ", epoch.validated))
        for metric in task.metrics_for(class_count)
        if metric.name in figures
    ]
    return "  ".join([*parts, f"rate {epoch.learning_rate:.3g}", f"{epoch.seconds:.1f} s"])


def evaluation_lines(evaluation: Evaluation) -> list[str]:
    """Format the model's figures, what they hide, and its most frequent confusions."""
    if isinstance(evaluation, MultiLabelEvaluation):
        return _label_lines(evaluation)
    if not isinstance(evaluation, ClassificationEvaluation):
        return [f"{evaluation.sentence}."]
    confusion = evaluation.confusion
    top = "" if evaluation.top_k is None else f", top-{evaluation.k} {percent(evaluation.top_k)}"
    low, high = wilson_interval(confusion.right, evaluation.pictures)
    plain = (
        f"accuracy {percent(evaluation.accuracy)} (likely between {percent(low)} and {percent(high)}){top}"
    )
    by_class = f"balanced accuracy {percent(evaluation.balanced_accuracy)}"
    by_class += f", macro F1 {percent(evaluation.macro_f1)}"
    figures = (by_class, plain) if confusion.out_of_balance else (plain, by_class)
    where = f"On {counted(evaluation.pictures, f'{evaluation.part} picture')}"
    lines = [f"{where}: {'; '.join(figures)}.", *evaluation.shortcomings]
    if confusion.out_of_balance:
        lines.append(f"{evaluation.least_found(_LEAST_FOUND)}.")
    return lines + [f"  {evaluation.pair(*pair)}" for pair in confusion.most_confused(_CONFUSIONS)]


def _label_lines(evaluation: MultiLabelEvaluation) -> list[str]:
    figures = [
        f"{metric.label} {percent(evaluation.metrics[metric.name])}"
        for metric in METRICS
        if metric.name in evaluation.metrics
    ]
    where = f"On {counted(evaluation.pictures, f'{evaluation.part} picture')}"
    return [f"{where}: {', '.join(figures)}.", *evaluation.shortcomings, *text_lines(evaluation, _LABELS)]


def _beginning(started: Started) -> list[str]:
    splits = [f"{started.train:,} training"]
    splits += [f"{started.validation:,} validation"] if started.validation else []
    splits += [f"{started.test:,} test"] if started.test else []
    outputs = counted(len(started.classes), *catalogue.get(started.task).noun)
    lines = [
        f"Run {started.run_id}: {started.recipe}, {started.parameters:,} parameters, on {started.device}.",
        f"{outputs}; pictures: {', '.join(splits)}.",
    ]
    if started.choice:
        lines.append(f"{started.choice[:1].upper()}{started.choice[1:]}.")
    if started.history:
        lines.append(f"Resumes after epoch {len(started.history)} of {started.epochs}.")
    return lines


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value}"
