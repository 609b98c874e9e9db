"""Importing OpenVINO without its telemetry, without its converter, and without stopping the other threads.

``import openvino`` also imports the converter ``openvino.tools.ovc`` where it is, which takes more than half
of the time. The converter asks the package ``openvino_telemetry`` to report the import: that looks up an
analytics host and leaves a client number in the user's home folder. pip installs the package beside OpenVINO.
Sightline needs neither, and OpenVINO works where they are missing. So they are marked as missing.
"""

from __future__ import annotations

import importlib
import sys
import threading
from typing import Any

from desktop_app.core.engine.libraries import import_picture_modules, loading, map_libraries
from desktop_app.core.engine.loading import EngineError
from desktop_app.core.foundation.gc_pause import collector_resting

KEPT_OUT = ("openvino_telemetry", "openvino.tools.ovc")
"""Modules that are never imported, though they may be installed."""

_LIBRARIES = (
    *("libs/libtbb.*", "libs/tbb12.*"),
    *("libs/libopenvino.*", "libs/openvino.*"),
    "libs/*openvino_*_cpu_plugin.*",
    "_pyopenvino.*",
)
"""OpenVINO's shared objects of more than a few MB, each after those that it needs, as all systems name them.

The plug-in for processors is not part of the import, but what is computed first would load it.
"""


def openvino_loaded() -> bool:
    """Whether OpenVINO is in this process already."""
    return sys.modules.get("openvino") is not None


def load_openvino() -> Any:
    """Import OpenVINO, leaving the other threads running; later calls return at once.

    Modules that use OpenVINO take it from here and never import it themselves: the telemetry would run with
    an ``import openvino`` that comes first.

    Returns:
        The module ``openvino``, without ``convert_model``.

    Raises:
        EngineError: OpenVINO is not installed or its libraries do not load.
    """
    if threading.active_count() > 1:
        # Somebody may decode meanwhile. A thread that is alone imports what its picture needs by itself.
        import_picture_modules()
    with loading:
        for name in KEPT_OUT:
            # Python's own way to say that a module is not there, documented for `sys.modules`.
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]
        if openvino_loaded():
            return sys.modules["openvino"]
        with collector_resting(keep=True):
            map_libraries("openvino", _LIBRARIES)
            try:
                return importlib.import_module("openvino")
            except (ImportError, OSError) as error:
                raise EngineError(
                    f"OpenVINO cannot be loaded: {error}.",
                    "Reinstall Sightline; 'sightline doctor' shows what is missing.",
                ) from error
