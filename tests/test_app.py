"""What keeps the window from opening is a sentence, however far it had come."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from desktop_app.core.foundation import paths

SCRIPT = """
import sys
sys._MEIPASS = sys.argv[1]  # where a frozen app lies
from desktop_app.cli import main
sys.exit(main(["--screenshot", sys.argv[2]]))
"""


@pytest.mark.parametrize("missing", ["icons/folder.svg", "icons/sightline.svg", "samples"])
def test_a_damaged_installation_ends_the_start_with_a_sentence(missing, tmp_path):
    shutil.copytree(paths.resources(), tmp_path / "resources")
    away = tmp_path / "resources" / missing
    away.rename(tmp_path / "away")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, tmp_path, tmp_path / "window.png"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
    assert away.name in done.stderr
    assert "Reinstall Sightline." in done.stderr
