"""What the lane of exports does: each function makes one call of the core."""

from __future__ import annotations

from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from desktop_app.workers.export.messages import ExportOffer

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.export.conversion.formats import ExportFormat
    from desktop_app.core.export.listening import ExportProgress
    from desktop_app.core.export.proof import ExportReport
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.library.store import Library
    from desktop_app.core.training.runs.store import RunStore
    from desktop_app.workers.export.messages import ExportRequest

_TURN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class KeepQuestion:
    """Waits in the lane for the answer of the person in the window."""

    cancel: CancelToken
    answers: SimpleQueue[bool] = field(default_factory=SimpleQueue)

    def wait(self) -> bool:
        """Return the answer, as soon as there is one.

        Raises:
            Cancelled: The export is to end.
        """
        while True:
            self.cancel.check()
            try:
                return self.answers.get(timeout=_TURN_SECONDS)
            except Empty:
                continue


def offer(library: Library, runs: RunStore | None, model_id: str) -> ExportOffer:
    """Find out what a model can be exported as.

    Raises:
        SightlineError: It cannot be used, so not be exported.
    """
    from desktop_app.core.classify.loader import usable_model
    from desktop_app.core.export.conversion.formats import FORMATS
    from desktop_app.core.export.conversion.stock_network import CannotExport
    from desktop_app.core.export.held_pictures import measured_on
    from desktop_app.core.export.writing_step import check_source
    from desktop_app.core.foundation.storage import storage_errors
    from desktop_app.core.training.runs.store import RunStore

    entry = usable_model(model_id, library)
    assert entry.card is not None
    assert entry.weights is not None
    with storage_errors(entry.weights, verb="read"):
        weights = entry.weights.stat().st_size
    forms: set[ExportFormat] = {"sightline"}
    problem: Reason | None = None
    for form in FORMATS:
        try:
            check_source(entry, form)
            forms.add(form)
        except CannotExport as error:
            problem = error.reason
    measured = measured_on(entry.card, runs or RunStore.default())
    return ExportOffer(model_id, frozenset(forms), weights, measured, problem=problem)


def export(
    library: Library,
    request: ExportRequest,
    question: KeepQuestion,
    *,
    on_progress: Callable[[ExportProgress | ExportReport], None],
) -> tuple[ExportReport | None, int]:
    """Export a model; a report as progress asks whether a file that loses accuracy is wanted.

    Returns:
        What the proof found, and the size of the file in bytes.

    Raises:
        SightlineError: As `export_beside`.
    """
    from desktop_app.core.export.exporting import export_beside
    from desktop_app.core.foundation.storage import storage_errors

    def keep(report: ExportReport) -> bool:
        if report.precision != "int8":
            return True  # its proof was held to a limit
        on_progress(report)
        return question.wait()

    result = export_beside(
        library,
        request.model_id,
        request.path,
        form=request.form,
        precision=request.precision,
        cancel=question.cancel,
        on_progress=on_progress,
        keep=keep,
    )
    with storage_errors(result.path, verb="read"):
        return result.report, result.path.stat().st_size
