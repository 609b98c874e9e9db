"""Writing the results of a job to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from desktop_app.core.batch.results.parquet import ExportError, ParquetWriter
from desktop_app.core.foundation.text import printable
from desktop_app.ui.common.csv_kinds import csv_kinds, csv_style
from desktop_app.ui.common.dialogs import confirm
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.common.folders import proposed_path

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.batch.results.export import ExportFormat
    from desktop_app.workers.batch.batch_service import BatchService

_OTHER_KINDS: dict[str, tuple[str, ExportFormat]] = {
    "JSON Lines (*.jsonl)": (".jsonl", "jsonl"),
    "JSON (*.json)": (".json", "json"),
    "Parquet (*.parquet)": (".parquet", "parquet"),
}
_FORMATS: dict[str, ExportFormat] = {".csv": "csv", **dict(_OTHER_KINDS.values())}


class ExportFlow(QObject):
    """Asks for a file; its ending decides the format. The service reports the end."""

    def __init__(self, service: BatchService, parent: QWidget) -> None:
        super().__init__(parent)
        self._service = service
        self._window = parent

    def begin(self) -> None:
        """Ask where to write the results so far."""
        opened = self._service.opened
        if opened is None:
            return
        name = printable(opened.spec.sources[0].name) or "Pictures"
        proposed = proposed_path(f"{name} labels.csv")
        chosen, kind = FileDialog.save_file(
            self._window, "Export the results", proposed, ";;".join([*csv_kinds(), *_OTHER_KINDS])
        )
        if chosen:
            self._export(Path(chosen), kind)

    def _export(self, path: Path, kind: str) -> None:
        form = _FORMATS.get(path.suffix.lower())
        if form is None:  # another ending, or none: that of the chosen format is added
            ending, form = _OTHER_KINDS.get(kind, (".csv", "csv"))
            path = path.with_name(path.name + ending)
            if path.exists() and not self._may_replace(path):
                return
        if form == "parquet" and not self._can_write_parquet():
            return
        self._service.export(path, form, csv_style(kind))

    def _may_replace(self, path: Path) -> bool:
        """Ask about replacing the full name: the system asked only about the name without its ending."""
        question = f"{printable(path.name)} already exists."
        return confirm(self._window, "Export the results", question, "Replace")

    def _can_write_parquet(self) -> bool:
        try:
            ParquetWriter.check()
        except ExportError as error:
            box = QMessageBox(QMessageBox.Icon.Information, "Export the results", str(error))
            box.setInformativeText(error.advice)
            box.setParent(self._window, box.windowFlags())
            box.exec()
            box.deleteLater()
            return False
        return True
