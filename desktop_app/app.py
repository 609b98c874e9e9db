"""Opens the window: what must be in place before it, around it and after it."""

from __future__ import annotations

import builtins
import contextlib
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from desktop_app import __version__
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import DamagedInstallation, SightlineError
from desktop_app.core.foundation.gc_pause import collector_resting
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.sources import FileSource
from desktop_app.core.installation.crash_report import crash_trace, take_last_crash
from desktop_app.core.installation.display import DisplayError, prepare_display, require_platform_plugin
from desktop_app.core.installation.logging_setup import log_file
from desktop_app.core.library.store import Library
from desktop_app.core.settings import SettingsStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.images.sources import Source
    from desktop_app.ui.application import Application
    from desktop_app.workers.application.handover import FurtherStart
    from desktop_app.workers.application.single_instance import SingleInstance

log = logging.getLogger(__name__)

DONE, FAILED, NO_DISPLAY = 0, 1, 2
"""Exit statuses; a signal that ended the app counts 128 more than its number."""

_ERROR_ICON = 0x10
"""``MB_ICONERROR`` of Windows."""

ThemeChoice = Literal["system", "light", "dark"]


def run_gui(
    sources: Sequence[Source],
    screenshot: Path | None = None,
    theme: ThemeChoice | None = None,
    pane: str = "",
) -> int:
    """Open the window and stay until it is closed.

    A second start of the same user hands its sources to the first and returns at once. Problems that
    keep the window from opening are said on standard error.

    Args:
        sources: The pictures, folders and links to open.
        screenshot: The file for a picture of the window: show the sources (or the samples), save it
            there and return; needs no display and leaves the user's settings and window alone.
        theme: The theme for this run only; None as in the settings.
        pane: The pane to show first; empty for the one that shows the sources.

    Returns:
        The exit status: 0 done, 1 failed, 2 no display, 128 + number after a signal.
    """
    making = contextlib.ExitStack()
    try:
        making.enter_context(collector_resting(keep=True))
        prepare_display(may_be_offscreen=screenshot is not None)
        application = _make_application()
        if screenshot is not None:
            return _take_screenshot(application, sources or _samples(), screenshot, theme, pane)
        return _run_window(application, sources, theme, pane, making)
    except OSError as error:
        damage = paths.damage(error)
        if damage is None:
            raise
        return _give_up(damage)
    except DamagedInstallation as error:
        return _give_up(error)
    except SightlineError as error:
        _complain(error.reason.sentence)
        return NO_DISPLAY if isinstance(error, DisplayError) else FAILED
    finally:
        making.close()


def _give_up(damage: DamagedInstallation) -> int:
    """End at once: a half-built window already has threads, over which Qt would abort."""
    _complain(damage.reason.sentence)
    return _leave(FAILED, ended=False)


def _complain(text: str) -> None:
    """Say why the window does not open: in the terminal, and in a box where Windows gave the program none."""
    print(text, file=sys.stderr)
    if sys.platform == "win32" and sys.__stderr__ is None:
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, "Sightline", _ERROR_ICON)


def _make_application() -> Application:
    try:
        from PySide6.QtCore import QCoreApplication, Qt
        from PySide6.QtGui import QGuiApplication, QIcon

        import_plainly()
        from desktop_app.ui.application import Application
    except ImportError as error:
        raise DisplayError(
            f"The window cannot open, because Qt cannot be loaded: {error}.",
            "Install the named library, or reinstall Sightline ('make setup' in a checkout).",
        ) from error
    require_platform_plugin(QCoreApplication.libraryPaths())
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    QGuiApplication.setDesktopFileName("sightline")
    application = Application(sys.argv[:1])
    application.setOrganizationName("sightline")
    application.setApplicationName("sightline")
    application.setApplicationDisplayName("Sightline")
    application.setApplicationVersion(__version__)
    icon = paths.resources() / "icons" / "sightline.svg"
    icon.open("rb").close()  # Qt would take a missing file for an empty icon and say nothing
    application.setWindowIcon(QIcon(str(icon)))
    return application


def import_plainly() -> None:
    """Take off Qt's hook, which reads the source of every module that is imported after Qt.

    It looks for modules that use Qt, since those may ask for its ``__feature__`` of other names. None of ours
    does, and TensorFlow's modules alone would take 0.3 s.
    """
    plain = getattr(builtins, "__orig_import__", None)  # where PySide 6 keeps what it replaces
    if plain is not None:
        builtins.__import__ = plain


