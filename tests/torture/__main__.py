"""``python -m tests.torture NAME --count N`` tests one promise and prints the figures.

A module here is a promise: ``run(count: int) -> str`` returns the sentence with the figures or raises
AssertionError, and ``FULL: int`` is the size at which `docs/promises.md` quotes it.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time

import tests.torture


def names() -> list[str]:
    """List the promises."""
    modules = pkgutil.iter_modules(tests.torture.__path__)
    return sorted(module.name for module in modules if not module.name.startswith("_"))


def main(arguments: list[str] | None = None) -> int:
    """Run the promises that were named, or all of them.

    Returns:
        0 when all were kept, 1 when one was broken.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("name", choices=[*names(), "all"], help="the promise to test")
    parser.add_argument("--count", type=int, help="how often; the full size by default")
    options = parser.parse_args(arguments)
    broken = 0
    for name in names() if options.name == "all" else [options.name]:
        promise = importlib.import_module(f"tests.torture.{name}")
        count = promise.FULL if options.count is None else options.count
        started = time.monotonic()
        try:
            sentence = promise.run(count)
        except AssertionError as error:
            broken += 1
            sentence = f"BROKEN: {error}"
        print(f"{name} ({count}, {time.monotonic() - started:.0f} s): {sentence}", flush=True)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
