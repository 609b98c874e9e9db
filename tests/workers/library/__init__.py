"""Tests of `desktop_app.workers.library`."""
