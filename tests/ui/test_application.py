import json
import subprocess
import sys

SCRIPT = """
import json, sys
from PySide6.QtCore import QCoreApplication, QTimer, QUrl
from PySide6.QtGui import QFileOpenEvent
from desktop_app.ui.application import Application
application = Application(["sightline"])
told = []
for path in sys.argv[1:]:
    QCoreApplication.sendEvent(application, QFileOpenEvent(QUrl.fromLocalFile(path)))
QCoreApplication.sendEvent(application, QFileOpenEvent(QUrl("https://example.org/cat.jpg")))
application.sources_opened.connect(told.append)
application.sources_opened.connect(application.quit)
QTimer.singleShot(20_000, application.quit)
application.exec()
print(json.dumps([[source.text for source in sources] for sources in told]))
"""


def test_files_that_the_system_opens_together_arrive_together_and_wait_for_who_listens(tmp_path):
    paths = [str(tmp_path / name) for name in ("köp%20.jpg", "two words.png", "köp%20.jpg", "folder")]
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, *paths], capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(ended.stdout) == [[paths[0], paths[1], paths[3]]]
