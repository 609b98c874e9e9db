import json
import os
import subprocess
import sys

SCRIPT = """
import json, sys
from PySide6.QtWidgets import QApplication
from tests.ui.fakes import FakeAbout, FakeDevices, FakeLabelService, FakeLibrary, FakeNotifier, FakeSession
from tests.ui.fakes import entry, missing_vgg19
from desktop_app.core.settings import SettingsStore
from desktop_app.core.foundation import paths
application = QApplication([])
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.services import Services
from tests.ui.fake_batch import FakeBatch
from tests.ui.fake_exports import FakeExports
from tests.ui.fake_similar import FakeSimilar
from tests.ui.fake_training import FakeTraining
store = SettingsStore(paths.settings_file())
library = FakeLibrary(entry(), missing_vgg19())
services = Services(
    FakeSession(), library, FakeDevices(), FakeTraining(), FakeBatch(), FakeLabelService(), FakeAbout(),
    FakeSimilar(), FakeExports()
)
window = MainWindow(services, store, FakeNotifier())
window.show()
application.processEvents()
heavy = [name for name in ("tensorflow", "keras", "pyqtgraph", "h5py") if name in sys.modules]
late = (
    "desktop_app.ui.batch.batch_pane",
    "desktop_app.ui.library.models_pane",
    "desktop_app.ui.training.",
    "desktop_app.ui.runs.",
)
panes = [name for name in sys.modules if name.startswith(late)]
print(json.dumps({"heavy": heavy, "panes": panes}))
window.close()
"""


def test_the_window_paints_before_anything_heavy_is_loaded():
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=True
    )
    told = json.loads(ended.stdout)
    assert told["heavy"] == []
    assert told["panes"] == []


WHOLE = """
import builtins, json, os, sys
from desktop_app.ui.common.first_paint import FirstPaint

def on_painted(paint):
    hooked = builtins.__import__ is builtins.__feature_import__
    from PySide6 import QtCore, QtGui, QtWidgets

    made = [name for module in (QtCore, QtGui, QtWidgets) for name in vars(module)]
    print(json.dumps({"modules": list(sys.modules), "hooked": hooked, "classes": made}), flush=True)
    os._exit(0)

FirstPaint._on_timeout = on_painted
from desktop_app.cli import main
main([])
"""
LATE = {
    "tensorflow",
    "openvino",
    "keras",
    "h5py",
    "numpy",
    "PIL",
    "pydantic",
    "sqlite3",
    "pyqtgraph",
    "importlib.metadata",
    "html.entities",
    "logging.handlers",
    "locale",
    "platform",
    "secrets",
    "socket",
    "PySide6.QtNetwork",
    "desktop_app.core.datasets.report",
    "desktop_app.core.library.card",
    "desktop_app.core.training.records.events",
    "desktop_app.core.training.runs.store",
    "desktop_app.ui.classify.work_area",
    "desktop_app.ui.common.dialogs",
    "desktop_app.ui.common.files.file_chooser",
    "desktop_app.ui.dialogs.crash_dialog",
    "desktop_app.workers.batch.batch_service",
    "desktop_app.workers.service.label_service",
    "desktop_app.workers.similar.similar_service",
    "desktop_app.workers.training.training_service",
}
"""Python's own among them are those that Qt does not import either."""
LATE_CLASSES = {"QFileDialog", "QMessageBox", "QProcess", "QStyle", "QSystemTrayIcon"}
"""Qt's classes whose names Python makes when the class is first used: `QStyle` alone takes 10 ms."""


def test_the_whole_app_paints_before_its_workers_load_anything(tmp_path):
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "SIGHTLINE_HOME": str(tmp_path / "home")}
    ended = subprocess.run(
        [sys.executable, "-c", WHOLE], capture_output=True, text=True, timeout=60, check=True, env=environment
    )
    told = json.loads(ended.stdout)
    assert LATE & set(told["modules"]) == set()
    assert LATE_CLASSES & set(told["classes"]) == set()
    assert "QLabel" in told["classes"], "a class that was used is not found, so the test finds nothing"
    assert not told["hooked"], "Qt reads the source of every module that is imported from now on"
