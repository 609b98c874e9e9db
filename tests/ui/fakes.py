"""Services without threads, with the signals and methods of the real ones; tests drive them by hand."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from desktop_app.core.classify.prediction import Prediction, ScoredLabel
from desktop_app.core.devices.status import DeviceReason, DeviceStatus
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.images.sources import FileSource
from desktop_app.core.inference.choice import AnsweredBy
from desktop_app.core.library.card import Calibration, ClassLabel, ModelCard
from desktop_app.core.networks.input_spec import Fitting, InputSpec
from desktop_app.core.service.options import ServiceOptions
from desktop_app.workers.classify.messages import (
    Answer,
    Item,
    ItemState,
    ModelEntry,
    ModelPhase,
    ModelStatus,
    PicturePreview,
    TransferProgress,
)
from desktop_app.workers.service.label_service_status import LabelServiceStatus

ANIMALS = ("cat", "dog", "deer", "fox", "bird", "horse", "frog", "ship", "truck", "airplane")
CPU = DeviceStatus(
    "cpu", "CPU (2 cores): no NVIDIA driver found", DeviceReason.NO_DRIVER, "Install the driver to use a GPU."
)
OPENVINO = AnsweredBy("openvino", "float32", "CPU (2 cores)")
TENSORFLOW = AnsweredBy("tensorflow", "float32", "CPU (2 cores)", "OpenVINO cannot answer for it: no reason.")


class FakeSession(QObject):
    """Keeps items; `answer`, `fail` and the signals play the workers' part."""

    items_added = Signal(object)
    item_changed = Signal(object)
    items_removed = Signal(object)
    preview_ready = Signal(object)
    thumbnail_ready = Signal(object)
    model_changed = Signal(object)
    progress_changed = Signal(int, int)
    message = Signal(str)

    def __init__(self):
        super().__init__()
        self.model_status = ModelStatus("everyday", "Everyday", ModelPhase.READY)
        self.by = OPENVINO
        self.own_fit = "squash"
        self.fitting = Fitting(32, 32)
        self.calls = []
        self._items = {}

    def add(self, sources):
        first = len(self._items) + 1
        items = tuple(Item(number, source) for number, source in enumerate(sources, start=first))
        self._items.update({item.number: item for item in items})
        self.calls.append(("add", tuple(sources)))
        self.items_added.emit(items)

    def show(self, number, max_side):
        self.calls.append(("show", number, max_side))

    def request_thumbnail(self, number):
        self.calls.append(("request_thumbnail", number))

    def set_model(self, model_id, again=None):
        self.calls.append(("set_model", model_id, again))

    def choose_engine(self, choice, again=None):
        self.calls.append(("choose_engine", choice, again))

    def forget_model(self, model_id):
        self.calls.append(("forget_model", model_id))

    def change_input(self, model_id):
        self.calls.append(("change_input", model_id))

    def answer_again(self, number):
        self.calls.append(("answer_again", number))

    def cancel(self):
        self.calls.append(("cancel",))

    def clear(self):
        numbers = tuple(self._items)
        self._items.clear()
        self.calls.append(("clear",))
        self.items_removed.emit(numbers)

    def items(self):
        return tuple(self._items.values())

    def item(self, number):
        return self._items[number]

    def set_options(self, fit, *, allow_private_hosts):
        self.calls.append(("set_options", fit, allow_private_hosts))
        self.fitting = self.fitting._replace(fit=fit or self.own_fit)

    def save_results(self, path, style):
        self.calls.append(("save_results", path, style))

    def shutdown(self, seconds=2.0):
        self.calls.append(("shutdown",))
        return True

    def add_files(self, *names):
        self.add([FileSource(Path("/pictures") / name) for name in names])

    def answer(self, number, *scores, sure=True, labels=ANIMALS, kind=None, distance=None):
        """Return the first labels at these probabilities."""
        scored = tuple(
            ScoredLabel(rank, f"n{rank:08d}", label, score)
            for rank, (label, score) in enumerate(zip(labels, scores, strict=False), start=1)
        )
        answer = Answer(
            "everyday",
            "Everyday",
            self.by,
            0.31,
            Prediction(scored, sure, kind, distance),
            self.fitting,
            self.own_fit,
        )
        self.change(number, state=ItemState.ANSWERED, answer=answer)

    def fail(self, number, reason, advice=""):
        self.change(number, state=ItemState.FAILED, reason=Reason(reason, advice))

    def change(self, number, **update):
        self._items[number] = replace(self._items[number], **update)
        self.item_changed.emit(self._items[number])

    def become(self, phase, message="", reason=None, model_id="everyday", name="Everyday", by=None):
        self.model_status = ModelStatus(model_id, name, phase, message, reason, by)
        self.model_changed.emit(self.model_status)

    def called(self, name):
        """The arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]


class FakeTrials(QObject):
    """Tries nothing; a test emits the signals."""

    pictures_read = Signal(object)
    answered = Signal(object)
    clue_found = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self):
        super().__init__()
        self.asked = []
        self.closed = 0

    def ask(self, request):
        self.asked.append(request)

    def close(self):
        self.closed += 1


class FakeLibrary(QObject):
    """Holds whatever entries a test gives it."""

    models_changed = Signal(object)
    transfer_progressed = Signal(object)
    transfer_ended = Signal(str, str, bool)
    operation_ended = Signal(str, bool)
    meaning_needed = Signal(object)
    labels_needed = Signal(object)
    pixels_needed = Signal(object)
    import_failed = Signal(object)
    wrong_checksum = Signal(object, str)
    undo_available = Signal(str)
    model_forgotten = Signal(str)
    input_changed = Signal(str)

    def __init__(self, *entries):
        super().__init__()
        self.trials = FakeTrials()
        self.entries = entries
        self.calls = []
        self._downloading = set()

    def models(self):
        return self.entries

    def change(self, *entries):
        self.entries = entries
        self.models_changed.emit(entries)

    def refresh(self):
        self.calls.append(("refresh",))

    def download(self, model_id):
        self._downloading.add(model_id)
        self.calls.append(("download", model_id))

    def cancel_download(self, model_id):
        self.calls.append(("cancel_download", model_id))

    def end_download(self, model_id, sentence, *, ok):
        self._downloading.discard(model_id)
        self.transfer_ended.emit(model_id, sentence, ok)

    def downloading(self):
        return set(self._downloading)

    def import_vgg19(self, path, *, unverified=False):
        self.calls.append(("import_vgg19", path, unverified))

    def import_file(self, path):
        self.calls.append(("import_file", path))

    def import_model(self, path, wishes):
        self.calls.append(("import_model", path, wishes))

    def ask_input(self, model_id):
        self.calls.append(("ask_input", model_id))

    def set_input(self, model_id, given):
        self.calls.append(("set_input", model_id, given))

    def remove(self, model_id):
        self.calls.append(("remove", model_id))

    def set_thresholds(self, model_id, thresholds):
        self.calls.append(("set_thresholds", model_id, thresholds))

    def undo_remove(self):
        self.calls.append(("undo_remove",))

    def empty_trash(self):
        self.calls.append(("empty_trash",))

    def shutdown(self, seconds=2.0):
        self.calls.append(("shutdown",))
        return True

    def called(self, name):
        """The arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]


