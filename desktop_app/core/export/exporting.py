"""Exporting a model for other programs: written in one process, opened by another engine in the next.

Nothing leaves before it has answered as Sightline does.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desktop_app.core.classify.loader import usable_model
from desktop_app.core.export.conversion.formats import check_wish
from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.export.listening import ExportProgress, Listening
from desktop_app.core.export.package import write_zip
from desktop_app.core.export.process import ProcessFailed, run_process
from desktop_app.core.export.proving import Proving
from desktop_app.core.export.web.page import REMARK, check_kind, check_page, page_labels, write_page
from desktop_app.core.export.web.runtime import RUNTIME, RUNTIME_NAME, download_size, web_runtime
from desktop_app.core.export.writing_step import FACTS_FILE, MODEL_FOLDER, WritingFacts, check_source
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import Cancelled, ModelError
from desktop_app.core.foundation.files import scratch_folder
from desktop_app.core.foundation.storage import require_space, storage_errors
from desktop_app.core.foundation.text import printable, readable_size
from desktop_app.core.installation.own_command import own_command
from desktop_app.core.library.exchange.exporting import export_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.export.conversion.formats import ExportFormat, ExportPrecision
    from desktop_app.core.export.proof import ExportReport
    from desktop_app.core.export.web.runtime import WebRuntime
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.download.transfer import Transfer
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.library.store import Library

REASON_FILE = "reason.json"
"""In the folder of a step: the reason why it failed, as text and advice."""

_TIMES = 3
"""The scratch folder takes up to this many times the weights: the model, a converter's copies, and a float32
one beside a smaller precision."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What came of an export.

    Attributes:
        path: The file.
        report: What the proof found; None for ``sightline``, which is a copy.
    """

    path: Path
    report: ExportReport | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The file, and what the proof found, for people."""
        found = () if self.report is None else self.report.sentences
        return (f"Wrote {printable(str(self.path))}.", *found)


def export_beside(
    library: Library,
    model_id: str,
    path: Path,
    *,
    form: ExportFormat = "sightline",
    precision: ExportPrecision = "float32",
    cancel: CancelToken = NEVER,
    on_progress: Callable[[ExportProgress], None] = lambda _progress: None,
    runtime: Path | None = None,
    keep: Callable[[ExportReport], bool] = lambda _report: True,
    write: Callable[[InstalledModel, ExportFormat, ExportPrecision, Path, Listening], None] | None = None,
) -> ExportResult:
    """Write a model for other programs into one file, whole or not at all.

    TensorFlow and the engines run in processes of their own, which end with this call at the latest.

    Args:
        library: The library of this installation and this user.
        model_id: A usable model.
        path: File to create or replace: a zip archive, but for ``sightline``.
        form: The format.
        precision: The numbers that its weights are kept as.
        cancel: Token; the old file stays as it is.
        on_progress: Callback for what is being done.
        runtime: For a web page: the npm package that computes it, or the folder that this lies in; by default
            it is downloaded once, see `web_runtime`.
        keep: Question whether a proven file is wanted, now that its figures are known; asked before anything
            is written to ``path``, and not for ``sightline``.
        write: Function that fills the scratch folder as `write_step` does; by default a process does that.

    Returns:
        What was written and found.

    Raises:
        UsageError: The model is unknown, or format, precision and name contradict each other.
        CannotExport: The format cannot hold the model, or the written file does not answer as Sightline does.
        DownloadError: The runtime of a web page cannot be fetched.
        ModelError: The model is damaged, or a process failed.
        StorageError: The disk is full or refuses; what was there before is untouched.
        Cancelled: The user cancelled, or does not want to keep the file.
    """
    check_wish(form, precision, path)
    entry = usable_model(model_id, library)
    if form == "sightline":
        return ExportResult(export_model(library, model_id, path, cancel=cancel))
    check_source(entry, form)
    _check_place(path)
    assert entry.card is not None
    if form == "web":
        check_page(entry.card)
    page = _runtime(library, runtime, cancel, on_progress) if form == "web" else None
    with storage_errors(library.installed):
        library.installed.mkdir(parents=True, exist_ok=True)
    require_space(library.installed, _TIMES * entry.bytes)
    with storage_errors(library.installed), scratch_folder(library.installed) as folder:
        listening = Listening(folder, cancel, on_progress)
        (write or _write_beside)(entry, form, precision, folder, listening)
        cancel.check()
        facts = WritingFacts.model_validate_json((folder / FACTS_FILE).read_bytes())
        if page is not None:
            check_kind(entry.card, facts.kind)
        report = Proving(entry, form, precision, facts, listening).report()
        if page is not None:
            report = report.model_copy(update={"remark": REMARK})
        if not keep(report):
            raise Cancelled
        on_progress(ExportProgress("Packing…"))
        if page is not None:
            write_page(folder / MODEL_FOLDER, entry.card, facts.kind, page_labels(entry.card), page)
        report = write_zip(
            path,
            folder,
            entry.card,
            report,
            facts=facts,
            notes=library.installed,
            cancel=cancel,
        )
    return ExportResult(path, report)


def download_notice(library: Library, runtime: Path | None = None) -> str:
    """Say what the export of a web page would download first; empty when everything is here.

    Args:
        library: The library of this installation and this user.
        runtime: As of `export_beside`.

    Raises:
        UsageError: The runtime is named and not there.
    """
    size = download_size(library.downloads, runtime)
    host = urlsplit(RUNTIME.url).hostname
    return f"Downloading {RUNTIME_NAME} ({readable_size(size)}) from {host}, once." if size else ""


def _runtime(
    library: Library,
    given: Path | None,
    cancel: CancelToken,
    on_progress: Callable[[ExportProgress], None],
) -> WebRuntime:
    """Find or fetch what computes a page, before anything that takes long."""

    def tell(transfer: Transfer) -> None:
        on_progress(ExportProgress(f"Downloading {RUNTIME_NAME}: {transfer.sentence}"))

    return web_runtime(library.downloads, given, cancel=cancel, on_progress=tell)


def _check_place(path: Path) -> None:
    """Say beforehand, not after minutes, that a file cannot be written where it is to go."""
    with storage_errors(path):
        if not path.absolute().parent.is_dir():
            raise FileNotFoundError(2, "No such folder")
        if path.is_dir():
            raise IsADirectoryError(21, "Is a folder")
        if not os.access(path.absolute().parent, os.W_OK):
            raise PermissionError(13, "Permission denied")


def _write_beside(
    entry: InstalledModel, form: ExportFormat, precision: ExportPrecision, folder: Path, listening: Listening
) -> None:
    """Let ``sightline models export`` fill the folder.

    Raises:
        CannotExport: As it says.
        ModelError: It failed, or the model is in another library, which a process would not look into.
    """
    libraries = (paths.library(), paths.shipped_models(), paths.prepared_models())
    if entry.folder is None or entry.folder.parent not in libraries:
        raise ModelError(f"{entry.name} is in a library of its own.")
    words = ("models", "export", entry.model_id, str(folder), "--format", form, "--precision", precision)
    try:
        run_process(own_command(*words, "--step"), folder, listening.cancel, listening.tell)
    except ProcessFailed as error:
        reason = folder / REASON_FILE
        if reason.exists():
            raise CannotExport(*_reason(reason)) from error
        raise


def _reason(path: Path) -> tuple[str, str]:
    document = json.loads(path.read_text(encoding="utf-8"))
    return str(document["text"]), str(document["advice"])
