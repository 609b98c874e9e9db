"""What the installed TensorFlow can do with a GPU, read from its files without importing it."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.installation.versions import TENSORFLOW_FOR_PROCESSORS, installed_version

LOADER_CACHE = Path("/etc/ld.so.cache")
"""Holds the names of all libraries that the Linux loader finds by itself."""


@dataclass(frozen=True, slots=True)
class TensorFlowBuild:
    """The installed TensorFlow.

    Attributes:
        cuda: Whether it was built with CUDA; None when unknown.
        cuda_version: Version such as "12.5.1"; empty without CUDA.
        missing_libraries: File names of CUDA libraries that it needs but will not find.
    """

    cuda: bool | None = None
    cuda_version: str = ""
    missing_libraries: tuple[str, ...] = ()


def read_build(package: Path | None = None, loader_cache: Path = LOADER_CACHE) -> TensorFlowBuild:
    """Look at the installed TensorFlow.

    Args:
        package: TensorFlow's folder; by default that of the installation.
        loader_cache: The cache of the Linux loader.
    """
    package = package or _installed()
    if package is None:
        return TensorFlowBuild()
    try:
        # Every build carries this generated file; importing it would import all of TensorFlow.
        text = (package / "python/platform/build_info.py").read_text(encoding="utf-8")
    except OSError:
        # A frozen app carries no sources, but the build for processors is a distribution of its own.
        return TensorFlowBuild(cuda=None if installed_version(TENSORFLOW_FOR_PROCESSORS) is None else False)
    facts = dict(re.findall(r"'(is_cuda_build|cuda_version|cudnn_version)', '?([\w.]+)", text))
    if facts.get("is_cuda_build") != "True":
        return TensorFlowBuild(cuda=False)
    cuda = facts.get("cuda_version", "")
    missing = _missing(package.parent, cuda, facts.get("cudnn_version", ""), loader_cache)
    return TensorFlowBuild(cuda=True, cuda_version=cuda, missing_libraries=missing)


def _installed() -> Path | None:
    spec = importlib.util.find_spec("tensorflow")
    return Path(spec.origin).parent if spec and spec.origin else None


def _missing(site: Path, cuda: str, cudnn: str, loader_cache: Path) -> tuple[str, ...]:
    """Name the libraries that are neither in the ``nvidia-*`` packages nor on the loader's path.

    They are looked for, not opened: opening them maps hundreds of megabytes. Only Linux wheels open
    CUDA libraries by name.
    """
    if not sys.platform.startswith("linux"):
        return ()
    # cuFFT, cuSOLVER and cuSPARSE count their versions apart from CUDA's, so any version will do.
    needed = [f"libcudart.so.{cuda.partition('.')[0]}", f"libcublas.so.{cuda.partition('.')[0]}"]
    needed += [f"libcudnn.so.{cudnn.partition('.')[0]}", "libcufft.so.", "libcusolver.so.", "libcusparse.so."]
    folders = [*site.glob("nvidia/*/lib"), *_library_path()]
    names = [path.name for folder in folders for path in folder.glob("libcu*.so.*")]
    try:
        cache = loader_cache.read_bytes()
    except OSError:
        cache = b""
    found = [name for name in needed if any(entry.startswith(name) for entry in names)]
    found += [name for name in needed if name.encode() in cache]
    return tuple(name.removesuffix(".") for name in needed if name not in found)


def _library_path() -> list[Path]:
    return [Path(entry) for entry in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if entry]
