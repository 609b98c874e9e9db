from __future__ import annotations

import subprocess
import sys


def test_a_signal_costs_no_reference_to_true():
    """PySide6 6.12.0 gave one away with each signal; on Python 3.11 the process died after some hundred."""
    script = """
from PySide6.QtCore import QObject, Signal
class Sender(QObject):
    sent = Signal(object)
sender = Sender()
for number in range(5000):
    sender.sent.emit(number)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
