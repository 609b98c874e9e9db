"""Sightline starts itself, packaged or not."""

from __future__ import annotations

import subprocess
import sys

from desktop_app import __version__
from desktop_app.core.installation.own_command import own_command


def test_with_python():
    answer = subprocess.run(own_command("--version"), capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout == f"sightline {__version__}\n"


def test_the_packaged_app_is_no_python(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/usr/lib/sightline/sightline")
    assert own_command("serve", "--port", "0") == ["/usr/lib/sightline/sightline", "serve", "--port", "0"]
