"""Tests of `desktop_app.core.library.exchange`."""