def _samples() -> list[Source]:
    """The sample photographs; the drawings in the folder below are for models that know few things."""
    folder = paths.resources() / "samples"
    found = [path for path in find_pictures(folder) if path.parent == folder] if folder.is_dir() else []
    if not found:
        raise DamagedInstallation(f"There are no sample pictures in {folder}.", "Reinstall Sightline.")
    return [FileSource(path) for path in found]


def _run_window(
    application: Application,
    sources: Sequence[Source],
    theme: ThemeChoice | None,
    pane: str,
    making: contextlib.ExitStack,
) -> int:
    """Run the window; ``making`` is closed once it is made."""
    from desktop_app.workers.application.handover import FurtherStart
    from desktop_app.workers.application.single_instance import SingleInstance

    instance = SingleInstance(paths.home())
    if not instance.claim(sources, pane, later=True):
        print("Sightline is already running; its window opens the pictures.", file=sys.stderr)
        return DONE
    # The log and the crash trace belong to the first start alone: hence only now.
    with contextlib.closing(instance), log_file(paths.logs()), crash_trace():
        log.info("Sightline %s starts, sources to open: %d.", __version__, len(sources))
        store = SettingsStore(paths.settings_file())
        store.load()
        if theme is not None:
            store.override(theme=theme)
        status, ended = _show_window(application, instance, store, FurtherStart(tuple(sources), pane), making)
        log.info("Sightline ends with status %d.", status)
    return _leave(status, ended=ended)


def _show_window(
    application: Application,
    instance: SingleInstance,
    store: SettingsStore,
    wanted: FurtherStart,
    making: contextlib.ExitStack,
) -> tuple[int, bool]:
    """Run the event loop; return the exit status and whether all threads ended while the window closed."""
    from PySide6.QtCore import Qt

    from desktop_app.ui.crash_reports import CrashReports
    from desktop_app.ui.desktop import Desktop
    from desktop_app.workers.threads.exception_relay import ExceptionRelay
    from desktop_app.workers.threads.interrupts import Interrupts

    with contextlib.closing(ExceptionRelay()) as relay, contextlib.closing(Interrupts()) as interrupts:
        desktop = Desktop(Library.default(), store)
        reports = CrashReports(desktop.window)
        relay.crashed.connect(reports.show)
        instance.further_started.connect(desktop.open_further)
        # Queued: it has something to import, and until then the window may paint once more.
        desktop.painted.connect(instance.listen, Qt.ConnectionType.QueuedConnection)
        application.sources_opened.connect(desktop.window.open_sources)
        status = [DONE]

        def on_interrupted(number: int) -> None:
            status[0] = 128 + number
            desktop.window.end()

        interrupts.interrupted.connect(on_interrupted)
        desktop.window.closed.connect(application.quit)
        desktop.open(wanted.sources, wanted.pane)
        last_crash = take_last_crash()
        if last_crash is not None:
            log.info("The last run crashed; its report is shown.")
            reports.show(last_crash)
        making.close()
        application.exec()
        return status[0], desktop.shutdown(0)


def _take_screenshot(
    application: Application, sources: Sequence[Source], path: Path, theme: ThemeChoice | None, pane: str
) -> int:
    import tempfile

    from desktop_app.ui.desktop import Desktop
    from desktop_app.ui.screenshot import Screenshot
    from desktop_app.workers.threads.exception_relay import ExceptionRelay
    from desktop_app.workers.threads.interrupts import Interrupts

    problems: list[str] = []

    def end(problem: str) -> None:
        if problem:
            problems.append(problem)
        desktop.window.end()
        application.quit()

    with (
        tempfile.TemporaryDirectory(prefix="sightline-") as folder,
        contextlib.closing(ExceptionRelay()) as relay,
        contextlib.closing(Interrupts()) as interrupts,
    ):
        store = SettingsStore(Path(folder) / "settings.json")
        store.override(theme=theme or "light")
        desktop = Desktop(Library.default(), store)
        screenshot = Screenshot(desktop, path)
        screenshot.ended.connect(lambda error: end(error.reason.sentence if error else ""))
        relay.crashed.connect(end)
        interrupts.interrupted.connect(lambda _number: end("Interrupted."))
        screenshot.start(sources, pane)
        application.exec()
        ended = desktop.shutdown(0)
    for problem in problems:
        print(problem, file=sys.stderr)
    return _leave(FAILED if problems else DONE, ended=ended)


def _leave(status: int, *, ended: bool) -> int:
    """Return the status, or leave at once when a thread cannot be ended: Qt would abort over it."""
    if not ended:
        from desktop_app.core.foundation.children import end_all

        end_all()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(status)
    return status
