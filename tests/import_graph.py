"""What importing a module of the package imports before it, read from the source."""

from __future__ import annotations

from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from tests.source_tree import imports, modules

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def graph(*, lazily: bool = False) -> dict[str, set[str]]:
    """Map each module to those that it imports, its own package among them.

    Args:
        lazily: Whether imports inside functions count, too.
    """
    found = {module: _package(module) for module in modules()}
    for line in imports():
        if line.is_from("desktop_app") and (line.at_start or (lazily and not line.for_types)):
            name = line.name
            while name not in found:
                name = name.rpartition(".")[0]
            found[line.importer].add(name)
    return found


def reached(starts: Iterable[str], *, lazily: bool = False) -> set[str]:
    """List what is imported with these modules, and they themselves."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += graph(lazily=lazily)[module]
    return found


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """Find modules that import each other in a circle; empty when there are none."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _package(module: str) -> set[str]:
    package = module.rpartition(".")[0]
    return {package} if package else set()
