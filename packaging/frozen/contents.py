"""What goes into the frozen app and what stays out, with the reason for each exclusion.

The rules were found by tracing which files of an untrimmed build are opened while the app classifies,
trains every recipe, serves, works on a folder and shows its panes (`trace_use.py` repeats that).
``sightline doctor --self-test`` runs the same in the finished build and fails when a rule is wrong.

That was done on Linux. The wheels for Windows and macOS hold the same libraries under other names, of which
those that stay link to none that go (read from their import tables); `linux_name` translates the names.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
import sys
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Rule:
    """Files of the bundle that stay out.

    Attributes:
        patterns: Their paths in the bundle, under their Linux names (`linux_name`); ``*`` crosses folders.
        reason: Why nothing misses them.
    """

    patterns: tuple[str, ...]
    reason: str


MODULES: dict[str, str] = {
    "tkinter": "another toolkit, which Pillow and matplotlib's users may want",
    "pydoc_data": "texts of Python's interactive help",
    "readline": "line editing for an interactive Python; brings terminal libraries with it",
    "_curses": "likewise",
    "IPython": "optional interactive tools of TensorFlow and Keras",
    "matplotlib": "optional plots of Keras and pyqtgraph",
    "torch": "another backend of Keras",
    "jax": "another backend of Keras",
    "openvino.tools": "converts models, and would report each start to its makers",
    "openvino_telemetry": "reports each start to OpenVINO's makers",
    "openvino.torch": "for programs with PyTorch",
    "onnx.backend": "tests of runtimes, 17 MB",
    "onnx.reference": "a runtime in Python; OpenVINO runs what is exported",
    "onnx.test": "tests of other packages",
    "pytest": "tests of other packages",
    "hypothesis": "tests of other packages",
    "setuptools": "installs packages; TensorFlow only names it",
    "pip": "installs packages",
    "grpc": "TensorFlow's distributed runtime and debugger, which one computer does not need",
    "tensorboard": "the viewer; event files are written by TensorFlow itself",
    "pyqtgraph.opengl": "plots in three dimensions",
    "pyqtgraph.examples": "not part of an app",
    "pyqtgraph.jupyter": "plots in notebooks",
    "PySide6.QtTest": "tests of widgets",
}
"""Modules that are not looked for, with the reason."""

RULES: tuple[Rule, ...] = (
    Rule(("*.h", "*.hpp", "*.inc", "*.proto", "*.cmake", "*.pxd", "*.pyx", "*.lib"), "for compilers"),
    Rule(("*.pyi", "*/py.typed"), "types, for checkers"),
    Rule(
        ("*/tests/*", "onnx/backend/test/*", "onnx/test/*", "*/testing/pybind_for_testing*", "*_tests.cp*"),
        "tests of other packages",
    ),
    Rule(
        (
            "tensorflow/include/*",
            "tensorflow/*/*.a",
            "tensorflow/lite/python/libpywrap_tflite_common.so",
            "tensorflow/lite/python/lib_pywrap_tflite_*.so",
            "tensorflow/lite/python/_pywrap_*.so",
            "tensorflow/lite/python/pywrap_genai_ops.so",
            "tensorflow/lite/python/format_converter_*.so",
        ),
        "headers, static libraries, and a second copy of the converter to LiteRT: exports use that "
        "in TensorFlow's own library, by what the sub-folders hold",
    ),
    Rule(
        (
            "tensorflow/compiler/mlir/stablehlo/*",
            "tensorflow/compiler/mlir/tensorflow_to_stablehlo/*",
            "tensorflow/compiler/tf2xla/ops/_xla_ops.so",
            "tensorflow/python/_pywrap_tfcompile.so",
            "tensorflow/python/_pywrap_toco_api.so",
            "tensorflow/python/framework/lib_native_proto_caster.so",
        ),
        "converters and ahead-of-time compilers, loaded only by those who ask for them",
    ),
    Rule(
        (
            "PySide6/Qt/translations/*",
            "PySide6/Qt/plugins/egldeviceintegrations/*",
            "PySide6/Qt/plugins/generic/*",
            "PySide6/Qt/plugins/platforms/libqdirect2d*",
            "PySide6/Qt/plugins/platforms/libqeglfs*",
            "PySide6/Qt/plugins/platforms/libqlinuxfb*",
            "PySide6/Qt/plugins/platforms/libqminimal*",
            "PySide6/Qt/plugins/platforms/libqvnc*",
            "PySide6/Qt/plugins/platforms/libqvkkhrdisplay*",
            "PySide6/Qt/plugins/networkinformation/*",
            "PySide6/Qt/lib/libQt6EglF*",
            "libQt6EglF*",
            "PySide6/Qt/lib/libQt6Test*",
            "libQt6Test*",
        ),
        "the app speaks English; it runs on desktops, not on bare screens, and asks no network state",
    ),
    Rule(
        ("openvino/libs/*_gpu_plugin*", "openvino/libs/*_npu_*", "openvino/libs/cache.json"),
        "for GPUs, which TensorFlow computes on, and other devices; the list is for GPUs as well",
    ),
    Rule(
        (
            "openvino/libs/*_auto_plugin*",
            "openvino/libs/*_auto_batch_plugin*",
            "openvino/libs/*_hetero_plugin*",
        ),
        "share work out among several devices",
    ),
    Rule(
        (
            "openvino/libs/*_gguf_frontend*",
            "openvino/libs/*_jax_frontend*",
            "openvino/libs/*_paddle_frontend*",
            "openvino/libs/*_pytorch_frontend*",
            "openvino/frontend/*.so",
        ),
        "read other frameworks' models, or adapt how models are read",
    ),
    Rule(
        ("openvino/libs/libopenvino_c.*", "openvino/libs/*tbbmalloc_proxy*", "openvino/libs/*.pc"),
        "for programs in C, and a memory allocator that has to be asked for",
    ),
    Rule(
        (
            "PIL/_imagingft.*",
            "pillow.libs/libfreetype-*",
            "pillow.libs/libharfbuzz-*",
            "pillow.libs/libpng16-*",
            "pillow.libs/libbrotli*",
        ),
        "draw text into pictures, which is left to Qt; Pillow reads PNG without that library",
    ),
    Rule(("pyqtgraph/icons/peegee/*", "pyqtgraph/canvas/*"), "pyqtgraph's own emblem and editor"),
    Rule(("numpy/f2py/*", "numpy/*/include/*", "numpy/random/lib/*"), "for compilers"),
    Rule(("*.dist-info/RECORD", "*.dist-info/INSTALLER", "*.dist-info/REQUESTED"), "for pip"),
    Rule(("*.dist-info/direct_url.json",), "tells where the package came from on the building machine"),
)
"""Files that stay out."""

FROM_SYSTEM = ("libssl", "libcrypto", "libffi", "liblzma", "libbz2", "libz", "libsqlite3", "libpython")
"""Libraries of the building system that Python is linked to, and that other systems have in other versions.

