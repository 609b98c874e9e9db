"""Runs in the frozen app before anything else."""

import os
import sys


def _give_children_their_libraries() -> None:
    """Undo for child processes what was done for this one.

    The loader has read the variable by now; a file manager that is started from here must not load the
    libraries of this bundle. The app itself, started once more, needs them again: PyInstaller's program would
    take the variables that it left here as a sign that all is set, unless it is asked to start afresh.
    """
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        before = os.environ.pop(f"{name}_ORIG", None)
        if before is not None:
            os.environ[name] = before
        else:
            os.environ.pop(name, None)


def _find_certificates() -> None:
    """Show OpenSSL where the certificates are: it was built for the folders of another computer.

    The package certifi would be asked were it not for what it imports, which each start would wait for.
    """
    bundle: str = sys._MEIPASS  # type: ignore[attr-defined]  # noqa: SLF001 - PyInstaller sets it
    os.environ.setdefault("SSL_CERT_FILE", os.path.join(bundle, "certifi", "cacert.pem"))  # noqa: PTH118


def _give_output_somewhere_to_go() -> None:
    """Discard what a program without a terminal prints: packages write without checking whether they can."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for ever


_give_output_somewhere_to_go()
if sys.platform != "win32":
    _give_children_their_libraries()
    _find_certificates()
