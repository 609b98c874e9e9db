"""The data set thread's worker: checks data sets, one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_picture_modules
from desktop_app.core.foundation.errors import Cancelled, Reason, SightlineError
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken


@dataclass(frozen=True, slots=True, eq=False)
class ScanRequest:
    """Check a folder or an archive."""

    path: Path
    cancel: CancelToken


class DatasetWorker(QObject):
    """Wraps `doctor.examine`; each signal carries its request, which may have been cancelled.

    Signals:
        progressed: The `ScanRequest` and its `ScanProgress`; at most 20 a second.
        succeeded: The `ScanRequest` and its `DatasetReport`.
        failed: The `ScanRequest` and the `Reason`; None when the request was cancelled.
    """

    progressed = Signal(object, object)
    succeeded = Signal(object, object)
    failed = Signal(object, object)

    @Slot(object)
    def scan(self, request: ScanRequest) -> None:
        """Check the data; `succeeded` or `failed` follows in any case."""
        if request.cancel.cancelled:
            self.failed.emit(request, None)
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
            self.failed.emit(request, None)
        except SightlineError as error:
            self.failed.emit(request, error.reason)
        except Exception as error:
            work = f"Checking {printable(str(request.path))}"
            self.failed.emit(request, Reason.of_defect(work, error, "Choose another folder."))
            raise  # a defect: the excepthook opens the crash dialog, the thread lives on
        else:
            self.succeeded.emit(request, report)
