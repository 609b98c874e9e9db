import sys
import threading

import pytest

from desktop_app.core.engine import libraries
from desktop_app.core.engine.libraries import (
    CARD_MODULES,
    CORE_MODULES,
    DEVICE_MODULES,
    JOB_MODULES,
    KERAS_MODULES,
    MODEL_MODULES,
    PICTURE_MODULES,
    RUN_MODULES,
    SERVICE_MODULES,
    ImportLock,
)
from desktop_app.core.images.science.readers import MODULES
from tests.import_graph import graph, reached
from tests.source_tree import imports, modules
from tests.torture import imports as imports_promise

GROUPS = (
    PICTURE_MODULES,
    CARD_MODULES,
    RUN_MODULES,
    DEVICE_MODULES,
    JOB_MODULES,
    MODEL_MODULES,
    KERAS_MODULES,
    CORE_MODULES,
    SERVICE_MODULES,
)
LISTED = [name for group in GROUPS for name in group]
WORKERS = [name for name in modules() if name.startswith("desktop_app.workers")]


def test_every_module_of_the_lists_exists_and_is_named_once():
    assert len(LISTED) == len(set(LISTED))
    assert set(LISTED) <= modules().keys()


def test_the_lists_are_all_that_workers_need():
    """So nothing is left that two of their threads could import at once."""
    by_name = [f"desktop_app.core.images.{module}" for module in MODULES.values()]
    starts = [*WORKERS, *by_name]
    needed = {name for name in reached(starts, lazily=True) if name.startswith("desktop_app.core")}
    assert needed - reached(WORKERS) > set(PICTURE_MODULES), "the search finds nothing at all"
    assert sorted(needed - reached(WORKERS) - reached(LISTED)) == []


def test_the_lists_name_nothing_that_others_of_them_import():
    superfluous = {
        name for name in CORE_MODULES if any(name in graph()[other] for other in reached(LISTED) - {name})
    }
    assert not superfluous


def test_the_window_and_the_loader_share_few_packages():
    """The window imports beside the loader, and only our own modules are known to have no circles.

    These packages are safe: all enter them by their own name first, not by that of a module in a circle.
    """
    window = [name for name in modules() if name.startswith(("desktop_app.ui", "desktop_app.workers"))]
    assert packages_of(window) & packages_of(LISTED) == {"numpy", "PIL", "pydantic"}


def packages_of(starts):
    """Other people's packages that are imported with these modules."""
    importers = reached(starts)
    roots = {
        line.name.partition(".")[0] for line in imports() if line.at_start and line.importer in importers
    }
    return roots - sys.stdlib_module_names - {"desktop_app"}


def test_threads_may_import_at_once_beside_the_window():
    assert "0 errors" in imports_promise.run(2)


def test_a_group_is_imported_once_and_under_the_lock(monkeypatch):
    imported = []

    def note(name):
        assert libraries.loading.held_here
        imported.append(name)

    monkeypatch.setattr(libraries.importlib, "import_module", note)
    monkeypatch.setattr(libraries, "map_libraries", lambda *_: None)
    for name in (
        "_picture_modules_ready",
        "_card_modules_ready",
        "_run_modules_ready",
        "_device_modules_ready",
        "_job_modules_ready",
        "_model_modules_ready",
        "_keras_modules_ready",
        "_core_modules_ready",
        "_service_modules_ready",
    ):
        monkeypatch.setattr(libraries, name, threading.Event())
    libraries.import_service_modules()
    assert [name for name in imported if name.startswith("desktop_app")] == LISTED
    count = len(imported)
    libraries.import_core_modules()
    libraries.import_picture_modules()
    assert len(imported) == count


def test_an_import_that_failed_is_tried_again(monkeypatch):
    ready = threading.Event()
    with pytest.raises(ModuleNotFoundError):
        libraries._import_once(ready, {}, ["desktop_app.core.absent"])
    assert not ready.is_set()
    assert not libraries.loading.held_here


def test_the_lock_knows_who_has_it():
    lock = ImportLock()
    told = []
    assert not lock.held_here
    with lock:
        with lock:
            assert lock.held_here
        assert lock.held_here
        thread = threading.Thread(target=lambda: told.append(lock.held_here))
        thread.start()
        thread.join()
    assert told == [False]
    assert not lock.held_here
