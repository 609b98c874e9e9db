"""Other programs ask the service that a person has switched on in the window."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
import requests

pytestmark = [pytest.mark.display, pytest.mark.engine]

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"
TO_THE_MENU_ENTRY = ("alt+t", "Return")
TO_THE_PORT = ("Tab", "Tab")
"""From the switch: past the model."""
BACK = ("shift+Tab", "shift+Tab")


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_switched_on_in_the_window_asked_by_other_programs_and_gone_with_it(desk, make_home, free_port):
    app = desk.open(home=make_home(model_id="everyday"))
    app.wait_for_log("Model everyday: loading")  # before there are models, the switch takes no keys
    desk.press(*TO_THE_MENU_ENTRY)
    desk.turn_to(app, "Local API")
    desk.press(*TO_THE_PORT, "ctrl+a", *str(free_port), "Return", *BACK, "space")
    app.wait_for_log("Everyday (everyday) answers on")

    address = f"http://127.0.0.1:{free_port}"
    picture = SAMPLES / "drawn" / "ship.jpg"
    with picture.open("rb") as file:
        answer = requests.post(f"{address}/api/v1/classify_image", files={"image": file}, timeout=30)
    assert answer.json()["message"] == "ship"
    if curl := shutil.which("curl"):
        words = [curl, "--silent", "-F", f"image=@{SAMPLES / 'cat.jpg'}", f"{address}/api/v1/classify_image"]
        done = subprocess.run(words, capture_output=True, check=True, timeout=30)
        assert json.loads(done.stdout)["message"] == "cat"

    desk.press("Escape")  # closes the dialog alone
    assert requests.get(f"{address}/healthz", timeout=60).status_code == 200
    desk.turn_to(app, "Sightline")
    desk.press("ctrl+q")
    assert app.wait_for_end() == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{address}/healthz", timeout=60)
