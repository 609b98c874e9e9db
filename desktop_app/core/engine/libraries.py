"""Loading large shared objects without stopping the other threads of the process.

Python holds its lock while it maps an extension module, and the system's loader has a lock of its own: a
thread that imports an extension while another maps a large library waits for the loader while it holds
Python's lock, and every thread stands still. So the files are mapped through a foreign call, which releases
Python's lock, and what might be imported meanwhile is imported before.

Threads that import at the same time can also see each other's half-made modules. So whatever a thread beside
the main one needs is imported here: in one order, by one thread at a time.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.foundation.gc_pause import collector_resting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class ImportLock:
    """A lock that a thread may take more than once, and that knows whether this thread has it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._owner = 0
        self._depth = 0

    def __enter__(self) -> None:
        self._lock.acquire()
        self._owner = threading.get_ident()
        self._depth += 1

    def __exit__(self, *_exception: object) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = 0
        self._lock.release()

    @property
    def held_here(self) -> bool:
        """Whether the calling thread has it."""
        return self._owner == threading.get_ident()


loading = ImportLock()
"""Held while libraries are being mapped and modules imported; take it to load one by other means."""

mapping = threading.Lock()
"""Held while one library is being mapped: whoever starts a thread then waits for the system's loader."""

_PICTURE_EXTENSIONS = {
    "numpy": ("_core/_multiarray_umath.*",),
    "PIL": ("_imaging.*", "_imagingcms.*", "_webp.*", "_avif.*"),
    "pillow_heif": ("../_pillow_heif.*",),
}
"""Extension modules of more than a few hundred kB that decoding needs, by package."""

_CARD_EXTENSIONS = {"pydantic_core": ("_pydantic_core.*",)}

_HDF5_EXTENSIONS = {"h5py": ("defs.*",)}

_PILLOW_MODULES = (
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.ImageCms",
)
"""What Pillow imports when it opens its first picture, and what that picture's colours may need."""

PICTURE_MODULES = (
    "desktop_app.core.images.decoding.decode",
    "desktop_app.core.images.folders",
    "desktop_app.core.images.instruments.czi",
    "desktop_app.core.images.instruments.dicom",
    "desktop_app.core.images.instruments.dicom_codecs",
    "desktop_app.core.images.instruments.exr",
    "desktop_app.core.images.instruments.fits",
    "desktop_app.core.images.instruments.jpeg2000",
    "desktop_app.core.images.instruments.jpegxl",
    "desktop_app.core.images.instruments.nifti",
    "desktop_app.core.images.instruments.raw",
    "desktop_app.core.images.links.fetch",
    "desktop_app.core.images.load",
    "desktop_app.core.images.science.png",
    "desktop_app.core.images.science.tiff",
)
CARD_MODULES = ("desktop_app.core.library.card", "desktop_app.core.inference.engine_record")
DEVICE_MODULES = (
    "desktop_app.core.devices.probe",
    "desktop_app.core.devices.driver",
    "desktop_app.core.devices.engine_facts",
    "desktop_app.core.devices.explain",
    "desktop_app.core.devices.host",
)
JOB_MODULES = ("desktop_app.core.batch.filing.places_reader", "desktop_app.core.batch.filing.window_job")
MODEL_MODULES = (
    "desktop_app.core.classify.loader",
    "desktop_app.core.classify.answering",
    "desktop_app.core.classify.readying",
    "desktop_app.core.library.built_in",
    "desktop_app.core.library.imagenet.openvino_network",
    "desktop_app.core.library.vgg19.openvino_network",
)
"""What answers without TensorFlow."""
KERAS_MODULES = (
    "desktop_app.core.library.inspection.keras.loading",
    "desktop_app.core.library.imagenet.network",
    "desktop_app.core.library.vgg19.network",
)
"""What builds a network for TensorFlow besides that."""
RUN_MODULES = ("desktop_app.core.training.runs.store",)
CORE_MODULES = (
    "desktop_app.core.installation.licences",
    "desktop_app.core.installation.updates",
    "desktop_app.core.library.vgg19.install",
    "desktop_app.core.export.exporting",
    "desktop_app.core.library.exchange.asking_again",
    "desktop_app.core.trial.beside",
    "desktop_app.core.inference.onnx_reference",
    "desktop_app.core.inference.tflite_reference",
    "desktop_app.core.training.script.writing",
    "desktop_app.core.batch.filing.class_folders",
    "desktop_app.core.batch.results.computed",
    "desktop_app.core.batch.results.export",
    "desktop_app.core.batch.results.scoring",
    "desktop_app.core.batch.run.runner",
    "desktop_app.core.datasets.examine.cropping",
    "desktop_app.core.label_mistakes.search",
    "desktop_app.core.features.grouping",
    "desktop_app.core.features.naming",
    "desktop_app.core.features.of_model",
    "desktop_app.core.features.similar",
    "desktop_app.core.training.fit",
    "desktop_app.core.training.outcome.estimate",
    "desktop_app.core.training.task.classification_card",
    "desktop_app.core.training.task.classification_file",
    "desktop_app.core.training.task.multi_label_file",
)
"""Modules that, with those of the other groups and all that they import, are what workers need of `core`."""
SERVICE_MODULES = ("desktop_app.core.service.server",)

