"""Which instructions the processor has, as far as TensorFlow's settings depend on it."""

from __future__ import annotations

import sys
from pathlib import Path

_X86 = frozenset({"x86_64", "amd64"})
_AVX2_ON_WINDOWS = 40
"""PF_AVX2_INSTRUCTIONS_AVAILABLE of Windows' ``winnt.h``."""


def has_avx2(root: Path = Path("/")) -> bool:
    """Whether this is an x86 processor with AVX2; False where the system does not say so.

    Args:
        root: Folder of ``/proc``; tests use their own.
    """
    import platform  # not before the first paint

    if platform.machine().lower() not in _X86:
        return False
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(_AVX2_ON_WINDOWS))
    try:
        lines = (root / "proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return "avx2" in flags.split()
