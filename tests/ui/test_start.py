import json
import subprocess
import sys

SCRIPT = """
import json, sys
from PySide6.QtWidgets import QApplication
from tests.ui.fakes import FakeDevices, FakeLibrary, FakeSession, entry, missing_vgg19
from desktop_app.core.settings import SettingsStore
from desktop_app.core import paths
application = QApplication([])
from desktop_app.ui.main_window import MainWindow
store = SettingsStore(paths.settings_file())
window = MainWindow(FakeSession(), FakeLibrary(entry(), missing_vgg19()), FakeDevices(), store)
window.show()
application.processEvents()
heavy = [name for name in ("tensorflow", "keras", "pyqtgraph", "h5py") if name in sys.modules]
panes = [name for name in sys.modules if name.startswith("desktop_app.ui.library.models_pane")]
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
