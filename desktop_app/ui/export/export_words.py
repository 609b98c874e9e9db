"""What the dialog says of formats, precisions, progress and proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.export.conversion.formats import FORMATS, size_estimate
from desktop_app.core.export.proof import FEWEST_PICTURES, MOST_APART
from desktop_app.core.foundation.text import percent, readable_size
from desktop_app.workers.export.messages import ExportPhase

if TYPE_CHECKING:
    from desktop_app.core.export.conversion.formats import ExportFormat, ExportPrecision
    from desktop_app.core.export.listening import ExportProgress
    from desktop_app.core.export.proof import ExportProof, ExportReport
    from desktop_app.workers.export.messages import ExportOffer, ExportStatus

STOPPED = "The export was stopped. Nothing was written."
SEEN_BELOW = 1e-4
"""Points of a difference that four digits can show."""


def format_name(form: ExportFormat) -> str:
    """Name of a format for people."""
    return "Sightline" if form == "sightline" else FORMATS[form].name


def format_sentence(form: ExportFormat) -> str:
    """Who opens a file of a format, as a sentence."""
    if form == "sightline":
        return "For another Sightline, which imports it with its labels."
    facts = FORMATS[form]
    return f"For {facts.purpose}{'' if facts.batch else '; one picture at a time'}."


def size_words(form: ExportFormat, precision: ExportPrecision, weights: int) -> str:
    """About how large a file becomes; empty while the weights are not known."""
    return f"about {readable_size(size_estimate(form, precision, weights))}" if weights else ""


def precisions_of(form: ExportFormat) -> tuple[ExportPrecision, ...]:
    """The numbers that a format can keep the weights as."""
    return ("float32",) if form == "sightline" else FORMATS[form].precisions


def precision_sentence(form: ExportFormat, precision: ExportPrecision, offer: ExportOffer | None) -> str:
    """What a precision costs, and on what that is measured."""
    if form == "sightline":
        return "The weights stay as they are."
    if precision == "int8":
        measured = "" if offer is None else f" {offer.measured_on}"
        return f"A quarter of the size; you see the differences before the file is kept.{measured}"
    limit = f"{100 * MOST_APART[precision]:g} points"
    kept = "The weights stay as they are." if precision == "float32" else "Smaller, and nearly as exact."
    return f"{kept} Written only if {FEWEST_PICTURES} pictures get probabilities within {limit}."


def file_name(model_id: str, form: ExportFormat, precision: ExportPrecision) -> str:
    """Name to propose for the file."""
    if form == "sightline":
        return f"{model_id}.sightline"
    return f"{model_id}-{form}{'' if precision == 'float32' else f'-{precision}'}.zip"


def progress_words(progress: ExportProgress | None) -> str:
    """What is being done."""
    return "Starting…" if progress is None else progress.words


def counted_words(progress: ExportProgress | None) -> str:
    """How many pictures were compared; empty while none are."""
    if progress is None or not progress.total:
        return ""
    return f"{progress.done:,} of {progress.total:,} pictures compared"


def points(difference: float) -> str:
    """A difference of probabilities (0..1), in points."""
    share = 100 * difference
    if share < SEEN_BELOW:
        return f"less than {SEEN_BELOW:.4f} points"
    return f"{share:.1g} points" if share < 1 else f"{share:.1f} points"


def proof_sentence(proof: ExportProof, *, classifies: bool = True) -> str:
    """What an engine found that opened the file.

    Args:
        proof: Its finding.
        classifies: Whether the model names classes; other models give amounts or features.
    """
    if not classifies:
        return (
            f"Opened again by {proof.engine}: {proof.pictures} pictures compared, largest difference "
            f"{percent(proof.largest_difference)} of the largest number."
        )
    return (
        f"Opened again by {proof.engine}: {same_first(proof)} pictures alike, largest difference "
        f"{points(proof.largest_difference)}."
    )


def same_first(proof: ExportProof) -> str:
    """For how many pictures file and app name the same class first."""
    return f"{round(proof.same_first * proof.pictures)} of {proof.pictures}"


def not_opened(report: ExportReport) -> tuple[str, ...]:
    """The engines that cannot open the file, a sentence each."""
    return tuple(f"{engine} cannot open this file." for engine in report.not_opened)


def figures(report: ExportReport) -> tuple[tuple[str, str, str], ...]:
    """The rows of the table that shows Sightline beside the file: what, in Sightline, in the file."""
    accuracy, proof = report.accuracy, report.proofs[0]
    rows = []
    if accuracy is not None:
        what = f"Right on {accuracy.pictures:,} validation pictures"
        rows.append((what, percent(accuracy.before), percent(accuracy.after)))
    rows.append(("Same first class", f"{proof.pictures} pictures", same_first(proof)))
    rows.append(("Largest difference", "", points(proof.largest_difference)))
    return tuple(rows)


def loss_sentence(report: ExportReport) -> str:
    """What the rounding costs in accuracy, or why that is not known."""
    if report.accuracy is None:
        return report.accuracy_note or "The loss of accuracy is not measured."
    lost = 100 * (report.accuracy.before - report.accuracy.after)
    if abs(lost) < 0.05:
        return "It loses no accuracy on these pictures."
    return f"It {'loses' if lost > 0 else 'gains'} {abs(lost):.1f} points of accuracy on these pictures."


def told(status: ExportStatus) -> tuple[str, str]:
    """An export for the status bar: in short, and as a sentence."""
    name, request = status.request.name, status.request
    match status.phase:
        case ExportPhase.RUNNING:
            progress = status.progress
            share = f" {100 * progress.done // progress.total}%" if progress and progress.total else "…"
            return f"Export{share}", f"Exporting {name}: {progress_words(progress)}"
        case ExportPhase.ASKING:
            return "Keep the export?", f"{name} is ready as {request.precision}: look at what it loses"
        case ExportPhase.DONE:
            return "Exported", f"{name} was exported"
        case ExportPhase.FAILED:
            return "Export failed", f"{name} was not exported"
        case ExportPhase.STOPPED:
            return "", ""