All others of /lib and /usr/lib (X11, glib, Kerberos, systemd, the C++ runtime) must be the user's own: they
talk to services of the running system. The package names them in ``Depends``.
"""

STRIPPED = (
    "tensorflow/libtensorflow_cc.so.*",
    "tensorflow/libtensorflow_framework.so.*",
    "tensorflow/python/*.so",
    "tensorflow/compiler/*.so",
    "libpython3.*",
)
"""Libraries whose symbol tables nobody needs; strip would break those of ``*.libs`` (auditwheel)."""


_IN_LINUX_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\\"), "/"),
    (re.compile(r"^PySide6/(plugins|translations)/"), r"PySide6/Qt/\1/"),
    (re.compile(r"^PySide6/(Qt6\w+\.dll)$"), r"PySide6/Qt/lib/\1"),
    (re.compile(r"^PySide6/Qt/lib/Qt(\w+)\.framework/"), r"PySide6/Qt/lib/libQt6\1.so/"),
    (re.compile(r"([^/]+)\.dll$"), r"lib\1.so"),
    (re.compile(r"\.(?:pyd|dylib)$"), ".so"),
)
"""How the paths of libraries differ on Windows (``.dll``, ``.pyd``) and macOS (``.dylib``, frameworks)."""


def linux_name(place: str) -> str:
    """What a file of the bundle is called in that of Linux.

    Args:
        place: In the bundle of any system, with its separators.
    """
    for pattern, replacement in _IN_LINUX_WORDS:
        place = pattern.sub(replacement, place)
    return place


def excluded(place: str) -> bool:
    """Whether a file stays out.

    Args:
        place: In the bundle of any system, with its separators.
    """
    name = linux_name(place)
    return any(fnmatch.fnmatchcase(name, pattern) for rule in RULES for pattern in rule.patterns)


def belongs_to_system(source: str) -> bool:
    """Whether a library was found in the building system and must come from the user's own.

    Args:
        source: Path of the file that would be copied.
    """
    if not sys.platform.startswith("linux"):
        return False
    path = PurePosixPath(source)
    if not path.is_relative_to("/lib") and not path.is_relative_to("/usr/lib"):
        return False
    if path.is_relative_to("/usr/lib/python3") or "/lib-dynload/" in source:
        return False
    return not path.name.startswith(FROM_SYSTEM)


def kept(entries: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Choose from PyInstaller's list of files.

    Args:
        entries: Place in the bundle, source, kind. The source of a ``SYMLINK`` is what it leads to, as seen
            from its own folder.
    """
    return [
        (place, source, kind)
        for place, source, kind in entries
        if not excluded(place)
        and not (kind == "BINARY" and belongs_to_system(source))
        and not (kind == "SYMLINK" and excluded(_led_to(place, source)))
    ]


def _led_to(place: str, target: str) -> str:
    """Where in the bundle a link leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(place), target))


def is_stripped(place: str) -> bool:
    """Whether the symbol table of a library goes; on Linux, where `strip` is called."""
    return any(fnmatch.fnmatchcase(place, pattern) for pattern in STRIPPED)
