"""Which versions are installed, found without importing anything."""

from __future__ import annotations

from desktop_app import __version__
from desktop_app.core.foundation.build_info import build_info

TENSORFLOW_FOR_PROCESSORS = "tensorflow-cpu"
"""The distribution that the frozen app carries in place of ``tensorflow``; both bring the same modules."""

PACKAGES: dict[str, tuple[str, ...]] = {
    "TensorFlow": ("tensorflow", TENSORFLOW_FOR_PROCESSORS),
    "Keras": ("keras",),
    "OpenVINO": ("openvino",),
    "Qt for Python": ("PySide6-Essentials",),
    "NumPy": ("numpy",),
    "Pillow": ("pillow",),
    "pillow-heif": ("pillow-heif",),
    "tifffile": ("tifffile",),
    "imagecodecs": ("imagecodecs",),
    "h5py": ("h5py",),
    "pydantic": ("pydantic",),
    "nvidia-ml-py": ("nvidia-ml-py",),
}
"""Readable name to the distributions that bring it; those whose version decides how Sightline behaves."""


def versions() -> dict[str, str]:
    """Readable name to version, Sightline and Python first; "not installed" where that is so."""
    import platform

    found = {
        "Sightline": __version__,
        "Python": platform.python_version(),
        "System": f"{platform.system()} {platform.release()} ({platform.machine()})",
        "Build": build_info().sentence,
    }
    for name, distributions in PACKAGES.items():
        known = (installed_version(distribution) for distribution in distributions)
        found[name] = next((version for version in known if version is not None), "not installed")
    return found


def installed_version(distribution: str) -> str | None:
    """The version of a distribution; None when it is not installed."""
    # It brings Python's whole e-mail package, for which the window does not wait.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
