"""pytest-qt's robot for machines that are slow or busy with other things."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

PATIENCE_MS = 60_000
"""How long it waits at least; nothing waits this long when all is well."""


class PatientBot(QtBot):
    """Waits long for what must come; for what must not come, `assertNotEmitted`, as long as a test says."""

    def waitSignal(self, signal, *, timeout=0, raising=None, **options):
        patience = timeout if raising is False else max(timeout, PATIENCE_MS)
        return super().waitSignal(signal, timeout=patience, raising=raising, **options)

    def waitSignals(self, signals, *, timeout=0, **options):
        return super().waitSignals(signals, timeout=max(timeout, PATIENCE_MS), **options)

    def waitUntil(self, callback, *, timeout=0):
        super().waitUntil(callback, timeout=max(timeout, PATIENCE_MS))
