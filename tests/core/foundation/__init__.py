"""Tests of `desktop_app.core.foundation`."""
