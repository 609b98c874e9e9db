"""The data set thread's worker: examines data sets, one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_picture_modules
from desktop_app.core.foundation.errors import Cancelled, SightlineError
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken


@dataclass(frozen=True, slots=True, eq=False)
class ScanRequest:
    """Examine a folder or an archive."""

    path: Path
    cancel: CancelToken


class DatasetWorker(QObject):
    """Wraps `doctor.examine`; what it tells begins with the request, for it may be one that was given up.

    Signals:
        progressed: `ScanRequest`, `ScanProgress`; at most 20 a second.
        succeeded: `ScanRequest`, `DatasetReport`.
        failed: `ScanRequest`, reason, advice; the reason of a cancelled request is empty.
    """

    progressed = Signal(object, object)
    succeeded = Signal(object, object)
    failed = Signal(object, str, str)

    @Slot(object)
    def scan(self, request: ScanRequest) -> None:
        """Examine; `succeeded` or `failed` follows in any case."""
        if request.cancel.cancelled:
            self.failed.emit(request, "", "")
            return
        try:
            import_picture_modules()
            from desktop_app.core.datasets.examine.doctor import examine

            report = examine(
                request.path,
                cancel=request.cancel,
                on_progress=lambda progress: self.progressed.emit(request, progress),
            )
        except Cancelled:
            self.failed.emit(request, "", "")
        except SightlineError as error:
            self.failed.emit(request, str(error), error.advice)
        except Exception as error:
            name = printable(str(request.path))
            self.failed.emit(request, f"Checking {name} failed: {error}.", "Choose another folder.")
            raise  # a defect: the excepthook opens the crash dialog, the thread lives on
        else:
            self.succeeded.emit(request, report)
