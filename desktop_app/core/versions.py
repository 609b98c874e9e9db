"""Which versions are installed, told without importing anything."""

from __future__ import annotations

import importlib.metadata
import platform

from desktop_app import __version__

PACKAGES = {
    "TensorFlow": "tensorflow",
    "Keras": "keras",
    "Qt for Python": "PySide6-Essentials",
    "NumPy": "numpy",
    "Pillow": "pillow",
    "pillow-heif": "pillow-heif",
    "h5py": "h5py",
    "pydantic": "pydantic",
    "nvidia-ml-py": "nvidia-ml-py",
}
"""Readable name to distribution name; those whose version decides how Sightline behaves."""


def versions() -> dict[str, str]:
    """Readable name to version, Sightline and Python first; "not installed" where that is so."""
    found = {
        "Sightline": __version__,
        "Python": platform.python_version(),
        "System": f"{platform.system()} {platform.release()} ({platform.machine()})",
    }
    for name, distribution in PACKAGES.items():
        try:
            found[name] = importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
