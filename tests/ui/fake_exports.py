"""Exports without threads, which tests drive by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_app.core.export.conversion.formats import EXPORT_FORMATS
from desktop_app.core.export.listening import ExportProgress
from desktop_app.core.export.proof import ExportProof, ExportReport, HeldAccuracy
from desktop_app.core.foundation.errors import Reason
from desktop_app.workers.export.messages import ExportOffer, ExportPhase, ExportRequest, ExportStatus

MEASURED = "The loss of accuracy is measured on 120 validation pictures of its training in /data/pets."


class FakeExports(QObject):
    """Has the signals and methods of `ExportService`."""

    offered = Signal(object)
    changed = Signal(object)

    def __init__(self):
        super().__init__()
        self.status = None
        self.offer = {"forms": frozenset(EXPORT_FORMATS), "weights": 3_400_000, "measured_on": MEASURED}
        self.calls = []

    @property
    def running(self):
        return self.status is not None and self.status.running

    def ask(self, model_id):
        self.calls.append(("ask", model_id))

    def answer(self, model_id="everyday", **changed):
        self.offered.emit(ExportOffer(model_id, **(self.offer | changed)))

    def start(self, request):
        self.calls.append(("start", request))
        self.show(ExportStatus(request))

    def begin(self, model_id="everyday", name="Everyday", form="onnx", precision="float32"):
        self.start(ExportRequest(model_id, name, form, precision, Path(f"/out/{model_id}.zip")))

    def tell(self, words, done=0, total=0):
        self.become(ExportPhase.RUNNING, progress=ExportProgress(words, done, total))

    def become(self, phase, **update):
        self.show(replace(self.status, phase=phase, **update))

    def fail(self, text, advice=""):
        self.become(ExportPhase.FAILED, reason=Reason(text, advice))

    def keep(self, wanted):
        self.calls.append(("keep", wanted))

    def cancel(self):
        self.calls.append(("cancel",))

    def forget(self):
        self.calls.append(("forget",))
        if self.status is not None and not self.running:
            self.show(None)

    def shutdown(self, seconds=2.0):
        self.calls.append(("shutdown",))
        return True

    def show(self, status):
        self.status = status
        self.changed.emit(status)

    def called(self, name):
        """The arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]


def proof(precision="float32", apart=1e-6, same=1.0, engine="OpenVINO 2026.4.1"):
    """What an engine found."""
    return ExportProof(
        engine=engine,
        reference="Sightline with TensorFlow 2.20.0",
        precision=precision,
        pictures=32,
        largest_difference=apart,
        mean_difference=apart / 2,
        same_first=same,
    )


def report(precision="float32", *, accuracy=None, note="", not_opened=None, **found):
    """What the proof of an export found; ``accuracy`` is before and after."""
    return ExportReport(
        model="everyday",
        weights_sha256="0" * 64,
        format="onnx",
        precision=precision,
        limit=None if precision == "int8" else 1e-4,
        proofs=(proof(precision, **found),),
        not_opened=not_opened or {},
        accuracy=HeldAccuracy(pictures=120, before=accuracy[0], after=accuracy[1]) if accuracy else None,
        accuracy_note=note,
    )