class FakeDevices(QObject):
    """Has a status or none."""

    status_changed = Signal(object)
    processor_read = Signal(object)

    def __init__(self, status=None):
        super().__init__()
        self.status = status
        self.calls = []

    def start(self, interval_ms=2000):
        self.calls.append(("start", interval_ms))

    def ask_processor(self):
        self.calls.append(("ask_processor",))

    def refresh(self):
        self.calls.append(("refresh",))

    def shutdown(self, seconds=2.0):
        self.calls.append(("shutdown",))
        return True


class FakeLabelService(QObject):
    """Is off, unless a test says otherwise."""

    changed = Signal(object)

    def __init__(self):
        super().__init__()
        self.status = LabelServiceStatus()
        self.options = ServiceOptions()
        self.running = False
        self.calls = []

    def start(self, options):
        self.calls.append(("start", options))

    def stop(self, seconds=4.0):
        self.calls.append(("stop",))

    def shutdown(self, seconds=2.0):
        self.calls.append(("shutdown",))
        return True


class FakeAbout(QObject):
    """Emits nothing; a test emits the signals."""

    licences_listed = Signal(object)
    licence_read = Signal(object, str)
    licences_failed = Signal(object)
    update_checked = Signal(object)
    update_failed = Signal(object)

    def __init__(self):
        super().__init__()
        self.calls = []

    def list_licences(self):
        self.calls.append(("list_licences",))

    def read_licence(self, component):
        self.calls.append(("read_licence", component))

    def check_for_updates(self, url):
        self.calls.append(("check_for_updates", url))

    def cancel_check(self):
        self.calls.append(("cancel_check",))

    def shutdown(self, seconds=2.0):
        self.calls.append(("shutdown",))
        return True


class FakeNotifier:
    """Records what it should show."""

    def __init__(self):
        self.told = []

    def notify(self, window, title, text):
        self.told.append((title, text))
        return True

    def withdraw(self):
        pass


def card(model_id="everyday", name="Everyday", *, classes=ANIMALS, **fields):
    """A model card; ``classes`` are names, or pairs of id and name."""
    pairs = [(entry, entry) if isinstance(entry, str) else entry for entry in classes]
    return ModelCard(
        id=model_id,
        name=name,
        description=fields.pop("description", "Ten everyday things, trained for this app."),
        origin=fields.pop("origin", "shipped"),
        weights_sha256=hashlib.sha256(model_id.encode()).hexdigest(),
        classes=[ClassLabel(class_id=class_id, label=label) for class_id, label in pairs],
        input=InputSpec(height=32, width=32),
        calibration=Calibration(),
        metrics=fields.pop("metrics", {"top1": 0.921}),
        licence=fields.pop("licence", "MIT"),
        source=fields.pop("source", "Trained on CIFAR-10"),
        **fields,
    )


def entry(model_id="everyday", name="Everyday", **fields):
    """An installed model."""
    size = fields.pop("bytes", 3_400_000)
    problem = fields.pop("problem", "")
    return ModelEntry(
        model_id, name, card(model_id, name, **fields), Path("/models") / model_id, size, problem
    )


def missing_vgg19():
    """The published model before its download."""
    return ModelEntry("vgg19", "VGG19 (ImageNet)", None, None, problem="It is not downloaded.")


def progress(done, total=574_710_816, message="Downloading VGG19: 12.3 of 574.7 MB, 4.1 MB/s, 2 min left"):
    """A step of a download of VGG19."""
    return TransferProgress("vgg19", done, total, 4.1e6, 137.0, message)


def preview(number, width=400, height=300, *, full=None):
    """A smooth picture; ``full`` is the size of the picture that it was made from."""
    down, across = np.mgrid[0:height, 0:width]
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[..., 0] = 255 * across // width
    pixels[..., 1] = 255 * down // height
    pixels[..., 2] = (40 * number) % 255
    return PicturePreview(number, pixels, *(full or (width, height)))
