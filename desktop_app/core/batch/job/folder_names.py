"""Folders that get their names from the classes of a job."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from desktop_app.core.foundation.file_names import folder_name

if TYPE_CHECKING:
    from desktop_app.core.batch.job.spec import JobSpec


def folder_names(spec: JobSpec) -> dict[str, str]:
    """Name a folder for each class; classes with the same label have their ids in it.

    Returns:
        Names by class_id; no two are the same, whatever the case.
    """
    names = {entry.class_id: folder_name(entry.readable) for entry in spec.classes}
    often = Counter(name.casefold() for name in names.values())
    taken: set[str] = set()
    for class_id, name in names.items():
        if often[name.casefold()] > 1:
            names[class_id] = folder_name(f"{class_id} {name}")
        number = 2
        while names[class_id].casefold() in taken:
            names[class_id] = f"{folder_name(f'{class_id} {name}')} ({number})"
            number += 1
        taken.add(names[class_id].casefold())
    return names
