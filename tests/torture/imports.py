"""Promise 16, from within: threads that import at once never see a half-made module."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from desktop_app.core.engine import libraries
from tests.import_graph import reached
from tests.source_tree import modules

if TYPE_CHECKING:
    from collections.abc import Iterable

FULL = 200

_RACE = """
import importlib, json, random, sys, threading
from desktop_app.core.engine import libraries

sys.setswitchinterval(1e-5)
seed, (listed, of_the_window) = int(sys.argv[1]), json.load(sys.stdin)
loaders = [
    libraries.import_picture_modules,
    libraries.import_card_modules,
    libraries.import_run_modules,
    libraries.import_device_modules,
    libraries.import_job_modules,
    libraries.import_model_modules,
    libraries.import_core_modules,
    libraries.import_service_modules,
    libraries.import_h5py,
]
barrier = threading.Barrier(9)
problems = []

def load(dice):
    for loader in dice.sample(loaders, len(loaders)):
        loader()

def run(number, first, names):
    dice = random.Random(9 * seed + number)
    barrier.wait()
    try:
        first(dice)
        for name in dice.sample(names, len(names)):
            importlib.import_module(name)
    except BaseException as error:
        problems.append(f"{type(error).__name__}: {error}")

threads = [threading.Thread(target=run, args=[number, load, listed]) for number in range(8)]
for thread in threads:
    thread.start()
run(8, str, of_the_window)
for thread in threads:
    thread.join()
heavy = [name for name in ("tensorflow", "keras", "PySide6") if name in sys.modules]
print(json.dumps([problems, heavy]))
"""


def run(count: int) -> str:
    """Have eight threads of ``count`` processes import all of `core` that workers need, through the loader.

    Each takes its parts in another order. Meanwhile the main thread imports what the window needs of `core`
    beside the loader, in any order.

    Returns:
        The sentence with the figures.
    """
    groups = (
        getattr(libraries, name) for name in dir(libraries) if name.endswith("_MODULES") and name[0] != "_"
    )
    listed = _core(module for group in groups for module in group)
    window = _core(name for name in modules() if name.startswith(("desktop_app.ui.", "desktop_app.workers.")))
    for seed in range(count):
        ended = subprocess.run(
            [sys.executable, "-c", _RACE, str(seed)],
            input=json.dumps([listed, window]),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert ended.returncode == 0, f"process {seed}: {ended.stderr}"
        problems, heavy = json.loads(ended.stdout)
        assert not problems, f"process {seed}: {problems}"
        assert not heavy, f"process {seed} loaded {heavy}"
    return (
        f"{count} processes, in each 8 threads that import {len(listed)} modules of core at once, "
        f"and the main thread the {len(window)} of the window: 0 errors."
    )


def _core(starts: Iterable[str]) -> list[str]:
    """List what of `core` is imported with these modules."""
    return sorted(name for name in reached(starts) if name.startswith("desktop_app.core"))
