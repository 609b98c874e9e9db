"""A model leaves the real window as a file for other programs; another export ends with the window."""

from __future__ import annotations

import json
import subprocess
import zipfile

import pytest

pytestmark = [pytest.mark.display, pytest.mark.engine]

TO_EXPORT = (*["Tab"] * 14, "space")
"""From the Models pane to the last card: past Import, four cards, and the classes of this one."""
TO_ONNX = ("Down", "Down")
AGAIN = ("shift+Tab", "space")
"""From Close, where the keyboard is at the end, to the button before it."""
TO_FILE = ("Tab", "Tab")
END_IT = ("Tab", "space")


@pytest.fixture(scope="module")
def app(desk, make_home):
    """Sightline with the Models pane in front."""
    app = desk.open(home=make_home())
    app.wait_for_log("Model colours: ready")
    desk.turn_to_pane(app, "ctrl+5", "Models")
    return app


def children_of(app):
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(app.process.pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.split()


def test_a_model_is_exported_with_its_proof(desk, app):
    desk.press(*TO_EXPORT)
    desk.turn_to(app, "Export Colours")
    app.wait_for_log("colours can be exported")
    path = desk._person / "colours-onnx.zip"
    desk.press(*TO_ONNX, *TO_FILE, "Return")
    app.wait_for_log("Exported colours.")
    with zipfile.ZipFile(path) as archive:
        assert {"model.onnx", "labels.txt", "README.md", "proof.json"} == set(archive.namelist())
        found = json.loads(archive.read("proof.json"))
    assert found["proofs"][0]["pictures"] >= 32
    assert found["proofs"][0]["largest_difference"] <= 1e-4
    path.unlink()


def test_an_export_ends_with_the_window_if_that_is_wanted(desk, app):
    assert not children_of(app)
    desk.press(*AGAIN)
    desk.press(*TO_FILE, "Return")
    app.wait_until(lambda: bool(children_of(app)), "a process that exports")
    desk.turn_to(app, "Sightline")
    desk.press("ctrl+q")
    desk.turn_to(app, "Export in progress")
    desk.press(*END_IT)
    assert app.wait_for_end() == 0
    assert not list((app.home / "models").glob(".sightline*"))
    assert not (desk._person / "colours-onnx.zip").exists()