_picture_modules_ready = threading.Event()
_card_modules_ready = threading.Event()
_run_modules_ready = threading.Event()
_device_modules_ready = threading.Event()
_job_modules_ready = threading.Event()
_model_modules_ready = threading.Event()
_keras_modules_ready = threading.Event()
_core_modules_ready = threading.Event()
_service_modules_ready = threading.Event()
_hdf5_ready = threading.Event()


def map_library(path: Path) -> None:
    """Map a shared object for good, outside Python's lock.

    Failing is harmless: the import that follows loads it by itself, or says what is wrong.
    """
    with mapping:
        if sys.platform == "win32":
            load = ctypes.windll.kernel32.LoadLibraryW
            load.restype = ctypes.c_void_p
            load(ctypes.c_wchar_p(str(path)))
        else:
            # A call of a foreign function releases Python's lock; ctypes.CDLL(path) itself would hold it.
            dlopen = ctypes.CDLL(None).dlopen
            dlopen.restype = ctypes.c_void_p
            dlopen(ctypes.c_char_p(os.fsencode(path)), ctypes.c_int(os.RTLD_NOW | os.RTLD_LOCAL))


def package_folder(name: str) -> Path | None:
    """Find a package without importing it; None when it is not installed."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None


def map_libraries(package: str, patterns: tuple[str, ...]) -> None:
    """Map the shared objects of a package that match any of the patterns, in the patterns' order."""
    folder = package_folder(package)
    if folder is None:
        return
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            if {".so", ".pyd", ".dll", ".dylib"} & set(path.suffixes):
                map_library(path)


def import_picture_modules() -> None:
    """Import what decoding needs; the first call does the work, the others wait for it at most."""
    _import_once(_picture_modules_ready, _PICTURE_EXTENSIONS, _PILLOW_MODULES + PICTURE_MODULES)


def import_card_modules() -> None:
    """Import what reading a model's card needs, likewise."""
    _import_once(_card_modules_ready, _CARD_EXTENSIONS, CARD_MODULES)


def import_run_modules() -> None:
    """Import what the list of training runs needs, likewise.

    One thread after the other: the window's thread would get its turn too late among several that import.
    """
    extensions = _PICTURE_EXTENSIONS | _CARD_EXTENSIONS
    _import_once(_run_modules_ready, extensions, RUN_MODULES)


def import_device_modules() -> None:
    """Import what the device indicator needs, likewise."""
    _import_once(_device_modules_ready, {}, DEVICE_MODULES)


def import_job_modules() -> None:
    """Import what the list of batch jobs needs, likewise."""
    _import_once(_job_modules_ready, _PICTURE_EXTENSIONS | _CARD_EXTENSIONS, JOB_MODULES)


def import_model_modules() -> None:
    """Import what loading a model for OpenVINO needs besides OpenVINO, likewise."""
    import_device_modules()
    _import_once(_model_modules_ready, _PICTURE_EXTENSIONS | _CARD_EXTENSIONS, MODEL_MODULES)


def import_keras_modules() -> None:
    """Import what loading a model needs besides TensorFlow, likewise."""
    import_model_modules()
    _import_once(_keras_modules_ready, {}, KERAS_MODULES)


def import_start_modules() -> None:
    """Import what the window lists at its start: devices, models, runs and batch jobs.

    All of `core` would take long enough to delay the first answer; who needs more of it while TensorFlow is
    being loaded waits for that.
    """
    import_card_modules()
    import_run_modules()
    import_device_modules()
    import_job_modules()


def import_core_modules() -> None:
    """Import what workers need of `core`, likewise; TensorFlow, Keras, h5py and the web server are not in it.

    What asks for the first answers imports the smaller groups above, and everything else this one.
    """
    import_picture_modules()
    import_start_modules()
    import_keras_modules()
    # NumPy itself imports its random numbers only when somebody asks for them.
    _import_once(_core_modules_ready, {}, (*CORE_MODULES, "numpy.random"))


def import_service_modules() -> None:
    """Import what the local API needs, likewise: a web server, which nothing else needs."""
    import_core_modules()
    _import_once(_service_modules_ready, {}, SERVICE_MODULES)


def import_h5py() -> None:
    """Import h5py, which TensorFlow imports too; waits while another thread loads TensorFlow."""
    _import_once(_hdf5_ready, _HDF5_EXTENSIONS, ("h5py",))


def _import_once(
    ready: threading.Event, extensions: Mapping[str, tuple[str, ...]], modules: Sequence[str]
) -> None:
    if ready.is_set():
        return
    with loading:
        if ready.is_set():
            return
        # Modules stay, and the collector would walk over all that there are so far again and again.
        with collector_resting(keep=True):
            for package, patterns in extensions.items():
                map_libraries(package, patterns)
            for module in modules:
                importlib.import_module(module)
        ready.set()
