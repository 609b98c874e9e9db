"""Planning class folders from pictures that a person has sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.batch.filing.filing import Plan
from desktop_app.core.batch.filing.planned_folder import FolderTally
from desktop_app.core.batch.filing.planned_steps import PlannedSteps
from desktop_app.core.batch.filing.steps import Step
from desktop_app.core.foundation.file_names import FreeNames, folder_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from desktop_app.core.batch.filing.planned_folder import PlannedFolder
    from desktop_app.core.batch.filing.steps import How


def plan_classes(classes: Mapping[str, Sequence[Path]], folder: Path, how: How) -> Plan:
    """Plan a folder for each class; nothing is touched.

    Args:
        classes: The pictures by class. Names that make the same folder share it.
        folder: The folder for the folders of the classes.
        how: The way: copy, move or link.
    """
    folder = folder.absolute()
    free, steps, in_place = FreeNames(), PlannedSteps(), 0
    tallies: dict[Path, FolderTally] = {}
    homes: dict[str, Path] = {}
    for name, paths in classes.items():
        safe = folder_name(name)
        home = homes.setdefault(safe.casefold(), folder / safe)
        for path in paths:
            source = path.absolute()
            if source.parent == home:
                in_place += 1
                continue
            step = Step.between(source, free.take(home, source.name))
            steps.append(step)
            tallies.setdefault(home, FolderTally(home)).add(step)
    planned: list[PlannedFolder] = [tally.result() for tally in tallies.values()]
    planned.sort(key=lambda each: each.path.name.casefold())
    return Plan(how, folder, steps, in_place, 0, tuple(planned))
